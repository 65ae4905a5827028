"""Signing in by the page: every step, every refusal, by keyboard, on a phone."""

import re

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn, settle
from tests.browser.rig import axe_violations, flaws
from tests.browser.visitors import (
    PASSWORD,
    RECOVERY,
    come_in,
    end_sessions,
    forget_attempts,
    give_password,
    invited,
    let_idle,
    visitor,
)
from tests.harness import Practice

WRONG = "The email or the password is not right."


@pytest.fixture(autouse=True)
def _address_may_try(world: Practice) -> None:
    forget_attempts(world)


def door(sign_in: SignIn, *expected: int, path: str = "/") -> Page:
    """Open a page as a stranger."""
    page = sign_in(None, expected=expected).page
    page.goto(path)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    return page


def focused(page: Page) -> str:
    """Return the words of what has the focus."""
    return str(
        page.evaluate(
            "() => { const it = document.activeElement;"
            " return (it.labels?.[0] ?? it).textContent.trim() }"
        )
    )


def test_a_wrong_password_and_an_unknown_address_read_the_same(
    sign_in: SignIn, world: Practice
) -> None:
    page = door(sign_in, 403)
    for email in (visitor(world).email, "nobody@harbor.example"):
        give_password(page, email, "not the one")
        expect(page.get_by_role("alert")).to_contain_text(WRONG)
        assert "nobody" not in page.get_by_role("alert").inner_text()
    assert "@" not in page.url


def test_after_five_wrong_ones_it_says_how_long_to_wait(sign_in: SignIn, world: Practice) -> None:
    page = door(sign_in, 403, 429)
    who = visitor(world)
    for _ in range(5):
        with page.expect_response("**/auth/login"):
            give_password(page, who.email, "not the one")
        expect(page.get_by_role("button", name="Continue")).to_be_enabled()
    give_password(page, who.email)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Too many attempts")
    expect(alert).to_contain_text(re.compile(r"Try again in 1[45] minutes\."))


def test_an_empty_form_asks_for_what_is_missing_and_costs_no_attempt(sign_in: SignIn) -> None:
    page = door(sign_in)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("Fill in every field")


def test_a_password_alone_lets_nobody_in(sign_in: SignIn, world: Practice) -> None:
    page = door(sign_in, 403, path="/claims?status=denied")
    give_password(page, visitor(world).email)
    expect(page.get_by_role("heading", name="Enter the code")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Enter the code")).to_be_visible()
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("This code is not right")


def test_a_recovery_code_works_once(sign_in: SignIn, world: Practice) -> None:
    who = visitor(world)
    for n in range(2):
        page = door(sign_in, *([403] if n else []))
        give_password(page, who.email)
        page.get_by_role("button", name="Use a recovery code").click()
        page.get_by_label("Recovery code").fill(RECOVERY.upper())
        page.get_by_role("button", name="Sign in").click()
        if n == 0:
            expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("was used before")
    page.get_by_role("button", name="Use the authenticator app").click()
    expect(page.get_by_role("heading", name="Enter the code")).to_be_visible()


def test_an_invitation_leads_in_step_by_step(sign_in: SignIn, world: Practice) -> None:
    _, ticket = invited(world, name="Sam Ortiz")
    desk = sign_in(None, expected=(403, 422))
    page = desk.page
    page.goto(f"/#/invite/{ticket}")
    expect(page.get_by_role("heading", name="Choose a password")).to_be_visible()
    assert ticket not in page.url
    page.reload()  # The link is used up; the step is not lost.
    expect(page.get_by_role("heading", name="Choose a password")).to_be_visible()
    page.get_by_label("New password").fill("password1234")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("too short, or one that many people use")
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()

    expect(page.get_by_role("heading", name="Set up your second factor")).to_be_visible()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    assert axe_violations(page) == []
    secret = page.locator("p .mono").inner_text()
    assert re.fullmatch("[A-Z2-7]{32}", secret)
    page.get_by_label("Code").fill(pyotp.TOTP(secret).at(world.tools.clock()))
    page.get_by_role("button", name="Confirm").click()

    expect(page.get_by_role("heading", name="Keep these recovery codes")).to_be_visible()
    codes = page.locator("ul.mono li").all_inner_texts()
    assert len(codes) == 10
    assert axe_violations(page) == []
    page.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_role("button", name="Sam Ortiz, account")).to_be_visible()
    settle(page)
    assert codes[0] not in page.content()
    assert secret not in page.content()

    again = sign_in(None, expected=(403,)).page
    again.goto(f"/#/invite/{ticket}")
    expect(again.get_by_role("heading", name="This link does not work")).to_be_visible()
    expect(again.get_by_role("alert")).to_contain_text("A link works once and for a while.")
    again.get_by_role("link", name="Sign in with your password").click()
    expect(again.get_by_role("heading", name="Sign in")).to_be_visible()


def test_keys_alone_are_enough_and_the_focus_shows(sign_in: SignIn, world: Practice) -> None:
    page = door(sign_in)
    who = visitor(world)
    assert focused(page) == "Email"
    outline = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
    page.keyboard.type(who.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Enter the code")).to_be_visible()
    assert focused(page) == "Code"
    page.keyboard.type(who.code(world))
    page.keyboard.press("Enter")
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()


def test_passwords_and_codes_may_be_pasted(sign_in: SignIn, world: Practice) -> None:
    desk = sign_in(None)
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = desk.page
    page.goto("/")
    who = visitor(world)
    page.get_by_label("Email").fill(who.email)
    code = who.code(world)
    # As some apps show it: with a blank in the middle.
    for label, text in (("Password", PASSWORD), ("Code", f"{code[:3]} {code[3:]}")):
        page.get_by_label(label).focus()
        page.evaluate("(text) => navigator.clipboard.writeText(text)", text)
        page.keyboard.press("Control+v")
        expect(page.get_by_label(label)).to_have_value(text)
        page.keyboard.press("Enter")
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()


def test_signing_in_is_accessible_and_fits_a_small_phone(sign_in: SignIn, world: Practice) -> None:
    page = sign_in(None).page
    page.goto("/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert flaws(page) == []
    give_password(page, visitor(world).email)
    expect(page.get_by_role("heading", name="Enter the code")).to_be_visible()
    assert flaws(page) == []


def test_a_session_that_ends_is_begun_again_at_the_same_address(
    sign_in: SignIn, world: Practice
) -> None:
    who = visitor(world)
    address = "/claims?status=denied&sort=-charge"
    page = door(sign_in, 401, path=address)
    come_in(page, world, who)
    settle(page)
    end_sessions(world, who.id)
    page.get_by_role("link", name="Payments").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert page.get_by_role("table").count() == 0
    page.go_back()
    come_in(page, world, who, later=1)
    settle(page)
    assert page.url.endswith(address)
    expect(page.get_by_role("heading", name="Claims", exact=True)).to_be_visible()


def test_two_minutes_before_the_end_it_asks_and_staying_stays(
    sign_in: SignIn, world: Practice
) -> None:
    who = visitor(world)
    page = door(sign_in)
    come_in(page, world, who)
    page.wait_for_load_state("networkidle")  # What is still asked would end the idle time.
    let_idle(world, who.id, minutes=13.5)
    # The page begins anew without a call of the person: as a window that was left alone.
    page.route(
        re.compile("/api/v1/"),
        lambda route: route.continue_(headers={**route.request.headers, "x-background": "1"}),
    )
    page.goto("/account")
    dialog = page.get_by_role("dialog", name="Are you still there?")
    expect(dialog).to_contain_text("You will be signed out in 2 minutes")
    assert axe_violations(page) == []
    page.unroute_all(behavior="wait")
    with page.expect_response("**/auth/extend") as told:
        dialog.get_by_role("button", name="Stay signed in").click()
    assert told.value.status == 200
    expect(dialog).to_have_count(0)


def test_signing_out_ends_it_here_and_on_the_server(sign_in: SignIn, world: Practice) -> None:
    who = visitor(world)
    page = door(sign_in, 401)  # What was being asked at that moment.
    come_in(page, world, who)
    page.get_by_role("button", name="Robin Vale, account").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert page.request.get("/api/v1/me").status == 401

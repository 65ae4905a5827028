"""The frame of every page: keys, search, theme, what it says when something fails."""

import json
import re

import pytest
from playwright.sync_api import Page, Route, expect

from rcm.access import Role
from samples.encounters import encounters
from tests.browser.conftest import Desk, SignIn, settle
from tests.browser.rig import ask_now, axe_violations
from tests.harness import Practice

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def keys_dialog(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()


def test_the_question_mark_shows_the_keys_of_this_page(desk: Desk) -> None:
    page = desk.open("/claims")
    keys_dialog(page)
    shown = page.get_by_role("dialog").inner_text()
    for does in ("Search", "Go to Claims", "Next row", "Show the keys"):
        assert does in shown
    assert axe_violations(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_two_keys_go_to_a_page_and_slash_to_the_search(desk: Desk) -> None:
    page = desk.open("/")
    page.keyboard.press("g")
    page.keyboard.press("c")
    expect(page).to_have_url(re.compile("/claims$"))
    settle(page)
    page.keyboard.press("/")
    expect(page.get_by_role("combobox", name="Search")).to_be_focused()
    page.keyboard.type("g p")  # Typing is no shortcut.
    expect(page).to_have_url(re.compile("/claims$"))


def test_keys_can_be_turned_off_and_that_stays(sign_in: SignIn) -> None:
    page = sign_in(Role.POSTER).open("/account")
    box = page.get_by_role("checkbox", name="Keyboard shortcuts")
    with page.expect_response("**/me/preferences") as told:
        box.uncheck()
    assert told.value.status == 200
    page.reload()
    settle(page)
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Account")).to_be_visible()
    assert page.get_by_role("dialog").count() == 0
    # They are found without a key, too, and turned on again there.
    page.get_by_role("button", name="Keyboard shortcuts").click()
    page.get_by_role("button", name="Turn shortcuts on").click()
    page.get_by_role("dialog").locator("footer").get_by_role("button", name="Close").click()
    keys_dialog(page)


def numbers(world: Practice) -> dict[str, tuple[str, str]]:
    """Return what people have at hand, and where it leads."""
    ((claim_id, claim),) = world.rows("SELECT id, patient_control_number FROM claim LIMIT 1")
    ((paid_id, trace),) = world.rows(
        "SELECT id, trace FROM remittance WHERE trace <> '' ORDER BY trace LIMIT 1"
    )
    day = world.tools.today()
    (_, walk_in), *_ = encounters(1, seed=11, today=day, source="walk-in")
    return {
        "claim": (claim, f"/claims/{claim_id}"),
        "check": (trace, f"/payments/{paid_id}"),
        "member": (walk_in["coverages"][0]["member_id"], "/claims?patient="),
        "name": ("canary", "/claims?patient="),
    }


@pytest.mark.parametrize("kind", ["claim", "check", "member", "name"])
def test_the_search_finds_and_opens_by_keyboard(desk: Desk, world: Practice, kind: str) -> None:
    text, leads_to = numbers(world)[kind]
    page = desk.open("/account")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.keyboard.press("/")
    page.keyboard.type(text)
    found = page.get_by_role("listbox", name="Found")
    expect(found.get_by_role("option").first).to_be_visible()
    assert axe_violations(page) == []
    assert "canary" not in found.inner_text().lower()
    page.keyboard.press("ArrowDown")
    first = found.get_by_role("option").first
    expect(first).to_have_attribute("aria-selected", "true")
    box = page.get_by_role("combobox", name="Search")
    expect(box).to_have_attribute("aria-activedescendant", first.get_attribute("id") or "none")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(re.escape(leads_to)))
    settle(page)
    assert not [url for url in asked if text.lower() in url.lower()]
    expect(box).to_have_value("")


def test_a_search_without_a_hit_says_what_to_try(desk: Desk) -> None:
    page = desk.open("/account")
    page.get_by_role("combobox", name="Search").fill("zzzzz")
    expect(page.get_by_role("listbox")).to_contain_text("Nothing found. Try a whole number")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)


def test_the_theme_is_kept_and_can_be_given_back_to_the_system(sign_in: SignIn) -> None:
    page = sign_in(Role.BILLER).open("/account")
    toggle = page.get_by_role("button", name="Dark theme")
    expect(toggle).to_have_attribute("aria-pressed", "false")
    with page.expect_response("**/me/preferences"):
        toggle.click()
    expect(toggle).to_have_attribute("aria-pressed", "true")
    page.reload()
    settle(page)
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    with page.expect_response("**/me/preferences"):
        page.get_by_label("Theme", exact=True).select_option("As the system")
    expect(page.locator("html")).not_to_have_attribute("data-theme", "dark")


def test_while_the_server_is_away_it_says_so_and_what_was_missing_comes(sign_in: SignIn) -> None:
    desk = sign_in()
    page = desk.open("/claims")
    desk.complaints.expected_words = ("ERR_INTERNET_DISCONNECTED",)
    desk.context.set_offline(True)
    page.get_by_role("link", name="Payments").click()
    expect(page.get_by_role("alert")).to_contain_text("This page could not be loaded.")
    notice = page.get_by_role("status").filter(has_text="The server does not answer.")
    expect(notice).to_be_visible()
    expect(page.get_by_role("button", name="Ask now")).to_be_visible()
    desk.context.set_offline(False)
    ask_now(page)
    expect(notice).to_have_count(0)
    settle(page)
    expect(page.locator("tbody tr").first).to_be_visible()


def test_the_first_tab_skips_to_the_content(desk: Desk) -> None:
    page = desk.open("/claims")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    expect(page).to_have_url(re.compile("/claims$"))


def test_a_failure_of_the_server_shows_its_trace_and_can_be_tried_again(sign_in: SignIn) -> None:
    page = sign_in(expected=(500,)).page
    problem = {
        "type": "about:blank",
        "title": "Something of ours failed.",
        "detail": "Tell us the trace id: the log has the place.",
        "code": "INTERNAL",
        "trace_id": TRACE,
    }

    def fail(route: Route) -> None:
        route.fulfill(status=500, content_type="application/problem+json", body=json.dumps(problem))

    page.route("**/api/v1/users", fail)
    page.goto("/users")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Something of ours failed.")
    expect(alert).to_contain_text(TRACE)
    page.unroute("**/api/v1/users")
    alert.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_role("row").filter(has_text="Dana Reyes")).to_be_visible()


def test_a_page_that_the_roles_do_not_include_says_so(sign_in: SignIn) -> None:
    page = sign_in(Role.BILLER).page
    page.goto("/audit")
    expect(page.get_by_role("heading", name="You may not see this page")).to_be_visible()
    expect(page.locator("#main")).to_contain_text("An administrator can change your roles")
    assert axe_violations(page) == []
    page.get_by_role("link", name="Go to your first page").click()
    settle(page)
    expect(page).to_have_url(re.compile("/$"))


def test_who_works_no_claims_starts_at_a_page_of_their_own(sign_in: SignIn) -> None:
    page = sign_in(Role.ADMIN).page
    page.goto("/")
    settle(page)
    expect(page).to_have_url(re.compile("/files$"))
    assert page.get_by_role("combobox", name="Search").count() == 0

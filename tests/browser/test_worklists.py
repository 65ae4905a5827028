"""Worklists by keyboard and in bulk: assign, close, undo; filters that stay."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Desk, SignIn, settle
from tests.browser.test_my_day import close_first

_DENIED = "/worklists?kind=denied"


def test_the_keyboard_walks_selects_and_assigns_with_undo(desk: Desk) -> None:
    page = desk.open(_DENIED)
    for key in ("j", "j", "k"):
        page.keyboard.press(key)
    expect(page.locator("tbody tr").first).to_have_class(re.compile("is-current"))
    page.keyboard.press("x")
    expect(page.locator(".bulkbar")).to_contain_text("1 selected")
    page.keyboard.press("a")
    page.locator("dialog").get_by_role("button", name="Assign").click()
    expect(page.get_by_text("1 item assigned.")).to_be_visible()
    expect(page.locator("tbody tr").first).to_contain_text("Morgan Lee")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("tbody tr").first).to_contain_text("Nobody’s")


def test_nothing_is_assigned_before_it_is_known_to_whom(sign_in: SignIn) -> None:
    page = sign_in(expected=(500,)).open(_DENIED)
    page.route("**/api/v1/users/assignable", lambda route: route.fulfill(status=500))
    page.keyboard.press("x")
    page.keyboard.press("a")
    dialog = page.locator("dialog")
    expect(dialog.get_by_role("alert")).to_contain_text("The server could not do this.")
    expect(dialog.get_by_role("button", name="Assign")).to_be_disabled()


def test_a_key_acts_on_what_the_key_before_it_did_however_fast_it_comes(desk: Desk) -> None:
    page = desk.open(_DENIED)
    page.evaluate(
        """async () => {
            for (const key of ["x", "a"]) {
                document.body.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
                await new Promise((next) => setTimeout(next));
            }
        }"""
    )
    expect(page.locator("dialog[open]")).to_contain_text("Assign 1 item")


def test_a_session_that_has_ended_is_told_where_a_file_is_saved_too(sign_in: SignIn) -> None:
    page = sign_in(expected=(401,)).open(_DENIED)
    page.route("**/work-items/export*", lambda route: route.fulfill(status=401))
    page.get_by_role("button", name="CSV").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_enter_opens_the_first_row_where_none_was_chosen(desk: Desk) -> None:
    page = desk.open(_DENIED)
    first = page.locator("tbody tr").first.get_by_role("link").get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{first}")


def test_a_card_on_a_phone_says_which_claim_it_is_about(desk: Desk) -> None:
    desk.page.set_viewport_size({"width": 390, "height": 844})
    for path in ("/", _DENIED):
        row = desk.open(path).locator("tbody tr").first
        expect(row.locator(".mono")).to_be_visible()
        expect(row.get_by_text("Ca••••, ")).to_be_visible()


def test_closing_takes_a_reason_and_is_undone(desk: Desk) -> None:
    page = desk.open(_DENIED)
    before = page.locator("tbody tr").count()
    close_first(page)
    expect(page.locator("tbody tr")).to_have_count(before - 1)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("tbody tr")).to_have_count(before)


def test_many_are_closed_at_once_and_stand_under_done(desk: Desk) -> None:
    page = desk.open(_DENIED)
    before = page.locator("tbody tr").count()
    page.get_by_label("Select all on this page").check()
    expect(page.locator(".bulkbar")).to_contain_text(f"{before} selected")
    page.locator(".bulkbar").get_by_role("button", name="Close").click()
    submit = page.get_by_role("dialog").get_by_role("button", name=f"Close {before} items")
    expect(submit).to_have_attribute("aria-disabled", "true")
    page.get_by_label("Reason").fill("Agreed with the payer")
    submit.click()
    expect(page.get_by_text(f"{before} items closed.")).to_be_visible()
    expect(page.get_by_text("Nothing to do here")).to_be_visible()
    page.get_by_role("link", name="Done").click()
    page.wait_for_url("**state=done*")
    expect(page.locator(".page-head p").first).to_have_text(re.compile(f"^{before} items done"))
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Nothing is done yet")).to_be_visible()


def test_filters_survive_a_reload_and_a_change_of_tab(desk: Desk) -> None:
    page = desk.open("/worklists")
    page.get_by_role("button", name=re.compile("^Denied")).click()
    page.wait_for_url("**kind=denied*")
    page.get_by_role("button", name="Amount").click()
    page.wait_for_url("**sort=-amount*")
    page.reload()
    settle(page)
    expect(page.get_by_role("button", name=re.compile("^Denied"))).to_have_attribute(
        "aria-pressed", "true"
    )
    page.get_by_role("link", name="Nobody’s").click()
    page.wait_for_url("**assignee=nobody*")
    settle(page)
    assert "kind=denied" in page.url
    expect(page.get_by_role("link", name="Nobody’s")).to_have_attribute("aria-current", "page")


def test_money_in_suspense_says_who_paid_for_which_claim_and_opens_what_to_do(desk: Desk) -> None:
    page = desk.open("/worklists?kind=suspense&reason=unmatched")
    row = page.locator("tbody tr").first
    expect(row).to_contain_text("Sandbox Commercial")
    expect(row).to_contain_text(re.compile("Their ••••[0-9]{4}"))
    expect(row).to_contain_text("Ca••••, ")
    row.get_by_role("link").first.click()
    expect(page.get_by_role("dialog", name=re.compile("^Whose .* is this"))).to_be_visible()
    page.keyboard.press("Escape")
    desk.open("/worklists?kind=suspense&reason=unbalanced")
    expect(row).to_contain_text("Sandbox Commercial")
    expect(row.locator(".mono").first).to_have_text(re.compile("^[A-Z0-9]{17}$"))

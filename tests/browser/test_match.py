"""A payment that nobody's number explains: found its claim by keyboard, taken back, or not ours."""

import re

from playwright.sync_api import Page, expect

from rcm.access import Role
from tests.browser.claims_here import asked, status
from tests.browser.conftest import Desk, SignIn, settle
from tests.browser.payments_here import Lost, lost_payment
from tests.browser.rig import flaws
from tests.harness import Practice

_WHY = "Their letter names our claim. <b>canary</b>"


def _unmatched(page: Page) -> int:
    count: int = asked(page, "/dashboard/summary?scope=team")["counters"]["unmatched"]["count"]
    return count


def _state(page: Page, lost: Lost) -> tuple[str, bool]:
    (payment,) = asked(page, f"/remittances/{lost.remittance_id}")["claim_payments"]
    return payment["state"], payment["is_dismissed"]


def _match_by_keys(page: Page) -> None:
    """Choose the likeliest claim, say why, and send; the pointer rests."""
    page.get_by_role("button", name="Find the claim").first.press("Enter")
    dialog = page.get_by_role("dialog")
    radios = dialog.get_by_role("radio")
    radios.first.wait_for()
    send = dialog.get_by_role("button", name="Match and post")
    for _ in range(4):
        if radios.first.evaluate("radio => radio === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(radios.first).to_be_checked()
    expect(send).to_have_attribute("aria-disabled", "true")
    page.keyboard.press("Tab")
    page.keyboard.type(_WHY)
    expect(send).to_have_attribute("aria-disabled", "false")
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)


def test_a_payment_finds_its_claim_by_keyboard_and_is_taken_back(
    desk: Desk, world: Practice
) -> None:
    lost = lost_payment(world)
    page = desk.open("/")
    before = _unmatched(page)
    expect(page.locator(".counters")).to_contain_text("Unmatched")
    desk.open(f"{lost.path}?match=1")
    first = page.get_by_role("dialog").locator("li").first
    expect(first).to_contain_text(lost.claim.number)
    for words in ("% alike", "Patient is the same", "Day of service is", "Charge is the same"):
        expect(first).to_contain_text(words)
    expect(page.get_by_role("dialog")).to_contain_text("pays for Ca••••, A.")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)

    _match_by_keys(page)
    assert _state(page, lost) == ("posted", False)
    assert status(world, lost.claim.id) == "paid"
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_role("button", name="Find the claim").first).to_be_visible()
    assert _state(page, lost) == ("unmatched", False)
    assert status(world, lost.claim.id) == "submitted"
    assert _unmatched(page) == before

    _match_by_keys(page)
    assert _unmatched(page) == before - 1
    expect(page.locator(".page-head .chip")).to_have_text("Posted")
    expect(page.get_by_text(f"Matched to a claim: “{_WHY}”").first).to_be_visible()
    assert page.locator("main b").count() == 0
    page.get_by_role("link", name=lost.claim.number).click()
    settle(page)
    expect(page.locator(".page-head .chip").first).to_contain_text("Paid")
    expect(page.locator("main")).to_contain_text("Paid $70.00, matched by Morgan Lee")
    expect(page.locator("main")).to_contain_text("Match taken back: $70.00 is in suspense again")


def test_a_match_is_taken_back_later_with_a_reason(desk: Desk, world: Practice) -> None:
    lost = lost_payment(world)
    page = desk.open(lost.path)
    _match_by_keys(page)
    desk.open(lost.path)
    page.get_by_role("button", name="Take the match back").click()
    dialog = page.get_by_role("dialog")
    send = dialog.get_by_role("button", name="Take it back")
    expect(send).to_have_attribute("aria-disabled", "true")
    dialog.get_by_label("Reason").fill("It is of another patient")
    send.click()
    expect(page.get_by_role("button", name="Find the claim").first).to_be_visible()
    assert _state(page, lost) == ("unmatched", False)


def test_a_payment_that_is_not_ours_leaves_the_work(desk: Desk, world: Practice) -> None:
    lost = lost_payment(world)
    page = desk.open("/payments")
    before = _unmatched(page)
    waiting = page.get_by_role("region", name="Money without a claim")
    mine = waiting.get_by_role("listitem").filter(has_text=lost.payer_control_number)
    expect(mine).to_contain_text("Ca••••, A.")
    mine.get_by_role("link", name="Match").click()
    page.get_by_role("button", name="It is not ours").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("Of the practice next door")
    dialog.get_by_role("button", name="It is not ours").click()
    expect(page.get_by_text("in suspense: not ours")).to_be_visible()
    expect(page.get_by_role("button", name="Find the claim")).to_have_count(0)
    assert _state(page, lost) == ("unmatched", True)
    assert _unmatched(page) == before - 1
    expect(page.locator(".page-head .chip")).to_have_text("Posted")
    desk.open("/payments")
    expect(mine).to_have_count(0)


def test_who_may_only_read_sees_why_the_button_is_locked(sign_in: SignIn, world: Practice) -> None:
    page = sign_in(Role.BILLER).open(f"{lost_payment(world).path}?match=1")
    locked = page.get_by_role("button", name=re.compile("Find the claim.*A payment poster"))
    expect(locked).to_have_attribute("aria-disabled", "true")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_match_dialog_is_accessible(sign_in: SignIn, world: Practice) -> None:
    page = sign_in().open(f"{lost_payment(world).path}?match=1")
    page.get_by_role("radio").first.click()
    assert flaws(page) == []

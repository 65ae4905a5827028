"""A rejected claim is corrected in place, by keys alone, and nobody's edit is lost unseen."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from tests.browser.claims_here import claim_ids, rejected, status
from tests.browser.conftest import Desk, SignIn, settle
from tests.harness import Practice

_MEMBER = "#field\\/coverages\\/0\\/member_id"
_CHARGE = "#field\\/lines\\/0\\/charge_cents"


@pytest.fixture(scope="module")
def claims(world: Practice) -> Iterator[UUID]:
    """Claims of which the payer says that it does not know the member id, one for each test."""
    return iter(rejected(world, 4))


def _edit(desk: Desk, claim_id: UUID) -> Page:
    page = desk.open(f"/claims/{claim_id}?tab=form&edit=1")
    page.locator(_CHARGE).wait_for()
    return page


def _tab_to(page: Page, name: str) -> None:
    """Press Tab until a button has the focus."""
    for _ in range(40):
        if page.evaluate("document.activeElement.innerText?.trim() ?? ''").startswith(name):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no Tab leads to {name}")


def test_a_member_id_is_corrected_by_keys_alone(
    desk: Desk, world: Practice, claims: Iterator[UUID]
) -> None:
    claim_id = next(claims)
    page = desk.open(f"/claims/{claim_id}")
    action = page.get_by_role("region", name="Next action")
    expect(action.get_by_role("link", name="Correct member ID")).to_be_visible()
    _tab_to(page, "Correct member ID")
    page.keyboard.press("Enter")
    box = page.locator(_MEMBER)
    expect(box).to_be_focused()
    expect(box).to_have_value("")
    expect(box).to_have_attribute("aria-invalid", "true")
    words = page.locator(f"{_MEMBER}-wrong")
    assert box.get_attribute("aria-describedby") == words.get_attribute("id")
    page.keyboard.type("SBX020000123")
    page.keyboard.press("Shift+Tab")
    for _ in range(40):
        if page.evaluate("document.activeElement.innerText") == "Check and send":
            break
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="It passes every check")
    expect(dialog.get_by_role("row", name="Member ID")).to_contain_text("••••")
    _tab_to(page, "Save and send")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("The claim goes with the next file.")
    expect(page.locator(".page-head")).to_contain_text("Ready")
    expect(page.locator(".is-wrong")).to_have_count(0)
    assert status(world, claim_id) == "ready"
    page.get_by_role("link", name="Overview", exact=True).click()
    expect(page.get_by_role("region", name="Next action")).to_have_count(0)
    expect(page.get_by_role("region", name="Timeline")).to_contain_text("Morgan Lee")


def test_a_correction_that_is_wrong_says_what_still_stops_the_claim(
    desk: Desk, world: Practice, claims: Iterator[UUID]
) -> None:
    claim_id = next(claims)
    page = _edit(desk, claim_id)
    charge = page.locator(_CHARGE)
    charge.fill("12,5")
    expect(charge).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("button", name="Check and send")).to_have_attribute(
        "aria-disabled", "true"
    )
    charge.fill("0.00")
    page.get_by_role("button", name="Check and send").click()
    dialog = page.get_by_role("dialog", name="It would still be held")
    expect(dialog.get_by_role("row", name="Charge of line 1")).to_contain_text("100.00")
    expect(dialog.get_by_role("row", name="Charge of line 1")).to_contain_text("0.00")
    dialog.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Stop").click()
    assert status(world, claim_id) == "rejected_by_payer"


def test_nothing_changed_is_warned_of(desk: Desk, claims: Iterator[UUID]) -> None:
    page = _edit(desk, next(claims))
    page.get_by_role("button", name="Check and send").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("You changed nothing.")
    expect(dialog.locator(".notice").first).to_contain_text("likely to be rejected again")


def test_two_people_see_both_versions_and_choose(sign_in: SignIn, world: Practice) -> None:
    (claim_id,) = claim_ids(world, 1)
    first, second = sign_in(), sign_in(expected=(412,))
    theirs, mine = _edit(first, claim_id), _edit(second, claim_id)
    mine.locator(_CHARGE).fill("99.00")
    theirs.locator(_CHARGE).fill("125.00")
    theirs.get_by_role("button", name="Check and save").click()
    theirs.get_by_role("dialog").get_by_role("button", name="Save", exact=True).click()
    expect(theirs.locator(".toast")).to_contain_text("waits until it is released")

    mine.get_by_role("button", name="Check and send").click()
    dialog = mine.get_by_role("dialog", name="Somebody else saved this claim first")
    row = dialog.get_by_role("row", name="Charge of line 1")
    for each in ("100.00", "125.00", "99.00", "both"):
        expect(row).to_contain_text(each)
    dialog.get_by_role("button", name="Keep mine, on top of theirs").click()
    expect(mine.locator(_CHARGE)).to_have_value("99.00")
    mine.get_by_role("button", name="Check and save").click()
    row = mine.get_by_role("dialog").get_by_role("row", name="Charge of line 1")
    expect(row).to_contain_text("125.00")
    mine.get_by_role("dialog").get_by_role("button", name="Save", exact=True).click()
    expect(mine.locator(".toast").last).to_contain_text("Saved")
    settle(mine)
    expect(mine.locator("main")).to_contain_text("99.00")


def test_an_error_leads_to_its_field(desk: Desk, world: Practice) -> None:
    (claim_id,) = claim_ids(world, 1, rendering_provider__npi="1193000515")
    page = desk.open(f"/claims/{claim_id}")
    action = page.get_by_role("region", name="Next action")
    action.get_by_role("link", name="Correct rendering NPI").or_(
        action.get_by_role("link", name="Correct NPI")
    ).click()
    box = page.locator("#field\\/rendering_provider\\/npi")
    expect(box).to_be_focused()
    expect(box).to_be_in_viewport()
    expect(box).to_have_value("1193000515")

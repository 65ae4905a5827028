"""The viewer: what stands in a file, errors where they are, masked until somebody may ask."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from rcm.access import Role
from tests.browser.conftest import Desk, SignIn, module, settle
from tests.browser.edi import (
    bytes_of,
    claim_sent,
    kept_aside,
    large_835,
    refused,
    rejected,
)
from tests.browser.rig import flaws
from tests.harness import Practice
from tests.rcm.partner_files import Sent, file_835, remit


@pytest.fixture(scope="module")
def claim(world: Practice) -> Sent:
    """A claim that the payer has rejected for its member id."""
    sent = claim_sent(world, "viewer")
    rejected(world, sent)
    return sent


def chosen(page: Page) -> int:
    """Return the number of the line that is chosen."""
    return int(page.locator(".segments li[aria-current] .line").inner_text())


def test_a_rejection_is_pinned_at_its_element(desk: Desk, claim: Sent) -> None:
    page = desk.open(f"/files/{claim.file_id}")
    pin = page.locator(".segments li", has=page.locator(".pin"))
    expect(pin).to_have_count(1)
    expect(pin.locator(".id")).to_have_text("NM1")
    bad = pin.locator(".el-bad")
    expect(bad).to_have_count(1)
    assert (bad.get_attribute("data-tip") or "").startswith("NM109, ")
    expect(pin.locator(".callout")).to_contain_text("The payer does not know this member ID")
    page.keyboard.press("e")
    assert chosen(page) == int(pin.locator(".line").inner_text())
    pin.get_by_role("link", name="see the answer").click()
    page.wait_for_url("**?segment=*")
    settle(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("277CA from")
    expect(page.locator(".segments li[aria-current] .id")).to_have_text("STC")


def test_an_error_of_a_999_is_pinned_at_its_element(desk: Desk, world: Practice) -> None:
    sent = claim_sent(world, "viewer-999")
    answer, at = refused(world, sent)
    page = desk.open(f"/files/{sent.file_id}")
    line = page.locator(f"#segment-{at}")
    assert (line.locator(".el-bad").get_attribute("data-tip") or "").startswith("DMG02, ")
    expect(line.locator(".callout")).to_contain_text("Not a date")
    link = line.get_by_role("link", name="see the answer")
    assert (link.get_attribute("href") or "").startswith(f"/files/{answer}")


def test_each_answer_says_by_whom_and_when_here(desk: Desk, claim: Sent) -> None:
    page = desk.open(f"/files/{claim.file_id}")
    links = page.locator(".chain li")
    expect(links.nth(1)).to_contain_text("277CA, 1 rejected")
    here = page.evaluate(f"async () => {module('format.js')}.shortDay(Date.now())")
    expect(links.nth(1)).to_contain_text(f"{here} ")


def test_an_element_says_its_label_and_meaning(desk: Desk, claim: Sent) -> None:
    page = desk.open(f"/files/{claim.file_id}")
    line = page.locator(".segments li", has=page.locator(".id", has_text="CLM")).first
    element = line.locator(".el").nth(1)
    element.hover()
    shown = "(node) => getComputedStyle(node, '::after').content"
    assert "CLM02" in element.evaluate(shown)
    element.click()
    expect(page.locator(".meaning .strong")).to_contain_text("Total Claim Charge Amount")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".el:focus")).to_have_attribute("data-tip", re.compile(r"^CLM05-1, "))
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".el:focus")).to_have_attribute("data-tip", re.compile(r"^CLM02, "))


def test_keys_walk_the_lines_and_loops_go_to_theirs(desk: Desk, claim: Sent) -> None:
    page = desk.open(f"/files/{claim.file_id}?segment=5")
    page.keyboard.press("j")
    assert chosen(page) == 6
    page.locator("#segment-9").click()
    page.keyboard.press("k")
    page.keyboard.press("k")
    assert chosen(page) == 7
    loops = page.get_by_role("navigation", name="Loops")
    loops.get_by_role("link", name="2010BA Subscriber").first.click()
    expect(page.locator(".segments li[aria-current] .gloss")).to_have_text("Who is insured")
    expect(loops.locator("[aria-current=true]")).to_contain_text("Subscriber")


def test_patients_are_masked_until_it_is_asked_and_that_is_kept(
    desk: Desk, world: Practice, claim: Sent
) -> None:
    page = desk.open(f"/files/{claim.file_id}")
    body = bytes_of(world, claim.file_id).decode()
    member = next(part for part in body.split("~") if "NM1*IL*" in part).split("*")[9]
    text = page.locator("body").inner_text()
    assert "canary" not in text.lower()
    assert member not in page.content()
    page.get_by_role("button", name="Masked").click()
    expect(page.locator(".segments")).to_contain_text(member)
    expect(page.get_by_text("This was written to the audit log")).to_be_visible()
    asked = "SELECT 1 FROM audit_event WHERE action = 'file.reveal' AND about_id = :id"
    assert len(world.rows(asked, id=claim.file_id)) == 1
    page.get_by_role("button", name="Shown in full").click()
    expect(page.locator(".segments")).not_to_contain_text(member)


def test_who_may_not_read_contents_is_told_why(sign_in: SignIn, claim: Sent) -> None:
    page = sign_in(Role.INTEGRATION).open(f"/files/{claim.file_id}")
    expect(page.get_by_text("Your role shows what became of a file")).to_be_visible()
    expect(page.locator(".segments")).to_have_count(0)
    locked = page.get_by_role("button", name="Download")
    expect(locked).to_have_attribute("aria-disabled", "true")
    expect(locked).to_have_attribute("title", "Your role does not include patients’ data.")


def test_a_broken_file_shows_where_reading_stopped(desk: Desk, world: Practice) -> None:
    body = file_835(remit(), number=790_001).replace(b"SE*", b"CANARY ADA*", 1)
    file_id = kept_aside(world, body)
    page = desk.open(f"/files/{file_id}")
    expect(page.locator(".segments .pin").first).to_be_visible()
    page.keyboard.press("e")
    expect(page.locator(".segments li[aria-current] .callout").first).to_be_visible()
    assert "canary" not in page.locator("body").inner_text().lower()


def test_a_large_file_pages_by_keyboard(desk: Desk, world: Practice) -> None:
    file_id = large_835(world, 560)
    page = desk.open(f"/files/{file_id}")
    heading = page.get_by_role("heading", name="Lines ")
    expect(heading).to_contain_text(re.compile(r"Lines 1 to 400 of [5-9],\d{3}"))
    page.keyboard.press("]")
    expect(heading).to_contain_text("Lines 401 to 800")
    page.keyboard.press("k")
    expect(heading).to_contain_text("Lines 1 to 400")
    expect(page.locator("#segment-400")).to_have_attribute("aria-current", "true")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(heading).to_contain_text("Lines 401 to 800")
    expect(page.locator("#segment-402")).to_have_attribute("aria-current", "true")


def test_a_download_is_what_travelled(
    desk: Desk, world: Practice, claim: Sent, tmp_path: Path
) -> None:
    page = desk.open(f"/files/{claim.file_id}")
    with page.expect_download() as told:
        page.get_by_role("button", name="Download").click()
    told.value.save_as(tmp_path / "raw")
    assert (tmp_path / "raw").read_bytes() == bytes_of(world, claim.file_id)


def test_the_viewer_is_accessible_and_fits(desk: Desk, claim: Sent) -> None:
    page = desk.open(f"/files/{claim.file_id}")
    page.keyboard.press("e")
    page.keyboard.press("ArrowRight")
    assert flaws(page) == []

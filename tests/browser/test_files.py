"""EDI files: found, compared, inspected, and decided on where they were kept aside."""

from playwright.sync_api import Page, expect

from rcm.access import Role
from tests.browser.conftest import Desk, SignIn, module
from tests.browser.edi import CANARY, claim_sent, kept_aside, number_again, rejected
from tests.browser.rig import axe_violations, flaws
from tests.harness import Practice
from tests.rcm.partner_files import file_835, remit, send


def decide(page: Page, button: str, reason: str, submit: str) -> None:
    """Decide on a file that was kept aside."""
    page.get_by_role("button", name=button, exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill(reason)
    dialog.get_by_role("button", name=submit, exact=True).click()
    expect(dialog).to_have_count(0)


def test_a_file_is_set_aside_with_a_reason_and_read_again(desk: Desk, world: Practice) -> None:
    page = desk.open(f"/files/{kept_aside(world)}")
    page.get_by_role("button", name="Set aside", exact=True).click()
    send_it = page.get_by_role("dialog").get_by_role("button", name="Set aside", exact=True)
    expect(send_it).to_have_attribute("aria-disabled", "true")
    page.keyboard.press("Escape")
    decide(page, "Set aside", "A letter, no file.", "Set aside")
    decisions = page.get_by_role("region", name="Decisions")
    expect(decisions).to_contain_text("Set aside: “A letter, no file.”")
    expect(decisions).to_contain_text("Morgan Lee")
    decide(page, "Read again", "They say it is right.", "Read again")
    expect(decisions).to_contain_text("Read again: “They say it is right.”")
    world.drain()


def test_a_control_number_is_allowed_again(desk: Desk, world: Practice) -> None:
    page = desk.open(f"/files/{number_again(world)}")
    decide(page, "Allow its number again", "They count anew.", "Allow and read")
    expect(page.get_by_role("region", name="Decisions")).to_contain_text(
        "Control number allowed again: “They count anew.”"
    )
    world.drain()


def test_who_may_not_decide_is_told_whom_to_ask(sign_in: SignIn, world: Practice) -> None:
    page = sign_in(Role.BILLER).open(f"/files/{kept_aside(world)}")
    expect(page.get_by_role("button", name="Read again")).to_have_attribute(
        "title", "A payment poster or a manager decides on files."
    )


def test_two_submissions_are_compared(desk: Desk, world: Practice) -> None:
    claim = claim_sent(world, "compare")
    rejected(world, claim)
    page = desk.open(f"/claims/{claim.id}")
    again = page.evaluate(
        f"async (id) => (await {module('http.js')}.post(`/claims/${{id}}/resubmit`)) !== null",
        str(claim.id),
    )
    assert again
    second = send(world)[-1]
    page = desk.open(f"/files/{second.file_id}")
    page.get_by_role("link", name="Compare").click()
    page.wait_for_url("**/compare?*")
    expect(page.locator(".segments .el-bad").first).to_be_visible()
    assert "canary" not in page.locator("body").inner_text().lower()
    assert flaws(page) == []


def test_a_pasted_text_is_explained(desk: Desk) -> None:
    page = desk.open("/inspect")
    page.get_by_label("X12 text").fill(file_835(remit()).decode().replace("SE*", "SE*1", 1))
    page.get_by_role("button", name="Explain it").click()
    expect(page.locator(".segments li").first).to_contain_text("ISA")
    expect(page.locator(".segments .pin")).not_to_have_count(0)
    assert axe_violations(page) == []


def test_a_name_of_a_file_stays_text(desk: Desk, world: Practice) -> None:
    file_id = kept_aside(world, name=f"{CANARY}.x12")
    page = desk.open("/files?state=quarantined")
    expect(page.locator("tbody")).to_contain_text(CANARY)
    assert page.locator("img[src=x]").count() == 0
    page.get_by_role("link", name="Answer missing").click()
    page.wait_for_url("**/files?missing_ack=true")
    desk.open(f"/files/{file_id}")
    assert page.locator("img[src=x]").count() == 0

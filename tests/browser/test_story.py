"""The whole story in the browser: a wrong NPI, held, corrected, sent, accepted, paid."""

from uuid import uuid4

from playwright.sync_api import Page, expect

from rcm.access import create_api_key
from tests.browser.claims_here import asked, cents
from tests.browser.conftest import Desk, settle
from tests.harness import EVERYTHING, Practice
from tests.rcm.intake import encounter

_WRONG_NPI, _RIGHT_NPI = "1193000515", "1193000514"


def _post(page: Page, world: Practice) -> str:
    """Post an encounter as an EHR does, by its key; return the visit."""
    with world.unit_of_work() as session:
        secret = create_api_key(session, world.tools, "story", roles=EVERYTHING)
    visit = f"S{uuid4().hex[:12].upper()}"
    body = encounter(
        external_id=visit,
        patient__external_id=f"M{visit}",
        lines__0__date_of_service=world.tools.today().replace(day=1).isoformat(),
        rendering_provider__npi=_WRONG_NPI,
    )
    answer = page.context.request.post(
        "/api/v1/encounters", data=body, headers={"Authorization": f"Bearer {secret}"}
    )
    assert answer.status == 202, answer.text()
    return visit


def _is_shown(page: Page, words: str) -> None:
    """Wait until the page says by itself, without a reload, what the claim is now."""
    expect(page.locator(".page-head .chip")).to_have_text(words)


def test_a_claim_from_its_wrong_npi_to_its_payment(desk: Desk, world: Practice) -> None:
    page = desk.open("/worklists")
    before = asked(page, "/work-items?kind=held")["total"]
    visit = _post(page, world)
    world.drain()
    ((claim_id, number),) = world.rows(
        "SELECT claim.id, patient_control_number FROM claim JOIN encounter"
        " ON encounter.id = encounter_id WHERE external_id = :visit",
        visit=visit,
    )
    page = desk.open("/worklists?kind=held")
    assert asked(page, "/work-items?kind=held")["total"] == before + 1
    item = page.locator("tbody tr").filter(has_text=number)
    item.get_by_role("link").first.click()
    page.wait_for_url(f"**/claims/{claim_id}*")
    settle(page)
    _is_shown(page, "Held")

    page = desk.open(f"/claims/{claim_id}")
    page.keyboard.press("c")
    wrong = page.locator("#field\\/rendering_provider\\/npi")
    expect(wrong).to_be_focused()
    wrong.fill(_RIGHT_NPI)
    wrong.press("Enter")
    dialog = page.get_by_role("dialog", name="It passes every check")
    expect(dialog.get_by_role("row", name="NPI")).to_contain_text(_RIGHT_NPI)
    expect(dialog.get_by_role("button", name="Save and send")).to_be_focused()
    page.keyboard.press("Enter")
    _is_shown(page, "Ready")
    page.get_by_role("link", name="Overview", exact=True).click()

    world.exchange(rounds=1)
    _is_shown(page, "Submitted")
    world.exchange(rounds=1)
    _is_shown(page, "Paid")

    settle(page)
    parts = [cents(text.split("\n")[0]) for text in page.locator(".parts dd").all_inner_texts()]
    told = asked(page, f"/claims/{claim_id}")
    assert sum(parts) == told["charge_cents"]
    assert parts[0] == told["paid_cents"] > 0
    timeline = page.get_by_role("region", name="Timeline")
    for words in ("Encounter received", "837P", "999", "277CA", "835"):
        expect(timeline).to_contain_text(words)
    assert asked(page, f"/work-items?claim_id={claim_id}")["total"] == 0

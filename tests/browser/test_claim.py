"""One claim: its money, its timeline, what is hidden, what is written about it, and who may act."""

import re

import pytest
from playwright.sync_api import Page, expect

from rcm.access import Role
from tests.browser.claims_here import asked, cents, claim_ids, number, one, status
from tests.browser.conftest import Desk, SignIn, settle
from tests.browser.rig import ask_now
from tests.harness import Practice

_XSS = "<img src=x onerror=alert(1)><script>alert(2)</script>"
_UNKNOWN = "/claims/00000000-0000-4000-8000-000000000000"


def _toast(page: Page) -> str:
    return page.locator(".toast").last.inner_text()


def _decide(page: Page, button: str, words: str, submit: str) -> None:
    """Press a button, give a reason, and do it."""
    page.get_by_role("button", name=button).click()
    page.get_by_label(re.compile("^Reason")).fill(words)
    page.get_by_role("dialog").get_by_role("button", name=submit, exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("state", ["paid", "denied", "held"])
def test_the_money_adds_up_in_the_bar_the_lines_and_the_proof(
    desk: Desk, world: Practice, state: str
) -> None:
    claim_id = one(world, state)
    page = desk.open(f"/claims/{claim_id}")
    told = asked(page, f"/claims/{claim_id}")
    parts = [cents(text.split("\n")[0]) for text in page.locator(".parts dd").all_inner_texts()]
    assert sum(parts) == told["charge_cents"]
    assert parts[3] == told["open_cents"]
    lines = page.get_by_role("region", name="Lines", exact=True).last
    rows = [
        [cents(text) for text in row.locator("td.num").all_inner_texts()[1:]]
        for row in lines.locator("tbody tr").all()
    ]
    for billed, _, *left in rows:
        assert billed == sum(left)
    sums = [cents(text) for text in lines.locator("tfoot td.num").all_inner_texts()]
    assert sums == [sum(column) for column in zip(*rows, strict=True)]
    assert sums[0] == told["charge_cents"]
    page.get_by_role("link", name="See the proof").click()
    settle(page)
    expect(page.get_by_text("The ledger adds up to what the claim shows.")).to_be_visible()


def test_the_timeline_is_newest_first_and_is_told_by_whom(desk: Desk, world: Practice) -> None:
    claim_id = one(world, "paid")
    page = desk.open(f"/claims/{claim_id}")
    card = page.get_by_role("region", name="Timeline")
    times = card.locator("li time").evaluate_all("all => all.map((each) => each.dateTime)")
    assert times == sorted(times, reverse=True)
    expect(card).to_contain_text("Encounter received")
    expect(card).to_contain_text(re.compile(r"Sandbox [\w ]+, 835"))
    for name in ("Payer", "People", "Everything"):
        pill = card.get_by_role("button", name=re.compile(f"^{name} "))
        pill.click()
        expect(pill).to_have_attribute("aria-pressed", "true")
        promised = int(pill.locator(".count").inner_text())
        expect(card.locator("ol.timeline > li:not(.branch)")).to_have_count(promised)
    link = card.get_by_role("link", name=re.compile("^835 line")).first
    link.click()
    page.wait_for_url(re.compile(r"/files/.+\?segment=\d+"))


def test_the_claim_as_it_was_sent(desk: Desk, world: Practice) -> None:
    claim_id = one(world, "paid")
    page = desk.open(f"/claims/{claim_id}?tab=edi")
    expect(page.locator(".segments")).to_contain_text("CLM")
    expect(page.locator(".segments")).to_contain_text(number(world, claim_id))
    assert "Canary" not in page.locator(".segments").inner_text().title()
    (held,) = claim_ids(world, 1, rendering_provider__npi="1193000515")
    page = desk.open(f"/claims/{held}")
    page.get_by_role("link", name="EDI", exact=True).click()
    expect(page.get_by_text("Not sent yet")).to_be_visible()


def test_a_birth_date_is_dots_until_it_is_shown_and_the_audit_says_so(
    desk: Desk, world: Practice
) -> None:
    (claim_id,) = claim_ids(world, 1, patient__date_of_birth="1961-02-03")
    page = desk.open(f"/claims/{claim_id}")
    facts = page.get_by_role("region", name="Claim", exact=True)
    expect(facts).to_contain_text("••••-••-••")
    assert "1961-02-03" not in page.content()
    facts.get_by_role("button", name="Show the birth date").click()
    expect(facts).to_contain_text("1961-02-03")
    page.get_by_role("link", name="Audit", exact=True).click()
    settle(page)
    row = page.get_by_role("row").filter(has_text="Showed hidden fields")
    expect(row).to_contain_text("Morgan Lee")
    expect(row).to_contain_text("date of birth")
    assert "1961-02-03" not in page.content()


def test_what_people_write_stays_text(desk: Desk, world: Practice) -> None:
    (claim_id,) = claim_ids(
        world,
        1,
        rendering_provider__last_name=_XSS[:28],
        place_of_service="22",
        service_facility={
            "npi": "1193000886",
            "name": _XSS[:55],
            "address": {"line1": "9 Hospital Way", "city": "Austin", "state": "TX", "zip": "78705"},
        },
    )
    desk.page.on("dialog", lambda dialog: desk.complaints.told.append(f"ran: {dialog.message}"))
    page = desk.open(f"/claims/{claim_id}")
    expect(page.locator("main")).to_contain_text(_XSS[:28])
    _decide(page, "Note", f"note {_XSS}", "Keep the note")
    expect(page.get_by_role("region", name="Timeline")).to_contain_text(f"note {_XSS}")
    for tab, shown in (("Form", _XSS[:55]), ("Notes", f"note {_XSS}")):
        page.get_by_role("link", name=tab, exact=True).click()
        settle(page)
        expect(page.locator("main")).to_contain_text(shown)
    assert page.locator("main img, main script").count() == 0


def test_a_claim_is_held_with_its_reason_and_released(desk: Desk, world: Practice) -> None:
    (claim_id,) = claim_ids(world, 1)
    page = desk.open(f"/claims/{claim_id}")
    _decide(page, "Hold", f"The clinic checks it. {_XSS}", "Hold")
    assert "Held." in _toast(page)
    head = page.locator(".page-head")
    expect(head).to_contain_text("On hold")
    expect(page.get_by_role("region", name="Timeline")).to_contain_text(_XSS)
    assert status(world, claim_id) == "on_hold"
    page.get_by_role("region", name="Next action").get_by_role("button", name="Release").click()
    page.get_by_role("dialog").get_by_role("button", name="Release").click()
    expect(head).to_contain_text("Ready")
    assert "it goes with the next file" in _toast(page)
    assert status(world, claim_id) == "ready"
    page.get_by_role("link", name="Notes", exact=True).click()
    expect(page.locator("main")).to_contain_text("Held: The clinic checks it.")


def test_a_decided_claim_says_why_it_is_not_corrected(desk: Desk, world: Practice) -> None:
    page = desk.open(f"/claims/{one(world, 'denied')}")
    action = page.get_by_role("region", name="Next action")
    expect(action.get_by_role("button", name="Correct")).to_have_attribute("aria-disabled", "true")
    expect(action.get_by_text("The payer has decided it.").last).to_be_visible()
    page.keyboard.press("c")
    page.get_by_role("link", name="Form", exact=True).click()
    settle(page)
    assert "edit" not in page.url
    expect(page.locator(".notice")).to_contain_text("The payer has decided it.")


def test_a_denial_is_taken_and_closed_where_it_is_read(desk: Desk, world: Practice) -> None:
    claim_id = one(world, "denied")
    page = desk.open(f"/claims/{claim_id}")
    action = page.get_by_role("region", name="Next action")
    action.get_by_role("button", name="Assign").click()
    page.get_by_role("dialog").get_by_role("button", name="Assign", exact=True).click()
    expect(action).to_contain_text(re.compile("^(?!.*Nobody’s yet)", re.DOTALL))
    before = len(asked(page, f"/claims/{claim_id}")["next_actions"])
    action.get_by_role("button", name="Close").click()
    page.get_by_label(re.compile("^Reason")).fill("Appealed by letter.")
    page.get_by_role("dialog").locator(".btn.primary").click()
    expect(page.locator(".toast").last).to_contain_text("1 item closed.")
    assert len(asked(page, f"/claims/{claim_id}")["next_actions"]) == before - 1
    page.get_by_role("button", name="Undo").last.click()
    expect(action).to_be_visible()
    assert len(asked(page, f"/claims/{claim_id}")["next_actions"]) == before


def test_a_claim_that_is_not_there_says_so(sign_in: SignIn) -> None:
    page = sign_in(expected=(404,)).open(_UNKNOWN)
    expect(page.get_by_role("alert")).to_be_visible()
    assert "undefined" not in page.locator("main").inner_text()
    page.get_by_role("link", name="Claims", exact=True).first.click()
    settle(page)
    expect(page.get_by_role("heading", name="Claims", level=1)).to_be_visible()


@pytest.mark.parametrize("role", [Role.POSTER, Role.AUDITOR])
def test_who_only_reads_sees_what_is_locked_and_nothing_that_acts(
    sign_in: SignIn, world: Practice, role: Role
) -> None:
    page = sign_in(role).open(f"/claims/{one(world, 'held')}")
    locked = page.get_by_role("region", name="Next action").get_by_role("button", name="Correct")
    expect(locked).to_have_attribute("aria-disabled", "true")
    expect(locked).to_contain_text("a biller corrects them")
    for name in ("Hold", "Note", "Release", "Send again", "Check and send"):
        assert page.get_by_role("button", name=name).count() == 0
    page.keyboard.press("c")
    page.goto(f"{page.url}?tab=form&edit=1")
    settle(page)
    assert page.locator("main input").count() == 0


def test_without_the_server_the_page_keeps_what_it_knows(sign_in: SignIn, world: Practice) -> None:
    desk = sign_in()
    page = desk.open(f"/claims/{one(world, 'paid')}")
    name = page.locator("h1").inner_text()
    desk.context.set_offline(True)
    page.get_by_role("link", name="Proof", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("The server does not answer.")
    expect(page.locator("h1")).to_have_text(name)
    page.get_by_role("link", name="Overview", exact=True).click()
    expect(page.get_by_role("region", name="Lines", exact=True).first).to_be_visible()
    page.get_by_role("link", name="Proof", exact=True).click()
    expect(page.get_by_role("button", name="Ask now")).to_be_visible()
    desk.context.set_offline(False)
    ask_now(page)
    expect(page.get_by_text("The ledger adds up to what the claim shows.")).to_be_visible()
    expect(page.get_by_text("The server does not answer.")).to_have_count(0)
    offline = "net::ERR_INTERNET_DISCONNECTED"
    assert all(offline in told for told in desk.complaints.told)
    desk.complaints.told.clear()


def test_paper_has_no_rail(desk: Desk, world: Practice) -> None:
    page = desk.open(f"/claims/{one(world, 'paid')}")
    page.emulate_media(media="print")
    for gone in ("nav.rail", "header.topbar", ".page-head .actions", "nav.tabs"):
        expect(page.locator(gone)).to_be_hidden()
    expect(page.get_by_role("region", name="Lines", exact=True).first).to_be_visible()

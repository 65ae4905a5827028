"""Payments: what a list counts, what a remittance proves, and what holds one back."""

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from rcm.access import Role
from tests.browser.claims_here import asked, cents
from tests.browser.conftest import Desk, SignIn, settle
from tests.browser.payments_here import cells, held_remittance, summed, taken
from tests.browser.rig import flaws, sideways
from tests.harness import Practice

_CLAIMS = "section[aria-label=Claims] > table > "
_SCRIPT = "<img src=x onerror=alert(1)>"
_SUMS = ("charge_cents", "contract_cents", "patient_cents")


def _chosen(page: Page, **wanted: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """A remittance of the list of which all of this is true."""
    items = asked(page, "/remittances?limit=200&sort=received")["items"]
    found: dict[str, Any] = next(
        each for each in items if all(rule(each[name]) for name, rule in wanted.items())
    )
    return found


def test_the_tables_of_the_largest_payment_stay_inside_their_cards(desk: Desk) -> None:
    page = desk.open("/payments?sort=-amount")
    page.locator("tbody tr th a").first.click()
    page.wait_for_url("**/payments/*")
    settle(page)
    over = page.evaluate(
        "() => [...document.querySelectorAll('section > table')].map((table) =>"
        " table.getBoundingClientRect().right - table.parentElement.getBoundingClientRect().right)"
    )
    assert len(over) > 1
    assert max(over) <= 0


def test_each_tab_lists_what_it_counts(desk: Desk) -> None:
    page = desk.open("/payments")
    tabs = page.get_by_role("navigation", name="Payments").get_by_role("link")
    assert tabs.count() == 8
    for n in range(tabs.count()):
        tabs.nth(n).click()
        settle(page)
        expect(tabs.nth(n)).to_have_attribute("aria-current", "page")
        promised = int(tabs.nth(n).locator(".count").inner_text())
        query = page.evaluate("location.search")
        assert asked(page, f"/remittances{query}")["total"] == promised, query
        assert page.locator("table.cards tbody tr").count() == min(promised, 50), query
        chips = set(page.locator("tbody .chip").all_inner_texts())
        if query == "?has=needs_review":
            assert chips <= {"Needs review", "Held", "Being judged"}


def test_the_totals_row_is_the_sum_that_it_states(desk: Desk) -> None:
    page = desk.open("/payments")
    totals = asked(page, "/remittances?limit=1")["totals"]
    ((head, claims, paid, plb, payment, difference),) = cells(page, "table.cards tfoot tr")
    assert int(claims) == totals["claims"]
    assert cents(paid) == totals["claims_paid_cents"]
    assert cents(plb) == totals["provider_adjustments_cents"]
    assert cents(payment) == totals["payment_cents"]
    assert cents(difference) == abs(totals["difference_cents"])
    sum_of, _, result = head.partition(" = ")
    stated = re.findall(r"[+−]|[\d,]+\.\d\d", re.sub(r"^.*?remittances", "", sum_of))
    assert summed(stated) == totals["payment_cents"]
    assert cents(result.partition(" ")[0]) == totals["payment_cents"]
    assert re.search(r"[−+] −", head) is None


@pytest.mark.parametrize("kind", ["reversal", "interest", "take-back"])
def test_a_remittance_proves_every_sum(desk: Desk, kind: str) -> None:
    page = desk.open("/payments")
    remittance = _chosen(
        page,
        **{
            "reversal": {
                "needs": lambda needs: needs["reversals"],
                "claims": lambda count: count > 1,
            },
            "interest": {
                "provider_adjustments_cents": lambda amount: amount < 0,
                "payment_cents": lambda amount: amount > 1_000,
            },
            "take-back": {"claims_paid_cents": lambda amount: amount < 0},
        }[kind],
    )
    told = asked(page, f"/remittances/{remittance['id']}")
    desk.open(f"/payments/{remittance['id']}")
    words = page.locator(".equation .op, .equation strong").all_inner_texts()
    assert words[-2] == "="
    assert summed(words[:-2]) == told["proof"]["payment_cents"]
    assert cents(words[-1].replace("$", "")) == told["payment_cents"]
    rows = cells(page, f"{_CLAIMS}tbody > tr:not(.proof)")
    assert len(rows) == len(told["claim_payments"])
    for row, claim in zip(rows, told["claim_payments"], strict=True):
        _proves(row, claim["sums"])
    lines = cells(page, f"{_CLAIMS}tbody > tr.proof tbody tr:not(.result)")
    services = [each for claim in told["claim_payments"] for each in claim["services"]]
    assert len([line for line in lines if line[4]]) == len(services)
    for line, service in zip([each for each in lines if each[4]], services, strict=True):
        assert cents(line[1]) == service["charge_cents"]
        assert cents(line[3].removeprefix("= ")) == service["paid_cents"]
        assert cents(line[1]) - taken(line[2]) == service["paid_cents"]
    text = page.locator("main").inner_text()
    assert re.search(r"[−+] −", text) is None
    if kind == "reversal":
        assert "22, takes a payment back" in text
    told_days = sum(claim["reversed_on"] is not None for claim in told["claim_payments"])
    assert text.count(" · that of ") == told_days
    sums = asked(page, f"/remittances/{remittance['id']}")["ledger"]
    ((_, debit, credit),) = cells(page, "section[aria-label='Ledger entries'] tfoot tr")
    assert cents(debit) == cents(credit) == sums["debit_cents"] == sums["credit_cents"]
    assert sideways(page) == []


def _proves(row: list[str], sums: dict[str, int]) -> None:
    charge, contract, patient, refused, paid = (cents(each) for each in row[1:6])
    assert (charge, contract, patient) == tuple(sums[name] for name in _SUMS)
    assert refused == sums["denied_cents"] + sums["other_cents"]
    assert charge - contract - patient - refused == paid == sums["paid_cents"]


def test_a_duplicate_and_a_notice_count_for_nothing(desk: Desk) -> None:
    page = desk.open("/payments?state=duplicate&state=recorded")
    rows = cells(page, "table.cards tbody tr")
    assert len(rows) >= 2
    assert {cell for row in rows for cell in row[3:]} == {"–"}
    ((_, claims, *amounts),) = cells(page, "table.cards tfoot tr")
    assert (claims, {cents(each) for each in amounts}) == ("0", {0})
    assert "already received" in page.locator("table.cards tbody").inner_text()


def test_a_held_remittance_says_why_and_is_set_aside(
    desk: Desk, sign_in: SignIn, world: Practice
) -> None:
    path = f"/payments/{held_remittance(world)}"
    reader = sign_in(Role.BILLER).open(path)
    locked = reader.get_by_role("button", name=re.compile("Judge again.*A payment poster"))
    expect(locked).to_have_attribute("aria-disabled", "true")
    page = desk.open(path)
    expect(page.get_by_text("off by 1.00.")).to_be_visible()
    expect(page.get_by_text("$1.00 is not explained")).to_be_visible()
    expect(page.get_by_text("Nothing is posted")).to_be_visible()
    page.get_by_role("button", name="Judge again").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Set aside").click()
    dialog = page.get_by_role("dialog")
    send = dialog.get_by_role("button", name="Set aside")
    expect(send).to_have_attribute("aria-disabled", "true")
    dialog.get_by_label("Reason").fill(_SCRIPT)
    send.click()
    expect(page.get_by_text(f"Set aside: “{_SCRIPT}”")).to_be_visible()
    assert page.locator("main img").count() == 0
    expect(page.locator(".page-head .chip")).to_have_text("Set aside")
    expect(page.get_by_role("button", name="Judge again")).to_be_visible()


def test_the_export_has_every_row(desk: Desk, tmp_path: Path) -> None:
    page = desk.open("/payments?has=reversals")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV").click()
    file = tmp_path / "list.csv"
    waiting.value.save_as(file)
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    assert len(rows) == asked(page, "/remittances?has=reversals")["total"] > 0


def test_a_remittance_that_is_held_is_accessible(desk: Desk) -> None:
    chosen = _chosen(desk.open("/payments"), needs=lambda needs: needs["unbalanced"])
    assert flaws(desk.open(f"/payments/{chosen['id']}")) == []


def test_a_claim_that_does_not_add_up_says_what_to_do(desk: Desk) -> None:
    page = desk.open("/worklists?kind=suspense&reason=unbalanced")
    row = page.locator("tbody tr").first
    expect(row).to_contain_text("is for a claim that does not add up.")
    row.locator("th a").click()
    page.wait_for_url("**/payments/*")
    settle(page)
    action = page.get_by_role("region", name="Next action")
    expect(action).to_contain_text("Ask the payer for a corrected remittance")
    expect(action).to_contain_text(re.compile(r"waits in suspense: claim \S+ is off by \$"))
    action.get_by_role("link", name="All that do not add up").click()
    settle(page)
    expect(page.locator("tbody tr").first).to_contain_text("does not add up")

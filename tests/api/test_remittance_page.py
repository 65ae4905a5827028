"""What the page of payments needs of the API: codes, sums and proof of each decision, and lists."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from httpx import Client

from edi.codes import CodeList, table
from edi.money import Cents
from edi.remittance_835.model import Name, QualifiedAmount, QualifiedDate
from rcm.ledger.accounts import Account
from rcm.reading.remittance_words import account_words
from rcm.remittance.codes import PROVIDER_ADJUSTMENTS
from tests.api.test_reading import get
from tests.harness import Practice
from tests.rcm.intake import encounter
from tests.rcm.partner_files import (
    Sent,
    adjust,
    file_835,
    payment,
    plb,
    receive,
    remit,
    send_first,
    service,
)
from tests.rcm.test_reversals import back, denied, paid

PATIENT = Name(entity="QC", entity_type="1", last_name="CANARY", first_name="ADA")


@pytest.fixture
def claims(practice: Practice) -> list[Sent]:
    return send_first(practice, *(encounter(external_id=f"e{n}") for n in range(3)))


def told(claim: Sent) -> Any:  # noqa: ANN401  # A claim payment.
    """Everything that a payer may say of a line."""
    line = replace(
        service(
            10_000, 6_000, adjust("CO", "45", 2_500), adjust("PR", "2", 1_000),
            adjust("CO", "16", 500), line=f"{claim.number}01",
        ),
        amounts=(QualifiedAmount("B6", Cents(7_500)),),
        dates=(QualifiedDate("472", date(2026, 11, 2)),),
        remark_codes=("M76", "N999"),
    )  # fmt: skip
    return payment(
        claim.number, 10_000, 6_000, services=(line,), patient=PATIENT,
        patient_responsibility_cents=Cents(1_000),
    )  # fmt: skip


def only(practice: Practice, file_id: UUID) -> str:
    ((remittance_id,),) = practice.rows("SELECT id FROM remittance WHERE file_id = :i", i=file_id)
    return str(remittance_id)


def test_a_line_shows_its_codes_in_words_and_its_proof(
    api: Client, practice: Practice, claims: list[Sent]
) -> None:
    said = remit(told(claims[0]), plbs=[plb("L6", -216, "ICN-INTEREST")])
    shown = get(api, f"remittances/{only(practice, receive(practice, file_835(said)))}")
    (claim,) = shown["claim_payments"]
    assert claim["control_number"] == claims[0].number
    assert (claim["patient"], claim["decision"]) == ("Ca••••, A.", "Processed as first payer")
    (line,) = claim["services"]
    assert (line["procedure"], line["line"], line["service_from"]) == ("99213", 1, "2026-11-02")
    assert line["said"]["allowed_cents"] == 7_500
    assert [
        (each["group"], each["reason"], each["amount_cents"], each["is_denied"])
        for each in line["said"]["adjustments"]
    ] == [("CO", "45", 2_500, False), ("PR", "2", 1_000, False), ("CO", "16", 500, True)]
    assert line["said"]["adjustments"][1]["words"] == "The patient's coinsurance"
    assert [(each["code"], each["words"]) for each in line["said"]["remarks"]] == [
        ("M76", "The diagnosis is missing or wrong"),
        ("N999", ""),
    ]
    sums = {
        "charge_cents": 10_000, "contract_cents": 2_500, "patient_cents": 1_000,
        "denied_cents": 500, "other_cents": 0, "paid_cents": 6_000, "difference_cents": 0,
    }  # fmt: skip
    assert line["sums"] == claim["sums"] == shown["totals"] == sums
    assert [(each["level"], each["checked"], each["off"]) for each in shown["proof"]["levels"]] == [
        ("line", 1, 0), ("claim", 1, 0), ("payment", 1, 0),
    ]  # fmt: skip
    (interest,) = shown["provider_adjustments"]
    assert (interest["words"], interest["account_words"]) == ("Interest", "Interest")
    assert interest["reference"] == "ICN-INTEREST"


def test_the_entries_of_a_remittance_balance_by_account_and_say_what_they_started(
    api: Client, practice: Practice, claims: list[Sent]
) -> None:
    first = paid(claims[1], 7_000)
    receive(practice, file_835(remit(first, trace="T1"), number=1))
    said = remit(
        told(claims[0]), back(first), paid(claims[1], 8_000), denied(claims[2]), trace="T2"
    )
    shown = get(api, f"remittances/{only(practice, receive(practice, file_835(said, number=2)))}")
    ledger = shown["ledger"]
    assert ledger["debit_cents"] == ledger["credit_cents"]
    sides = {
        each["account"]: each["debit_cents"] - each["credit_cents"] for each in ledger["accounts"]
    }
    assert sides == {
        "cash:in-transit": 7_000,
        "adjustment:contractual": 1_500,
        "receivable:patient": 1_000,
        "receivable:denied": 10_500,
        "receivable:payer": -20_000,
    }
    started = shown["started"]
    assert {(each["kind"], each["reason"]) for each in started["items"]} == {("denied", "CO-16")}
    assert started["items_total"] == 2
    assert (started["reversals"], started["reversed_cents"]) == (1, 7_000)
    assert (started["patient_balances"], started["patient_cents"]) == (1, 1_000)
    reversal = shown["claim_payments"][1]
    assert (reversal["decision"], reversal["reversed_on"]) == ("Takes a payment back", "2026-11-23")
    assert shown["claim_payments"][3]["decision"] == "Refused, CO-16"


def test_a_held_remittance_shows_what_it_says_and_where_it_does_not_add_up(
    api: Client, practice: Practice, claims: list[Sent]
) -> None:
    wrong = payment(claims[0].number, 10_000, 6_000, adjust("CO", "45", 3_000))
    held = only(practice, receive(practice, file_835(remit(wrong, paid=6_036))))
    shown = get(api, f"remittances/{held}")
    assert shown["state"] == "held"
    assert shown["why"].startswith("Nothing of this remittance is posted")
    assert shown["claim_payments"][0]["state"] == "not_posted"
    assert shown["claim_payments"][0]["sums"]["difference_cents"] == 1_000
    assert [(each["off"], each["difference_cents"]) for each in shown["proof"]["levels"]] == [
        (0, 0), (1, 1_000), (1, 36),
    ]  # fmt: skip
    assert shown["ledger"] == {"accounts": [], "debit_cents": 0, "credit_cents": 0}


def test_a_look_at_a_remittance_is_recorded(
    api: Client, practice: Practice, claims: list[Sent]
) -> None:
    remittance_id = only(practice, receive(practice, file_835(remit(told(claims[0])))))
    get(api, f"remittances/{remittance_id}")
    rows = practice.rows("SELECT action, about_id::text FROM audit_event")
    assert ("remittance.view", remittance_id) in [tuple(row) for row in rows]


@pytest.fixture
def week(practice: Practice, claims: list[Sent]) -> dict[str, str]:
    """A remittance of each kind, by name."""
    first = paid(claims[0], 7_000)
    every = {
        "plain": remit(first, trace="A-1"),
        "unmatched": remit(payment("NOBODYS", 8_400, 8_400), trace="A-2"),
        "unbalanced": remit(payment(claims[1].number, 10_000, 9_000), trace="B-3"),
        "zero": remit(denied(claims[2]), trace="B-4"),
        "reversal": remit(back(first), plbs=[plb("FB", -7_000)], trace="B_5"),
        "held": remit(paid(claims[1], 1_000), paid=1_036, trace="C-6"),
    }
    found = {
        name: only(practice, receive(practice, file_835(each, number=n)))
        for n, (name, each) in enumerate(every.items(), start=1)
    }
    copy = receive(practice, file_835(every["plain"], number=99))
    return found | {"duplicate": only(practice, copy)}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"state": "held"}, {"held"}),
        ({"has": "needs_review"}, {"held", "unmatched", "unbalanced"}),
        ({"has": "unmatched"}, {"unmatched"}),
        ({"has": "unbalanced"}, {"unbalanced", "held"}),
        ({"has": "reversals"}, {"reversal"}),
        ({"has": "zero_pay"}, {"zero", "reversal"}),
        ({"q": "a-"}, {"plain", "duplicate", "unmatched"}),
        ({"q": "B_"}, {"reversal"}),
        ({"q": "$84.00"}, {"unmatched"}),
        ({"q": "10.36"}, {"held"}),
        ({"amount_min_cents": 8_000}, {"unmatched", "unbalanced"}),
        ({"amount_max_cents": 1_036}, {"held", "zero", "reversal"}),
        ({"paid_from": "2026-11-24"}, set()),
        ({"payer": "SANDBOX COMMERCIAL", "state": "duplicate"}, {"duplicate"}),
    ],
)
def test_the_list_finds(
    api: Client, week: dict[str, str], query: dict[str, str], names: set[str]
) -> None:
    page = get(api, "remittances", **query)
    by_id = {remittance_id: name for name, remittance_id in week.items()}
    assert {by_id[each["id"]] for each in page["items"]} == names
    assert page["total"] == len(names)


def test_the_list_adds_up_what_counts_and_tells_what_needs_people(
    api: Client, week: dict[str, str]
) -> None:
    page = get(api, "remittances")
    assert page["totals"] == {
        "claims": 6,
        "claims_paid_cents": 7_000 + 8_400 + 9_000 + 0 - 7_000 + 1_000,
        "provider_adjustments_cents": -7_000,
        "payment_cents": 7_000 + 8_400 + 9_000 + 0 + 0 + 1_036,
        "difference_cents": -36,
    }
    assert page["facets"]["state"] == {"duplicate": 1, "held": 1, "posted": 5}
    assert page["facets"]["has"] == {
        "needs_review": 3, "unmatched": 1, "unbalanced": 2, "reversals": 1, "zero_pay": 2,
    }  # fmt: skip
    needs = {each["id"]: each["needs"] for each in page["items"]}
    found = needs[week["unmatched"]]
    assert (found["unmatched"], found["suspense_cents"], found["open_items"]) == (1, 8_400, 1)
    assert found["due_on"] > "2026-11-23"


@pytest.mark.parametrize("sort", ["amount", "-amount", "trace", "-payment_date", "payer"])
def test_the_list_sorts_page_by_page(api: Client, week: dict[str, str], sort: str) -> None:
    whole = get(api, "remittances", sort=sort, limit=100)["items"]
    walked: list[str] = []
    cursor = None
    while len(walked) < len(week):
        page = get(api, "remittances", sort=sort, limit=2, **({"cursor": cursor} if cursor else {}))
        walked += [each["id"] for each in page["items"]]
        cursor = page["next_cursor"]
    assert walked == [each["id"] for each in whole]
    if sort.removeprefix("-") == "amount":
        amounts = [each["payment_cents"] for each in whole]
        assert amounts == sorted(amounts, reverse=sort.startswith("-"))


def test_every_account_and_every_adjustment_of_providers_has_words() -> None:
    assert all(account_words(account) for account in Account)
    assert PROVIDER_ADJUSTMENTS.keys() <= table(CodeList.PROVIDER_ADJUSTMENT).keys()
    assert len(table(CodeList.ADJUSTMENT_REASON)) >= 60
    assert len(table(CodeList.REMARK)) >= 30


def test_a_claim_shows_what_stands_of_its_payers_reasons(
    api: Client, practice: Practice, claims: list[Sent]
) -> None:
    refused = denied(claims[0])
    receive(practice, file_835(remit(refused, trace="T1"), number=1))
    (line,) = api.get(f"/api/v1/claims/{claims[0].id}").json()["lines"]
    assert [each["reason"] for each in line["payer_reasons"]] == ["16"]
    assert line["payer_reasons"][0]["is_denied"]
    corrected = remit(back(refused), told(claims[0]), trace="T2")
    receive(practice, file_835(corrected, number=2))
    shown = api.get(f"/api/v1/claims/{claims[0].id}").json()
    (line,) = shown["lines"]
    assert [(each["group"], each["reason"]) for each in line["payer_reasons"]] == [
        ("CO", "45"), ("PR", "2"), ("CO", "16"),
    ]  # fmt: skip
    assert [each["code"] for each in line["payer_remarks"]] == ["M76", "N999"]
    assert line["allowed_cents"] == 7_500
    assert shown["payer_reasons"] == shown["payer_remarks"] == []


def test_what_is_said_of_no_line_is_said_of_the_claim(
    api: Client, practice: Practice, claims: list[Sent]
) -> None:
    whole = payment(claims[0].number, 10_000, 8_000, adjust("CO", "45", 2_000))
    receive(practice, file_835(remit(whole)))
    shown = api.get(f"/api/v1/claims/{claims[0].id}").json()
    assert [each["reason"] for each in shown["payer_reasons"]] == ["45"]
    assert shown["lines"][0]["payer_reasons"] == []
    assert shown["lines"][0]["allowed_cents"] is None

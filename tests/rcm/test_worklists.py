"""What people have to do: one item for each thing, closed by what settles it."""

from typing import Any

import pytest

from edi.remittance_835.model import Adjustment
from rcm.remittance.denials import UNCLASSIFIED, UNPROCESSABLE, classify
from tests.harness import Practice
from tests.rcm.intake import encounter
from tests.rcm.partner_files import (
    Sent,
    adjust,
    file_835,
    file_999,
    payment,
    receive,
    remit,
)


def items(practice: Practice) -> list[tuple[Any, ...]]:
    rows = practice.rows(
        "SELECT kind, state, reason, amount_cents FROM work_item ORDER BY opened_at, key"
    )
    return [tuple(row) for row in rows]


@pytest.mark.parametrize(
    ("denied", "remarks", "name"),
    [
        ([adjust("CO", "197", 100)], [], "authorization or referral"),
        ([adjust("CO", "16", 100)], ["M76"], "missing or invalid data"),
        ([adjust("CO", "16", 100)], ["MA130"], UNPROCESSABLE.name),
        ([adjust("CO", "29", 100)], [], "filed too late"),
        ([adjust("PI", "50", 1), adjust("CO", "97", 99)], [], "bundled"),
        ([adjust("CO", "Z99", 100)], [], UNCLASSIFIED.name),
    ],
)
def test_a_denial_has_the_category_of_its_largest_reason(
    denied: list[Adjustment], remarks: list[str], name: str
) -> None:
    assert classify(denied, remarks).category.name == name


def test_a_denied_claim_is_worked_until_it_is_paid(practice: Practice, claim: Sent) -> None:
    whole = claim.charge_cents
    denial = payment(claim.number, whole, 0, adjust("CO", "197", whole))
    receive(practice, file_835(remit(denial, trace="A"), number=1))
    assert items(practice) == [("denied", "open", "CO-197", whole)]
    ((message, action),) = practice.rows("SELECT message, action FROM work_item")
    assert message == "Denied: authorization or referral."
    assert "It can be appealed." in action
    receive(practice, file_835(remit(denial, trace="A"), number=2))  # The same payment again.
    assert items(practice) == [("denied", "open", "CO-197", whole)]
    paid = payment(claim.number, whole, whole)
    receive(practice, file_835(remit(paid, trace="B"), number=3))
    assert items(practice) == [("denied", "open", "CO-197", whole)], "it is denied and paid"
    back = payment(claim.number, -whole, 0, adjust("CO", "197", -whole), status_code="22")
    receive(practice, file_835(remit(back, trace="C"), number=4))
    assert items(practice) == [("denied", "done", "CO-197", whole)]


def test_what_a_contract_or_a_patient_bears_is_no_work(practice: Practice, claim: Sent) -> None:
    whole = claim.charge_cents
    shares = (adjust("CO", "45", 1_000), adjust("PR", "1", whole - 1_000))
    receive(practice, file_835(remit(payment(claim.number, whole, 0, *shares))))
    assert items(practice) == []


def test_one_denied_line_of_a_paid_claim_is_worked(practice: Practice, claim: Sent) -> None:
    whole = claim.charge_cents
    part = payment(claim.number, whole, whole - 700, adjust("CO", "97", 700))
    receive(practice, file_835(remit(part)))
    assert items(practice) == [("denied", "open", "CO-97", 700)]


def test_money_in_suspense_is_worked(practice: Practice, claim: Sent) -> None:
    wrong = payment(claim.number, claim.charge_cents, 500)
    receive(practice, file_835(remit(wrong, payment("OTHER", 300, 300))))
    assert sorted(items(practice)) == [
        ("suspense", "open", "unbalanced", 500),
        ("suspense", "open", "unmatched", 300),
    ]


def test_a_held_remittance_is_worked(practice: Practice, claim: Sent) -> None:
    receive(practice, file_835(remit(payment(claim.number, 1, 1), paid=2)))
    assert items(practice) == [("remittance", "open", "835-HELD", 2)]


def test_a_rejected_claim_is_worked(practice: Practice, claim: Sent) -> None:
    receive(practice, file_999(claim.group_number, "R"))
    ((kind, state, _, cents),) = items(practice)
    assert (kind, state, cents) == ("rejected", "open", claim.charge_cents)


def test_a_file_that_may_not_be_used_is_worked(practice: Practice) -> None:
    receive(practice, b"not X12 at all")
    assert items(practice) == [("file", "open", "X12-NOT-X12", 0)]


def test_a_held_claim_is_worked_and_its_item_points_into_the_encounter(
    practice: Practice,
) -> None:
    practice.post(encounter(rendering_provider={"npi": "1193000515", "last_name": "Okafor"}))
    practice.drain()
    ((reason, pointer),) = practice.rows("SELECT reason, pointer FROM work_item")
    assert (reason, pointer) == ("CLAIM-NPI", "/rendering_provider/npi")


def test_an_encounter_without_a_claim_is_work_until_it_has_one(practice: Practice) -> None:
    practice.post(encounter(coverages__0__payer__id="NOBODY"))
    practice.drain()
    assert items(practice) == [("held", "open", "ENCOUNTER-PAYER-UNKNOWN", 0)]
    ((encounter_id, pointer),) = practice.rows("SELECT encounter_id, pointer FROM work_item")
    assert encounter_id is not None
    assert pointer == "/coverages/0/payer/id"
    practice.post(encounter())
    practice.drain()
    assert items(practice) == [("held", "done", "ENCOUNTER-PAYER-UNKNOWN", 0)]


def test_a_file_that_nothing_could_use_is_work(practice: Practice, claim: Sent) -> None:
    receive(practice, file_999(7777, "A"))
    assert items(practice) == [("file", "open", "999-UNKNOWN-GROUP", 0)]
    receive(practice, file_999(claim.group_number, "A", number=2))
    assert items(practice) == [("file", "open", "999-UNKNOWN-GROUP", 0)]

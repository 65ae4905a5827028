"""One encounter becomes money in the ledger: the whole thread, on a real database."""

from pathlib import Path

import pytest

from rcm.db import UnitOfWork
from rcm.ledger.store import balances
from rcm.proof import verify
from rcm.tools import Tools
from samples.encounters import KINDS, encounters
from tests.harness import TODAY, Practice, make_practice


@pytest.fixture
def practice(unit_of_work: UnitOfWork, tools: Tools, tmp_path: Path) -> Practice:
    return make_practice(unit_of_work, tools, tmp_path)


def test_encounters_become_money_in_the_ledger(practice: Practice) -> None:
    made = encounters(len(KINDS), seed=1, today=TODAY)
    practice.post(*(encounter for _, encounter in made))
    practice.exchange(rounds=3)

    jobs = practice.rows("SELECT kind, state, last_error_code FROM job WHERE state <> 'done'")
    assert jobs == []
    statuses = dict(practice.rows("SELECT status, count(*)::int FROM claim GROUP BY status"))
    assert statuses == {"paid": 35, "denied": 4, "held": 3}
    decided = practice.journal_claims()
    with practice.unit_of_work() as session:
        proof = verify(session, practice.tools)
        by_claim = {
            number: balances(session, claim_id=claim_id)
            for claim_id, number in session.execute(
                __import__("sqlalchemy").text("SELECT id, patient_control_number FROM claim")
            )
        }
    assert proof.differences == ()
    assert proof.payments_cents == sum(row.payment_cents for row in practice.journal_payments())
    for row in decided:
        ledger = by_claim[row.patient_control_number]
        assert -ledger["revenue:charges"] == row.charge_cents
        assert ledger.get("cash:in-transit", 0) == row.paid_cents
        assert ledger.get("adjustment:contractual", 0) == row.contractual_cents
        assert ledger.get("receivable:patient", 0) == row.patient_cents
        assert ledger.get("receivable:denied", 0) == row.denied_cents
        assert ledger["receivable:payer"] == 0
    assert "suspense:unmatched" not in proof.balances
    assert "suspense:unbalanced" not in proof.balances

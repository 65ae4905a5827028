"""Received 835s on the database: each cent is posted once, or not at all, and can be proven."""

from dataclasses import replace
from typing import Any

import pytest

from edi.money import Cents
from rcm.ledger.store import balances
from rcm.proof import verify
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
    send,
    service,
)


def states(practice: Practice) -> list[str]:
    return [
        row[0] for row in practice.rows("SELECT state FROM remittance ORDER BY received_at, state")
    ]


def money(practice: Practice) -> dict[str, Any]:
    """The balances besides charges; every job is done, and the ledger proven by the files."""
    assert practice.rows("SELECT kind, state, last_error_code FROM job WHERE state <> 'done'") == []
    with practice.unit_of_work() as session:
        assert verify(session, practice.tools).differences == ()
        total = {account: cents for account, cents in balances(session).items() if cents}
    return {account: cents for account, cents in total.items() if account != "revenue:charges"}


def status_of(practice: Practice, claim: Sent) -> str:
    ((status,),) = practice.rows("SELECT status FROM claim WHERE id = :id", id=claim.id)
    return str(status)


def paid(claim: Sent, cents: int = 8_000) -> Any:  # noqa: ANN401 - a claim payment
    rest = adjust("CO", "45", claim.charge_cents - cents)
    line = service(claim.charge_cents, cents, rest, line=f"{claim.number}01")
    return payment(claim.number, claim.charge_cents, cents, services=(line,))


def test_a_payment_is_posted_and_known(practice: Practice, claim: Sent) -> None:
    assert status_of(practice, claim) == "submitted"
    receive(practice, file_835(remit(paid(claim))))
    assert states(practice) == ["posted"]
    assert money(practice) == {"cash:in-transit": 8_000, "adjustment:contractual": 2_000}
    assert status_of(practice, claim) == "paid"
    ((number,),) = practice.rows("SELECT payer_control_number FROM claim")
    assert number == f"ICN{claim.number[-4:]}"


def test_a_post_that_fails_half_way_leaves_nothing_and_is_made_later(
    practice: Practice, claim: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("rcm.remittance.service.settle_claims", _fail)
        receive(practice, file_835(remit(paid(claim))))
        ((job_id, state),) = practice.rows(
            "SELECT id, state FROM job WHERE kind = 'post_remittance'"
        )
        assert state == "ready"
        assert practice.rows("SELECT 1 FROM ledger_entry WHERE kind <> 'charge'") == []
        assert practice.rows("SELECT state FROM remittance") == []
        assert status_of(practice, claim) == "submitted"
    practice.rows("UPDATE job SET next_run_at = now() WHERE state = 'ready' RETURNING 1")
    practice.runner.run(job_id)
    assert states(practice) == ["posted"]
    practice.drain()
    assert money(practice) == {"cash:in-transit": 8_000, "adjustment:contractual": 2_000}


def _fail(*_: object) -> None:
    raise RuntimeError("half way")


def test_a_set_that_does_not_add_up_is_held(practice: Practice, claim: Sent) -> None:
    before = money(practice)
    receive(practice, file_835(remit(paid(claim), paid=8_001)))
    assert states(practice) == ["held"]
    assert money(practice) == before == {"receivable:payer": 10_000}
    assert status_of(practice, claim) == "submitted"
    ((findings,),) = practice.rows("SELECT findings FROM remittance")
    assert [found["code"] for found in findings] == ["835-BALANCE-SET", "835-HELD"]
    assert "off by 0.01" in findings[0]["message"]


def test_a_corrected_remittance_is_posted_after_a_held_one(practice: Practice, claim: Sent) -> None:
    wrong = replace(paid(claim), paid_cents=Cents(7_000))
    receive(practice, file_835(remit(wrong, paid=8_000)))
    receive(practice, file_835(remit(wrong, paid=8_000), number=2))
    receive(practice, file_835(remit(paid(claim)), number=3))
    receive(practice, file_835(remit(wrong, paid=8_000), number=4))
    assert states(practice) == ["held", "held", "held", "posted"]
    assert money(practice)["cash:in-transit"] == 8_000


def test_a_claim_that_does_not_add_up_waits_in_suspense(practice: Practice) -> None:
    one, two = send(practice, encounter(), encounter(external_id="two"))
    wrong = payment(one.number, one.charge_cents, 500)
    receive(practice, file_835(remit(wrong, paid(two), payment("OTHER", 300, 300))))
    assert money(practice) == {
        "cash:in-transit": 8_800,
        "suspense:unbalanced": -500,
        "suspense:unmatched": -300,
        "adjustment:contractual": 2_000,
        "receivable:payer": 10_000,
    }
    assert [status_of(practice, each) for each in (one, two)] == ["submitted", "paid"]


def test_posting_in_any_other_guise_is_posting_once(practice: Practice, claim: Sent) -> None:
    said = remit(paid(claim), plbs=[plb("WO", 1_000)])
    body = file_835(said)
    first = receive(practice, body)
    once = money(practice)
    assert once["cash:in-transit"] == 7_000
    assert receive(practice, body, name="same-bytes.x12") == first
    again = receive(practice, file_835(said, number=2))  # The same payment, issued again.
    other = receive(practice, file_835(remit(paid(claim, 9_000)), number=1))  # The number again.
    assert money(practice) == once
    assert states(practice) == ["duplicate", "posted"]
    found = dict(practice.rows("SELECT id, state FROM file WHERE direction = 'inbound'"))
    assert found == {first: "read", again: "read", other: "quarantined"}
    ((findings,),) = practice.rows("SELECT findings FROM file WHERE id = :id", id=other)
    assert findings[0]["code"] == "X12-NUMBER-AGAIN"
    names = practice.rows("SELECT name FROM file_sighting WHERE file_id = :id", id=first)
    assert {name for (name,) in names} == {"answer.x12", "same-bytes.x12"}


def test_each_set_of_a_file_stands_alone(practice: Practice) -> None:
    one, two = send(practice, encounter(), encounter(external_id="two"))
    held = remit(paid(one), paid=1, trace="A")
    receive(practice, file_835(held, remit(paid(two), trace="B")))
    assert states(practice) == ["held", "posted"]
    assert money(practice)["cash:in-transit"] == 8_000


@pytest.mark.parametrize("handling", ["P", "D"])
def test_a_prenote_is_recorded_only(practice: Practice, claim: Sent, handling: str) -> None:
    receive(practice, file_835(remit(paid(claim), handling=handling)))
    assert states(practice) == ["recorded"]
    receive(practice, file_835(remit(paid(claim)), number=2))
    assert money(practice)["cash:in-transit"] == 8_000


def test_a_predetermination_moves_nothing(practice: Practice, claim: Sent) -> None:
    price = replace(paid(claim), status_code="25")
    receive(practice, file_835(remit(price, payment("OTHER", 700, 700))))
    assert money(practice) == {
        "cash:in-transit": 700, "suspense:unmatched": -700, "receivable:payer": 10_000,
    }  # fmt: skip
    assert status_of(practice, claim) == "submitted"


def test_a_claim_that_was_never_sent_is_not_paid(practice: Practice) -> None:
    practice.post(encounter(rendering_provider__npi="1193000515"))
    practice.drain()
    ((number, status),) = practice.rows("SELECT patient_control_number, status FROM claim")
    receive(practice, file_835(remit(payment(number, 10_000, 10_000))))
    assert money(practice) == {"cash:in-transit": 10_000, "suspense:unmatched": -10_000}
    assert practice.rows("SELECT status FROM claim") == [(status,)] == [("held",)]


def test_a_denial_and_a_late_payment_are_told_to_the_claim(practice: Practice, claim: Sent) -> None:
    nothing = payment(claim.number, claim.charge_cents, 0, adjust("CO", "16", claim.charge_cents))
    receive(practice, file_835(remit(nothing, trace="A")))
    assert status_of(practice, claim) == "denied"
    assert money(practice) == {"receivable:denied": 10_000}
    back = payment(
        claim.number, -10_000, 0, adjust("CO", "16", -10_000), status_code="22", position=1
    )
    receive(practice, file_835(remit(back, paid(claim), trace="B"), number=2))
    assert status_of(practice, claim) == "paid"
    assert money(practice) == {"cash:in-transit": 8_000, "adjustment:contractual": 2_000}

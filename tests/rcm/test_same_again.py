"""The same thing twice, nearly the same thing, and somebody else's thing: each has its answer."""

import threading
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, text

from edi.remittance_835.model import Name, QualifiedDate
from rcm.db import snapshot
from rcm.proof import verify
from tests.harness import Practice
from tests.rcm.answer_files import file_277ca, said
from tests.rcm.intake import SEEN_ON, encounter
from tests.rcm.partner_files import (
    Sent,
    adjust,
    file_835,
    file_999,
    payment,
    plb,
    put,
    receive,
    remit,
)


def paid(claim: Sent, cents: int = 8_000) -> Any:  # noqa: ANN401 - a claim payment
    rest = adjust("CO", "45", claim.charge_cents - cents)
    return payment(claim.number, claim.charge_cents, cents, rest)


def denied(claim: Sent, reason: str = "16") -> Any:  # noqa: ANN401 - a claim payment
    return payment(claim.number, claim.charge_cents, 0, adjust("CO", reason, claim.charge_cents))


def states(practice: Practice) -> list[str]:
    return sorted(row[0] for row in practice.rows("SELECT state FROM remittance"))


def codes(practice: Practice) -> set[str]:
    found = practice.rows("SELECT findings FROM remittance UNION ALL SELECT findings FROM file")
    return {each["code"] for (findings,) in found for each in findings}


def proven(practice: Practice) -> int:
    """The cash of the ledger, which the files prove."""
    with snapshot(practice.unit_of_work) as session:
        proof = verify(session, practice.tools)
    assert proof.differences == ()
    return proof.in_transit_cents


def test_two_payments_of_nothing_with_one_trace_are_both_posted(
    practice: Practice, claims: list[Sent]
) -> None:
    for number, claim in enumerate(claims, start=1):
        receive(practice, file_835(remit(denied(claim), trace="0"), number=number))
    assert states(practice) == ["posted", "posted"]
    statuses = practice.rows("SELECT status FROM claim")
    assert {row.status for row in statuses} == {"denied"}
    assert proven(practice) == 0


def test_a_payment_that_says_other_things_of_claims_waits_for_a_person(
    practice: Practice, claims: list[Sent]
) -> None:
    one, two = claims
    receive(practice, file_835(remit(paid(one)), number=1))
    receive(practice, file_835(remit(paid(two)), number=2))
    assert states(practice) == ["held", "posted"]
    assert "835-PAYMENT-CONFLICT" in codes(practice)
    assert proven(practice) == 8_000


def test_two_that_contradict_one_another_are_not_both_posted_at_one_moment(
    practice: Practice, claims: list[Sent], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = claims
    for number, each in enumerate((one, two), start=1):
        put(practice, file_835(remit(paid(each)), number=number))
    for job_id in ready(practice, "read_file"):
        practice.runner.run(job_id)
    both = threading.Barrier(2)

    def meet(name: str) -> None:
        if name == "post.judged":
            with suppress(threading.BrokenBarrierError):
                both.wait(timeout=1)

    monkeypatch.setattr("rcm.remittance.service.failpoint", meet)
    threads = [
        threading.Thread(target=practice.runner.run, args=(job_id,))
        for job_id in ready(practice, "post_remittance")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    practice.drain()
    assert states(practice) == ["held", "posted"]
    assert proven(practice) == 8_000


def ready(practice: Practice, kind: str) -> list[Any]:
    """The jobs of a kind that wait to be run."""
    found = practice.rows("SELECT id FROM job WHERE kind = :kind AND state = 'ready'", kind=kind)
    assert len(found) == 2
    return [job_id for (job_id,) in found]


def test_a_replay_beside_something_new_is_ignored_and_the_new_is_used(
    practice: Practice, claims: list[Sent]
) -> None:
    one, two = claims
    first = file_835(remit(paid(one), trace="A"), number=1)
    receive(practice, first)
    receive(practice, first + file_835(remit(paid(two), trace="B"), number=2))
    assert states(practice) == ["posted", "posted"]
    assert "X12-REPLAY" in codes(practice)
    assert proven(practice) == 16_000


def test_what_was_kept_aside_uses_up_no_number(practice: Practice, claims: list[Sent]) -> None:
    one, two = claims
    receive(practice, file_835(remit(paid(one), trace="A"), number=1))
    new = file_835(remit(paid(two), trace="B"), number=2)
    receive(practice, new + file_835(remit(paid(two, 7_000), trace="C"), number=1))
    assert "X12-NUMBER-AGAIN" in codes(practice)
    assert proven(practice) == 8_000
    receive(practice, new)
    assert proven(practice) == 16_000


@pytest.mark.parametrize(
    "change", [(b"*ZZ*SANDBOXCH ", b"*ZZ*SOMEBODYX "), (b"*ZZ*HARBORB", b"*ZZ*HARBORX")]
)
def test_what_is_not_addressed_to_us_is_kept_aside(
    practice: Practice, claims: list[Sent], change: tuple[bytes, bytes]
) -> None:
    body = file_835(remit(paid(claims[0])))
    assert change[0] in body
    receive(practice, body.replace(*change))
    assert states(practice) == []
    assert "X12-NOT-OURS" in codes(practice)


def test_a_payment_to_somebody_else_waits_for_a_person(
    practice: Practice, claims: list[Sent]
) -> None:
    said = remit(paid(claims[0]))
    assert said.payee is not None
    receive(practice, file_835(replace(said, payee=replace(said.payee, id="1193000514"))))
    assert states(practice) == ["held"]
    assert "835-PAYEE-UNKNOWN" in codes(practice)
    assert proven(practice) == 0


def test_a_damaged_acknowledgment_says_nothing(practice: Practice, claims: list[Sent]) -> None:
    assert claims
    body = file_999(claims[0].group_number, "R")
    receive(practice, body.replace(b"SE*", b"SE*1"))
    assert {row.status for row in practice.rows("SELECT status FROM claim")} == {"submitted"}
    assert "X12-SE01-COUNT" in codes(practice)


def test_a_change_of_a_payers_codes_changes_no_old_posting(
    practice: Practice, claims: list[Sent], owner: Engine
) -> None:
    claim = claims[0]
    rest = adjust("CO", "253", 2_000)
    receive(practice, file_835(remit(payment(claim.number, claim.charge_cents, 8_000, rest))))
    with owner.begin() as connection:
        connection.execute(text("UPDATE payer SET contractual_codes = '{}'"))
    assert proven(practice) == 8_000


def test_a_remittance_that_nobody_decided_is_no_proof(
    practice: Practice, claims: list[Sent], owner: Engine
) -> None:
    receive(practice, file_835(remit(denied(claims[0]))))
    with owner.begin() as connection:
        for table in ("ledger_entry", "posting", "work_item_event"):
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        entries = "SELECT id FROM ledger_entry WHERE kind = 'claim_payment'"
        connection.execute(text(f"DELETE FROM posting WHERE entry_id IN ({entries})"))
        connection.execute(text("DELETE FROM ledger_entry WHERE kind = 'claim_payment'"))
        connection.execute(text("DELETE FROM work_item_event"))
        connection.execute(text("DELETE FROM work_item"))
        connection.execute(text("DELETE FROM remittance_claim"))
        connection.execute(text("DELETE FROM remittance"))
        for table in ("ledger_entry", "posting", "work_item_event"):
            connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
    with snapshot(practice.unit_of_work) as session:
        differences = verify(session, practice.tools).differences
    undecided, listed = differences
    assert undecided.startswith("not decided yet: 835 number 0")
    assert listed == f"lists differ from the ledger: claim {claims[0].id}"  # Its postings are gone.


def test_a_reference_of_the_payer_cannot_be_read_in_the_ledger(
    practice: Practice, claims: list[Sent]
) -> None:
    one, two = claims
    for number, claim in enumerate((one, two), start=1):
        adjustment = replace(plb("WO", 100), reference="CANARY 19700101")
        said = remit(paid(claim), plbs=[adjustment], trace=f"T{number}")
        receive(practice, file_835(said, number=number))
    rows = practice.rows("SELECT reference FROM posting WHERE reason = 'PLB-WO'")
    assert len(rows) == 4
    assert len({row.reference for row in rows}) == 1, "equal references are equal"
    assert not any("CANARY" in row.reference for row in rows)
    assert proven(practice) == 2 * (8_000 - 100)


def test_a_claim_that_was_paid_is_not_denied_by_its_duplicate(
    practice: Practice, claims: list[Sent]
) -> None:
    claim = claims[0]
    receive(practice, file_835(remit(paid(claim), trace="A"), number=1))
    receive(practice, file_835(remit(denied(claim, "18"), trace="B"), number=2))
    ((status,),) = practice.rows("SELECT status FROM claim WHERE id = :id", id=claim.id)
    assert status == "paid"
    assert proven(practice) == 8_000


def test_of_two_alike_none_is_paid_because_another_payment_names_one(
    practice: Practice, claims: list[Sent]
) -> None:
    """Both are of one member, day and charge; a number that fits no charge is no evidence."""
    one, _ = claims
    receive(practice, file_277ca(said(one.number, "A2:20", payer_number="ICN77"), is_payer=True))
    member = str(encounter()["coverages"][0]["member_id"])
    name = Name(entity="QC", entity_type="1", last_name="CANARY", id_qualifier="MI", id=member)
    somebody = payment(
        "UNKNOWN",
        one.charge_cents,
        8_000,
        adjust("CO", "45", 2_000),
        payer_claim_number="",
        patient=name,
        dates=(QualifiedDate("232", SEEN_ON),),
    )
    other = payment("OTHER", 999, 999, payer_claim_number="ICN77")
    receive(practice, file_835(remit(other, somebody), number=2))
    matched = practice.rows("SELECT claim_id, match_rule FROM remittance_claim")
    assert [tuple(row) for row in matched] == [(None, ""), (None, "")]
    assert proven(practice) == 8_999

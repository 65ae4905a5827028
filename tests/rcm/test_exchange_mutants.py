"""Whatever a partner sends gets an answer: 300 damaged files, and none posts half of anything."""

from collections import Counter
from random import Random

from sqlalchemy import text

from rcm.exchange.service import check_conformance, post_remittance, read_file, receive_file
from tests.harness import Practice
from tests.rcm.partner_files import (
    Sent,
    adjust,
    file_835,
    file_999,
    payment,
    plb,
    receive,
    remit,
    service,
)

MUTANTS = 150
RARE = (
    b"\0",
    b"\xb2",
    b"\xff",
    b"~",
    b"*",
    b":",
    b"^",
    b"-",
    b".",
    b"ISA*",
    b"SE*1*0001~",
    b"9" * 30,
)


def mutant(body: bytes, seed: int) -> bytes:
    """The file with one to three places changed, removed, doubled or swapped."""
    random = Random(seed)
    changed = bytearray(body)
    for _ in range(random.randint(1, 3)):
        at, length = random.randrange(len(changed)), random.randint(1, 40)
        piece = changed[at : at + length]
        match random.randrange(5):
            case 0:
                changed[at] = random.randrange(256)
            case 1:
                del changed[at : at + length]
            case 2:
                changed[at:at] = piece
            case 3:
                changed[at:at] = random.choice(RARE)
            case _:
                changed[at : at + length] = piece[::-1]
    return bytes(changed)


def outcome(practice: Practice, body: bytes) -> str:
    """What becomes of a file, all in one transaction that is rolled back."""
    with practice.unit_of_work() as session:
        file_id = receive_file(
            session,
            practice.tools,
            partner_id=practice.partner_id,
            name="mutant",
            modified=0,
            body=body,
        )
        read_file(session, practice.tools, file_id)
        (state,) = session.scalars(text("SELECT state FROM file WHERE id = :f"), {"f": file_id})
        if state == "read":
            sets = text("SELECT ref_part FROM job WHERE kind = 'post_remittance' AND ref_id = :f")
            for part in list(session.scalars(sets, {"f": file_id})):
                state = post_remittance(session, practice.tools, file_id, part)
            check_conformance(session, practice.tools, file_id)
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        balance = text(
            "SELECT coalesce(sum(amount_cents) FILTER (WHERE account = 'cash:in-transit'), 0) ="
            " (SELECT coalesce(sum(payment_cents), 0) FROM remittance WHERE state = 'posted')"
            " FROM posting"
        )
        assert session.execute(balance).scalar_one(), "cash is what was paid"
        session.rollback()
    return str(state)


def test_every_835_is_posted_held_or_kept_aside(practice: Practice, claim: Sent) -> None:
    line = service(10_000, 8_000, adjust("CO", "45", 2_000), line=f"{claim.number}01")
    paid = payment(claim.number, 10_000, 8_000, services=(line,))
    body = file_835(
        remit(paid, payment("OTHER", 500, 400, adjust("PR", "1", 100)), plbs=[plb("L6", -7)])
    )
    assert outcome(practice, body) == "posted"
    seen = Counter(outcome(practice, mutant(body, seed)) for seed in range(MUTANTS))
    assert set(seen) <= {"posted", "held", "quarantined", "read", "unreadable", "recorded"}
    assert {"posted", "held", "quarantined"} <= set(seen)


def test_every_999_is_read_or_kept_aside(practice: Practice, claim: Sent) -> None:
    body = file_999(claim.group_number, "R")
    assert outcome(practice, body) == "read"
    seen = Counter(outcome(practice, mutant(body, seed)) for seed in range(MUTANTS))
    assert set(seen) == {"read", "quarantined"}
    receive(practice, body)
    assert practice.rows("SELECT status FROM claim") == [("refused",)]

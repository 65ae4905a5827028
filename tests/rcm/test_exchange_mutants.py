"""Whatever a partner sends gets an answer, and no damaged file posts half of anything."""

from pathlib import Path

import pytest
from sqlalchemy import text

from rcm.exchange.service import check_conformance, post_remittance, read_file, receive_file
from tests.corpus.cases import base
from tests.corpus.mutations import mutant, naming
from tests.harness import Practice
from tests.rcm.answer_files import file_277ca, file_ta1, said
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
from tests.scale import SCALE, scaled

REGRESSIONS = Path(__file__).parents[1] / "regressions" / "x12"
MUTANTS = 60  #: Of each file; 10,000 in `make test-long`.
OTHERS = [base(name) for name in ("835", "999", "277CA", "271", "TA1")]


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


def outcomes(practice: Practice, body: bytes, kind: str, count: int) -> set[str]:
    """What becomes of so many mutants of a file."""
    seen = set()
    for seed in range(count):
        with naming(seed, kind):
            seen.add(outcome(practice, mutant(body, seed, OTHERS)))
    return seen


def bodies(claim: Sent) -> dict[str, bytes]:
    """A file of each kind, about a claim of ours."""
    line = service(10_000, 8_000, adjust("CO", "45", 2_000), line=f"{claim.number}01")
    paid = payment(claim.number, 10_000, 8_000, services=(line,))
    other = payment("OTHER", 500, 400, adjust("PR", "1", 100))
    return {
        "835": file_835(remit(paid, other, plbs=[plb("L6", -7)])),
        "999": file_999(claim.group_number, "R"),
        "277CA": file_277ca(said(claim.number, "A7:164:IL", "ICN1")),
        "271": base("271"),
        "TA1": file_ta1(1, "R", "022"),
    }


FATES = {
    "835": {"posted", "held", "quarantined", "read", "unreadable", "recorded"},
    "999": {"read", "quarantined"},
    "277CA": {"read", "quarantined"},
    "271": {"read", "quarantined"},
    "TA1": {"read", "quarantined"},
}
of_each_kind = pytest.mark.parametrize("kind", FATES)


@of_each_kind
def test_every_mutant_is_used_held_or_kept_aside(
    practice: Practice, claim: Sent, kind: str
) -> None:
    body = bodies(claim)[kind]
    assert outcome(practice, body) == ("posted" if kind == "835" else "read")
    seen = outcomes(practice, body, kind, MUTANTS)
    # Spliced from an 835, any of them may post: never more than what it says it pays.
    assert seen <= FATES["835"]
    assert {"read", "quarantined"} <= seen
    receive(practice, bodies(claim)["999"])
    assert practice.rows("SELECT status FROM claim") == [("refused",)]


@pytest.mark.long
@of_each_kind
def test_ten_thousand_mutants_are_used_held_or_kept_aside(
    practice: Practice, claim: Sent, kind: str
) -> None:
    assert outcomes(practice, bodies(claim)[kind], kind, scaled(10_000)) <= FATES["835"]


@of_each_kind
def test_a_file_cut_short_posts_nothing_that_does_not_balance(
    practice: Practice, claim: Sent, kind: str
) -> None:
    body = bodies(claim)[kind]
    for length in range(0, len(body), 31):
        assert outcome(practice, body[:length]) in FATES[kind]


@pytest.mark.long
@of_each_kind
def test_a_file_cut_at_any_byte_posts_nothing_that_does_not_balance(
    practice: Practice, claim: Sent, kind: str
) -> None:
    body = bodies(claim)[kind]
    for length in range(0, len(body), max(1, int(1 / SCALE))):
        assert outcome(practice, body[:length]) in FATES[kind]


@pytest.mark.usefixtures("claim")
@pytest.mark.parametrize("path", sorted(REGRESSIONS.glob("*.edi")), ids=lambda path: path.stem)
def test_what_once_broke_the_service_does_so_no_more(practice: Practice, path: Path) -> None:
    receive(practice, path.read_bytes())
    assert practice.rows("SELECT kind, last_error_code FROM job WHERE state <> 'done'") == []
    assert practice.rows("SELECT 1 FROM file WHERE state = 'received'") == []

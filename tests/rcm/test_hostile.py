"""Every odd answer there is, in one organisation: the books still agree with the payer's."""

from cli.books import book_differences
from rcm.db import snapshot
from rcm.proof import verify
from samples.hostile import hostile
from sandbox.journal import read_journal
from tests.harness import TODAY, Practice


def test_the_hostile_mix_ends_proven_and_as_the_payer_says(practice: Practice) -> None:
    for batch in hostile(seed=835, today=TODAY):
        practice.post(*(encounter for _, encounter in batch))
        practice.exchange(rounds=4)
    assert practice.rows("SELECT kind, last_error_code FROM job WHERE state <> 'done'") == []
    with snapshot(practice.unit_of_work) as session:
        proof = verify(session, practice.tools)
        told = book_differences(session, read_journal(practice.journal))
    assert (proof.differences, told) == ((), ())
    assert proof.balances["suspense:unbalanced"] < 0
    states = {row.state for row in practice.rows("SELECT DISTINCT state FROM remittance")}
    assert states == {"posted", "held", "recorded", "duplicate"}


def test_a_wrong_posting_is_no_agreement(practice: Practice) -> None:
    encounter = dict(hostile(seed=835, today=TODAY)[0])["forwarded"]
    practice.post(encounter)
    practice.exchange(rounds=3)
    journal = read_journal(practice.journal)
    with snapshot(practice.unit_of_work) as session:
        assert book_differences(session, journal) == ()
        assert book_differences(session, journal[:-1]) != ()

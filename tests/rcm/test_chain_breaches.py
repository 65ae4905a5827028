"""Whatever the owner of the database does to a row or to its chain is found, and named."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import text

from rcm.chains.model import Chain
from tests.rcm.chain_probes import Books, Intruder, named

SEEDS = range(4)
seeds = pytest.mark.parametrize("seed", SEEDS)


@seeds
@pytest.mark.parametrize("is_signed", [False, True])
def test_a_changed_row_is_named(intruder: Intruder, seed: int, *, is_signed: bool) -> None:
    random = Random(seed)
    row_id = random.choice(intruder.ids())
    known = intruder.known(row_id)
    intruder.edit(row_id, random)
    proof = intruder.verify(is_signed=is_signed)
    (breach,) = proof.breaches
    assert (breach.what, breach.id, breach.kind) == ("changed", row_id, known[1])
    assert breach.at == known[0]
    assert row_id in breach.said


@seeds
def test_a_removed_row_is_named_with_when_and_what_it_was(intruder: Intruder, seed: int) -> None:
    row_id = Random(seed).choice(intruder.ids())
    known = intruder.known(row_id)
    intruder.remove(row_id)
    (breach,) = intruder.verify(is_signed=False).breaches
    assert (breach.what, breach.id) == ("removed", row_id)
    assert (breach.at, breach.kind) == known


@seeds
@pytest.mark.parametrize("keeps_xid", [False, True])
@pytest.mark.parametrize("is_chained", [False, True])
def test_a_row_put_in_among_old_ones_is_named(
    intruder: Intruder, seed: int, *, keeps_xid: bool, is_chained: bool
) -> None:
    old = Random(seed).choice(intruder.ids()[:-7])
    new_id = intruder.insert_beside(old, keeps_xid=keeps_xid)
    if is_chained:  # The job finds it, and does not know better.
        intruder.link()
    proof = intruder.verify()
    assert named(proof, "inserted") == [new_id]
    assert len(proof.breaches) == 1


@seeds
def test_rows_that_were_exchanged_are_named(intruder: Intruder, seed: int) -> None:
    one, two = Random(seed).sample(intruder.ids(), 2)
    intruder.exchange(one, two)
    proof = intruder.verify(is_signed=False)
    assert set(named(proof, "reordered")) == {one, two}
    assert len(proof.breaches) == 2


@seeds
def test_rows_whose_places_were_exchanged_are_named(intruder: Intruder, seed: int) -> None:
    ids = intruder.ids()
    place = Random(seed).randrange(1, len(ids))
    for was, now in ((place, -1), (place + 1, place), (-1, place + 1)):
        moved = f"UPDATE {intruder.chained} SET place = :now WHERE place = :was"
        intruder.do(moved, was=was, now=now)
    assert not intruder.verify(is_signed=False).is_true
    proof = intruder.verify()
    assert set(named(proof, "reordered")) == {ids[place - 1], ids[place]}


@seeds
def test_an_end_that_was_cut_off_is_named_row_by_row(intruder: Intruder, seed: int) -> None:
    first_lost = Random(seed).randrange(1, 7)
    before = intruder.ids()
    intruder.cut(first_lost)
    left = intruder.ids()
    assert intruder.verify(is_signed=False).is_true, "only a checkpoint can tell"
    proof = intruder.verify()
    assert named(proof, "cut") == before[len(left) :]
    assert sum(breach.what == "cut" and not breach.id for breach in proof.breaches) == (
        7 - first_lost
    )


@seeds
@pytest.mark.parametrize("is_signed", [False, True])
def test_a_note_in_the_chain_changed_with_its_row_is_found(
    intruder: Intruder, seed: int, *, is_signed: bool
) -> None:
    random = Random(seed)
    row_id = random.choice(intruder.ids())
    intruder.edit(row_id, random)
    (found,) = [breach for breach in intruder.verify().breaches if breach.what == "changed"]
    assert found.id == row_id
    intruder.do(
        f"UPDATE {intruder.chained} SET digest = decode(repeat('00', 32), 'hex')"
        " WHERE id::text = :id",
        id=row_id,
    )
    proof = intruder.verify(is_signed=is_signed)
    assert row_id in named(proof, "changed")
    assert ("broken" in {breach.what for breach in proof.breaches}) or is_signed


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE chain_link SET made_at = made_at + interval '1 s' WHERE n = 3 AND chain = :chain",
        "UPDATE chain_link SET next_xid = next_xid + 1 WHERE n = 3 AND chain = :chain",
        "UPDATE chain_link SET is_caught_up = false WHERE n = 3 AND chain = :chain",
        "UPDATE chain_link SET hash = previous_hash WHERE n = 3 AND chain = :chain",
        "UPDATE chain_link SET previous_hash = hash WHERE n = 3 AND chain = :chain",
        "UPDATE chain_link SET to_place = to_place - 1 WHERE n = 3 AND chain = :chain",
        "UPDATE chain_link SET n = 99 WHERE n = 6 AND chain = :chain",
        "DELETE FROM chain_link WHERE n = 3 AND chain = :chain",
        "DELETE FROM chain_link WHERE n = 6 AND chain = :chain",
    ],
)
@pytest.mark.parametrize("is_signed", [False, True])
def test_a_changed_link_is_found(intruder: Intruder, change: str, *, is_signed: bool) -> None:
    intruder.do(change, chain=intruder.chain.value)
    assert not intruder.verify(is_signed=is_signed).is_true


def test_of_very_many_breaches_the_first_are_named_and_all_are_counted(
    intruder: Intruder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rcm.chains.breaches.NAMED_MAX", 10)
    column = {Chain.AUDIT: "detail", Chain.LEDGER: "set_number"}[intruder.chain]
    intruder.do(f"UPDATE {intruder.rows} SET {column} = 'x'")
    proof = intruder.verify()
    assert (len(proof.breaches), proof.breaches_total) == (10, len(intruder.ids()))


@pytest.mark.parametrize(("minutes", "is_true"), [(25, True), (35, False)])
def test_a_row_may_be_a_little_older_than_the_link_before_it(
    intruder: Intruder, standing: Books, minutes: int, *, is_true: bool
) -> None:
    (last,) = intruder.do(
        "SELECT max(made_at) AS at FROM chain_link WHERE chain = :chain",
        chain=intruder.chain.value,
    )
    earlier = last.at - timedelta(minutes=minutes)
    tools = replace(standing.tools, clock=lambda: earlier)
    replace(standing, tools=tools, posted=10_000).add(intruder.session)
    with standing.unit_of_work() as later:
        later.execute(text("SELECT pg_current_xact_id()"))
    intruder.link()
    proof = intruder.verify()
    assert proof.is_true is is_true
    assert len(named(proof, "inserted")) == (not is_true)


@pytest.mark.parametrize("at", ["'infinity'", "'-infinity'", "'0044-03-15 BC'", "NULL"])
def test_an_instant_that_no_program_can_read_is_found_and_no_error(
    intruder: Intruder, at: str
) -> None:
    row_id = intruder.ids()[8]
    for table, column in (
        (intruder.chained, "at"),
        (intruder.rows, {Chain.AUDIT: "at", Chain.LEDGER: "posted_at"}[intruder.chain]),
    ):
        intruder.do(f"ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL")
        intruder.do(f"UPDATE {table} SET {column} = {at} WHERE id = :id", id=row_id)
    assert row_id in named(intruder.verify(), "changed")
    assert not intruder.verify(is_signed=False).is_true
    intruder.forget()
    intruder.link()
    assert row_id in intruder.ids(), "the others are chained all the same"

"""A chain written anew by the owner of the database: one in itself, and not the signed one."""

from random import Random

import pytest

from tests.rcm.chain_probes import Intruder, named

seeds = pytest.mark.parametrize("seed", range(4))


@seeds
def test_a_row_changed_under_a_chain_rewritten_whole_is_named(
    intruder: Intruder, seed: int
) -> None:
    random = Random(seed)
    row_id = random.choice(intruder.ids())
    intruder.edit(row_id, random)
    intruder.rewrite()
    assert intruder.verify(is_signed=False).is_true, "only a checkpoint can tell"
    proof = intruder.verify()
    assert named(proof, "changed") == [row_id]
    assert {breach.what for breach in proof.breaches} == {"changed", "rewritten"}


@seeds
def test_a_row_removed_under_a_chain_rewritten_whole_is_named(
    intruder: Intruder, seed: int
) -> None:
    row_id = Random(seed).choice(intruder.ids())
    intruder.remove(row_id)
    intruder.rewrite()
    assert intruder.verify(is_signed=False).is_true, "only a checkpoint can tell"
    proof = intruder.verify()
    assert named(proof, "removed") == [row_id]
    assert {breach.what for breach in proof.breaches} == {"removed", "rewritten"}


@seeds
def test_a_row_put_in_under_a_chain_rewritten_whole_is_named(intruder: Intruder, seed: int) -> None:
    new_id = intruder.insert_beside(Random(seed).choice(intruder.ids()), keeps_xid=True)
    intruder.rewrite()
    assert intruder.verify(is_signed=False).is_true, "only a checkpoint can tell"
    proof = intruder.verify()
    assert named(proof, "inserted") == [new_id]
    assert {breach.what for breach in proof.breaches} == {"inserted", "rewritten"}


@seeds
def test_rows_exchanged_under_a_chain_rewritten_whole_are_named(
    intruder: Intruder, seed: int
) -> None:
    one, two = Random(seed).sample(intruder.ids(), 2)
    intruder.exchange(one, two)
    intruder.rewrite()
    proof = intruder.verify()
    assert {one, two} <= {breach.id for breach in proof.breaches}
    assert "rewritten" in {breach.what for breach in proof.breaches}


@seeds
def test_a_chain_begun_anew_after_a_change_is_found_and_the_row_named(
    intruder: Intruder, seed: int
) -> None:
    random = Random(seed)
    row_id = random.choice(intruder.ids())
    intruder.edit(row_id, random)
    intruder.forget()
    intruder.link()
    assert intruder.verify(is_signed=False).is_true, "only a checkpoint can tell"
    proof = intruder.verify()
    assert named(proof, "changed") == [row_id]
    assert "rewritten" in {breach.what for breach in proof.breaches}

"""A held remittance is judged again after a fix, or discarded; the proof holds with both."""

import pytest
from sqlalchemy import text

from rcm.access import Actor
from rcm.db import snapshot
from rcm.decisions.quarantine import (
    NotHeldError,
    discard_remittance,
    replay_remittance,
)
from rcm.proof import verify
from tests.harness import Practice
from tests.rcm.kept_aside import (
    STRANGER,
    add_practice,
    decisions,
    items,
    judge_again,
    paid,
    proven,
    remittance_of,
    to_stranger,
)
from tests.rcm.partner_files import (
    Sent,
    file_835,
    receive,
    remit,
)


def test_a_held_remittance_is_posted_once_its_practice_is_known(
    practice: Practice, claims: list[Sent], client: Actor
) -> None:
    file_id = receive(practice, file_835(to_stranger(claims[0])))
    remittance_id, state = remittance_of(practice, file_id)
    assert (state, items(practice)) == ("held", [("remittance", "open", "835-PAYEE-UNKNOWN")])
    before = practice.rows("SELECT received_at FROM remittance")
    add_practice(practice, STRANGER)
    judge_again(practice, client, remittance_id)
    assert remittance_of(practice, file_id) == (remittance_id, "posted")
    assert practice.rows("SELECT received_at FROM remittance") == before
    assert practice.rows("SELECT findings FROM remittance") == [([],)]
    assert items(practice) == [("remittance", "done", "835-PAYEE-UNKNOWN")]
    assert proven(practice) == 8_000
    (decided,) = decisions(practice, remittance_id=remittance_id)
    assert decided.before == ("held", "835-PAYEE-UNKNOWN")
    with practice.unit_of_work() as session, pytest.raises(NotHeldError):
        replay_remittance(session, practice.tools, remittance_id, "", client)


def test_a_remittance_that_is_held_again_keeps_its_item(
    practice: Practice, claims: list[Sent], client: Actor
) -> None:
    file_id = receive(practice, file_835(to_stranger(claims[0]), number=1))
    remittance_id, _ = remittance_of(practice, file_id)
    judge_again(practice, client, remittance_id)
    assert items(practice) == [("remittance", "open", "835-PAYEE-UNKNOWN")]
    add_practice(practice, STRANGER)
    receive(practice, file_835(to_stranger(claims[1]), number=2))
    judge_again(practice, client, remittance_id)
    assert remittance_of(practice, file_id) == (remittance_id, "held")
    assert items(practice) == [("remittance", "open", "835-PAYMENT-CONFLICT")]
    assert proven(practice) == 8_000


def test_a_discarded_remittance_posts_nothing_and_the_proof_holds(
    practice: Practice, claims: list[Sent], client: Actor
) -> None:
    file_id = receive(practice, file_835(to_stranger(claims[0]), remit(paid(claims[1]), trace="B")))
    ((remittance_id,),) = practice.rows("SELECT id FROM remittance WHERE state = 'held'")
    with practice.unit_of_work() as session:
        discard_remittance(session, practice.tools, remittance_id, "sent to us by mistake", client)
    states = practice.rows(
        "SELECT state FROM remittance WHERE file_id = :id ORDER BY 1", id=file_id
    )
    assert states == [("discarded",), ("posted",)]
    assert items(practice) == [("remittance", "done", "835-PAYEE-UNKNOWN")]
    assert proven(practice) == 8_000
    add_practice(practice, STRANGER)
    judge_again(practice, client, remittance_id)
    assert proven(practice) == 16_000


def test_a_remittance_that_waits_to_be_judged_is_no_proof_and_is_not_forgotten(
    practice: Practice, claims: list[Sent], client: Actor
) -> None:
    file_id = receive(practice, file_835(to_stranger(claims[0])))
    remittance_id, _ = remittance_of(practice, file_id)
    add_practice(practice, STRANGER)
    with practice.unit_of_work() as session:
        replay_remittance(session, practice.tools, remittance_id, "", client)
        session.execute(
            text("UPDATE job SET state = 'dead' WHERE kind = 'post_remittance' AND state = 'ready'")
        )
    with snapshot(practice.unit_of_work) as session:
        (difference,) = verify(session, practice.tools).differences
    assert difference.startswith("not decided yet")
    practice.exchange(rounds=1)  # It brings back what was given up.
    assert remittance_of(practice, file_id) == (remittance_id, "posted")
    assert proven(practice) == 8_000

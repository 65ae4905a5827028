"""Work that was given up comes back with "exchange now": once, and not while it runs."""

from uuid import UUID

import pytest
from sqlalchemy import text

from rcm.exchange.now import exchange_now
from rcm.exchange.service import receive_file
from tests.harness import Practice
from tests.rcm.intake import encounter
from tests.rcm.partner_files import file_835, payment, remit, send

DEAD = ("dead", "quarantined")


def exchange(practice: Practice) -> None:
    with practice.unit_of_work() as session:
        exchange_now(session, practice.partner_id)


def receive(practice: Practice) -> UUID:
    """Let a file of two payments arrive; its reading is promised."""
    sets = [remit(payment("OTHER", n, n), trace=f"T{n}") for n in (500, 600)]
    with practice.unit_of_work() as session:
        return receive_file(
            session,
            practice.tools,
            partner_id=practice.partner_id,
            name="answer.835",
            modified=0,
            body=file_835(*sets),
        )


def set_jobs(practice: Practice, kind: str, state: str) -> None:
    """Let the jobs of a kind be in this state, as if they had run without an effect."""
    with practice.unit_of_work() as session:
        session.execute(
            text("UPDATE job SET state = :state WHERE kind = :kind AND state = 'ready'"),
            {"state": state, "kind": kind},
        )


def states(practice: Practice, kind: str) -> list[str]:
    rows = practice.rows("SELECT state FROM job WHERE kind = :kind ORDER BY 1", kind=kind)
    return [state for (state,) in rows]


@pytest.mark.parametrize("state", DEAD)
@pytest.mark.parametrize("file_state", ["frozen", "uncertain"])
def test_a_delivery_that_was_given_up_is_tried_again(
    practice: Practice, state: str, file_state: str
) -> None:
    send(practice, encounter(), is_delivered=False)
    with practice.unit_of_work() as session:
        session.execute(text("UPDATE file SET state = :state"), {"state": file_state})
    set_jobs(practice, "deliver_file", state)
    for _ in range(2):
        exchange(practice)
        assert states(practice, "deliver_file") == ["done", "ready"]
    practice.drain()
    assert practice.rows("SELECT state FROM file") == [("sent",)]
    exchange(practice)
    assert states(practice, "deliver_file") == ["done", "done"]


@pytest.mark.parametrize("state", DEAD)
def test_a_reading_that_was_given_up_is_tried_again(practice: Practice, state: str) -> None:
    receive(practice)
    set_jobs(practice, "read_file", state)
    exchange(practice)
    assert states(practice, "read_file") == ["done", "ready"]
    practice.drain()
    assert practice.rows("SELECT count(*) FROM remittance WHERE state = 'posted'") == [(2,)]


@pytest.mark.parametrize("state", DEAD)
def test_a_posting_that_was_given_up_is_tried_again_and_no_other(
    practice: Practice, state: str
) -> None:
    receive(practice)
    ((read_id,),) = practice.rows("SELECT id FROM job WHERE kind = 'read_file'")
    practice.runner.run(read_id)
    first, second = practice.rows("SELECT id FROM job WHERE kind = 'post_remittance'")
    practice.runner.run(first.id)
    set_jobs(practice, "post_remittance", state)
    exchange(practice)
    assert states(practice, "post_remittance") == ["done", "done", "ready"]
    practice.drain()
    assert practice.rows("SELECT count(*) FROM remittance WHERE state = 'posted'") == [(2,)]
    assert practice.rows("SELECT last_error_code FROM job WHERE id = :id", id=second.id) == [
        ("SUPERSEDED",)
    ]
    exchange(practice)
    assert states(practice, "post_remittance") == ["done", "done", "done"]


@pytest.mark.parametrize("kind", ["batch_claims", "ask_eligibility", "collect_files"])
def test_an_exchange_that_was_given_up_fails_once_however_often_it_comes(
    practice: Practice, kind: str
) -> None:
    for _ in range(3):
        exchange(practice)
        set_jobs(practice, kind, "dead")
    assert states(practice, kind) == ["dead", "done", "done"]


def test_what_runs_now_is_not_promised_again(practice: Practice) -> None:
    send(practice, encounter(), is_delivered=False)
    set_jobs(practice, "deliver_file", "running")
    exchange(practice)
    assert states(practice, "deliver_file") == ["running"]


def add_partner(practice: Practice) -> UUID:
    """Another partner with the same settings."""
    other = UUID(int=7)
    with practice.unit_of_work() as session:
        columns = ", ".join(
            name
            for (name,) in session.execute(
                text(
                    "SELECT column_name FROM information_schema.columns"
                    " WHERE table_name = 'trading_partner' AND column_name NOT IN ('id', 'name',"
                    " 'private_key_sealed')"
                )
            )
        )
        session.execute(
            text(
                f"INSERT INTO trading_partner (id, name, private_key_sealed, {columns})"
                f" SELECT :id, 'Other', :sealed, {columns} FROM trading_partner"
            ),
            {
                "id": other,
                "sealed": practice.tools.keys.seal(
                    b"none", table="trading_partner", row=other, column="private_key"
                ),
            },
        )
    return other


def test_the_work_of_another_partner_is_left_alone(practice: Practice) -> None:
    send(practice, encounter(), is_delivered=False)
    set_jobs(practice, "deliver_file", "dead")
    other = add_partner(practice)
    with practice.unit_of_work() as session:
        exchange_now(session, other)
    assert states(practice, "deliver_file") == ["dead"]

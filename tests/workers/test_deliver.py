"""Delivering: what is known to be with the partner is never sent again."""

from uuid import UUID

import pytest
from sqlalchemy import text

from rcm.crypto import sha256
from tests.harness import Practice
from tests.rcm.intake import encounter
from tests.rcm.partner_files import send
from tests.workers.visits import FaultyMailbox, Visits
from workers.mailbox import MailboxError


@pytest.fixture
def visits(practice: Practice) -> Visits:
    send(practice, encounter(), encounter(external_id="two"), is_delivered=False)
    return Visits(practice=practice)


def set_state(practice: Practice, state: str) -> UUID:
    with practice.unit_of_work() as session:
        file_id = session.execute(
            text("UPDATE file SET state = :state RETURNING id"), {"state": state}
        ).scalar_one()
    return UUID(str(file_id))


def outbox(practice: Practice) -> list[str]:
    folder = practice.account / "to_payer"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def events(practice: Practice) -> list[tuple[str, int]]:
    rows = practice.rows(
        "SELECT event, count(*)::int FROM claim_event WHERE event = 'delivered' GROUP BY 1"
    )
    return [(event, count) for event, count in rows]


@pytest.mark.parametrize("state", ["frozen", "uncertain"])
def test_a_file_that_waits_is_sent(visits: Visits, state: str) -> None:
    set_state(visits.practice, state)
    assert visits.run("deliver_file") == ("done", None)
    assert len(outbox(visits.practice)) == 1
    assert visits.practice.rows("SELECT state FROM file") == [("sent",)]
    assert events(visits.practice) == [("delivered", 2)]


def test_every_attempt_sends_what_was_frozen(
    visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    ((name, digest),) = visits.practice.rows("SELECT name, sha256 FROM file")
    numbers = "SELECT kind, last FROM control_number ORDER BY 1"
    before = visits.practice.rows(numbers)
    tried: list[bytes] = []
    write = FaultyMailbox.write

    def write_and_lose(self: FaultyMailbox, path: str, body: bytes) -> None:
        write(self, path, body)
        tried.append(sha256(body))
        if len(tried) < 3:
            raise MailboxError("The reply was lost.", step="write", cure="None.", is_lost=True)

    monkeypatch.setattr(FaultyMailbox, "write", write_and_lose)
    assert visits.run("deliver_file") == ("ready", "SFTP-WRITE")
    assert visits.practice.rows("SELECT state FROM file") == [("uncertain",)]
    assert visits.run("deliver_file") == ("ready", "SFTP-WRITE")
    assert visits.run("deliver_file") == ("done", None)
    assert tried == [bytes(digest)] * 3
    assert outbox(visits.practice) == [name]
    assert visits.practice.rows(numbers) == before


@pytest.mark.parametrize("state", ["sent", "accepted", "rejected"])
def test_a_file_that_is_there_already_is_only_recorded(visits: Visits, state: str) -> None:
    set_state(visits.practice, state)
    assert visits.run("deliver_file") == ("done", None)
    assert visits.sessions == []
    assert outbox(visits.practice) == []
    assert visits.practice.rows("SELECT state FROM file") == [(state,)]
    assert events(visits.practice) == [("delivered", 2)]


def test_a_file_that_was_put_aside_is_not_sent(visits: Visits) -> None:
    set_state(visits.practice, "quarantined")
    assert visits.run("deliver_file") == ("dead", "FILE-QUARANTINED")
    assert visits.sessions == []
    assert events(visits.practice) == []


def test_a_partner_of_the_other_usage_is_never_connected_to(visits: Visits) -> None:
    with visits.practice.unit_of_work() as session:
        session.execute(text("UPDATE trading_partner SET usage = 'P'"))
    assert visits.run("deliver_file") == ("dead", "WRONG-USAGE")
    assert visits.sessions == []

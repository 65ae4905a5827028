"""What lies in a partner's archive and is not ours is fetched, whatever one of the files does."""

import os

import pytest
from sqlalchemy import text

from rcm import jobs
from tests.harness import Practice
from tests.rcm.partner_files import file_999
from tests.workers.visits import Fault, Visits


@pytest.fixture
def visits(practice: Practice) -> Visits:
    """A partner whose archive holds three files, and which is paused, as after a restore."""
    made = Visits(practice=practice)
    for n, name in enumerate(("a.999", "b.999", "c.999"), start=1):
        path = practice.account / "archive" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(file_999(700 + n, "A", number=n))
        os.utime(path, (n, n))
    with practice.unit_of_work() as session:
        session.execute(text("UPDATE trading_partner SET is_paused = true"))
    return made


def fetch(visits: Visits) -> tuple[str, str | None]:
    with visits.practice.unit_of_work() as session:
        jobs.add(session, "fetch_archived", ref_id=visits.practice.partner_id)
    return visits.run("fetch_archived")


def test_an_archive_is_fetched_once_and_nothing_is_moved(
    visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fetch(visits) == ("done", None)
    assert visits.fetched() == ["a.999", "b.999", "c.999"]
    assert visits.practice.rows("SELECT count(*)::int FROM file WHERE archived_at IS NULL") == [
        (0,)
    ]
    assert len(list((visits.practice.account / "archive").iterdir())) == 3
    read: list[str] = []
    monkeypatch.setattr("tests.workers.visits.FaultyMailbox.read", lambda *_, **__: read.append(""))
    assert fetch(visits) == ("done", None)
    assert read == []


def test_a_file_that_cannot_be_read_keeps_no_other_back_and_is_tried_again(visits: Visits) -> None:
    visits.faults["a.999"] = Fault(at="read", step="read")
    assert fetch(visits) == ("ready", "SFTP-READ")
    assert visits.fetched() == ["b.999", "c.999"]
    visits.faults.clear()
    assert fetch(visits) == ("done", None)
    assert visits.fetched() == ["a.999", "b.999", "c.999"]


def test_a_line_that_breaks_ends_the_visit(visits: Visits) -> None:
    visits.faults["b.999"] = Fault(at="read", step="read", is_lost=True)
    assert fetch(visits) == ("ready", "SFTP-READ")
    assert visits.fetched() == ["a.999"]

"""Collecting: no file stops another, none is lost, and each that is left behind can be seen."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from rcm.crypto import sha256
from rcm.exchange.unfetched import unfetched
from rcm.limits import FILE_BYTES_MAX
from rcm.reading.partners import partners
from tests.conftest import NOW
from tests.harness import Practice
from tests.rcm.partner_files import file_999
from tests.workers.visits import Fault, FaultyMailbox, Visits


@pytest.fixture
def visits(practice: Practice) -> Visits:
    return Visits(practice=practice)


def ack(n: int) -> bytes:
    return file_999(700 + n, "A", number=n)


def change_partner(practice: Practice, change: str) -> None:
    with practice.unit_of_work() as session:
        session.execute(text(f"UPDATE trading_partner SET {change}"))


@pytest.mark.parametrize("permanent", [True, False])
@pytest.mark.parametrize(
    ("at", "step", "reason"),
    [("read", "read", "READ"), ("read", "stat", "READ"), ("rename", "rename", "ARCHIVE")],
)
def test_one_bad_file_does_not_stop_the_others(
    visits: Visits, at: str, step: str, reason: str, *, permanent: bool
) -> None:
    for n, name in enumerate(("a.999", "b.999", "c.999"), start=1):
        visits.put(name, ack(n))
    visits.faults["a.999"] = Fault(at=at, step=step, permanent=permanent)  # type: ignore[arg-type]  # Parameters are str.
    assert visits.collect() == ("done", None)
    assert set(visits.fetched()) >= {"b.999", "c.999"}
    assert visits.reasons() == [reason]
    visits.faults.clear()
    assert visits.collect() == ("done", None)
    assert visits.fetched() == ["a.999", "b.999", "c.999"]
    assert visits.reasons() == []
    assert sorted(path.name for path in (visits.practice.account / "archive").iterdir()) == [
        "a.999", "b.999", "c.999",
    ]  # fmt: skip


def test_a_file_that_breaks_the_line_comes_last_in_the_next_visit(visits: Visits) -> None:
    for n, name in enumerate(("a.999", "b.999", "c.999"), start=1):
        visits.put(name, ack(n))
    visits.faults["a.999"] = Fault(at="read", step="read", is_lost=True)
    assert visits.collect() == ("ready", "SFTP-READ")
    assert (visits.fetched(), visits.reasons()) == ([], ["READ"])
    assert visits.collect() == ("ready", "SFTP-READ")
    assert (visits.fetched(), visits.reasons()) == (["b.999", "c.999"], ["READ"])


def test_a_step_of_the_whole_connection_ends_the_job(visits: Visits) -> None:
    visits.put("a.999", ack(1))
    visits.faults["a.999"] = Fault(at="read", step="timeout", is_lost=True)
    assert visits.collect() == ("ready", "SFTP-TIMEOUT")
    (visits.practice.account / "from_payer" / "a.999").unlink()
    (visits.practice.account / "from_payer").rmdir()
    assert visits.collect() == ("dead", "SFTP-FOLDER")


def test_the_same_file_again_and_again_is_archived_each_time(visits: Visits) -> None:
    for _ in range(4):
        visits.put("a.999", ack(1))
        assert visits.collect() == ("done", None)
        assert visits.reasons() == []
    ((file_id,),) = visits.practice.rows("SELECT id FROM file")
    kept = sorted(path.name for path in (visits.practice.account / "archive").iterdir())
    unique = f"a.999.{file_id.hex}"
    assert kept == sorted(["a.999", unique, f"{unique}.2", f"{unique}.3"])


def test_a_file_leaves_its_folder_only_after_its_bytes_are_ours(
    visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    committed: list[list[str]] = []
    rename = FaultyMailbox.rename

    def look_and_rename(self: FaultyMailbox, old: str, new: str) -> None:
        committed.append(visits.fetched())  # In a transaction of its own.
        rename(self, old, new)

    monkeypatch.setattr(FaultyMailbox, "rename", look_and_rename)
    visits.put("a.999", ack(1))
    visits.put("b.999", ack(2))
    assert visits.collect() == ("done", None)
    assert committed == [["a.999"], ["a.999", "b.999"]]


def test_two_files_of_one_name_are_both_ours_and_one_of_two_names_once(visits: Visits) -> None:
    visits.put("a.999", ack(1))
    assert visits.collect() == ("done", None)
    visits.put("a.999", ack(2))
    visits.put("b.999", ack(1))
    assert visits.collect() == ("done", None)
    assert visits.fetched() == ["a.999", "a.999"]
    digests = visits.practice.rows("SELECT sha256 FROM file")
    assert {bytes(digest) for (digest,) in digests} == {sha256(ack(1)), sha256(ack(2))}
    assert visits.practice.rows("SELECT count(*)::int FROM file_sighting") == [(3,)]


def test_what_is_skipped_is_seen_until_it_is_gone(visits: Visits) -> None:
    bad_name = visits.put("#canary, ada.835", ack(1))
    large = visits.put("large.835", ack(2))
    half = visits.put("half.999", ack(3)[:-20])
    visits.sizes["large.835"] = FILE_BYTES_MAX + 1
    visits.put("good.999", ack(4))
    assert visits.collect() == ("done", None)
    assert (visits.fetched(), visits.reasons()) == (["good.999"], ["INCOMPLETE", "NAME", "SIZE"])
    assert visits.collect(now=NOW + timedelta(minutes=1)) == ("done", None)
    with visits.practice.unit_of_work() as session:
        rows = unfetched(session, visits.practice.partner_id)
        (partner,) = partners(session, now=NOW)
    assert partner.unfetched == 3
    assert {row.first_seen_at for row in rows} == {NOW}
    assert {row.last_seen_at for row in rows} == {NOW + timedelta(minutes=1)}
    (found,) = (row for row in rows if row.reason == "INCOMPLETE")
    assert (found.size, found.modified) == (half.stat().st_size, int(half.stat().st_mtime))
    ((names,),) = visits.practice.rows(
        "SELECT string_agg(encode(name_index, 'escape'), ' ') FROM unfetched"
    )
    assert "ada" not in names
    bad_name.unlink()
    large.unlink()
    half.write_bytes(ack(3))
    assert visits.collect() == ("done", None)
    assert (visits.fetched(), visits.reasons()) == (["good.999", "half.999"], [])


def test_a_file_that_stays_incomplete_is_taken_as_it_is_in_the_end(visits: Visits) -> None:
    change_partner(visits.practice, "incomplete_minutes = 5")
    visits.put("half.999", ack(1)[:-20])
    for minutes in (0, 3, 4):
        visits.collect(now=NOW + timedelta(minutes=minutes))
        assert (visits.fetched(), visits.reasons()) == ([], ["INCOMPLETE"])
    visits.put("half.999", ack(1)[:-10])  # It grew: the wait begins anew.
    for minutes in (5, 9):
        visits.collect(now=NOW + timedelta(minutes=minutes))
        assert (visits.fetched(), visits.reasons()) == ([], ["INCOMPLETE"])
    visits.collect(now=NOW + timedelta(minutes=10))
    assert (visits.fetched(), visits.reasons()) == (["half.999"], [])
    visits.run("read_file")
    ((state,),) = visits.practice.rows("SELECT state FROM file")
    assert state in ("read", "quarantined")


def test_the_default_patience_is_an_hour(visits: Visits) -> None:
    visits.put("half.999", ack(1)[:-20])
    visits.collect()
    visits.collect(now=NOW + timedelta(minutes=59))
    assert visits.fetched() == []
    visits.collect(now=NOW + timedelta(minutes=60))
    assert visits.fetched() == ["half.999"]


def test_a_partner_of_the_other_usage_is_never_connected_to(visits: Visits) -> None:
    change_partner(visits.practice, "usage = 'P'")
    assert visits.collect() == ("dead", "WRONG-USAGE")
    assert visits.sessions == []


def test_a_session_lasts_as_long_as_what_is_listed_needs_ten_minutes_at_most(
    visits: Visits,
) -> None:
    for size in (0, 16 * 1024 * 100, FILE_BYTES_MAX):
        visits.put("a.999", ack(1))
        visits.sizes["a.999"] = size
        visits.collect()
    assert [seconds for seconds, _ in visits.sessions] == [600, 600, 600]
    shortened = [mailbox.shortened_to for _, mailbox in visits.sessions]
    assert shortened == [[300], [400], [600]]


def test_a_file_that_fits_no_pattern_of_the_partner_is_left_alone(visits: Visits) -> None:
    change_partner(visits.practice, "inbound_names = '{*.999,ERA_*}'")
    for n, name in enumerate(("a.999", "ERA_1.835", "b.835", "a.999.pdf"), start=1):
        visits.put(name, ack(n))
    assert visits.collect() == ("done", None)
    assert (visits.fetched(), visits.reasons()) == (["ERA_1.835", "a.999"], ["NAME", "NAME"])
    left = {path.name for path in (visits.practice.account / "from_payer").iterdir()}
    assert left == {"b.835", "a.999.pdf"}
    change_partner(visits.practice, "inbound_names = '{}'")
    assert visits.collect() == ("done", None)
    assert visits.reasons() == []


def test_a_paused_partner_is_not_connected_to(visits: Visits) -> None:
    visits.put("a.999", ack(1))
    change_partner(visits.practice, "is_paused = true")
    assert visits.collect() == ("done", None)
    assert (visits.sessions, visits.fetched()) == ([], [])

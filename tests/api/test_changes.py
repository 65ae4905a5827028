"""What changed, by API: nothing is missed, whoever commits last, and nobody is told of others'."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from httpx import Client
from sqlalchemy import Engine, text

from api.schemas.changes import read_changes_cursor, write_changes_cursor
from rcm.access import Role, create_api_key
from rcm.clock import system_clock
from rcm.reading.changes import CHANGES_MAX, ChangesCursor
from rcm.schedules.service import fire_due
from tests.api.test_reading import get
from tests.harness import Practice
from tests.rcm.intake import encounter
from tests.rcm.partner_files import adjust, file_835, payment, receive, remit, send
from tests.serving import Served, calling


def ask(api: Client, cursor: str) -> dict[str, Any]:
    return get(api, "changes", after=cursor)


def begin(api: Client) -> str:
    told = get(api, "changes")
    assert (told["changes"], told["reset"]) == ([], False)
    return str(told["cursor"])


def kinds(told: dict[str, Any]) -> set[str]:
    return {each["kind"] for each in told["changes"]}


def test_what_a_day_brings_is_told_each_thing_once(api: Client, practice: Practice) -> None:
    cursor = begin(api)
    (claim,) = send(practice, encounter())
    told = ask(api, cursor)
    assert {"kind": "claim", "id": str(claim.id)} in told["changes"]
    assert {"claim", "file", "partner"} <= kinds(told)
    assert len(told["changes"]) == len({str(each) for each in told["changes"]})
    after = ask(api, told["cursor"])
    assert after["changes"] == [], "told before"
    whole = claim.charge_cents
    receive(practice, file_835(remit(payment(claim.number, whole, 0, adjust("CO", "197", whole)))))
    told = ask(api, after["cursor"])
    assert {"claim", "work_item", "remittance", "file"} <= kinds(told)
    ((item_id,),) = practice.rows("SELECT id FROM work_item")
    done = api.post(f"/api/v1/work-items/{item_id}/close", json={"reason": "Written off."})
    assert done.status_code == 200
    assert ask(api, told["cursor"])["changes"] == [{"kind": "work_item", "id": str(item_id)}]


def test_a_job_is_told_when_it_gives_up_and_when_it_is_taken_up(
    api: Client, practice: Practice
) -> None:
    receive(practice, b"not X12 at all")
    cursor = begin(api)
    change = "UPDATE job SET state = '{}' WHERE kind = 'read_file'"
    with practice.unit_of_work() as session:
        session.execute(text(change.format("running")))
    assert kinds(ask(api, cursor)) == set()
    with practice.unit_of_work() as session:
        session.execute(text(change.format("dead")))
    told = ask(api, cursor)
    assert kinds(told) == {"job"}
    with practice.unit_of_work() as session:
        session.execute(text(change.format("done")))
    assert kinds(ask(api, told["cursor"])) == {"job"}


def test_nothing_is_missed_whichever_transaction_ends_last(
    api: Client, practice: Practice, engine: Engine
) -> None:
    """The one that began first ends last: its rows have lower numbers than rows told before."""
    file_id = receive(practice, b"not X12 at all")
    cursor = begin(api)
    with engine.connect() as slow, engine.connect() as quick:
        slow.execute(text("UPDATE trading_partner SET silent_hours = 5"))
        quick.execute(text("UPDATE file SET findings = '[]' WHERE id = :id"), {"id": file_id})
        quick.commit()
        told = ask(api, cursor)
        assert told["changes"] == [], "told only when nothing can come before it any more"
        slow.commit()
    both = ask(api, told["cursor"])
    assert kinds(both) == {"partner", "file"}
    assert ask(api, both["cursor"])["changes"] == []


def test_what_was_undone_did_not_change(api: Client, practice: Practice, engine: Engine) -> None:
    cursor = begin(api)
    with engine.connect() as connection:
        connection.execute(text("UPDATE trading_partner SET silent_hours = 5"))
        connection.rollback()
    assert ask(api, cursor)["changes"] == []
    assert practice.rows("SELECT * FROM change WHERE kind = 'nothing'") == []


def test_many_changes_come_in_parts(api: Client, practice: Practice) -> None:
    cursor = begin(api)
    many = (
        "INSERT INTO change (kind, about_id) SELECT 'file', gen_random_uuid()"
        " FROM generate_series(1, :count)"
    )
    with practice.unit_of_work() as session:
        session.execute(text(many), {"count": 2 * CHANGES_MAX + 1})
    found: set[str] = set()
    answers = 0
    has_more = True
    while has_more:
        told = ask(api, cursor)
        assert len(told["changes"]) <= CHANGES_MAX
        found |= {each["id"] for each in told["changes"]}
        cursor, has_more = told["cursor"], told["has_more"]
        answers += 1
    assert (len(found), answers) == (2 * CHANGES_MAX + 1, 3)


def cursor_of(xid: int, hours: int) -> str:
    at = system_clock() - timedelta(hours=hours)
    return write_changes_cursor(ChangesCursor(xid=xid, id=0, at=at))


def test_a_cursor_from_too_long_ago_begins_anew(api: Client) -> None:
    told = ask(api, cursor_of(1, 25))
    assert (told["reset"], told["changes"]) == (True, [])
    assert ask(api, told["cursor"])["reset"] is False


def test_a_cursor_from_before_a_restore_begins_anew(api: Client) -> None:
    assert ask(api, cursor_of(2**62, 1))["reset"] is True


@pytest.mark.parametrize(
    "after", ["", "x", "W10=", "WzEsMiwzLDRd", "Wy0xLDAsMF0=", "WzEsMCwxZTk5XQ=="]
)
def test_a_cursor_that_no_answer_gave_is_refused(api: Client, after: str) -> None:
    assert api.get("/api/v1/changes", params={"after": after}).status_code == 422


def test_a_cursor_reads_back() -> None:
    cursor = ChangesCursor(xid=7, id=9, at=system_clock().replace(microsecond=0))
    assert read_changes_cursor(write_changes_cursor(cursor)) == cursor


@pytest.mark.parametrize(
    ("hours", "left"),
    [((27, 26, 24, 1), [24, 1]), ((26, 25), [26, 25])],
    ids=["an hour's worth", "too little to be worth it"],
)
def test_old_changes_are_forgotten_an_hour_after_nobody_may_ask(
    practice: Practice, hours: tuple[int, ...], left: list[int]
) -> None:
    now = practice.tools.clock()
    with practice.unit_of_work() as session:
        session.execute(text("DELETE FROM change"))
        for each in hours:
            session.execute(
                text("INSERT INTO change (kind, about_id, at) VALUES (:hours, :id, :at)"),
                {"hours": str(each), "id": UUID(int=1), "at": now - timedelta(hours=each)},
            )
        fire_due(session, practice.tools)
    rows = practice.rows("SELECT kind FROM change ORDER BY id")
    assert [row[0] for row in rows] == [str(each) for each in left]


def test_nobody_is_told_what_he_may_not_read(
    served: Served, practice: Practice, api: Client
) -> None:
    cursor = begin(api)
    with practice.unit_of_work() as session:
        connector = create_api_key(session, practice.tools, "it", roles=[Role.INTEGRATION])
        other = create_api_key(
            session, practice.tools, "other", roles=[Role.MANAGER], practices=[UUID(int=1)]
        )
    send(practice, encounter())
    for secret, expected in ((connector, {"file", "partner"}), (other, set())):
        with calling(served.url, secret) as client:
            assert kinds(ask(client, cursor)) == expected

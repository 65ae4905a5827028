"""What a partner's settings change: delimiters and names of what goes out, cut-off, pause."""

import json
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

import pytest

from edi.claim_837 import read_837p
from edi.delimiters import Delimiters
from edi.reader import read_interchanges
from rcm.db import snapshot
from rcm.exchange.now import BY_SCHEDULE, PartnerPausedError, exchange_now
from rcm.files import read_bytes
from rcm.jobs import Runner
from rcm.parties.document import read_parties
from rcm.parties.seed import seed_parties
from rcm.parties.store import partner as find_partner
from rcm.parties.store import save_partner
from rcm.proof import verify
from rcm.schedules.service import fire_due, follow_schedule
from tests.harness import NOWHERE, PARTIES, Practice
from tests.rcm.intake import encounter
from tests.rcm.partner_settings import HOST_KEY, PRIVATE_KEY
from workers.handlers import make_handlers

PIPES = Delimiters(element="|", component=">", repetition="!", terminator="~", line_end="\r\n")
BINARY = Delimiters(element="\x1d", component="\x1f", repetition="\x1e", terminator="\x1c")


def change(practice: Practice, **changes: Any) -> None:  # noqa: ANN401 - fields of the value
    with practice.unit_of_work() as session:
        partner = find_partner(session, practice.tools.keys, practice.partner_id)
        save_partner(session, practice.tools.keys, replace(partner, **changes))


def sent_bytes(practice: Practice) -> bytes:
    ((file_id,),) = practice.rows("SELECT id FROM file WHERE direction = 'outbound'")
    with practice.unit_of_work() as session:
        return read_bytes(session, practice.tools.keys, file_id)


@pytest.mark.parametrize(
    "delimiters", [PIPES, BINARY, Delimiters(terminator="\n")], ids=["pipes", "binary", "lines"]
)
def test_a_partners_own_delimiters_stand_in_what_it_gets(
    practice: Practice, delimiters: Delimiters
) -> None:
    change(practice, delimiters=delimiters)
    practice.post(encounter(), encounter(external_id="two"))
    practice.exchange(rounds=3)
    body = sent_bytes(practice)
    isa = body.decode()
    assert (isa[3], isa[82], isa[104], isa[105]) == (
        delimiters.element, delimiters.repetition, delimiters.component, delimiters.terminator,
    )  # fmt: skip
    assert isa[106:].startswith(f"{delimiters.line_end}GS{delimiters.element}")
    (interchange,) = read_interchanges(body)
    (transaction_set,) = interchange.sets()
    assert len(read_837p(transaction_set).claims) == 2
    assert {row.status for row in practice.rows("SELECT status FROM claim")} == {"paid"}
    with snapshot(practice.unit_of_work) as session:
        assert verify(session, practice.tools).differences == ()


def test_a_partners_template_names_what_it_gets(practice: Practice) -> None:
    change(practice, outbound_name="{type}.{date}-{time}.{gs06}.{isa13}")
    practice.post(encounter())
    practice.exchange(rounds=1)
    name = "837P.20261123-090000.1.000000001"  # 15:00 UTC is 9:00 in Chicago.
    assert practice.rows("SELECT name FROM file WHERE direction = 'outbound'") == [(name,)]


def batch(practice: Practice, now: datetime, *, by: int) -> int:
    """Exchange at `now`, and return how many claims have gone."""
    tools = replace(practice.tools, clock=lambda: now)
    runner: Runner = replace(
        practice.runner, handlers={**practice.runner.handlers, **_batching(practice, tools)}
    )
    with practice.unit_of_work() as session:
        exchange_now(session, practice.partner_id, by=by)
    replace(practice, runner=runner).drain()
    return len(practice.rows("SELECT claim_id FROM submission"))


def _batching(practice: Practice, tools: Any) -> Any:  # noqa: ANN401 - handlers
    del practice

    def nobody(_partner: Any, _seconds: int) -> Any:  # noqa: ANN401 - never opened
        raise AssertionError

    handlers = make_handlers(tools, nobody)
    return {"batch_claims": handlers["batch_claims"]}


def test_claims_after_the_cut_off_go_with_the_next_days_schedule(practice: Practice) -> None:
    change(practice, cut_off=time(8, 30))  # Claims are ready at 9:00 there, by the tests' clock.
    practice.post(encounter())
    practice.drain()
    today = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
    assert batch(practice, today, by=BY_SCHEDULE) == 0
    still_today = datetime(2026, 11, 24, 5, 59, tzinfo=UTC)  # 23:59 in Chicago.
    assert batch(practice, still_today, by=BY_SCHEDULE) == 0
    tomorrow = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
    assert batch(practice, tomorrow, by=BY_SCHEDULE) == 1


def test_claims_before_the_cut_off_go_the_same_day(practice: Practice) -> None:
    change(practice, cut_off=time(9, 0))
    practice.post(encounter())
    practice.drain()
    assert batch(practice, datetime(2026, 11, 23, 23, 0, tzinfo=UTC), by=BY_SCHEDULE) == 1


def test_a_person_need_not_wait_for_the_next_day(practice: Practice) -> None:
    change(practice, cut_off=time(8, 30))
    practice.post(encounter())
    practice.drain()
    assert batch(practice, datetime(2026, 11, 23, 23, 0, tzinfo=UTC), by=0) == 1


def test_a_tick_of_the_schedule_keeps_the_cut_off(practice: Practice) -> None:
    with practice.unit_of_work() as session:
        follow_schedule(
            session, practice.tools, practice.partner_id, cron="0 * * * *", is_paused=False
        )
    later = replace(practice.tools, clock=lambda: datetime(2026, 11, 23, 16, 0, tzinfo=UTC))
    with practice.unit_of_work() as session:
        assert fire_due(session, later) == 1
    assert practice.rows("SELECT ref_part FROM job WHERE kind = 'batch_claims'") == [(BY_SCHEDULE,)]


def test_a_paused_partner_is_not_met_even_by_what_was_promised_before(practice: Practice) -> None:
    practice.post(encounter())
    practice.drain()
    with practice.unit_of_work() as session:
        exchange_now(session, practice.partner_id)
    change(practice, is_paused=True)
    practice.drain()
    assert practice.rows("SELECT id FROM file") == []
    assert practice.rows("SELECT last_exchange_at FROM trading_partner") == [(None,)]
    with practice.unit_of_work() as session, pytest.raises(PartnerPausedError):
        exchange_now(session, practice.partner_id)


def test_what_was_frozen_waits_while_the_partner_is_paused(practice: Practice) -> None:
    practice.post(encounter())
    practice.drain()
    with practice.unit_of_work() as session:
        exchange_now(session, practice.partner_id)
    _run(practice, "batch_claims")
    change(practice, is_paused=True)
    practice.drain()
    assert practice.rows("SELECT state FROM file") == [("frozen",)]
    assert practice.rows("SELECT DISTINCT state FROM job") == [("done",)]


def _run(practice: Practice, kind: str) -> None:
    ((job_id,),) = practice.rows("SELECT id FROM job WHERE kind = :kind", kind=kind)
    practice.runner.run(job_id)


def test_setting_up_again_keeps_what_people_have_set(practice: Practice) -> None:
    change(practice, cut_off=time(17, 0), silent_hours=5, is_paused=True, delimiters=PIPES)
    version = practice.rows("SELECT version FROM trading_partner")
    with practice.unit_of_work() as session:
        seed_parties(session, practice.tools, PARTIES, NOWHERE)
    with practice.unit_of_work() as session:
        partner = find_partner(session, practice.tools.keys, practice.partner_id)
    assert (partner.cut_off, partner.silent_hours, partner.is_paused, partner.delimiters) == (
        time(17, 0), 5, True, PIPES,
    )  # fmt: skip
    assert practice.rows("SELECT version FROM trading_partner") == version


def test_a_file_of_parties_may_say_all_that_a_person_may_set(practice: Practice) -> None:
    told = PARTIES["partner"] | {
        "name": "Another Clearinghouse",
        "delimiters": {"element": "|", "component": ">", "repetition": "!"},
        "cut_off": "17:00",
        "inbound_names": ["*.835"],
    }
    del told["stable_seconds"]
    body = json.dumps(PARTIES | {"partner": told}).encode()
    connection = NOWHERE | {"private_key": PRIVATE_KEY, "host_keys": (HOST_KEY,)}
    for _ in range(2):
        document = read_parties(body, connection, usage="T")
        with practice.unit_of_work() as session:
            partner_id = seed_parties(session, practice.tools, document, connection)
    with practice.unit_of_work() as session:
        partner = find_partner(session, practice.tools.keys, partner_id)
    assert partner.delimiters == replace(PIPES, line_end="")
    assert (partner.cut_off, partner.inbound_names) == (time(17, 0), ("*.835",))
    assert (partner.stable_seconds, partner.version) == (10, 1)

"""Queries of trading partners: how they are, and how they are set up; never our private key."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Row, ScalarSelect, func, or_, select

from rcm.crypto import Keys
from rcm.db import ReadSession
from rcm.decisions.model import Decision
from rcm.decisions.store import decisions_about
from rcm.exchange.unfetched import Unfetched, unfetched
from rcm.parties.connection_tests import ConnectionTest, last_test
from rcm.parties.model import TradingPartner
from rcm.parties.silence import silence_of
from rcm.parties.store import partner as find_partner
from rcm.reading.breaker_state import BreakerState, breaker_states
from rcm.reading.partner_state import state_of
from rcm.reading.traffic import (
    Expected,
    Stopped,
    Traffic,
    expected_answers,
    last_numbers,
    paused_by,
    stopped,
    traffic,
)
from rcm.reading.work_state import WorkState, work_by_partner
from rcm.rows import FileRow, JobRow, ScheduleRow, TradingPartnerRow, UnfetchedRow
from rcm.schedules.ticks import next_ticks

_COUNTED = ("received", "filtered", "sent", "queued", "missing", "failed")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerSummary:
    """A clearinghouse or payer that we exchange files with."""

    id: UUID
    name: str
    usage: str
    their_id: str
    time_zone: str
    last_exchange_at: datetime | None
    last_received_at: datetime | None
    last_sent_at: datetime | None
    silence: str | None  #: In words; None: it spoke within its limit.
    silent_since: datetime | None
    is_paused: bool  #: Nothing is exchanged at all.
    cron: str | None  #: Five fields in the partner's time zone; None: only "exchange now".
    is_schedule_paused: bool  #: Only "exchange now".
    next_visit_at: datetime | None  #: By schedule.
    unfetched: int  #: Files in the partner's folder that could not be fetched, or not put away.
    quarantined: int  #: Files of the partner that may not be used, until a person decides.
    failed_jobs: int  #: About the partner or its files, until a person tries them again.
    state: str  #: running, paused, waiting, look, stopped.
    state_said: str  #: By whom or by what.
    state_at: datetime | None  #: And when.
    breaker: BreakerState
    work: WorkState
    last_24h: Traffic
    last_control_number: str | None  #: ISA13 of the last file for it.


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerDetail(PartnerSummary):
    """One partner with its settings, its last test, and what people decided about it."""

    settings: TradingPartner
    last_connection_test: ConnectionTest | None
    lying: tuple[Unfetched, ...]
    decisions: tuple[Decision, ...]
    expected: tuple[Expected, ...]  #: What it has not answered yet.


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is known of all partners, asked once."""

    traffic: Mapping[UUID, Traffic]
    numbers: Mapping[UUID, str]
    stopped: Mapping[UUID, Stopped]
    paused: Mapping[UUID, tuple[str, datetime]]
    breakers: Mapping[UUID, BreakerState]
    work: Mapping[UUID, WorkState]


def partners(session: ReadSession, *, now: datetime) -> tuple[PartnerSummary, ...]:
    """Every trading partner, by name: there are few."""
    return tuple(_summaries(session, now=now))


def partner(
    session: ReadSession, keys: Keys, partner_id: UUID, *, now: datetime
) -> PartnerDetail | None:
    """The trading partner with this id."""
    found = _summaries(session, TradingPartnerRow.id == partner_id, now=now)
    if not found:
        return None
    return PartnerDetail(
        **{each.name: getattr(found[0], each.name) for each in fields(PartnerSummary)},
        settings=find_partner(session, keys, partner_id),
        last_connection_test=last_test(session, partner_id),
        lying=unfetched(session, partner_id),
        decisions=tuple(decisions_about(session, keys, partner_id=partner_id)),
        expected=tuple(expected_answers(session, partner_id, now=now)),
    )


def totals_of(found: Iterable[PartnerSummary]) -> dict[str, int]:
    """Return the sums of what is counted of each partner."""
    totals = Counter[str]()
    for each in found:
        totals.update({name: getattr(each.last_24h, name) for name in _COUNTED})
        totals.update(quarantined=each.quarantined)
    return {name: totals[name] for name in (*_COUNTED, "quarantined")}


def _summaries(
    session: ReadSession, *conditions: ColumnElement[bool], now: datetime
) -> list[PartnerSummary]:
    rows = session.execute(
        select(
            TradingPartnerRow,
            ScheduleRow.cron,
            ScheduleRow.is_paused.label("is_schedule_paused"),
            _unfetched().label("unfetched"),
            _quarantined().label("quarantined"),
            _failed_jobs().label("failed_jobs"),
        )
        .outerjoin(ScheduleRow, ScheduleRow.partner_id == TradingPartnerRow.id)
        .where(*conditions)
        .order_by(TradingPartnerRow.name)
    )
    known = _Known(
        traffic=traffic(session, now=now),
        numbers=last_numbers(session),
        stopped=stopped(session),
        paused=paused_by(session),
        breakers=breaker_states(session),
        work=work_by_partner(session),
    )
    return [_summary(row, known, now) for row in rows]


def _unfetched() -> ScalarSelect[int]:
    mine = UnfetchedRow.partner_id == TradingPartnerRow.id
    return select(func.count()).where(mine).scalar_subquery()


def _quarantined() -> ScalarSelect[int]:
    mine = (FileRow.partner_id == TradingPartnerRow.id, FileRow.state == "quarantined")
    return select(func.count()).where(*mine).scalar_subquery()


def _failed_jobs() -> ScalarSelect[int]:
    files = select(FileRow.id).where(FileRow.partner_id == TradingPartnerRow.id)
    mine = or_(JobRow.ref_id == TradingPartnerRow.id, JobRow.ref_id.in_(files))
    given_up = JobRow.state.in_(("dead", "quarantined"))
    return select(func.count()).where(given_up, mine).scalar_subquery()


def _summary(
    found: Row[TradingPartnerRow, str, bool, int, int, int], known: _Known, now: datetime
) -> PartnerSummary:
    row = found[0]
    silence = silence_of(
        last_exchange_at=row.last_exchange_at,
        last_received_at=row.last_received_at,
        silent_hours=row.silent_hours,
        time_zone=row.time_zone,
        now=now,
    )
    is_awaited = found.cron and not found.is_schedule_paused and not row.is_paused
    following = next_ticks(found.cron, row.time_zone, after=now, count=1) if is_awaited else ()
    told = replace(known.traffic.get(row.id, Traffic()), failed=found.failed_jobs)
    breaker = known.breakers.get(row.id, BreakerState())
    state = state_of(
        paused=known.paused.get(row.id),
        is_paused=row.is_paused,
        breaker=breaker,
        stopped=known.stopped.get(row.id),
        traffic=told,
        silence=silence,
        quarantined=found.quarantined,
        unfetched=found.unfetched,
        last_exchange_at=row.last_exchange_at,
    )
    return PartnerSummary(
        id=row.id,
        name=row.name,
        usage=row.usage,
        their_id=row.their_id,
        time_zone=row.time_zone,
        last_exchange_at=row.last_exchange_at,
        last_received_at=row.last_received_at,
        last_sent_at=told.last_sent_at,
        silence=silence.words if silence else None,
        silent_since=silence.since if silence else None,
        is_paused=row.is_paused,
        cron=found.cron,
        is_schedule_paused=bool(found.is_schedule_paused),
        state=state.word,
        state_said=state.said,
        state_at=state.at,
        breaker=breaker,
        work=known.work.get(row.id, WorkState()),
        last_24h=told,
        last_control_number=known.numbers.get(row.id),
        next_visit_at=following[0] if following else None,
        unfetched=found.unfetched,
        quarantined=found.quarantined,
        failed_jobs=found.failed_jobs,
    )

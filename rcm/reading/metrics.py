"""Figures of the whole service for whoever watches it by machine; none is about a person."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Integer, cast, extract, func, select
from sqlalchemy.orm import InstrumentedAttribute

from rcm.chains.model import Chain
from rcm.db import SCHEMA_VERSION, ReadSession
from rcm.ledger.accounts import Account
from rcm.reading.alerts import STUCK_AFTER
from rcm.reading.chain_state import unchained_rows
from rcm.reading.progress import idle_relay
from rcm.reading.suspense import SUSPENDED
from rcm.reading.work_state import work_by_queue
from rcm.rows import (
    ChainLinkRow,
    ClaimSumRow,
    FileRow,
    PartnerBreakerRow,
    PostingRow,
    RemittanceClaimRow,
    RemittanceRow,
    TradingPartnerRow,
    UnfetchedRow,
    WorkItemRow,
)

LATE_SECONDS = 120
_POSTED = ("billed", "paid", "adjusted", "patient", "denied")

Values = Sequence[tuple[tuple[str, ...], int]]  #: Of each combination of labels.


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One figure, and its values by labels."""

    name: str
    help: str
    labels: tuple[str, ...] = ()
    values: Values


def metrics(session: ReadSession, *, now: datetime, version: str) -> Iterator[Metric]:
    """Every figure, as it is now. Each is a count or a sum over few rows, or over an index."""
    yield Metric(
        name="rcm_build_info",
        help="1; the version that answers, and the schema it is written for.",
        labels=("version", "schema"),
        values=[((version, SCHEMA_VERSION), 1)],
    )
    yield from _work(session, now)
    yield Metric(
        name="rcm_files",
        help="Files exchanged with partners.",
        labels=("direction", "state"),
        values=_counted(session, FileRow.direction, FileRow.state),
    )
    yield from _claims(session)
    yield Metric(
        name="rcm_remittances",
        help="Payments that came, by what became of them.",
        labels=("state",),
        values=_counted(session, RemittanceRow.state),
    )
    yield Metric(
        name="rcm_work_items_open",
        help="What people have to do.",
        labels=("kind",),
        values=_counted(session, WorkItemRow.kind, where=WorkItemRow.state == "open"),
    )
    yield from _partners(session, now)
    yield Metric(
        name="rcm_suspense_cents",
        help="Money that no claim was found for, or that does not add up.",
        labels=("account",),
        values=_suspense(session),
    )
    yield Metric(
        name="rcm_suspense_oldest_seconds",
        help="How long the oldest payment has waited for a person to match it; 0: none waits.",
        labels=("state",),
        values=_suspense_waits(session, now),
    )
    yield from _chains(session, now)


def _work(session: ReadSession, now: datetime) -> Iterator[Metric]:
    queues = work_by_queue(session)
    yield Metric(
        name="rcm_jobs",
        help="Jobs that are not done.",
        labels=("queue", "state"),
        values=[
            ((each.queue, state), getattr(each, state))
            for each in queues
            for state in ("ready", "waiting", "running", "dead", "quarantined")
        ],
    )
    yield Metric(
        name="rcm_job_oldest_ready_seconds",
        help="How long the oldest job has waited that could run; 0: none waits.",
        labels=("queue",),
        values=[((each.queue,), each.oldest_ready_seconds or 0) for each in queues],
    )
    yield Metric(
        name="rcm_relay_late",
        help=f"What a relay should have done {LATE_SECONDS} seconds ago, and has not.",
        values=[((), len(list(idle_relay(session, now=now, seconds=LATE_SECONDS))))],
    )


def _counted(
    session: ReadSession,
    *labels: InstrumentedAttribute[str],
    where: ColumnElement[bool] | None = None,
) -> Values:
    query = select(*labels, func.count()).group_by(*labels).order_by(*labels)
    rows = session.execute(query if where is None else query.where(where))
    return [(tuple(row[:-1]), int(row[-1])) for row in rows]


def _claims(session: ReadSession) -> Iterator[Metric]:
    """As lists count them: over sums, not over every claim."""
    rows = session.execute(
        select(
            ClaimSumRow.status,
            func.sum(ClaimSumRow.claims).label("claims"),
            *(func.sum(getattr(ClaimSumRow, f"{name}_cents")).label(name) for name in _POSTED),
        )
        .group_by(ClaimSumRow.status)
        .having(func.sum(ClaimSumRow.claims) > 0)
        .order_by(ClaimSumRow.status)
    ).all()
    yield Metric(
        name="rcm_claims",
        help="Claims.",
        labels=("status",),
        values=[((row.status,), int(row.claims)) for row in rows],
    )
    yield Metric(
        name="rcm_posted_cents",
        help="What is posted to claims.",
        labels=("figure",),
        values=[((name,), sum(int(getattr(row, name)) for row in rows)) for name in _POSTED],
    )


def _partners(session: ReadSession, now: datetime) -> Iterator[Metric]:
    rows = session.execute(
        select(
            TradingPartnerRow.name,
            TradingPartnerRow.is_paused,
            func.coalesce(PartnerBreakerRow.standing, "closed").label("standing"),
            _seconds_since(TradingPartnerRow.last_exchange_at).label("exchanged"),
            _seconds_since(TradingPartnerRow.last_received_at).label("received"),
        )
        .outerjoin(PartnerBreakerRow, PartnerBreakerRow.partner_id == TradingPartnerRow.id)
        .order_by(TradingPartnerRow.name)
    ).all()
    yield Metric(
        name="rcm_partner_breaker_open",
        help="1 where nobody connects to the partner for now.",
        labels=("partner",),
        values=[((row.name,), int(row.standing != "closed")) for row in rows],
    )
    yield Metric(
        name="rcm_partner_paused",
        help="1 where a person paused the partner.",
        labels=("partner",),
        values=[((row.name,), int(row.is_paused)) for row in rows],
    )
    for name, what in (("exchanged", "exchange"), ("received", "received")):
        yield Metric(
            name=f"rcm_partner_last_{what}_seconds",
            help=f"Since something was {name}; absent: it never was.",
            labels=("partner",),
            values=[
                ((row.name,), getattr(row, name)) for row in rows if getattr(row, name) is not None
            ],
        )
    stuck = session.execute(
        select(TradingPartnerRow.name, UnfetchedRow.reason, func.count())
        .join(UnfetchedRow, UnfetchedRow.partner_id == TradingPartnerRow.id)
        .where(UnfetchedRow.first_seen_at < now - STUCK_AFTER)
        .group_by(TradingPartnerRow.name, UnfetchedRow.reason)
        .order_by(TradingPartnerRow.name, UnfetchedRow.reason)
    )
    yield Metric(
        name="rcm_partner_files_stuck",
        help="Files in a partner's folder that should have gone since a day.",
        labels=("partner", "reason"),
        values=[((name, reason), count) for name, reason, count in stuck],
    )


def _seconds_since(at: InstrumentedAttribute[datetime | None]) -> ColumnElement[int]:
    return cast(extract("epoch", func.now() - at), Integer)


def _suspense(session: ReadSession) -> Values:
    accounts = [each for each in Account if each.startswith("suspense:")]
    rows = session.execute(
        select(PostingRow.account, func.sum(PostingRow.amount_cents))
        .where(PostingRow.account.in_(accounts))
        .group_by(PostingRow.account)
    )
    found = {row[0]: row[1] for row in rows}
    return [((each,), int(found.get(each, 0))) for each in accounts]


def _suspense_waits(session: ReadSession, now: datetime) -> Values:
    """Of what nobody dismissed: a payment that is not ours stays in suspense, and asks nobody."""
    rows = session.execute(
        select(RemittanceClaimRow.state, func.min(RemittanceRow.received_at))
        .join(RemittanceRow, RemittanceRow.id == RemittanceClaimRow.remittance_id)
        .where(RemittanceClaimRow.state.in_(SUSPENDED), ~RemittanceClaimRow.is_dismissed)
        .group_by(RemittanceClaimRow.state)
    )
    found = {row[0]: int((now - row[1]).total_seconds()) for row in rows}
    return [((each,), found.get(each, 0)) for each in SUSPENDED]


def _chains(session: ReadSession, now: datetime) -> Iterator[Metric]:
    rows = session.execute(
        select(ChainLinkRow.chain, func.max(ChainLinkRow.to_place)).group_by(ChainLinkRow.chain)
    )
    found = {row[0]: row[1] for row in rows}
    yield Metric(
        name="rcm_chain_rows",
        help="Ledger entries and audit events that are chained.",
        labels=("chain",),
        values=[((each,), int(found.get(each, 0))) for each in Chain],
    )
    waiting = {each: unchained_rows(session, each)[1] for each in Chain}
    yield Metric(
        name="rcm_unchained_seconds",
        help="How long the oldest row has waited to be chained; 0: none waits.",
        labels=("chain",),
        values=[
            ((each,), int((now - at).total_seconds()) if at else 0) for each, at in waiting.items()
        ],
    )

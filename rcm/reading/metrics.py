"""Figures of the whole service for whoever watches it by machine; none is about a person."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Integer, cast, extract, func, select
from sqlalchemy.orm import InstrumentedAttribute

from rcm.chains.model import Chain
from rcm.db import ReadSession
from rcm.ledger.accounts import Account
from rcm.reading.work_state import work_by_queue
from rcm.rows import (
    ChainLinkRow,
    ClaimSumRow,
    FileRow,
    PartnerBreakerRow,
    PostingRow,
    TradingPartnerRow,
    WorkItemRow,
)

Values = Sequence[tuple[tuple[str, ...], int]]  #: Of each combination of labels.


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One figure, and its values by labels."""

    name: str
    help: str
    labels: tuple[str, ...] = ()
    values: Values


def metrics(session: ReadSession) -> Iterator[Metric]:
    """Every figure, as it is now. Each is a count or a sum over few rows, or over an index."""
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
        name="rcm_files",
        help="Files exchanged with partners.",
        labels=("direction", "state"),
        values=_counted(session, FileRow.direction, FileRow.state),
    )
    yield Metric(
        name="rcm_claims",
        help="Claims.",
        labels=("status",),
        values=_claims(session),
    )
    yield Metric(
        name="rcm_work_items_open",
        help="What people have to do.",
        labels=("kind",),
        values=_counted(session, WorkItemRow.kind, where=WorkItemRow.state == "open"),
    )
    yield from _partners(session)
    yield Metric(
        name="rcm_suspense_cents",
        help="Money that no claim was found for, or that does not add up.",
        labels=("account",),
        values=_suspense(session),
    )
    yield Metric(
        name="rcm_chain_rows",
        help="Ledger entries and audit events that are chained.",
        labels=("chain",),
        values=_chained(session),
    )


def _counted(
    session: ReadSession,
    *labels: InstrumentedAttribute[str],
    where: ColumnElement[bool] | None = None,
) -> Values:
    query = select(*labels, func.count()).group_by(*labels).order_by(*labels)
    rows = session.execute(query if where is None else query.where(where))
    return [(tuple(row[:-1]), int(row[-1])) for row in rows]


def _claims(session: ReadSession) -> Values:
    """As lists count them: over sums, not over every claim."""
    rows = session.execute(
        select(ClaimSumRow.status, func.sum(ClaimSumRow.claims).label("claims"))
        .group_by(ClaimSumRow.status)
        .having(func.sum(ClaimSumRow.claims) > 0)
        .order_by(ClaimSumRow.status)
    )
    return [((row.status,), int(row.claims)) for row in rows]


def _partners(session: ReadSession) -> Iterator[Metric]:
    rows = session.execute(
        select(
            TradingPartnerRow.name,
            TradingPartnerRow.is_paused,
            func.coalesce(PartnerBreakerRow.standing, "closed").label("standing"),
            cast(extract("epoch", func.now() - TradingPartnerRow.last_exchange_at), Integer).label(
                "seconds"
            ),
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
    yield Metric(
        name="rcm_partner_last_exchange_seconds",
        help="Since the last exchange; absent: there was none.",
        labels=("partner",),
        values=[((row.name,), row.seconds) for row in rows if row.seconds is not None],
    )


def _suspense(session: ReadSession) -> Values:
    accounts = [each for each in Account if each.startswith("suspense:")]
    rows = session.execute(
        select(PostingRow.account, func.sum(PostingRow.amount_cents))
        .where(PostingRow.account.in_(accounts))
        .group_by(PostingRow.account)
    )
    found = {row[0]: row[1] for row in rows}
    return [((each,), int(found.get(each, 0))) for each in accounts]


def _chained(session: ReadSession) -> Values:
    rows = session.execute(
        select(ChainLinkRow.chain, func.max(ChainLinkRow.to_place)).group_by(ChainLinkRow.chain)
    )
    found = {row[0]: row[1] for row in rows}
    return [((each,), int(found.get(each, 0))) for each in Chain]

"""Queries of files: what we sent and received, never their bytes."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from rcm.db import ReadSession
from rcm.reading.ack import ACKNOWLEDGED_TYPES, ANSWER_HOURS, Ack, ack_of
from rcm.reading.chain import Claim, Link, chain_of, claims_in, previous_of
from rcm.reading.groups import Counted, count_groups
from rcm.reading.pages import Position, equal, read_page, sort_of
from rcm.reading.sent import claim_counts
from rcm.rows import FileRow, InterchangeRow, RemittanceRow, SubmissionRow, TradingPartnerRow

SORTS = {
    "created": FileRow.created_at,
    "number": FileRow.interchange_number,
    "size": FileRow.size_bytes,
}
_FACETS = {
    "type": FileRow.file_type,
    "state": FileRow.state,
    "partner_id": FileRow.partner_id,
    "direction": FileRow.direction,
}
_NUMBER_MAX = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFilter:
    """Which files; what is empty chooses all."""

    file_types: Sequence[str] = ()
    states: Sequence[str] = ()
    directions: Sequence[str] = ()
    partner_ids: Sequence[UUID] = ()
    received_from: date | None = None  #: UTC days on which we got or made them.
    received_to: date | None = None
    has_findings: bool | None = None
    missing_ack: bool | None = None  #: Sent, and the answer is late.
    q: str = ""  #: A control number, or a part of the name.


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSummary:
    """A file as its row knows it."""

    id: UUID
    partner_id: UUID
    partner_name: str
    direction: str
    name: str
    file_type: str
    state: str
    size_bytes: int
    sha256: str  #: Hexadecimal.
    conformance: str
    interchange_number: int | None
    group_number: int | None
    findings: Sequence[Mapping[str, Any]]
    created_at: datetime
    sent_at: datetime | None
    archived_at: datetime | None
    usage: str  #: ISA15.
    claims: int  #: How many it carries, or speaks of as a payment.
    ack: Ack


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """A transaction set 835 of a file."""

    id: UUID
    trace: str
    payment_cents: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDetail(FileSummary):
    """One file, with what it is a part of."""

    chain: Sequence[Link]
    claims_in: Sequence[Claim]
    remittances: Sequence[Payment]
    previous_id: UUID | None  #: In which a claim of it travelled before.
    actions: tuple[str, ...]  #: What a person may decide: replay, allow_number_again, discard.


def files(
    session: ReadSession,
    chosen: FileFilter,
    *,
    sort: str,
    after: Position | None,
    limit: int,
    now: datetime,
) -> tuple[list[FileSummary], Position | None, Counted]:
    """A page of files, where the next begins, and the figures of all that fit."""
    conditions = _conditions(chosen, now)
    query = (
        select(FileRow, TradingPartnerRow.name, TradingPartnerRow.usage)
        .join(TradingPartnerRow, TradingPartnerRow.id == FileRow.partner_id)
        .where(*conditions)
    )
    picked = {
        "type": chosen.file_types,
        "state": chosen.states,
        "partner_id": [str(each) for each in chosen.partner_ids],
        "direction": chosen.directions,
    }
    counted = count_groups(
        session, select(FileRow.id).where(*conditions), facets=_FACETS, chosen=picked, sums={}
    )
    for column, values in (
        (FileRow.file_type, chosen.file_types),
        (FileRow.state, chosen.states),
        (FileRow.partner_id, chosen.partner_ids),
        (FileRow.direction, chosen.directions),
    ):
        if values:
            query = query.where(column.in_(values))
    order = sort_of(sort, SORTS, FileRow.id, gaps=["number"])
    rows, following = read_page(session, query, order, after=after, limit=limit)
    claims = _claims(session, [row.FileRow.id for row in rows])
    shown = [
        _summary(row.FileRow, row.name, row.usage, claims.get(row.FileRow.id, 0), now)
        for row in rows
    ]
    return shown, following, counted


def _conditions(chosen: FileFilter, now: datetime) -> list[ColumnElement[bool]]:
    late = [
        FileRow.state == "sent",
        FileRow.file_type.in_(ACKNOWLEDGED_TYPES),
        FileRow.sent_at < now - timedelta(hours=ANSWER_HOURS),
    ]
    found: list[ColumnElement[bool]] = []
    if chosen.received_from is not None:
        found.append(FileRow.created_at >= chosen.received_from)
    if chosen.received_to is not None and chosen.received_to < date.max:
        found.append(FileRow.created_at < chosen.received_to + timedelta(days=1))
    if chosen.has_findings is not None:
        has = func.jsonb_array_length(FileRow.findings) > 0
        found.append(has if chosen.has_findings else ~has)
    if chosen.missing_ack is not None:
        missing = func.coalesce(late[0] & late[1] & late[2], False)  # SQL.
        found.append(missing if chosen.missing_ack else ~missing)
    if chosen.q:
        found.append(_is_like(chosen.q))
    return found


def _is_like(q: str) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = [FileRow.name.icontains(q, autoescape=True)]
    if q.isascii() and q.isdigit() and int(q) <= _NUMBER_MAX:
        parts += [FileRow.interchange_number == int(q), FileRow.group_number == int(q)]
    return or_(*parts)


def _claims(session: ReadSession, file_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many claims each of these files carries, or pays."""
    sent = session.execute(
        select(SubmissionRow.file_id, func.count())
        .where(SubmissionRow.file_id.in_(file_ids))
        .group_by(SubmissionRow.file_id)
    )
    paid = session.execute(
        select(RemittanceRow.file_id, func.sum(RemittanceRow.claims))
        .where(RemittanceRow.file_id.in_(file_ids))
        .group_by(RemittanceRow.file_id)
    )
    return {file_id: int(count) for rows in (sent, paid) for file_id, count in rows}


def file(session: ReadSession, file_id: UUID, *, now: datetime) -> FileSummary | None:
    """The file with this id."""
    found = _row(session, file_id)
    if found is None:
        return None
    row, partner = found
    claims = _claims(session, [file_id]).get(file_id, 0)
    return _summary(row, partner.name, partner.usage, claims, now)


def file_detail(session: ReadSession, file_id: UUID, *, now: datetime) -> FileDetail | None:
    """The file with this id, with its chain, its claims and its payments."""
    found = _row(session, file_id)
    if found is None:
        return None
    row, partner = found
    counts = claim_counts(session, [file_id]).get(file_id)
    payments = session.execute(
        select(
            RemittanceRow.id,
            RemittanceRow.trace,
            RemittanceRow.payment_cents,
            RemittanceRow.state,
        )
        .where(*equal((RemittanceRow.file_id, file_id)))
        .order_by(RemittanceRow.set_index)
    )
    claims = _claims(session, [file_id]).get(file_id, 0)
    ack = ack_of(
        file_type=row.file_type, state=row.state, sent_at=row.sent_at, now=now, counts=counts
    )
    received_usage = session.scalar(
        select(InterchangeRow.usage).where(InterchangeRow.file_id == file_id).limit(1)
    )
    summary = _summary(row, partner.name, received_usage or partner.usage, claims, now)
    return FileDetail(
        **(asdict(summary) | {"ack": ack}),
        chain=chain_of(session, row, ack, counts),
        claims_in=claims_in(session, file_id),
        remittances=[Payment(**each._asdict()) for each in payments],
        previous_id=previous_of(session, row),
        actions=_actions(row),
    )


def _actions(row: FileRow) -> tuple[str, ...]:
    if row.state == "discarded":
        return ("replay",)
    if row.state != "quarantined":
        return ()
    codes = {found["code"] for found in row.findings}
    again = ("allow_number_again",) if "X12-NUMBER-AGAIN" in codes else ()
    return ("replay", *again, "discard")


def _row(session: ReadSession, file_id: UUID) -> tuple[FileRow, TradingPartnerRow] | None:
    row = session.get(FileRow, file_id)
    return (row, session.get_one(TradingPartnerRow, row.partner_id)) if row else None


def _summary(
    row: FileRow, partner_name: str, usage: str, claims: int, now: datetime
) -> FileSummary:
    return FileSummary(
        id=row.id,
        partner_id=row.partner_id,
        partner_name=partner_name,
        direction=row.direction,
        name=row.name,
        file_type=row.file_type,
        state=row.state,
        size_bytes=row.size_bytes,
        sha256=row.sha256.hex(),
        conformance=row.conformance,
        interchange_number=row.interchange_number,
        group_number=row.group_number,
        findings=row.findings,
        created_at=row.created_at,
        sent_at=row.sent_at,
        archived_at=row.archived_at,
        usage=usage,
        claims=claims,
        ack=ack_of(file_type=row.file_type, state=row.state, sent_at=row.sent_at, now=now),
    )

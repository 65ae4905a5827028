"""Analytics from the ledger: receivables by age, cash by week, denials by reason.

Each number has one query here and one sentence that says what it is; each part of a chart leads to
the list that has the same sum.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from sqlalchemy import BigInteger, Date, case, cast, func, or_, select

from rcm.db import ReadSession
from rcm.reading.claim_filter import OWED_CENTS
from rcm.reading.links import FilterValue, PageLink
from rcm.rows import ClaimListingRow, FileRow, PayerRow, RemittanceRow, SubmissionRow

Basis = Literal["service", "submission"]
Group = Literal["week", "day"]

_DAY = timedelta(days=1)
BUCKETS = ("0-30", "31-60", "61-90", "91-120", ">120")
_OLDEST = (30, 60, 90, 120)  #: The last day of age of each bucket but the last.
_OVER_90 = slice(3, 5)
_SINCE = {"service": "the first day of service", "submission": "the day it was first sent"}
_PATIENTS = "Patients"
#: Of the parameters of the claims list, by basis: from, to.
_RANGE = {"service": ("service_from", "service_to"), "submission": ("sent_from", "sent_to")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a bar."""

    amount_cents: int
    link: PageLink | None  #: None where there is nothing to list.


@dataclass(frozen=True, slots=True, kw_only=True)
class AgingRow:
    """What one payer, or the patients, owe by age."""

    label: str
    payer: str | None  #: Its identifier; None: patients.
    total_cents: int
    buckets: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Aging:
    """Open receivables, by who owes them and by age."""

    definition: str
    rows: tuple[AgingRow, ...]  #: The largest first, patients last.
    bucket_totals: tuple[int, ...]
    total_cents: int
    over_90_percent: int


def aging(session: ReadSession, *, basis: Basis, today: date, time_zone: str) -> Aging:
    """Open receivables by payer and age; in all exactly the receivables of the ledger."""
    owed, patients = _by_age(session, basis, today, time_zone)
    rows = [
        _aging_row(name, identifier, cents, basis, today)
        for (identifier, name), cents in owed.items()
    ]
    rows.sort(key=lambda row: (-row.total_cents, row.label))
    if any(patients):
        rows.append(_aging_row(_PATIENTS, None, patients, basis, today))
    totals = tuple(sum(row.buckets[n].amount_cents for row in rows) for n in range(len(BUCKETS)))
    total = sum(totals)
    over = sum(totals[_OVER_90])
    return Aging(
        definition=f"Receivables of the ledger, by days since {_SINCE[basis]}: what payers owe, "
        "denied or not, and what patients owe. Not sent yet is not in it.",
        rows=tuple(rows),
        bucket_totals=totals,
        total_cents=total,
        over_90_percent=(200 * over + total) // (2 * total) if total > 0 else 0,
    )


def _by_age(
    session: ReadSession, basis: Basis, today: date, time_zone: str
) -> tuple[Mapping[tuple[str, str], list[int]], list[int]]:
    """What payers owe, by payer and in it by bucket; and what patients owe, by bucket."""
    day: Any = ClaimListingRow.service_from
    if basis == "submission":
        first = (
            select(SubmissionRow.claim_id, func.min(FileRow.created_at).label("at"))
            .join(FileRow, FileRow.id == SubmissionRow.file_id)
            .group_by(SubmissionRow.claim_id)
            .subquery("first")
        )
        day = cast(func.timezone(time_zone, first.c.at), Date)
    bucket = case(
        *((day >= today - days * _DAY, n) for n, days in enumerate(_OLDEST)), else_=len(_OLDEST)
    )
    patient = ClaimListingRow.patient_cents
    query = select(
        PayerRow.identifier,
        PayerRow.name,
        bucket.label("bucket"),
        cast(func.sum(OWED_CENTS), BigInteger).label("owed"),
        func.bool_or(OWED_CENTS != 0).label("is_owed"),
        cast(func.sum(patient), BigInteger).label("patient"),
    ).join_from(ClaimListingRow, PayerRow, PayerRow.id == ClaimListingRow.payer_id)
    if basis == "submission":
        query = query.outerjoin(first, first.c.claim_id == ClaimListingRow.claim_id)
    rows = session.execute(
        query.where(or_(OWED_CENTS != 0, patient != 0)).group_by(
            PayerRow.identifier, PayerRow.name, "bucket"
        )
    )
    found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * len(BUCKETS))
    patients = [0] * len(BUCKETS)
    for identifier, name, n, owed, is_owed, cents in rows:
        patients[n] += cents
        if is_owed:
            found[identifier, name][n] = owed
    return found, patients


def _aging_row(
    label: str, payer: str | None, cents: Sequence[int], basis: Basis, today: date
) -> AgingRow:
    parts = []
    for n, amount in enumerate(cents):
        told: dict[str, FilterValue] = {"has_open": "payer" if payer else "patient"}
        if payer:
            told["payer"] = payer
        begin, end = _RANGE[basis]
        if n < len(_OLDEST):
            told[begin] = (today - _OLDEST[n] * _DAY).isoformat()
        if n > 0:
            told[end] = (today - (_OLDEST[n - 1] + 1) * _DAY).isoformat()
        link = PageLink(page="claims", filter=told) if amount else None
        parts.append(Part(amount_cents=amount, link=link))
    return AgingRow(label=label, payer=payer, total_cents=sum(cents), buckets=tuple(parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """The cash of a week or a day."""

    first: date
    last: date
    amount_cents: int
    is_open: bool  #: It is not over yet.
    link: PageLink | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cash:
    """What payers paid, by week or day."""

    definition: str
    points: tuple[Point, ...]
    total_cents: int


def payments(session: ReadSession, *, group: Group, first: date, last: date, today: date) -> Cash:
    """What was posted by day of payment, every week or day of the range in its place."""
    days = 7 if group == "week" else 1
    begin = first - first.weekday() * _DAY if group == "week" else first
    rows = session.execute(
        select(RemittanceRow.payment_date, cast(func.sum(RemittanceRow.payment_cents), BigInteger))
        .where(
            RemittanceRow.state == "posted",
            RemittanceRow.payment_date >= begin,
            RemittanceRow.payment_date <= last,
        )
        .group_by(RemittanceRow.payment_date)
    )
    sums: dict[int, int] = defaultdict(int)
    for day, cents in rows:
        assert day is not None  # Chosen by its range.
        sums[(day - begin).days // days] += cents
    points = []
    for n in range((last - begin).days // days + 1):
        start = begin + n * days * _DAY
        end = start + min(days - 1, (last - start).days) * _DAY
        told = {"state": "posted", "paid_from": start.isoformat(), "paid_to": end.isoformat()}
        points.append(
            Point(
                first=start,
                last=end,
                amount_cents=sums[n],
                is_open=0 <= (today - start).days < days,
                link=PageLink(page="payments", filter=told) if sums[n] else None,
            )
        )
    return Cash(
        definition="BPR02 of remittances that are posted, by the day of payment (BPR16): what the "
        "ledger has in cash in transit for them.",
        points=tuple(points),
        total_cents=sum(sums.values()),
    )

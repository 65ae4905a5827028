"""Which claims a list, its figures, or an export are of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, exists, literal_column, select, union

from rcm.reading.pages import between, equal
from rcm.rows import (
    ClaimEventRow,
    ClaimListingRow,
    ClaimRow,
    FileRow,
    PayerRow,
    PostingRow,
    SubmissionRow,
    WorkItemRow,
)

#: Charged and settled by nobody. Of a claim that was not sent yet it is the whole charge.
OPEN_CENTS = (
    ClaimListingRow.charge_cents
    - ClaimListingRow.paid_cents
    - ClaimListingRow.adjusted_cents
    - ClaimListingRow.patient_cents
)
#: Charged in the ledger, and settled by nobody: receivable from payers, denied or not.
OWED_CENTS = (
    ClaimListingRow.billed_cents
    - ClaimListingRow.paid_cents
    - ClaimListingRow.adjusted_cents
    - ClaimListingRow.patient_cents
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFilter:
    """Which claims; what is empty chooses all. Ends of ranges belong to them."""

    statuses: Sequence[str] = ()
    payers: Sequence[str] = ()  #: Identifiers.
    provider_ids: Sequence[UUID] = ()  #: Billing providers.
    partner_id: UUID | None = None
    patient_id: UUID | None = None
    file_id: UUID | None = None  #: That it travelled in, or that tells of it.
    number: str = ""  #: The beginning of its number, of an earlier one, or of the payer's.
    service_from: date | None = None
    service_to: date | None = None
    received_from: datetime | None = None
    received_before: datetime | None = None
    charge_min: int | None = None
    charge_max: int | None = None
    open_min: int | None = None
    open_max: int | None = None
    has_open: Literal["payer", "patient"] | None = None  #: Who owes something in the ledger.
    sent_from: datetime | None = None  #: For the first time.
    sent_before: datetime | None = None
    reasons: Sequence[str] = ()  #: Of adjustments: CO-45.
    work: Sequence[str] = ()  #: Kinds of open work.
    has_work: bool = False
    assignee: UUID | Literal["nobody"] | None = None  #: Of open work.
    due_before: date | None = None  #: Open work.


def conditions(chosen: ClaimFilter) -> list[ColumnElement[bool]]:
    """Return the conditions on ClaimListingRow for the rows of a list."""
    found = others(chosen)
    listed = ClaimListingRow
    if chosen.statuses:
        found.append(listed.status.in_(chosen.statuses))
    if chosen.payers:
        ids = select(PayerRow.id).where(PayerRow.identifier.in_(chosen.payers))
        found.append(listed.payer_id.in_(ids))
    if chosen.provider_ids:
        found.append(listed.billing_provider_id.in_(chosen.provider_ids))
    return found


def others(chosen: ClaimFilter) -> list[ColumnElement[bool]]:
    """Return the conditions of every filter that is not a facet: status, payer, provider."""
    listed = ClaimListingRow
    found = [
        *equal((listed.partner_id, chosen.partner_id)),
        *between(listed.service_from, chosen.service_from, chosen.service_to),
        *between(listed.charge_cents, chosen.charge_min, chosen.charge_max),
        *between(OPEN_CENTS, chosen.open_min, chosen.open_max),
        *between(listed.created_at, chosen.received_from, None),
    ]
    if chosen.received_before is not None:
        found.append(listed.created_at < chosen.received_before)
    if chosen.patient_id is not None:
        theirs = select(ClaimRow.id).where(ClaimRow.patient_id == chosen.patient_id)
        found.append(listed.claim_id.in_(theirs))
    if chosen.file_id is not None:
        sent = select(SubmissionRow.claim_id).where(SubmissionRow.file_id == chosen.file_id)
        told = select(ClaimEventRow.claim_id).where(ClaimEventRow.file_id == chosen.file_id)
        found.append(listed.claim_id.in_(union(sent, told)))
    if chosen.has_open is not None:
        owed = OWED_CENTS if chosen.has_open == "payer" else listed.patient_cents
        found.append(owed != 0)
    if chosen.sent_from is not None or chosen.sent_before is not None:
        found += _first_sent(chosen)
    if chosen.number:
        found.append(listed.claim_id.in_(_numbered(chosen.number)))
    if chosen.reasons:
        found.append(
            listed.claim_id.in_(
                select(PostingRow.claim_id).where(
                    PostingRow.reason.in_(chosen.reasons),
                    # As the index says it. Both sides of an adjustment name its reason.
                    PostingRow.reason != literal_column("''"),
                    PostingRow.claim_id.is_not(None),
                    PostingRow.amount_cents > literal_column("0"),
                )
            )
        )
    return [*found, *_work(chosen)]


def _first_sent(chosen: ClaimFilter) -> list[ColumnElement[bool]]:
    """Sent before the end of the range, and never before its beginning."""
    sent = select(SubmissionRow.claim_id).join(FileRow, FileRow.id == SubmissionRow.file_id)
    within = [] if chosen.sent_from is None else [FileRow.created_at >= chosen.sent_from]
    if chosen.sent_before is not None:
        within.append(FileRow.created_at < chosen.sent_before)
    found: list[ColumnElement[bool]] = [ClaimListingRow.claim_id.in_(sent.where(*within))]
    if chosen.sent_from is not None:
        earlier = sent.where(
            FileRow.created_at < chosen.sent_from,
            SubmissionRow.claim_id == ClaimListingRow.claim_id,
        )
        found.append(~earlier.exists())
    return found


def starts_with(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """Return the condition that a column begins with `text`, whatever stands in it."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return column.like(f"{escaped}%", escape="\\")


def _numbered(number: str) -> CompoundSelect[UUID]:
    """The claims whose number begins so: three look-ups by index, where one OR would read all."""
    ours = ClaimRow.patient_control_number.expression
    theirs = ClaimRow.payer_control_number.expression
    return union(
        select(ClaimRow.id).where(starts_with(ours, number)),
        select(ClaimRow.id).where(starts_with(theirs, number), theirs != ""),
        select(SubmissionRow.claim_id).where(SubmissionRow.patient_control_number == number),
    )


def _work(chosen: ClaimFilter) -> list[ColumnElement[bool]]:
    """The filters of open work hold of one and the same item."""
    wanted: list[ColumnElement[bool]] = []
    if chosen.work:
        wanted.append(WorkItemRow.kind.in_(chosen.work))
    if chosen.assignee == "nobody":
        wanted.append(WorkItemRow.assignee_id.is_(None))
    elif chosen.assignee is not None:
        wanted.append(WorkItemRow.assignee_id == chosen.assignee)
    if chosen.due_before is not None:
        wanted.append(WorkItemRow.due_on < chosen.due_before)
    if not wanted and not chosen.has_work:
        return []
    of_claim = WorkItemRow.claim_id == ClaimListingRow.claim_id
    return [exists().where(of_claim, WorkItemRow.state == "open", *wanted)]

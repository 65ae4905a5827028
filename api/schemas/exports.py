"""Which rows and columns an export has."""

from collections.abc import Callable
from operator import attrgetter

from pydantic import BaseModel, Field

from api.schemas.claim_list import ClaimChoice, ClaimSort
from api.schemas.remittances import RemittanceChoice
from api.schemas.remittances import Sort as RemittanceSort
from api.schemas.work_items import ItemChoice
from api.schemas.work_items import Sorting as WorkItemSort
from api.sheets import Column, Format, Kind
from rcm.reading.claim_list import ListedClaim
from rcm.reading.remittances import RemittanceSummary
from rcm.reading.work_items import WorkItem


class _Sheet(BaseModel):
    format: Format = Field(
        default=Format.CSV,
        description="csv: UTF-8 with a mark that spreadsheets know, every cell quoted; xlsx. In "
        "both, a text that a spreadsheet would run gets an apostrophe before it.",
    )


class ClaimExportQuery(ClaimChoice, _Sheet):
    """Which claims, in which order, as what."""

    sort: ClaimSort = Field(default="-created_at", description="A leading minus: descending.")


class RemittanceExportQuery(RemittanceChoice, _Sheet):
    """Which remittances, in which order, as what."""

    sort: RemittanceSort = Field(default="-received", description="A leading minus: descending.")


class WorkItemExportQuery(ItemChoice, _Sheet):
    """Which work items, in which order, as what."""

    sort: WorkItemSort = Field(default="due", description="A leading minus: descending.")


def _amount(name: str) -> Callable[[ListedClaim], int]:
    return lambda claim: claim.amounts[name]


CLAIM_COLUMNS: tuple[Column[ListedClaim], ...] = (
    Column(title="Claim", value=attrgetter("patient_control_number")),
    Column(title="Status", value=attrgetter("status")),
    Column(title="Said by", value=attrgetter("status_by")),
    Column(title="Said at", value=attrgetter("status_at"), kind=Kind.INSTANT),
    Column(title="Patient", value=attrgetter("patient")),
    Column(title="Payer id", value=attrgetter("payer.identifier")),
    Column(title="Payer", value=attrgetter("payer.name")),
    Column(title="Practice", value=attrgetter("provider.name")),
    Column(title="Served from", value=attrgetter("service_from"), kind=Kind.DAY),
    Column(title="Served to", value=attrgetter("service_to"), kind=Kind.DAY),
    Column(title="Received", value=attrgetter("created_at"), kind=Kind.INSTANT),
    *(
        Column(title=title, value=_amount(name), kind=Kind.CENTS)
        for title, name in (
            ("Billed", "charge_cents"),
            ("Paid", "paid_cents"),
            ("Adjusted", "adjusted_cents"),
            ("Patient owes", "patient_cents"),
            ("Open", "open_cents"),
            ("Denied", "denied_cents"),
            ("Not sent yet", "unbilled_cents"),
        )
    ),
    Column(title="Due", value=attrgetter("due_on"), kind=Kind.DAY),
    Column(title="Whose", value=lambda claim: claim.assignee.name if claim.assignee else None),
    Column(title="Next action", value=attrgetter("next_action")),
    Column(title="Findings", value=attrgetter("findings_count"), kind=Kind.COUNT),
)

REMITTANCE_COLUMNS: tuple[Column[RemittanceSummary], ...] = (
    Column(title="Trace", value=attrgetter("trace")),
    Column(title="State", value=attrgetter("state")),
    Column(title="Why", value=attrgetter("why")),
    Column(title="Payer id", value=attrgetter("payer_id")),
    Column(title="Payer", value=attrgetter("payer_name")),
    Column(title="Payment day", value=attrgetter("payment_date"), kind=Kind.DAY),
    Column(title="Method", value=attrgetter("method")),
    Column(title="Claims", value=attrgetter("claims"), kind=Kind.COUNT),
    Column(title="Claims paid", value=attrgetter("claims_paid_cents"), kind=Kind.CENTS),
    Column(
        title="Provider adjustments",
        value=attrgetter("provider_adjustments_cents"),
        kind=Kind.CENTS,
    ),
    Column(title="Payment", value=attrgetter("payment_cents"), kind=Kind.CENTS),
    Column(title="Difference", value=attrgetter("difference_cents"), kind=Kind.CENTS),
    Column(title="In suspense", value=attrgetter("needs.suspense_cents"), kind=Kind.CENTS),
    Column(title="Received", value=attrgetter("received_at"), kind=Kind.INSTANT),
)

WORK_ITEM_COLUMNS: tuple[Column[WorkItem], ...] = (
    Column(title="Kind", value=attrgetter("kind")),
    Column(title="State", value=attrgetter("state")),
    Column(title="Due", value=attrgetter("due_on"), kind=Kind.DAY),
    Column(title="Reason", value=attrgetter("reason")),
    Column(title="What is wrong", value=attrgetter("message")),
    Column(title="What to do", value=attrgetter("action")),
    Column(title="Amount", value=attrgetter("amount_cents"), kind=Kind.CENTS),
    Column(
        title="Claim", value=lambda item: item.claim.patient_control_number if item.claim else None
    ),
    Column(title="Payer's number", value=attrgetter("payer_control_number")),
    Column(title="Patient", value=attrgetter("patient")),
    Column(title="Payer", value=lambda item: item.payer.name if item.payer else None),
    Column(title="Whose", value=lambda item: item.assignee.name if item.assignee else None),
    Column(title="Opened", value=attrgetter("opened_at"), kind=Kind.INSTANT),
    Column(title="Closed", value=attrgetter("closed_at"), kind=Kind.INSTANT),
    Column(title="Closed by", value=attrgetter("closed_by")),
)

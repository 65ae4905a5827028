"""Every table as a typed row. METADATA is complete once this package is imported."""

from rcm.rows.access import (
    ActorRow,
    ApiKeyRow,
    AuditEventRow,
    SessionRow,
    SignInAttemptRow,
    TicketRow,
    UserRow,
)
from rcm.rows.base import Base
from rcm.rows.chains import ChainedEntryRow, ChainedEventRow, ChainLinkRow
from rcm.rows.claims import (
    ClaimEventRow,
    ClaimLineRow,
    ClaimListingRow,
    ClaimNoteRow,
    ClaimRow,
    ClaimSumRow,
    EncounterRow,
    EncounterVersionRow,
)
from rcm.rows.eligibility import EligibilityCheckRow, EligibilityScheduleRow
from rcm.rows.exchange import (
    ControlNumberRow,
    FileChunkRow,
    FileRow,
    FileSightingRow,
    InterchangeRow,
    SubmissionRow,
    UnfetchedRow,
)
from rcm.rows.money import (
    HandMatchRow,
    LedgerEntryRow,
    PostingRow,
    ProviderAdjustmentRow,
    RemittanceClaimRow,
    RemittanceRow,
    RemittanceServiceRow,
)
from rcm.rows.parties import (
    BillingProviderRow,
    ConnectionTestRow,
    CoverageRow,
    PartnerBreakerRow,
    PatientRow,
    PayerRow,
    TradingPartnerRow,
)
from rcm.rows.service import (
    CronTickRow,
    DeploymentRow,
    IdempotencyRow,
    JobRow,
    ScheduleRow,
)
from rcm.rows.work import ChangeRow, DecisionRow, WorkItemEventRow, WorkItemRow

METADATA = Base.metadata

__all__ = [
    "METADATA",
    "ActorRow",
    "ApiKeyRow",
    "AuditEventRow",
    "BillingProviderRow",
    "ChainLinkRow",
    "ChainedEntryRow",
    "ChainedEventRow",
    "ChangeRow",
    "ClaimEventRow",
    "ClaimLineRow",
    "ClaimListingRow",
    "ClaimNoteRow",
    "ClaimRow",
    "ClaimSumRow",
    "ConnectionTestRow",
    "ControlNumberRow",
    "CoverageRow",
    "CronTickRow",
    "DecisionRow",
    "DeploymentRow",
    "EligibilityCheckRow",
    "EligibilityScheduleRow",
    "EncounterRow",
    "EncounterVersionRow",
    "FileChunkRow",
    "FileRow",
    "FileSightingRow",
    "HandMatchRow",
    "IdempotencyRow",
    "InterchangeRow",
    "JobRow",
    "LedgerEntryRow",
    "PartnerBreakerRow",
    "PatientRow",
    "PayerRow",
    "PostingRow",
    "ProviderAdjustmentRow",
    "RemittanceClaimRow",
    "RemittanceRow",
    "RemittanceServiceRow",
    "ScheduleRow",
    "SessionRow",
    "SignInAttemptRow",
    "SubmissionRow",
    "TicketRow",
    "TradingPartnerRow",
    "UnfetchedRow",
    "UserRow",
    "WorkItemEventRow",
    "WorkItemRow",
]

"""Queries of one claim's page: who, where, what next, and what is known of its coverage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from edi.codes import CodeList, words_of
from rcm.claims.status import CORRECTABLE, HOLDABLE, ClaimStatus
from rcm.claims.words import STATUS, said_by, source_words
from rcm.crypto import SealError
from rcm.db import ReadSession
from rcm.eligibility.model import SETTLED
from rcm.encounters.fields import label_of
from rcm.encounters.model import EncounterIn, PatientIn
from rcm.encounters.read import BadEncounterError, read_encounter
from rcm.encounters.store import body_of, version_of
from rcm.reading.claims import ClaimDetail, claim
from rcm.rows import (
    ActorRow,
    BillingProviderRow,
    ClaimRow,
    EligibilityCheckRow,
    TradingPartnerRow,
    WorkItemRow,
)
from rcm.tools import Tools

_ON_ITS_WAY = "It is on its way: wait for the answer."
_DECIDED = (
    "The payer has decided it. Replacing a decided claim (frequency 7) is not built yet: "
    "correct it with the payer, or appeal."
)
_DECIDED_STATUSES = frozenset(
    {ClaimStatus.PAID, ClaimStatus.DENIED, ClaimStatus.PENDED, ClaimStatus.REVERSED}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NextAction:
    """What a person has to do next."""

    item_id: UUID
    kind: str
    wrong: str
    action: str
    code: str  #: A finding's, CO-197, A7:164:IL, ...: whoever said it, by code.
    pointer: str
    field: str  #: The label of what `pointer` names.
    amount_cents: int
    due_on: date
    days_left: int
    opened_at: datetime
    assignee: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LastCheck:
    """The newest answer about the claim's coverage."""

    check_id: UUID
    outcome: str
    service_date: date
    answered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPage:
    """All of one claim that a page shows at once."""

    claim: ClaimDetail
    status_words: str
    said: str
    billing: Mapping[str, str]
    partner: Mapping[str, str]
    next_actions: tuple[NextAction, ...]
    may: Mapping[str, str]  #: What can be done, and why not: empty where it can.
    last_check: LastCheck | None
    tag: str
    encounter: EncounterIn | None = field(repr=False)  #: None where it does not open. PHI.

    @property
    def patient(self) -> PatientIn | None:
        """The patient, where the encounter opens."""
        return self.encounter.patient if self.encounter else None


def claim_page(session: ReadSession, tools: Tools, claim_id: UUID) -> ClaimPage | None:
    """The page of a claim; None where there is none. Shows PHI: its caller audits, or masks."""
    found = claim(session, claim_id)
    if found is None:
        return None
    row = session.execute(
        select(
            ClaimRow.coverage_id,
            BillingProviderRow.npi,
            BillingProviderRow.name.label("billing_name"),
            TradingPartnerRow.name.label("partner_name"),
        )
        .join(BillingProviderRow, BillingProviderRow.id == ClaimRow.billing_provider_id)
        .join(TradingPartnerRow, TradingPartnerRow.id == ClaimRow.partner_id)
        .where(ClaimRow.id == claim_id)
    ).one()
    status = ClaimStatus(found.status)
    said = said_by(found.status_by, payer=found.payer.name, partner=row.partner_name)
    version = version_of(session, found.encounter_id)
    return ClaimPage(
        claim=found,
        status_words=STATUS[status],
        said=source_words(said, found.status_at, tools.time_zone),
        billing={"npi": row.npi, "name": row.billing_name},
        partner={"id": str(found.partner_id), "name": row.partner_name},
        next_actions=_next_actions(session, claim_id, today=tools.today()),
        may=_may(status),
        last_check=_last_check(session, row.coverage_id),
        tag=version.tag if version else "",
        encounter=encounter_here(session, tools, found.encounter_id),
    )


def encounter_here(session: ReadSession, tools: Tools, encounter_id: UUID) -> EncounterIn | None:
    """An encounter; None where it does not open, or not as this version knows encounters."""
    try:
        body = body_of(session, tools.keys, encounter_id)
        return read_encounter(body) if body else None
    except (SealError, BadEncounterError):
        return None


def place_words(encounter: EncounterIn) -> str:
    """Return the place of service, code and words."""
    code = encounter.place_of_service
    words = words_of(CodeList.PLACE_OF_SERVICE, code)
    return f"{code}, {words}" if words else code


def _next_actions(session: ReadSession, claim_id: UUID, *, today: date) -> tuple[NextAction, ...]:
    rows = session.execute(
        select(WorkItemRow, ActorRow.name)
        .outerjoin(ActorRow, ActorRow.id == WorkItemRow.assignee_id)
        .where(WorkItemRow.claim_id == claim_id, WorkItemRow.state == "open")
        .order_by(WorkItemRow.due_on, WorkItemRow.amount_cents.desc(), WorkItemRow.id)
    )
    return tuple(
        NextAction(
            item_id=item.id,
            kind=item.kind,
            wrong=item.message,
            action=item.action,
            code=item.reason,
            pointer=item.pointer,
            field=label_of(item.pointer) if item.pointer else "",
            amount_cents=item.amount_cents,
            due_on=item.due_on,
            days_left=(item.due_on - today).days,
            opened_at=item.opened_at,
            assignee=assignee,
        )
        for item, assignee in rows
    )


def _may(status: ClaimStatus) -> dict[str, str]:
    """Return what can be done with a claim in this status: why not, or nothing where it can."""
    blocked = _DECIDED if status in _DECIDED_STATUSES else _ON_ITS_WAY
    correct = "" if status in CORRECTABLE else blocked
    is_on_hold = status is ClaimStatus.ON_HOLD
    return {
        "correct": correct,
        "resubmit": "A person holds it back: release it first." if is_on_hold else correct,
        "hold": "" if status in HOLDABLE else "It does not wait to be sent.",
        "release": "" if is_on_hold else "No person holds it back.",
        "note": "",
    }


def _last_check(session: ReadSession, coverage_id: UUID) -> LastCheck | None:
    row = session.scalars(
        select(EligibilityCheckRow)
        .where(
            EligibilityCheckRow.coverage_id == coverage_id,
            EligibilityCheckRow.outcome.in_(SETTLED),
        )
        .order_by(EligibilityCheckRow.answered_at.desc(), EligibilityCheckRow.id)
        .limit(1)
    ).one_or_none()
    if row is None or row.outcome is None or row.answered_at is None:
        return None
    return LastCheck(
        check_id=row.id,
        outcome=row.outcome,
        service_date=row.service_date,
        answered_at=row.answered_at,
    )


def work_findings(actions: Sequence[NextAction]) -> list[dict[str, object]]:
    """Return what others said of a field, as findings: so that a form can pin them to it."""
    return [
        {
            "code": each.code,
            "severity": "error",
            "message": each.wrong,
            "cure": each.action,
            "place": {"pointer": each.pointer},
        }
        for each in actions
        if each.pointer and each.kind != "held"  # What holds it is among its findings already.
    ]

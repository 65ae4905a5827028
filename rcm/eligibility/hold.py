"""Use case: an inactive coverage holds its unsent claims, an active one lets them go."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from rcm.claims.event_store import record_events
from rcm.claims.events import NewEvent
from rcm.claims.status import ClaimEvent, ClaimStatus
from rcm.claims.store import set_findings
from rcm.eligibility.answer_store import UnsentClaim, take_inactive, take_unsent
from rcm.eligibility.holding import INACTIVE, is_free, with_inactive, without_inactive
from rcm.eligibility.model import Outcome
from rcm.tools import Tools
from rcm.worklists.eligibility import inactive
from rcm.worklists.store import add_items, close_reasons

_REPORTER = "payer, 271"


def hold_and_release(
    session: Session, tools: Tools, coverage_ids: Iterable[UUID], *, file_id: UUID
) -> None:
    """Hold the claims whose coverage is inactive on their first day; release those it is not.

    A claim that something else holds stays held.
    """
    claims = take_unsent(session, coverage_ids)
    ready = [claim for claim in claims if claim.status is ClaimStatus.READY]
    _hold(session, tools, [c for c in ready if c.last_word is Outcome.INACTIVE], file_id)
    cleared = [
        claim
        for claim in claims
        if claim.last_word is Outcome.ACTIVE
        and any(found["code"] == INACTIVE.code for found in claim.findings)
    ]
    _release(session, tools, cleared, file_id)


def hold_inactive(session: Session, tools: Tools, claim_ids: Sequence[UUID]) -> set[UUID]:
    """Hold those READY claims whose coverage is inactive by now; returns them.

    The last look before claims go: some were made ready again after the answer came.
    """
    claims = take_inactive(session, claim_ids)
    _hold(session, tools, claims, None)
    return {claim.id for claim in claims}


def _hold(
    session: Session, tools: Tools, claims: Sequence[UnsentClaim], file_id: UUID | None
) -> None:
    now = tools.clock()
    set_findings(session, {claim.id: with_inactive(claim.findings) for claim in claims})
    events = [
        NewEvent(
            claim_id=claim.id,
            key=f"inactive/{claim.id}/{now.isoformat()}",
            event=ClaimEvent.FOUND_WANTING,
            reporter=_REPORTER,
            file_id=file_id,
            detail={"findings": [INACTIVE.code]},
        )
        for claim in claims
    ]
    record_events(session, events, now=now)
    items = [inactive(c.id, c.check_id, c.charge_cents, since=now) for c in claims]
    add_items(session, tools, items, now=now)


def _release(session: Session, tools: Tools, claims: Sequence[UnsentClaim], file_id: UUID) -> None:
    now = tools.clock()
    set_findings(session, {claim.id: without_inactive(claim.findings) for claim in claims})
    events = [
        NewEvent(
            claim_id=claim.id,
            key=f"active/{claim.id}/{now.isoformat()}",
            event=ClaimEvent.FOUND_CLEAN,
            reporter=_REPORTER,
            file_id=file_id,
        )
        for claim in claims
        if is_free(claim.findings)
    ]
    record_events(session, events, now=now)
    close_reasons(session, [claim.id for claim in claims], [INACTIVE.code], now=now)

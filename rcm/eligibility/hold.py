"""Use case: an inactive coverage holds its unsent claims, an active one lets them go."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from rcm.claims.events import NewEvent
from rcm.claims.status import ClaimEvent, ClaimStatus
from rcm.claims.store import record_events, set_findings
from rcm.eligibility.answer_store import UnsentClaim, take_unsent
from rcm.eligibility.holding import INACTIVE, is_free, with_inactive, without_inactive
from rcm.eligibility.model import Outcome
from rcm.tools import Tools
from rcm.worklists.eligibility import inactive
from rcm.worklists.store import add_items, close_reason

_REPORTER = "payer, 271"


def hold_and_release(
    session: Session, tools: Tools, news: Mapping[UUID, UUID], *, file_id: UUID
) -> None:
    """Hold the claims whose coverage is inactive on their first day; release those it is not.

    `news` are the checks that were just answered, by coverage. A claim that something else holds
    stays held.
    """
    claims = take_unsent(session, news)
    to_hold = [
        claim
        for claim in claims
        if claim.status is ClaimStatus.READY and claim.last_word is Outcome.INACTIVE
    ]
    to_clear = [
        claim
        for claim in claims
        if claim.last_word is Outcome.ACTIVE
        and any(found["code"] == INACTIVE.code for found in claim.findings)
    ]
    now = tools.clock()
    set_findings(session, {claim.id: with_inactive(claim.findings) for claim in to_hold})
    set_findings(session, {claim.id: without_inactive(claim.findings) for claim in to_clear})
    free = [claim for claim in to_clear if is_free(claim.findings)]
    events = [
        *_events(to_hold, ClaimEvent.FOUND_WANTING, news, file_id),
        *_events(free, ClaimEvent.FOUND_CLEAN, news, file_id),
    ]
    record_events(session, events, now=now)
    items = [inactive(each.id, news[each.coverage_id], each.charge_cents) for each in to_hold]
    add_items(session, tools.randomness, items, now=now)
    close_reason(session, [claim.id for claim in to_clear], INACTIVE.code, now=now)


def _events(
    claims: Sequence[UnsentClaim], event: ClaimEvent, news: Mapping[UUID, UUID], file_id: UUID
) -> list[NewEvent]:
    return [
        NewEvent(
            claim_id=claim.id,
            key=f"271/{news[claim.coverage_id]}/{claim.id}/{event}",
            event=event,
            reporter=_REPORTER,
            file_id=file_id,
            detail={"findings": [INACTIVE.code]}
            if event is ClaimEvent.FOUND_WANTING
            else {"findings": []},
        )
        for claim in claims
    ]

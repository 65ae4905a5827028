"""What an answer about a coverage gives people to do. Pure."""

from datetime import datetime
from typing import assert_never
from uuid import UUID

from edi.findings import Finding
from edi.money import Cents
from rcm.eligibility.holding import INACTIVE
from rcm.eligibility.model import Answer, Outcome
from rcm.eligibility.reject_reasons import deciding, reason_of
from rcm.eligibility.retry import advice_of
from rcm.worklists.items import ItemKind, NewItem


def item_of(check_id: UUID, answer: Answer, *, retry_at: datetime | None) -> NewItem | None:
    """Return the item of an answer; None where nobody has to do anything."""
    refusal = deciding(answer.refusals)
    match answer.outcome:
        case Outcome.ACTIVE if not answer.is_corrected:
            return None
        case Outcome.ACTIVE:
            return _item(
                check_id,
                "INS-25",
                "The payer knows the person by other data than was sent.",
                "Compare with what the payer answered, and correct the coverage at the source.",
                "/coverages/0/member_id" if answer.has_other_id else "/patient",
            )
        case _ if refusal is not None:
            if answer.outcome is Outcome.PAYER_DOWN and retry_at is not None:
                return None
            reason = reason_of(refusal)
            return _item(
                check_id,
                f"AAA-{refusal.code}" if refusal.code else "AAA",
                reason.message,
                f"{reason.action} {advice_of(refusal).message}",
                reason.pointer,
            )
        case Outcome.INACTIVE:
            return _item(
                check_id,
                "INACTIVE",
                "The payer says that the coverage is not active.",
                "Ask the patient for another insurance.",
                "/coverages/0",
            )
        case Outcome.UNCLEAR | Outcome.NOT_FOUND | Outcome.PAYER_DOWN | Outcome.REFUSED:
            return _item(
                check_id,
                "UNCLEAR",
                "The payer answered, and said neither active nor inactive.",
                "Read the benefits, or telephone the payer.",
                "",
            )
        case _:
            assert_never(answer.outcome)


def _item(check_id: UUID, reason: str, message: str, action: str, pointer: str) -> NewItem:
    return NewItem(
        key=f"eligibility/{check_id}/{reason}",
        kind=ItemKind.ELIGIBILITY,
        reason=reason,
        message=message,
        action=action,
        pointer=pointer,
        eligibility_check_id=check_id,
    )


def not_asked(check_id: UUID, why: Finding) -> NewItem:
    """Return the item of a check that no payer could answer as it stands."""
    return _item(check_id, why.code, why.message, why.cure, why.place.pointer)


def refused_file(outbound_id: UUID, file_id: UUID, reason: str, checks: int) -> NewItem:
    """Return the item of a 270 that a 999 or TA1 refused: one for all that it asked."""
    return NewItem(
        key=f"eligibility-refused/{outbound_id}/{file_id}",
        kind=ItemKind.ELIGIBILITY,
        reason=reason,
        message=f"The clearinghouse refused a file of {checks} eligibility inquiries.",
        action="Have the acknowledgment's reason corrected, then check the coverages again.",
        file_id=outbound_id,
    )


def inactive(
    claim_id: UUID, check_id: UUID | None, charge_cents: Cents, *, since: datetime
) -> NewItem:
    """Return the item of a claim that an inactive coverage holds."""
    return NewItem(
        key=f"inactive/{claim_id}/{since.isoformat()}",
        kind=ItemKind.HELD,
        reason=INACTIVE.code,
        message=INACTIVE.message,
        action=INACTIVE.cure,
        pointer=INACTIVE.place.pointer,
        amount_cents=charge_cents,
        claim_id=claim_id,
        eligibility_check_id=check_id,
    )

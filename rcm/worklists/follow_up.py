"""What a payer's answer leaves to be watched: no denial, yet nothing that ends by itself. Pure."""

from enum import StrEnum
from uuid import UUID

from edi.money import Cents
from rcm.worklists.items import ItemKind, NewItem


class FollowUp(StrEnum):
    """Why a claim is watched."""

    REVERSED = "REVERSED"
    FORWARDED = "CLP02-23"
    PAID_TO_PATIENT = "CARC-100"
    CORRECTED_NAME = "NM1-74"
    DUPLICATE = "CARC-18"


#: What the next answer of a payer settles; the others are settled by people, or by a reversal.
ANSWERED = (FollowUp.REVERSED, FollowUp.FORWARDED, FollowUp.DUPLICATE)


_WORDS = {
    FollowUp.REVERSED: (
        "The payer took its payment back, and nothing stands in its place yet.",
        "Wait for the corrected remittance; if none comes within 30 days, ask the payer.",
    ),
    FollowUp.FORWARDED: (
        "The payer says that the claim is not its own, and has sent it on to another payer.",
        "Correct the order of the payers; bill the other one if no answer of it comes in 30 days.",
    ),
    FollowUp.CORRECTED_NAME: (
        "The payer knows the patient or subscriber by another name or member id than we sent.",
        "Look at NM1*74 in the remittance, and correct the coverage before the next claim.",
    ),
    FollowUp.DUPLICATE: (
        "The payer says that it has the claim already, and no other answer has been received.",
        "Ask the payer for the remittance of the claim that it calls the first one.",
    ),
    FollowUp.PAID_TO_PATIENT: (
        "The payer sent the money to the patient.",
        "Bill the patient for it; ask the payer to pay the practice (assignment of benefits).",
    ),
}


def follow_up_key(why: FollowUp, claim_id: UUID, remittance_id: UUID) -> str:
    """Return the key of an item: one of a kind for a claim and what told it."""
    return f"follow-up/{why}/{claim_id}/{remittance_id}"


def follow_up(why: FollowUp, claim_id: UUID, remittance_id: UUID, cents: Cents) -> NewItem:
    """Return the item of a claim that must be watched, told by a remittance."""
    message, action = _WORDS[why]
    return NewItem(
        key=follow_up_key(why, claim_id, remittance_id),
        kind=ItemKind.FOLLOW_UP,
        reason=why,
        message=message,
        action=action,
        amount_cents=cents,
        claim_id=claim_id,
        remittance_id=remittance_id,
    )

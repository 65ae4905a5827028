"""Work items as values: each made from one fact, told once by its key. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from edi.acknowledgment_ta1 import InterchangeNote
from edi.findings import Finding
from edi.money import Cents
from edi.remittance_835.model import ClaimPayment
from rcm.claims.claim_acknowledgment import (
    REJECTED_CATEGORIES,
    Told,
    code_text,
    codes_of,
)
from rcm.claims.status_words import statuses_words
from rcm.remittance.decide import ClaimState
from rcm.remittance.denials import Denial

_NO_MONEY = Cents(0)


class ItemKind(StrEnum):
    """Which list an item stands in."""

    HELD = "held"  #: A claim that was not sent.
    ON_HOLD = "on_hold"  #: A claim that a person holds back.
    REJECTED = "rejected"  #: A claim that was refused before adjudication.
    DENIED = "denied"  #: A claim that the payer will not pay, or not whole.
    FOLLOW_UP = "follow_up"  #: A claim that has an answer, and yet does not end by itself.
    SUSPENSE = "suspense"  #: Money that waits for its claim.
    REMITTANCE = "remittance"  #: A remittance that was not posted.
    FILE = "file"  #: A file that may not be used.
    ELIGIBILITY = "eligibility"  #: A coverage that its payer does not confirm.


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """Something a person has to do. Names no patient."""

    key: str
    kind: ItemKind
    reason: str  #: Code: a finding's, CO-197, ...
    message: str  #: What is wrong.
    action: str  #: What to do next.
    pointer: str = ""  #: JSON pointer into the encounter, where our own data caused it.
    category: str = ""  #: Of a denial, in words.
    amount_cents: Cents = _NO_MONEY
    claim_id: UUID | None = None
    file_id: UUID | None = None
    remittance_id: UUID | None = None
    encounter_id: UUID | None = None
    eligibility_check_id: UUID | None = None


def held(
    claim_id: UUID, charge_cents: Cents, findings: Sequence[Mapping[str, Any]], *, token: UUID
) -> NewItem | None:
    """Return the item of a claim with errors; None where it has none.

    `token` makes it another item each time: a claim can be held again for the same reason.
    """
    errors = [found for found in findings if found["severity"] == "error"]
    if not errors:
        return None
    first = errors[0]
    more = f" ({len(errors) - 1} more)" if len(errors) > 1 else ""
    return NewItem(
        key=f"held/{claim_id}/{token}",
        kind=ItemKind.HELD,
        reason=first["code"],
        message=f"{first['message']}{more}",
        action=first["cure"],
        pointer=first["place"].get("pointer", ""),
        amount_cents=charge_cents,
        claim_id=claim_id,
    )


def on_hold(claim_id: UUID, charge_cents: Cents, *, by: str, token: UUID) -> NewItem:
    """Return the item of a claim that a person holds back; why is a note of the claim."""
    return NewItem(
        key=f"on-hold/{claim_id}/{token}",
        kind=ItemKind.ON_HOLD,
        reason="ON-HOLD",
        message=f"{by} holds the claim back: it is not sent. The notes say why.",
        action="Settle what it waits for, and release it.",
        amount_cents=charge_cents,
        claim_id=claim_id,
    )


def held_encounter(
    encounter_id: UUID, findings: Sequence[Mapping[str, Any]], *, token: UUID
) -> NewItem:
    """Return the item of an encounter of which no claim could be made."""
    first = findings[0]
    return NewItem(
        key=f"encounter/{encounter_id}/{token}",
        kind=ItemKind.HELD,
        reason=first["code"],
        message=f"{first['message']} No claim was made of the encounter.",
        action=first["cure"],
        pointer=first["place"].get("pointer", ""),
        encounter_id=encounter_id,
    )


def rejected_by_ta1(
    claim_id: UUID, file_id: UUID, outbound_id: UUID, charge_cents: Cents, note: str
) -> NewItem:
    """Return the item of a claim whose whole interchange a TA1, `file_id`, refused."""
    meaning = InterchangeNote(note).meaning if note in set(InterchangeNote) else ""
    return NewItem(
        key=f"rejected/{claim_id}/{file_id}",
        kind=ItemKind.REJECTED,
        reason=f"TA1-{note}",
        message=f"The clearinghouse refused the whole interchange. {meaning}".rstrip(),
        action="Have the connection's identifiers and numbers checked; then send the file again.",
        amount_cents=charge_cents,
        claim_id=claim_id,
        file_id=outbound_id,
    )


def rejected_by_277ca(told: Told, file_id: UUID, charge_cents: Cents) -> NewItem:
    """Return the item of a claim that a clearinghouse or payer will not take."""
    codes = codes_of(told)
    # Receipts may stand beside it, or on lines that are not at fault.
    refusal = next(code for code in codes if code[0] in REJECTED_CATEGORIES)
    _, status, entity = refusal
    who = "The payer" if told.is_payer else "The clearinghouse"
    pointer, field = _POINTERS.get((status, entity), ("", "what the status names"))
    what = _CURES.get((status, entity), f"Correct {field}")
    return NewItem(
        key=f"rejected/{told.claim_id}/{file_id}",
        kind=ItemKind.REJECTED,
        reason=code_text(refusal),
        message=f"{who} rejected the claim: {statuses_words([code_text(c) for c in codes])}.",
        action=f"{what}; then send the claim again, as a new one: it was never adjudicated.",
        pointer=pointer,
        amount_cents=charge_cents,
        claim_id=told.claim_id,
        file_id=file_id,
    )


_CURES = {
    ("24", "41"): "Enroll with the payer under our submitter id",
    ("562", "85"): "Compare the billing provider's NPI with what the payer has on file",
}
#: Status and entity of STC01 (X12 508 and 98, in our words) to the field of the encounter.
_POINTERS = {
    ("164", "IL"): ("/coverages/0/member_id", "the member id"),
    ("125", "IL"): ("/patient/last_name", "the subscriber's name"),
    ("125", "QC"): ("/patient/last_name", "the patient's name"),
    ("158", "IL"): ("/patient/date_of_birth", "the birth date"),
    ("158", "QC"): ("/patient/date_of_birth", "the birth date"),
    ("157", "IL"): ("/patient/gender", "the gender"),
    ("562", "85"): ("/billing_provider/npi", "the billing provider's NPI"),
    ("562", "82"): ("/rendering_provider/npi", "the rendering provider's NPI"),
    ("562", "DN"): ("/referring_provider/npi", "the referring provider's NPI"),
    ("254", ""): ("/diagnoses/0/code", "the principal diagnosis"),
    ("255", ""): ("/diagnoses", "the diagnoses"),
    ("454", ""): ("/lines", "the procedure code"),
    ("453", ""): ("/lines", "the modifiers"),
    ("187", ""): ("/lines", "the dates of service"),
    ("178", ""): ("/lines", "the charge"),
    ("249", ""): ("/place_of_service", "the place of service"),
}


def quarantined(file_id: UUID, findings: Sequence[Mapping[str, Any]]) -> NewItem:
    """Return the item of a file that may not be used, or could not be."""
    first = findings[0]
    return NewItem(
        key=f"file/{file_id}",
        kind=ItemKind.FILE,
        reason=first["code"],
        message=first["message"],
        action=first["cure"],
        file_id=file_id,
    )


def denial_key(remittance_id: UUID, position: int) -> str:
    """Return the key of the item of a denial: the claim at this place of a remittance."""
    return f"denied/{remittance_id}/{position}"


def denied(
    claim_id: UUID, remittance_id: UUID, position: int, denial: Denial, denied_cents: Cents
) -> NewItem:
    """Return the item of a claim of which the payer denied `denied_cents`."""
    category = denial.category
    appeal = " It can be appealed." if category.is_appealable else ""
    return NewItem(
        key=denial_key(remittance_id, position),
        kind=ItemKind.DENIED,
        reason=denial.reason,
        category=category.name,
        message=f"Denied: {category.name}.",
        action=category.action + appeal,
        amount_cents=denied_cents,
        claim_id=claim_id,
        remittance_id=remittance_id,
    )


_SUSPENSE = {
    ClaimState.UNMATCHED: (
        "is for a claim that is not known here.",
        "Find the claim that is meant, or say that it is not ours.",
    ),
    ClaimState.UNBALANCED: (
        "is for a claim that does not add up.",
        "Ask the payer for a corrected remittance; the proof of the payment names the line.",
    ),
}


def suspense_key(remittance_id: UUID, position: int) -> str:
    """Return the key of the item of a payment that waits in suspense."""
    return f"suspense/{remittance_id}/{position}"


def suspended(
    payment: ClaimPayment, state: ClaimState, number: str, *, remittance_id: UUID, file_id: UUID
) -> NewItem:
    """Return the item of a claim's payment that waits in suspense, of the payment `number`."""
    message, action = _SUSPENSE[state]
    return NewItem(
        key=suspense_key(remittance_id, payment.position),
        kind=ItemKind.SUSPENSE,
        reason=state,
        message=f"Payment {number} {message}",
        action=action,
        amount_cents=payment.paid_cents,
        file_id=file_id,
        remittance_id=remittance_id,
    )


def unposted(remittance_id: UUID, payment_cents: Cents, why: Finding) -> NewItem:
    """Return the item of a remittance that was held."""
    return NewItem(
        key=f"remittance/{remittance_id}",
        kind=ItemKind.REMITTANCE,
        reason=why.code,
        message=why.message,
        action=why.cure,
        amount_cents=payment_cents,
        remittance_id=remittance_id,
    )

"""Which of our claims and lines a payer speaks of. First unique hit wins; the rule is kept."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from edi.money import Cents
from edi.remittance_835.model import ClaimPayment, Remittance, ServicePayment

NOT_RECEIVED = "0"  #: CLP01 where the payer had no control number (RFI 535): never matched.


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownLine:
    """A line of a claim we sent."""

    line: int
    control_number: str  #: REF*6R.
    procedure: str
    modifiers: tuple[str, ...]
    charge_cents: Cents
    service_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownClaim:
    """A claim we sent, as far as matching and posting need it."""

    id: UUID
    patient_control_number: str
    payer_control_number: str
    billing_provider_id: UUID
    payer_id: UUID
    partner_id: UUID
    charge_cents: Cents
    contractual_codes: frozenset[str]
    lines: tuple[KnownLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A claim, and why we believe it is this one."""

    claim: KnownClaim
    rule: str
    confidence: str  #: certain or likely.


def plain(control_number: str) -> str:
    """Return a control number without what payers lose: case and punctuation.

    >>> plain("ab-12 c")
    'AB12C'
    """
    return re.sub(r"[^A-Z0-9]", "", control_number.upper())


def match_claims(
    remittance: Remittance, known: Sequence[KnownClaim], *, partner_id: UUID
) -> dict[int, Match]:
    """Return the match of each claim position that has one.

    Our own number in full is certain. Anything less counts only for a claim of the partner that
    sent the file, and with the charge that we sent.
    """
    by_number = {claim.patient_control_number: claim for claim in known}
    of_partner = [claim for claim in known if claim.partner_id == partner_id]
    # Payers number their claims without asking each other: only a number of one claim tells.
    uses = Counter(claim.payer_control_number for claim in of_partner)
    by_payer_number = {
        claim.payer_control_number: claim
        for claim in of_partner
        if claim.payer_control_number and uses[claim.payer_control_number] == 1
    }
    matches = {
        payment.position: _match_claim(payment, by_number, by_payer_number, partner_id)
        for payment in remittance.claims
    }
    return {position: match for position, match in matches.items() if match is not None}


def _match_claim(
    payment: ClaimPayment,
    by_number: Mapping[str, KnownClaim],
    by_payer_number: Mapping[str, KnownClaim],
    partner_id: UUID,
) -> Match | None:
    number = payment.patient_control_number
    if number == NOT_RECEIVED:
        return None
    if found := by_number.get(number):
        return Match(claim=found, rule="CLP01", confidence="certain")
    candidates = (
        ("CLP01-PLAIN", by_number.get(plain(number))),
        ("CLP07", by_payer_number.get(payment.payer_claim_number)),
    )
    for rule, found in candidates:
        if found and found.partner_id == partner_id and _same_charge(payment, found):
            return Match(claim=found, rule=rule, confidence="likely")
    return None


def _same_charge(payment: ClaimPayment, claim: KnownClaim) -> bool:
    return abs(payment.charge_cents) == claim.charge_cents


def match_line(service: ServicePayment, lines: Sequence[KnownLine]) -> int | None:
    """Return our line number: by REF*6R, else by what was billed where only one line fits."""
    for line in lines:
        if service.line_control_number and service.line_control_number == line.control_number:
            return line.line
    billed = service.original_procedure or service.procedure
    days = {item.day for item in service.dates if item.qualifier in ("472", "150")}
    fits = [
        line
        for line in lines
        if line.procedure == billed.code
        and sorted(line.modifiers) == sorted(billed.modifiers)
        and abs(line.charge_cents) == abs(service.charge_cents)
        and (not days or line.service_from in days)
    ]
    return fits[0].line if len(fits) == 1 else None

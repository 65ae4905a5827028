"""The proof of an 835: every service, every claim and the whole set, to the cent.

    service  SVC02 - CAS of the service                         = SVC03
    claim    CLP03 - CAS of the claim - CAS of its services     = CLP04
    set      sum of CLP04 - sum of PLB                          = BPR02

AMT, QTY, MIA and MOA explain and are never part of it (RFI 2601). The tolerance is exactly 0.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from edi.findings import Finding, Place, error, warning
from edi.money import Cents
from edi.quick import quickly_made
from edi.remittance_835.model import (
    REVERSAL,
    Adjustment,
    AdjustmentGroup,
    ClaimPayment,
    Remittance,
    ServicePayment,
)

_CURE = "Ask the payer for a corrected remittance."


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceBalance:
    """B1 of one service line."""

    position: int  #: Of the service in its claim, from 1.
    difference_cents: Cents  #: SVC02 - CAS - SVC03.
    segment_number: int = 0  #: Of SVC.


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimBalance:
    """B2 of one claim, and B1 of each of its lines."""

    position: int  #: Of the claim in the transaction set, from 1.
    difference_cents: Cents  #: CLP03 - CAS of claim and lines - CLP04.
    services: tuple[ServiceBalance, ...]
    segment_number: int = 0  #: Of CLP.

    @property
    def is_balanced(self) -> bool:
        """The claim and each of its lines balance."""
        lines = all(service.difference_cents == 0 for service in self.services)
        return self.difference_cents == 0 and lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """The proof of one remittance."""

    set_control_number: str
    difference_cents: Cents  #: B3: sum of CLP04 - sum of PLB - BPR02.
    claims: tuple[ClaimBalance, ...]
    warnings: tuple[Finding, ...]  #: D2 and D3: worth a look, never a hold.

    @property
    def is_set_balanced(self) -> bool:
        """B3 holds. Where it does not, nothing of the set may be posted."""
        return self.difference_cents == 0

    @property
    def is_balanced(self) -> bool:
        """The set, every claim and every line balance."""
        return self.is_set_balanced and not self.unbalanced_claims

    @property
    def unbalanced_claims(self) -> tuple[int, ...]:
        """The positions of claims whose payment goes to `suspense:unbalanced`."""
        return tuple(claim.position for claim in self.claims if not claim.is_balanced)

    def findings(self) -> tuple[Finding, ...]:
        """Return an error for each sum that does not come out, then the warnings."""
        return (*self._errors(), *self.warnings)

    def _errors(self) -> Iterator[Finding]:
        number = self.set_control_number
        if not self.is_set_balanced:
            message = "Claim payments less provider adjustments are not the payment of BPR02"
            place = Place(transaction_set=number, segment_id="BPR", element=2)
            yield _off("835-BALANCE-SET", message, self.difference_cents, place)
        for claim in self.claims:
            if claim.difference_cents:
                message = "The claim's charge less its adjustments is not its payment"
                place = _place(number, claim.segment_number, "CLP", 4, "2100")
                yield _off("835-BALANCE-CLAIM", message, claim.difference_cents, place)
            for service in claim.services:
                if service.difference_cents:
                    message = "The line's charge less its adjustments is not its payment"
                    place = _place(number, service.segment_number, "SVC", 3, "2110")
                    yield _off("835-BALANCE-SERVICE", message, service.difference_cents, place)


def check_balance(remittance: Remittance) -> Balance:
    """Return the proof of a remittance at its three levels, in cents.

    A predetermination (CLP02 25) is a price, not a payment: its CLP04 is not part of the set.
    """
    kept = sum(adjustment.amount_cents for adjustment in remittance.provider_adjustments)
    return Balance(
        set_control_number=remittance.set_control_number,
        difference_cents=Cents(remittance.claims_paid_cents - kept - remittance.payment_cents),
        claims=tuple(_check_claim(claim) for claim in remittance.claims),
        warnings=tuple(_warnings(remittance)),
    )


def _check_claim(claim: ClaimPayment) -> ClaimBalance:
    adjusted = _sum(claim.adjustments) + sum(_sum(line.adjustments) for line in claim.services)
    return ClaimBalance(
        position=claim.position,
        difference_cents=Cents(claim.charge_cents - adjusted - claim.paid_cents),
        services=tuple(_check_service(service) for service in claim.services),
        segment_number=claim.segment_number,
    )


def _check_service(service: ServicePayment) -> ServiceBalance:
    difference = service.charge_cents - _sum(service.adjustments) - service.paid_cents
    return ServiceBalance(
        position=service.position,
        difference_cents=Cents(difference),
        segment_number=service.segment_number,
    )


def _warnings(remittance: Remittance) -> Iterator[Finding]:
    number = remittance.set_control_number
    for claim in remittance.claims:
        lines_charge = sum(service.charge_cents for service in claim.services)
        if claim.services and lines_charge != claim.charge_cents:
            message = "The charges of the lines are not the charge of the claim: it may be split."
            place = _place(number, claim.segment_number, "CLP", 3, "2100")
            yield warning("835-LINES-CHARGE", message, place=place)
        # CLP05 of a reversal is not compared: RFI 2548.
        responsibility = claim.patient_responsibility_cents or 0
        if responsibility > 0 and claim.status_code != REVERSAL:
            every = [*claim.adjustments, *(a for line in claim.services for a in line.adjustments)]
            patient = _sum(a for a in every if a.group is AdjustmentGroup.PATIENT)
            if patient != responsibility:
                message = "The patient's adjustments (PR) are not the responsibility of CLP05."
                place = _place(number, claim.segment_number, "CLP", 5, "2100")
                yield warning("835-PATIENT-SHARE", message, place=place)


def _sum(adjustments: Iterable[Adjustment]) -> int:
    return sum(adjustment.amount_cents for adjustment in adjustments)


def _place(number: str, segment_number: int, segment_id: str, element: int, loop: str) -> Place:
    return Place(
        transaction_set=number,
        segment_number=segment_number,
        segment_id=segment_id,
        element=element,
        loop=loop,
    )


def _off(code: str, message: str, difference: int, place: Place) -> Finding:
    amount = Decimal(abs(difference)).scaleb(-2)
    return error(code, f"{message}: off by {amount:,.2f}.", cure=_CURE, place=place)

"""The proof of an 835: every service, every claim and the whole set, to the cent.

    service  SVC02 - CAS of the service                         = SVC03
    claim    CLP03 - CAS of the claim - CAS of its services     = CLP04
    set      sum of CLP04 - sum of PLB                          = BPR02

AMT, QTY, MIA and MOA explain and are never part of it (RFI 2601). The tolerance is exactly 0.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from edi.check_table import Check, Found, run
from edi.findings import Finding, Place, Severity
from edi.money import Cents
from edi.quick import maker, quickly_made
from edi.remittance_835.model import (
    REVERSAL,
    Adjustment,
    AdjustmentGroup,
    ClaimPayment,
    Remittance,
    ServicePayment,
)


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
        return (*run(BALANCE_CHECKS, self), *self.warnings)


_service_balance, _claim_balance = maker(ServiceBalance), maker(ClaimBalance)


def check_balance(remittance: Remittance) -> Balance:
    """Return the proof of a remittance at its three levels, in cents.

    A predetermination (CLP02 25) is a price, not a payment: its CLP04 is not part of the set.
    """
    kept = sum(adjustment.amount_cents for adjustment in remittance.provider_adjustments)
    return Balance(
        set_control_number=remittance.set_control_number,
        difference_cents=Cents(remittance.claims_paid_cents - kept - remittance.payment_cents),
        claims=tuple(_check_claim(claim) for claim in remittance.claims),
        warnings=tuple(run(LIKELY_CHECKS, remittance)),
    )


def _check_claim(claim: ClaimPayment) -> ClaimBalance:
    adjusted = _sum(claim.adjustments) + sum([_sum(line.adjustments) for line in claim.services])
    return _claim_balance(
        position=claim.position,
        difference_cents=Cents(claim.charge_cents - adjusted - claim.paid_cents),
        services=tuple([_check_service(service) for service in claim.services]),
        segment_number=claim.segment_number,
    )


def _check_service(service: ServicePayment) -> ServiceBalance:
    difference = service.charge_cents - _sum(service.adjustments) - service.paid_cents
    return _service_balance(
        position=service.position,
        difference_cents=Cents(difference),
        segment_number=service.segment_number,
    )


def set_adds_up(balance: Balance) -> Iterator[Found]:
    """B3: the sum of CLP04, less the sum of PLB, is BPR02.

    Source: X221A1, BPR02, loop 2100 CLP04, and PLB.
    """
    if not balance.is_set_balanced:
        message = "Claim payments less provider adjustments are not the payment of BPR02"
        place = Place(transaction_set=balance.set_control_number, segment_id="BPR", element=2)
        yield place, _off(message, balance.difference_cents)


def claims_add_up(balance: Balance) -> Iterator[Found]:
    """B2: CLP03, less the CAS of the claim and of its services, is CLP04.

    Source: X221A1, loop 2100 CLP and CAS, loop 2110 CAS.
    """
    for claim in balance.claims:
        if claim.difference_cents:
            message = "The claim's charge less its adjustments is not its payment"
            number = balance.set_control_number
            place = _place(number, claim.segment_number, "CLP", 4, "2100")
            yield place, _off(message, claim.difference_cents)


def services_add_up(balance: Balance) -> Iterator[Found]:
    """B1: SVC02, less the CAS of the service, is SVC03.

    Source: X221A1, loop 2110 SVC and CAS.
    """
    for claim in balance.claims:
        for service in claim.services:
            if service.difference_cents:
                message = "The line's charge less its adjustments is not its payment"
                number = balance.set_control_number
                place = _place(number, service.segment_number, "SVC", 3, "2110")
                yield place, _off(message, service.difference_cents)


def charges_of_lines_are_the_charge(remittance: Remittance) -> Iterator[Found]:
    """D2: where a claim has services, the sum of SVC02 is CLP03; a payer may split a claim."""
    for claim in remittance.claims:
        lines_charge = sum([service.charge_cents for service in claim.services])
        if claim.services and lines_charge != claim.charge_cents:
            message = "The charges of the lines are not the charge of the claim: it may be split."
            number = remittance.set_control_number
            yield _place(number, claim.segment_number, "CLP", 3, "2100"), message


def patient_share_is_told(remittance: Remittance) -> Iterator[Found]:
    """D3: CLP05 above zero is the sum of the PR adjustments, except in a reversal.

    Source: X12 RFI 2548.
    """
    for claim in remittance.claims:
        responsibility = claim.patient_responsibility_cents or 0
        if responsibility > 0 and claim.status_code != REVERSAL:
            every = [*claim.adjustments, *(a for line in claim.services for a in line.adjustments)]
            patient = _sum(a for a in every if a.group is AdjustmentGroup.PATIENT)
            if patient != responsibility:
                message = "The patient's adjustments (PR) are not the responsibility of CLP05."
                number = remittance.set_control_number
                yield _place(number, claim.segment_number, "CLP", 5, "2100"), message


def _sum(adjustments: Iterable[Adjustment]) -> int:
    return sum([adjustment.amount_cents for adjustment in adjustments])


def _place(number: str, segment_number: int, segment_id: str, element: int, loop: str) -> Place:
    return Place(
        transaction_set=number,
        segment_number=segment_number,
        segment_id=segment_id,
        element=element,
        loop=loop,
    )


def _off(message: str, difference: int) -> str:
    amount = Decimal(abs(difference)).scaleb(-2)
    return f"{message}: off by {amount:,.2f}."


_CORRECTED = "Ask the payer for a corrected remittance."
_SPLIT = "Look for the other part of the claim."
_TRUST = "Trust the adjustments: they are what is posted."

#: What must hold to the cent before money is posted.
BALANCE_CHECKS: tuple[Check[Balance], ...] = (
    Check("835-BALANCE-SET", Severity.ERROR, _CORRECTED, set_adds_up),
    Check("835-BALANCE-CLAIM", Severity.ERROR, _CORRECTED, claims_add_up),
    Check("835-BALANCE-SERVICE", Severity.ERROR, _CORRECTED, services_add_up),
)
#: What mostly holds; it holds up no money. D1 (without CAS of the claim, the sum of SVC03 is
#: CLP04) follows from B1, B2 and D2, and is not told twice.
LIKELY_CHECKS: tuple[Check[Remittance], ...] = (
    Check("835-LINES-CHARGE", Severity.WARNING, _SPLIT, charges_of_lines_are_the_charge),
    Check("835-PATIENT-SHARE", Severity.WARNING, _TRUST, patient_share_is_told),
)

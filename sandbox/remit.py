"""Decisions to the values of an 835: claims, their lines, and the payment around them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum, auto
from typing import Self

from edi.claim_837 import BillingProvider, Claim, Payer, Person, Provider, ServiceLine
from edi.delimiters import Delimiters
from edi.money import Cents
from edi.remittance_835.model import (
    Address,
    ClaimPayment,
    Name,
    Party,
    Payment,
    Procedure,
    QualifiedAmount,
    QualifiedDate,
    Reference,
    Remittance,
    ServicePayment,
    Trace,
)
from edi.segment import Segment
from sandbox.decision import Decision, LineDecision

#: CLP02 by SBR01: processed as primary, secondary, tertiary.
_STATUS = {"S": "2", "T": "3"}
#: SBR09 values that CLP06 does not know (rules-that-bite M16).
_FILING_INDICATORS = {"11": "ZZ", "BL": "12", "CI": "15", "FI": "OF"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PayerIdentity:
    """Who pays: synthetic, like everything here."""

    tax_id: str = "900000009"  #: TRN03 and BPR10 with a 1 before it.
    name: str = ""  #: 1000A N102; empty where it is the payer of the claims.
    payer_id: str = ""  #: 1000A REF*2U; empty with the name.
    address: Address = field(
        default=Address(
            lines=("100 PRACTICE PLAZA",), city="SPRINGFIELD", state="IL", postal_code="62701"
        )
    )
    contact_name: str = "EDI SUPPORT"  #: PER*BL.
    contact_phone: str = "2175550199"
    bank: str = "999999992"  #: BPR07: a routing number that is nobody's.
    account: str = field(default="1000001", repr=False)  #: BPR09.
    payee_bank: str = "999999992"  #: BPR13: an 837 does not say where money goes.
    payee_account: str = field(default="2000002", repr=False)  #: BPR15.

    @property
    def originator_id(self) -> str:
        """TRN03 and BPR10."""
        return "1" + self.tax_id


class Books(Enum):
    """Where the books of whoever reads the 835 have to show a claim of it."""

    CLAIM = auto()  #: At the claim and its lines.
    SUSPENSE = auto()  #: CLP04 in suspense, nothing at any claim.
    NOWHERE = auto()  #: The 835 must not be posted.
    PRICE = auto()  #: Nothing of it, though the 835 is taken in: it tells a price.
    PATIENT_SHARE = auto()  #: At what the payer before left to the patient.


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjudicated:
    """A claim with what was decided about it."""

    claim: Claim
    decision: Decision
    payer_claim_number: str  #: CLP07.
    status: str = ""  #: CLP02; empty where it follows from SBR01.
    books: Books = Books.CLAIM


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """Who pays and who is paid."""

    payer: Payer
    payee: BillingProvider

    @classmethod
    def of(cls, claim: Claim) -> Self:
        """Return the parties of a claim."""
        return cls(payer=claim.payer, payee=claim.billing_provider)


def remittance(
    adjudicated: Sequence[Adjudicated],
    *,
    parties: Parties,
    set_control_number: str,
    trace: str,
    today: date,
    identity: PayerIdentity,
    delimiters: Delimiters,
    change: Callable[[Remittance], Remittance],
) -> Remittance:
    """Return the 835 that pays these claims of one payer and one payee by ACH, today.

    `change` is done to the claims and PLB before the payment (BPR02) is made their sum. Where
    nothing is to be paid, no money moves: BPR04 NON, and the trace number stays unique.
    """
    nothing_yet = _payment(Cents(0), today, identity)
    told = change(
        Remittance(
            set_control_number=set_control_number,
            payment=nothing_yet,
            trace=Trace(number=trace, payer_id=identity.originator_id),
            production_date=today,
            payer=_payer(
                identity.name or parties.payer.name, identity.payer_id or parties.payer.id, identity
            ),
            payee=_payee(parties.payee),
            claims=tuple(
                _claim_payment(each, position) for position, each in enumerate(adjudicated, start=1)
            ),
            delimiters=delimiters,
        )
    )
    paid_cents = sum(claim.paid_cents for claim in told.claims)
    kept_cents = sum(each.amount_cents for each in told.provider_adjustments)
    return replace(told, payment=_payment(Cents(paid_cents - kept_cents), today, identity))


def _payment(paid_cents: Cents, today: date, identity: PayerIdentity) -> Payment:
    if paid_cents == 0:
        return Payment(
            handling_code="H",
            payment_cents=paid_cents,
            credit_debit="C",
            method="NON",
            payment_date=today,
        )
    return Payment(
        handling_code="I",
        payment_cents=paid_cents,
        credit_debit="C",
        method="ACH",
        format="CCP",
        sender_bank_qualifier="01",
        sender_bank=identity.bank,
        sender_account_qualifier="DA",
        sender_account=identity.account,
        originator_id=identity.originator_id,
        receiver_bank_qualifier="01",
        receiver_bank=identity.payee_bank,
        receiver_account_qualifier="DA",
        receiver_account=identity.payee_account,
        payment_date=today,
    )


def _payer(name: str, payer_id: str, identity: PayerIdentity) -> Party:
    contact = Segment(("PER", "BL", identity.contact_name, "TE", identity.contact_phone))
    return Party(
        name=name,
        address=identity.address,
        references=(Reference("2U", payer_id),),
        contacts=(contact,),
    )


def _payee(provider: BillingProvider) -> Party:
    to = provider.pay_to_address or provider.address
    return Party(
        name=provider.name,
        id_qualifier="XX",
        id=provider.npi,
        address=Address(
            lines=(to.line1, to.line2) if to.line2 else (to.line1,),
            city=to.city,
            state=to.state,
            postal_code=to.zip_code,
        ),
        references=(Reference("TJ", provider.tax_id),),
    )


def _claim_payment(adjudicated: Adjudicated, position: int) -> ClaimPayment:
    claim, decision = adjudicated.claim, adjudicated.decision
    subscriber, dependent = claim.subscriber, claim.patient
    member = _name("IL" if dependent else "QC", subscriber.person, subscriber.member_id)
    filing_code = subscriber.filing_code
    return ClaimPayment(
        position=position,
        patient_control_number=claim.patient_control_number,
        status_code=adjudicated.status or _STATUS.get(subscriber.responsibility, "1"),
        charge_cents=claim.charge_cents,
        paid_cents=decision.paid_cents,
        patient_responsibility_cents=decision.responsibility_cents or None,
        filing_indicator=_FILING_INDICATORS.get(filing_code, filing_code),
        payer_claim_number=adjudicated.payer_claim_number,
        facility_type=claim.place_of_service,
        frequency=claim.frequency,
        patient=_name("QC", dependent.person) if dependent else member,
        insured=member if dependent else None,
        rendering=_rendering(claim.rendering),
        adjudication=(Segment(("MOA", "", "", *decision.remark_codes)),)
        if decision.remark_codes
        else (),
        dates=(
            QualifiedDate("232", min(line.service_from for line in claim.lines)),
            QualifiedDate("233", max(line.service_to for line in claim.lines)),
        ),
        services=tuple(
            _service_payment(line, number) for number, line in enumerate(decision.lines, start=1)
        ),
        assigned_number="1",
    )


def _service_payment(decision: LineDecision, position: int) -> ServicePayment:
    line = decision.line
    allowed = decision.allowed_cents
    return ServicePayment(
        position=position,
        procedure=Procedure(qualifier="HC", code=line.procedure, modifiers=line.modifiers),
        charge_cents=line.charge_cents,
        paid_cents=decision.paid_cents,
        units=line.quantity,
        dates=_service_dates(line),
        adjustments=decision.adjustments,
        line_control_number=line.control_number,
        amounts=(QualifiedAmount("B6", allowed),) if allowed else (),
        remark_codes=decision.remark_codes,
    )


def _service_dates(line: ServiceLine) -> tuple[QualifiedDate, ...]:
    if line.service_from == line.service_to:
        return (QualifiedDate("472", line.service_from),)
    return (QualifiedDate("150", line.service_from), QualifiedDate("151", line.service_to))


def _name(entity: str, person: Person, member_id: str = "") -> Name:
    return Name(
        entity=entity,
        entity_type="1",
        last_name=person.last_name,
        first_name=person.first_name,
        middle_name=person.middle_name,
        suffix=person.suffix,
        id_qualifier="MI" if member_id else "",
        id=member_id,
    )


def _rendering(provider: Provider | None) -> Name | None:
    """NM1*82, which needs an identifier."""
    if provider is None or not provider.npi:
        return None
    return Name(
        entity="82",
        entity_type="1" if provider.is_person else "2",
        last_name=provider.last_name,
        first_name=provider.first_name,
        id_qualifier="XX",
        id=provider.npi,
    )

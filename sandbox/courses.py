"""How claims of an odd kind are remitted: a table of courses, each a step for each 835 file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, auto
from types import MappingProxyType

from edi.delimiters import Delimiters
from edi.envelope import Envelope
from edi.money import Cents
from edi.remittance_835.model import (
    REVERSAL,
    Adjustment,
    AdjustmentGroup,
    ClaimPayment,
    Name,
    Payment,
    ProviderAdjustment,
    QualifiedAmount,
    Remittance,
)
from sandbox import telling
from sandbox.decision import Kind
from sandbox.remit import PayerIdentity
from sandbox.telling import Telling

ODD_DELIMITERS = Delimiters(element="|", component="<", repetition="}", terminator="\x1c")
SUPPLEMENT_NAME, SUPPLEMENT_ID, SUPPLEMENT_TAX_ID = "SUPPLEMENT MUTUAL", "SUPPL1", "900000018"
INTEREST_CENTS = 137  #: Of a claim that is paid late.
BALANCE_CENTS = 500  #: Recovered of, or carried between, remittances; at most what is paid.
_WRONG_CENTS = 100  #: By how much an unbalanced remittance is wrong.

_Change = Callable[[Remittance, Remittance | None], Remittance]


class Again(Enum):
    """In what way the same 835 comes a second time."""

    BYTES = auto()  #: The same bytes under another name.
    INTERCHANGE = auto()  #: The same ISA13 and sets, another time of writing.
    PAYMENT = auto()  #: The same sets in an interchange of its own.


def _as_decided(remittance: Remittance, _: Remittance | None) -> Remittance:
    return remittance


def _as_due(payment: Payment) -> Payment:
    return payment


def _as_usual(envelope: Envelope) -> Envelope:
    return envelope


def _as_known(identity: PayerIdentity) -> PayerIdentity:
    return identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One 835 file: what is told of each claim, and what is odd about it."""

    claims: Telling = telling.once
    change: _Change = _as_decided  #: Before BPR02 is summed; is given that of the step before.
    payment: Callable[[Payment], Payment] = _as_due  #: After BPR02 was summed.
    envelope: Callable[[Envelope], Envelope] = _as_usual
    identity: Callable[[PayerIdentity], PayerIdentity] = _as_known
    again: Again | None = None
    is_cut: bool = False  #: The last third of the file is missing.
    is_later: bool = False  #: Shown one visit later.


# What is changed before the payment is summed


def _each_claim(change: Callable[[ClaimPayment], ClaimPayment]) -> _Change:
    return lambda remittance, _: replace(
        remittance, claims=tuple(change(claim) for claim in remittance.claims)
    )


def _bare(claim: ClaimPayment) -> ClaimPayment:
    """Leave out the lines of a reversal, with their adjustments summed at the claim (RFI 1733)."""
    if claim.status_code != REVERSAL:
        return claim
    totals: dict[tuple[AdjustmentGroup, str], int] = {}
    for each in (one for line in claim.services for one in line.adjustments):
        key = each.group, each.reason
        totals[key] = totals.get(key, 0) + each.amount_cents
    adjustments = tuple(
        Adjustment(group=group, reason=reason, amount_cents=Cents(cents))
        for (group, reason), cents in totals.items()
    )
    return replace(claim, services=(), adjustments=adjustments)


def _forwarded(claim: ClaimPayment) -> ClaimPayment:
    status = {"1": "19", "2": "20", "3": "21"}[claim.status_code]
    to = Name(
        entity="TT",
        entity_type="2",
        last_name=SUPPLEMENT_NAME,
        id_qualifier="PI",
        id=SUPPLEMENT_ID,
    )
    return replace(claim, status_code=status, crossover=to)


def _wrong_claim(claim: ClaimPayment) -> ClaimPayment:
    return replace(claim, paid_cents=Cents(claim.paid_cents + _WRONG_CENTS))


def _wrong_service(claim: ClaimPayment) -> ClaimPayment:
    first, *others = claim.services
    wrong = replace(first, paid_cents=Cents(first.paid_cents + _WRONG_CENTS))
    return replace(claim, services=(wrong, *others))


def _paid_cents(remittance: Remittance) -> int:
    return sum(claim.paid_cents for claim in remittance.claims)


def _adjust(remittance: Remittance, *adjustments: tuple[str, str, int]) -> Remittance:
    """Add PLB pairs: reason, reference and cents; none of zero cents."""
    today = remittance.production_date
    payee = remittance.payee
    pairs = tuple(
        ProviderAdjustment(
            provider_id=payee.id if payee else "",
            fiscal_period_date=date(today.year, 12, 31) if today else None,
            reason=reason,
            reference=reference,
            amount_cents=Cents(cents),
        )
        for reason, reference, cents in adjustments
        if cents
    )
    return replace(remittance, provider_adjustments=(*remittance.provider_adjustments, *pairs))


def _recovered(remittance: Remittance, _: Remittance | None) -> Remittance:
    """An overpayment is kept by the number of a letter that was sent before (option 2)."""
    kept = min(BALANCE_CENTS, _paid_cents(remittance))
    return _adjust(remittance, ("WO", f"LTR{remittance.trace.number}", kept))


def _returned(remittance: Remittance, _: Remittance | None) -> Remittance:
    """The provider's cheque came in: the return and the recovery cancel each other."""
    letter = f"LTR{remittance.trace.number}"
    return _adjust(remittance, ("WO", letter, BALANCE_CENTS), ("72", letter, -BALANCE_CENTS))


def _carried_out(remittance: Remittance, _: Remittance | None) -> Remittance:
    """What is recovered beyond the payment is carried forward: BPR02 is not below zero."""
    letter = f"LTR{remittance.trace.number}"
    kept = _paid_cents(remittance) + BALANCE_CENTS
    trace = remittance.trace.number
    return _adjust(remittance, ("WO", letter, kept), ("FB", trace, -BALANCE_CENTS))


def _overdrawn(remittance: Remittance, _: Remittance | None) -> Remittance:
    return _adjust(remittance, ("FB", remittance.trace.number, min(_paid_cents(remittance), 0)))


def _interest(remittance: Remittance, _: Remittance | None) -> Remittance:
    """AMT*I explains at the claim; the money is in the PLB (RFI 2123)."""
    interest = QualifiedAmount("I", Cents(INTEREST_CENTS))
    claims = tuple(
        replace(claim, amounts=(*claim.amounts, interest)) for claim in remittance.claims
    )
    pairs = (("L6", claim.payer_claim_number, -INTEREST_CENTS) for claim in claims)
    return _adjust(replace(remittance, claims=claims), *pairs)


def _interest_alone(remittance: Remittance, earlier: Remittance | None) -> Remittance:
    claims = earlier.claims if earlier else ()
    pairs = (("L6", claim.payer_claim_number, -INTEREST_CENTS) for claim in claims)
    return _adjust(remittance, *pairs)


def _carried_in(remittance: Remittance, earlier: Remittance | None) -> Remittance:
    """What the remittance before carried forward is applied, by its TRN02."""
    if earlier is None:
        return remittance
    trace, carried = earlier.trace.number, earlier.provider_adjustments
    pairs = ((each.reason, trace, -each.amount_cents) for each in carried if each.reason == "FB")
    return _adjust(remittance, *pairs)


# What is changed after it, and around the sets


def _prenote(payment: Payment) -> Payment:
    return replace(payment, handling_code="P")


def _wrong_payment(payment: Payment) -> Payment:
    return replace(payment, payment_cents=Cents(payment.payment_cents + _WRONG_CENTS))


def _other_usage(envelope: Envelope) -> Envelope:
    return replace(envelope, usage="P" if envelope.usage == "T" else "T")


def _odd_delimiters(envelope: Envelope) -> Envelope:
    return replace(envelope, delimiters=ODD_DELIMITERS)


def _with_line_ends(envelope: Envelope) -> Envelope:
    return replace(envelope, delimiters=replace(envelope.delimiters, line_end="\r\n"))


def _supplement(identity: PayerIdentity) -> PayerIdentity:
    return replace(identity, name=SUPPLEMENT_NAME, payer_id=SUPPLEMENT_ID, tax_id=SUPPLEMENT_TAX_ID)


_PAID = Step()
_TAKEN_BACK = Step(claims=telling.reversal, change=_overdrawn)
ORDINARY = (_PAID,)  #: Of every kind that has no course of its own.
COURSES: Mapping[Kind, tuple[Step, ...]] = MappingProxyType({
    Kind.ZERO_PAY: ORDINARY,
    Kind.FORWARDED: (Step(change=_each_claim(_forwarded)),),
    Kind.REVERSED_SAME_FILE: (_PAID, Step(claims=telling.reversal_and_correction)),
    Kind.REVERSED_LATER: (
        _PAID,
        _TAKEN_BACK,
        Step(claims=telling.correction, change=_carried_in, is_later=True),
    ),
    Kind.PLB_WO: (Step(change=_recovered),),
    Kind.PLB_FB: (Step(change=_carried_out),),
    Kind.PLB_L6: (Step(change=_interest),),
    Kind.PLB_72: (Step(change=_returned),),
    Kind.PLB_ONLY: (_PAID, Step(claims=telling.none, change=_interest_alone)),
    Kind.UNBALANCED_SERVICE: (Step(claims=telling.suspended, change=_each_claim(_wrong_service)),),
    Kind.UNBALANCED_CLAIM: (Step(claims=telling.suspended, change=_each_claim(_wrong_claim)),),
    Kind.UNBALANCED_SET: (Step(claims=telling.unposted, payment=_wrong_payment),),
    Kind.NOT_OURS: (Step(claims=telling.with_a_stranger),),
    Kind.DUPLICATE_BYTES: (Step(again=Again.BYTES),),
    Kind.DUPLICATE_INTERCHANGE: (Step(again=Again.INTERCHANGE),),
    Kind.DUPLICATE_PAYMENT: (Step(again=Again.PAYMENT),),
    Kind.PRENOTE: (Step(claims=telling.unposted, payment=_prenote),),
    Kind.TEST_FLAG: (Step(claims=telling.unposted, envelope=_other_usage),),
    Kind.ODD_DELIMITERS: (Step(envelope=_odd_delimiters),),
    Kind.CRLF: (Step(envelope=_with_line_ends),),
    Kind.TRUNCATED: (Step(claims=telling.unposted, is_cut=True),),
    Kind.CORRECTION_FIRST: (_PAID, Step(claims=telling.correction), _TAKEN_BACK),
    Kind.REVERSED_BARE: (
        _PAID,
        Step(claims=telling.reversal_and_correction, change=_each_claim(_bare)),
    ),
    Kind.REVERSED_ONLY: (_PAID, _TAKEN_BACK),
    Kind.PENDING_LINE: (_PAID, Step(claims=telling.reversal_and_settlement, is_later=True)),
    Kind.NO_CONTROL_NUMBER: (Step(claims=telling.without_number),),
    Kind.SECONDARY: (
        _PAID,
        Step(claims=telling.second_payer, identity=_supplement, is_later=True),
    ),
    Kind.SPLIT: (Step(claims=telling.in_two),),
    Kind.FULL_PREDETERMINATION: (Step(claims=telling.price_only), _PAID),
})  # fmt: skip

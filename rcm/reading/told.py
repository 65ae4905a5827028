"""What a payer says of a claim and of each line, in codes, words and sums. Pure.

It is made from the remittance as it was read again from its sealed file: nothing is kept twice.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from edi.codes import CodeList, words_of
from edi.money import Cents, Thousandths
from edi.remittance_835.balance import check_balance
from edi.remittance_835.model import (
    Adjustment,
    ClaimPayment,
    QualifiedAmount,
    Remittance,
    ServicePayment,
)
from rcm.ledger.accounts import Account
from rcm.remittance.codes import adjustment_account
from rcm.remittance.decide import adjustments_of

_ALLOWED = "B6"  #: AMT01.


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One amount of a CAS: why so much less, or more, was paid than charged."""

    group: str
    reason: str
    words: str  #: Ours; empty where we have none.
    amount_cents: Cents
    quantity: Thousandths | None
    is_denied: bool  #: It is worked as a denial, not written off or billed to the patient.


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A remark code of MIA, MOA or LQ."""

    code: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The codes of one claim or line, and what it would have been worth."""

    adjustments: tuple[Reason, ...]
    remarks: tuple[Remark, ...]
    allowed_cents: Cents | None  #: AMT*B6, where the payer tells it.


NOTHING_SAID = Said(adjustments=(), remarks=(), allowed_cents=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """charge - contract - patient - denied - other = paid, and what is missing from it."""

    charge_cents: Cents
    contract_cents: Cents
    patient_cents: Cents
    denied_cents: Cents
    other_cents: Cents  #: Not decided yet, or done by another payer: it moves nothing.
    paid_cents: Cents
    difference_cents: Cents  #: 0 where it balances.


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One level of the proof: how many sums there are, and how many do not come out."""

    level: str
    checked: int
    off: int
    difference_cents: int  #: Of those that are off, without regard to sign.


def codes_of_claim(payment: ClaimPayment, contractual_codes: frozenset[str]) -> Said:
    """Return what is said of a claim as a whole, not of its lines."""
    return Said(
        adjustments=_reasons(payment.adjustments, contractual_codes),
        remarks=_remarks(payment.remark_codes),
        allowed_cents=_allowed(payment.amounts),
    )


def codes_of_line(service: ServicePayment, contractual_codes: frozenset[str]) -> Said:
    """Return what is said of one line."""
    return Said(
        adjustments=_reasons(service.adjustments, contractual_codes),
        remarks=_remarks(service.remark_codes),
        allowed_cents=_allowed(service.amounts),
    )


def sums_of_claim(payment: ClaimPayment, contractual_codes: frozenset[str]) -> Sums:
    """Return the proof of a claim (B2): its charge less all adjustments is its payment."""
    return _sums(
        payment.charge_cents, payment.paid_cents, adjustments_of(payment), contractual_codes
    )


def sums_of_line(service: ServicePayment, contractual_codes: frozenset[str]) -> Sums:
    """Return the proof of a line (B1)."""
    return _sums(service.charge_cents, service.paid_cents, service.adjustments, contractual_codes)


def line_days(service: ServicePayment) -> tuple[date | None, date | None]:
    """Return the first and the last day of a line, as far as they are told."""
    days = {each.qualifier: each.day for each in service.dates}
    first = days.get("472") or days.get("150")
    return first, days.get("151") or first


def claim_days(payment: ClaimPayment) -> tuple[date | None, date | None]:
    """Return the first and the last day of a claim: its own, or those of its lines."""
    own = {each.qualifier: each.day for each in payment.dates}
    of_lines = [day for service in payment.services for day in line_days(service) if day]
    first = own.get("232") or min(of_lines, default=None)
    return first, own.get("233") or max(of_lines, default=first)


def levels_of(remittance: Remittance) -> tuple[Level, ...]:
    """Return the proof of a remittance at its three levels."""
    balance = check_balance(remittance)
    lines = [each.difference_cents for claim in balance.claims for each in claim.services]
    claims = [claim.difference_cents for claim in balance.claims]
    every = (("line", lines), ("claim", claims), ("payment", [balance.difference_cents]))
    return tuple(
        Level(
            level=name,
            checked=len(differences),
            off=sum(difference != 0 for difference in differences),
            difference_cents=sum(abs(difference) for difference in differences),
        )
        for name, differences in every
    )


def total_of(sums: Sequence[Sums]) -> Sums:
    """Return the sums of several claims as one."""
    rows = [asdict(each) for each in sums]
    names = Sums.__slots__
    return Sums(**{name: sum(row[name] for row in rows) for name in names})


def _reasons(
    adjustments: Iterable[Adjustment], contractual_codes: frozenset[str]
) -> tuple[Reason, ...]:
    return tuple(
        Reason(
            group=each.group,
            reason=each.reason,
            words=words_of(CodeList.ADJUSTMENT_REASON, each.reason),
            amount_cents=each.amount_cents,
            quantity=each.quantity,
            is_denied=_column(each, contractual_codes) == "denied_cents",
        )
        for each in adjustments
    )


def _remarks(codes: Sequence[str]) -> tuple[Remark, ...]:
    return tuple(Remark(code=code, words=words_of(CodeList.REMARK, code)) for code in codes)


def _allowed(amounts: Iterable[QualifiedAmount]) -> Cents | None:
    return next((each.cents for each in amounts if each.qualifier == _ALLOWED), None)


def _sums(
    charge_cents: Cents,
    paid_cents: Cents,
    adjustments: Sequence[Adjustment],
    contractual_codes: frozenset[str],
) -> Sums:
    sums = dict.fromkeys(("contract_cents", "patient_cents", "denied_cents", "other_cents"), 0)
    for each in adjustments:
        sums[_column(each, contractual_codes)] += each.amount_cents
    return Sums(
        charge_cents=charge_cents,
        paid_cents=paid_cents,
        difference_cents=Cents(charge_cents - sum(sums.values()) - paid_cents),
        **{name: Cents(cents) for name, cents in sums.items()},
    )


def _column(adjustment: Adjustment, contractual_codes: frozenset[str]) -> str:
    match adjustment_account(adjustment, contractual_codes):
        case Account.ADJUSTMENT_CONTRACTUAL:
            return "contract_cents"
        case Account.RECEIVABLE_PATIENT:
            return "patient_cents"
        case Account.RECEIVABLE_DENIED:
            return "denied_cents"
        case None:
            return "other_cents"
        case account:
            raise AssertionError(account)

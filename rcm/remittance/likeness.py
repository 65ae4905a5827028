"""How alike a payment and a claim are, field by field, for a person who has to choose. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from edi.elements import fold_text
from edi.remittance_835.model import ClaimPayment
from rcm.remittance.match import (
    Index,
    KnownClaim,
    member_indexes,
    plain,
    record_indexes,
    service_days,
)

#: What each field counts; all of them are 100.
_WEIGHTS = {
    "control_number": 30,
    "payer_number": 20,
    "patient": 15,
    "member": 10,
    "service_date": 10,
    "charge": 10,
    "lines": 5,
}
_ALIKE_MIN_PERCENT = 70  #: Of a control number: less is chance.


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing that payment and claim share, or do not."""

    name: str
    agrees: bool
    words: str  #: Names no value of a person.
    percent: int = 0  #: How much of its weight it counts.


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """The score of a claim, from 0 to 100, and what it is made of."""

    score: int
    fields: tuple[Field, ...]


def likeness_of(
    payment: ClaimPayment, claim: KnownClaim, name: tuple[str, str], index: Index
) -> Likeness:
    """Compare a payment with a claim; `name` is the patient's, last and first."""
    fields = (
        _control_number(payment, claim),
        _yes_or_no(
            "payer_number",
            bool(payment.payer_claim_number)
            and payment.payer_claim_number == claim.payer_control_number,
            "Payer's number is the same",
            "Payer's number differs or is not known",
        ),
        _patient(payment, name),
        _yes_or_no(
            "member",
            claim.member_index in set(member_indexes(payment, index))
            or claim.record_index in set(record_indexes(payment, index)),
            "Member id or record number is the same",
            "Member id differs or is not told",
        ),
        _yes_or_no(
            "service_date",
            claim.service_from in service_days(payment),
            "Day of service is the same",
            "Day of service differs or is not told",
        ),
        _yes_or_no(
            "charge",
            claim.charge_cents == abs(payment.charge_cents),
            "Charge is the same",
            "Charge differs",
        ),
        _yes_or_no(
            "lines",
            set(_procedures(payment)) <= {line.procedure for line in claim.lines}
            and bool(payment.services),
            "Procedures are the same",
            "Procedures differ or are not told",
        ),
    )
    score = sum(_WEIGHTS[each.name] * each.percent for each in fields) // 100
    return Likeness(score=score, fields=fields)


def _yes_or_no(name: str, agrees: bool, yes: str, no: str) -> Field:  # noqa: FBT001
    return Field(
        name=name, agrees=agrees, words=yes if agrees else no, percent=100 if agrees else 0
    )


def _control_number(payment: ClaimPayment, claim: KnownClaim) -> Field:
    told = plain(payment.patient_control_number)
    alike = max(
        (round(SequenceMatcher(None, told, sent).ratio() * 100) for sent in claim.journeys),
        default=0,
    )
    if alike == 100:
        return Field(name="control_number", agrees=True, words="Our number", percent=100)
    if alike >= _ALIKE_MIN_PERCENT:
        words = f"Our number, {alike}% alike"
        return Field(name="control_number", agrees=True, words=words, percent=alike)
    return Field(name="control_number", agrees=False, words="Not our number")


def _patient(payment: ClaimPayment, name: tuple[str, str]) -> Field:
    last, first = (fold_text(part) for part in name)
    people = [each for each in (payment.patient, payment.insured, payment.corrected) if each]
    told = {(fold_text(each.last_name), fold_text(each.first_name)) for each in people}
    if (last, first) in told:
        return Field(name="patient", agrees=True, words="Patient is the same", percent=100)
    if last in {family for family, _ in told}:
        return Field(name="patient", agrees=True, words="Family name is the same", percent=50)
    return Field(name="patient", agrees=False, words="Patient differs or is not told")


def _procedures(payment: ClaimPayment) -> Iterator[str]:
    for service in payment.services:
        yield (service.original_procedure or service.procedure).code

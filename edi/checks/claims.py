"""What must hold of a claim beyond its guide: sums, pointers, frequency, days, payer order."""

from collections.abc import Iterator
from datetime import date

from edi.check_table import Check, Found
from edi.checks.view import ClaimView, amount, charge_of, days_of
from edi.findings import Severity
from edi.segment import Segment

_DIAGNOSES = frozenset({"ABK", "ABF", "BK", "BF", "TQ"})
_POINTERS = {"SV1": 7, "SV3": 11}
_REPLACING = frozenset({"7", "8"})
_SERVED, _STATEMENT, _ADMITTED, _DISCHARGED = "472", "434", "435", "096"
_OF_CARE = frozenset({_SERVED, _STATEMENT, _DISCHARGED})
_UNKNOWN_ORDER = "U"


def charge_is_the_sum_of_its_lines(claim: ClaimView) -> Iterator[Found]:
    """CLM02 is the sum of the line charges (SV102, SV203 or SV302).

    Source: X222A1, X223A2 and X224A2, loop 2300 CLM02.
    """
    charge = amount(claim.clm, 2)
    charges = [cents for line in claim.lines if (cents := charge_of(line)) is not None]
    if charge is None or not charges or len(charges) != len(claim.lines):
        return  # What cannot be read is a finding already, and no sum can be told.
    if charge != sum(charges):
        message = "The charge of the claim is not the sum of its lines."
        yield claim.place(claim.clm, 2, "2300"), message


def pointers_name_diagnoses(claim: ClaimView) -> Iterator[Found]:
    """Each pointer of a line (SV107, SV311) counts a diagnosis of the claim's HI, from 1.

    Source: X222A1 and X224A2, loop 2400.
    """
    count = sum(
        claim.parts(segment, element)[0] in _DIAGNOSES
        for segment in claim.head
        if segment.id == "HI"
        for element in range(1, len(segment.elements))
    )
    for line in claim.lines:
        for segment in line:
            element = _POINTERS.get(segment.id, 0)
            pointers = claim.parts(segment, element) if element else ()
            for component, pointer in enumerate(pointers, start=1):
                if pointer.isascii() and pointer.isdigit() and not 1 <= int(pointer[:9]) <= count:
                    place = claim.place(segment, element, "2400", component)
                    yield place, "The line points to a diagnosis that the claim does not have."


def frequency_is_taken(claim: ClaimView) -> Iterator[Found]:
    """CLM05-3 is 1, 7 or 8 in a professional or dental claim.

    An institutional one has the last character of its type of bill there: any digit or capital.
    Source: NUCC 1500 manual, item 22; X222A1 names no list of its own.
    """
    kinds = {segment.id for line in claim.lines for segment in line}
    if kinds & {"SV1", "SV3"} and claim.frequency not in {"1", *_REPLACING}:
        place = claim.place(claim.clm, 5, "2300", 3)
        yield place, "The frequency is none that payers take in such a claim."


def replacement_names_its_original(claim: ClaimView) -> Iterator[Found]:
    """A claim that replaces (CLM05-3 7) or voids (8) another names it in REF*F8.

    Source: X222A1, X223A2 and X224A2, loop 2300 REF, Payer Claim Control Number.
    """
    is_named = any(each.id == "REF" and each.get(1) == "F8" for each in claim.head)
    if claim.frequency in _REPLACING and not is_named:
        place = claim.place(claim.clm, 5, "2300", 3)
        yield place, "The claim replaces or voids another, and does not say which."


def days_are_in_order(claim: ClaimView) -> Iterator[Found]:
    """No range of days ends before it begins, and no service before the patient is born."""
    for segment, loop, begins, ends in _days(claim):
        if ends < begins:
            yield claim.place(segment, 3, loop), "The range of days ends before it begins."
        elif claim.born and segment.get(1) in _OF_CARE and ends < claim.born:
            yield claim.place(segment, 3, loop), "The day is before the birth of the patient."


def admission_comes_first(claim: ClaimView) -> Iterator[Found]:
    """Neither the statement (DTP*434) nor the discharge (DTP*096) ends before the admission."""
    of_claim = [each for each in _days(claim) if each[1] == "2300"]
    admitted = next((begins for dtp, _, begins, _ in of_claim if dtp.get(1) == _ADMITTED), None)
    for segment, loop, _, ends in of_claim:
        if admitted and segment.get(1) in {_STATEMENT, _DISCHARGED} and ends < admitted:
            yield claim.place(segment, 3, loop), "The day is before the admission."


def service_was_before_the_claim(claim: ClaimView) -> Iterator[Found]:
    """No service or statement begins after the day on which the set was made (BHT04)."""
    for segment, loop, begins, _ in _days(claim):
        if claim.written and segment.get(1) in {_SERVED, _STATEMENT} and begins > claim.written:
            message = "The service begins after the day on which the claim was written."
            yield claim.place(segment, 3, loop), message


def payers_have_an_order(claim: ClaimView) -> Iterator[Found]:
    """Each value of SBR01 stands once among the payers of a claim, except U.

    Source: X222A1, loops 2000B and 2320 SBR01.
    """
    seen = {claim.order}
    for sbr in (other[0] for other in claim.others):
        order = sbr.get(1)
        if order and order != _UNKNOWN_ORDER and order in seen:
            yield claim.place(sbr, 1, "2320"), "Two payers of the claim have the same place."
        seen.add(order)


def _days(claim: ClaimView) -> Iterator[tuple[Segment, str, date, date]]:
    """Yield each DTP of the claim and its lines, with its loop, first and last day."""
    every = [(segment, "2300") for segment in claim.head]
    every += [(segment, "2400") for line in claim.lines for segment in line]
    for segment, loop in every:
        span = days_of(segment) if segment.id == "DTP" else None
        if span is not None:
            yield segment, loop, *span


_TOTAL = "Correct the total, or the line that is wrong."
_POINT = "Pointers count the diagnoses of the claim from 1: correct the pointer, or add one."
_FREQUENCY = "Send 1 for a new claim, 7 to replace and 8 to void."
_ORIGINAL = "Send the payer's claim number in REF*F8."
_DAY = "Correct the day that is wrong."
_ORDER = "Number the payers as they pay: P, S, T and so on."

CLAIM_CHECKS: tuple[Check[ClaimView], ...] = (
    Check("837-CHARGE-SUM", Severity.ERROR, _TOTAL, charge_is_the_sum_of_its_lines),
    Check("837-POINTER-RANGE", Severity.ERROR, _POINT, pointers_name_diagnoses),
    Check("837-FREQUENCY", Severity.WARNING, _FREQUENCY, frequency_is_taken),
    Check("837-ORIGINAL", Severity.ERROR, _ORIGINAL, replacement_names_its_original),
    Check("837-DATE-ORDER", Severity.ERROR, _DAY, days_are_in_order),
    Check("837-ADMISSION", Severity.WARNING, _DAY, admission_comes_first),
    Check("837-DATE-FUTURE", Severity.WARNING, _DAY, service_was_before_the_claim),
    Check("837-PAYER-ORDER", Severity.ERROR, _ORDER, payers_have_an_order),
)

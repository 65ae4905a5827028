"""What must hold of a claim that another payer decided first: its amounts add up (COB)."""

from collections import Counter
from collections.abc import Iterator

from edi.check_table import Check, Found
from edi.checks.view import ClaimView, adjusted, amount, charge_of
from edi.findings import Severity
from edi.segment import Segment

_TRIPLETS = range(2, 18, 3)
_LIABILITY = "EAF"


def line_adds_up_for_each_payer(claim: ClaimView) -> Iterator[Found]:
    """The charge of a line is SVD02 and the CAS of loop 2430, for each payer that decided it.

    Where a payer took a line apart, its loops 2430 count together. A payer that the claim names
    twice is left out: nothing tells which of its coverages decided.

    Source: X222A1, loop 2400 SV1, loop 2430 SVD and CAS.
    """
    twice = _named_twice(claim)
    for line in claim.lines:
        charge = charge_of(line)
        sums: dict[str, int | None] = {}
        first: dict[str, Segment] = {}
        for svd, below in _decided(line):
            payer = svd.get(1)
            first.setdefault(payer, svd)
            so_far = sums.get(payer, 0)
            paid, cut = amount(svd, 2), adjusted(below)
            is_known = so_far is not None and paid is not None and cut is not None
            sums[payer] = (so_far or 0) + (paid or 0) + (cut or 0) if is_known else None
        for payer, total in sums.items():
            if payer not in twice and None not in (charge, total) and total != charge:
                message = "What the other payer paid and adjusted is not the charge of the line."
                yield claim.place(first[payer], 2, "2430"), message


def claim_adds_up_for_each_payer(claim: ClaimView) -> Iterator[Found]:
    """CLM02 is AMT*D, the CAS of 2320 and the CAS of every 2430, for each payer that decided.

    Source: X222A1, loop 2300 CLM, loop 2320 AMT and CAS, loop 2430 CAS.
    """
    charge = amount(claim.clm, 2)
    twice = _named_twice(claim)
    for other in claim.others:
        paid, payer = _paid(other), _payer_id(other)
        if paid is None or charge is None or payer in twice:
            continue  # The payer has not decided, or nothing tells which loops 2430 are of it.
        cuts = [adjusted(other), amount(paid, 2)]
        for line in claim.lines:
            cuts += [adjusted(below) for svd, below in _decided(line) if svd.get(1) == payer]
        known = [cut for cut in cuts if cut is not None]
        if len(known) == len(cuts) and sum(known) != charge:
            message = "What the other payer paid and adjusted is not the charge of the claim."
            yield claim.place(paid, 2, "2320"), message


def deciding_payer_is_named(claim: ClaimView) -> Iterator[Found]:
    """SVD01 is the id of a payer of loop 2330B (NM109).

    Source: X222A1, loop 2430 SVD01.
    """
    payers = {_payer_id(other) for other in claim.others}
    for line in claim.lines:
        for svd, _ in _decided(line):
            if svd.get(1) not in payers:
                yield claim.place(svd, 1, "2430"), "The payer of the line is none of the claim."


def payers_pay(claim: ClaimView) -> Iterator[Found]:
    """Neither SVD02 nor AMT*D is negative."""
    every = [(_paid(other), "2320") for other in claim.others]
    every += [(svd, "2430") for line in claim.lines for svd, _ in _decided(line)]
    for segment, loop in every:
        if segment is not None and (amount(segment, 2) or 0) < 0:
            yield claim.place(segment, 2, loop), "The other payer's payment is negative."


def adjustments_have_amounts(claim: ClaimView) -> Iterator[Found]:
    """Each reason of a CAS has its amount.

    Source: X12 RFI 1532.
    """
    every = [(segment, "2320") for other in claim.others for segment in other]
    every += [(segment, "2430") for line in claim.lines for segment in line]
    for segment, loop in every:
        for at in _TRIPLETS if segment.id == "CAS" else ():
            if segment.get(at) and not segment.get(at + 1):
                message = "An adjustment has a reason and no amount."
                yield claim.place(segment, at + 1, loop), message


def decision_is_dated(claim: ClaimView) -> Iterator[Found]:
    """DTP*573 says when the other payer decided: in 2330B, or in its loops 2430.

    Source: X222A1, loops 2330B and 2430 DTP.
    """
    for other in claim.others:
        payer, paid = _payer_id(other), _paid(other)
        lines = [
            below for line in claim.lines for svd, below in _decided(line) if svd.get(1) == payer
        ]
        if paid is not None and not any(_is_dated(each) for each in (other, *lines)):
            yield claim.place(paid, 0, "2320"), "Nothing says when the other payer decided."


def liability_stands_at_one_level(claim: ClaimView) -> Iterator[Found]:
    """The remaining patient liability (AMT*EAF) of a payer stands in 2320 or in 2430, not in both.

    Source: X12 RFI 1517.
    """
    for other in claim.others:
        payer = _payer_id(other)
        of_claim = _amount_of(other, _LIABILITY)
        of_lines = any(
            _amount_of(below, _LIABILITY) is not None
            for line in claim.lines
            for svd, below in _decided(line)
            if svd.get(1) == payer
        )
        if of_claim is not None and of_lines:
            message = "The remaining patient liability stands at the claim and at its lines."
            yield claim.place(of_claim, 1, "2320"), message


def _amount_of(segments: list[Segment], qualifier: str) -> Segment | None:
    found = (each for each in segments if each.id == "AMT" and each.get(1) == qualifier)
    return next(found, None)


def _paid(other: list[Segment]) -> Segment | None:
    """Return AMT*D of a loop 2320: there where the payer has decided."""
    return _amount_of(other, "D")


def _payer_id(other: list[Segment]) -> str:
    """Return NM109 of loop 2330B."""
    names = (each.get(9) for each in other if each.id == "NM1" and each.get(1) == "PR")
    return next(names, "")


def _named_twice(claim: ClaimView) -> set[str]:
    """Return the ids of payers that cover the patient twice, as both parents' insurer does."""
    counts = Counter(map(_payer_id, claim.others))
    return {payer for payer, count in counts.items() if count > 1}


def _is_dated(segments: list[Segment]) -> bool:
    return any(each.id == "DTP" and each.get(1) == "573" for each in segments)


def _decided(line: list[Segment]) -> Iterator[tuple[Segment, list[Segment]]]:
    """Yield each SVD of a line, and what stands under it."""
    found: list[tuple[Segment, list[Segment]]] = []
    for segment in line:
        if segment.id == "SVD":
            found.append((segment, []))
        elif found:
            found[-1][1].append(segment)
    yield from found


_COPY = (
    "Copy the amounts of the other payer's remittance, each at one level only;"
    " where it was corrected, their sum."
)
_NAME = "Send in SVD01 the id that loop 2330B has in NM109."
_NET = "Add the reversal and the correction up first, and send what stands now."
_PAIR = "Send each reason with its amount."
_DATED = "Send DTP*573 with the payer (2330B) or with each line (2430)."
_ONCE = "Send it with the claim where the payer decided the claim as a whole, else with its lines."

PAYER_CHECKS: tuple[Check[ClaimView], ...] = (
    Check("837-COB-LINE", Severity.ERROR, _COPY, line_adds_up_for_each_payer),
    Check("837-COB-CLAIM", Severity.ERROR, _COPY, claim_adds_up_for_each_payer),
    Check("837-COB-PAYER", Severity.WARNING, _NAME, deciding_payer_is_named),
    Check("837-COB-NEGATIVE", Severity.ERROR, _NET, payers_pay),
    Check(
        "837-COB-PAIR", Severity.ERROR, _PAIR, adjustments_have_amounts,
        said_as=frozenset({"GUIDE-ELEMENT-1"}),
    ),
    Check("837-COB-DATE", Severity.WARNING, _DATED, decision_is_dated),
    Check("837-COB-LIABILITY", Severity.WARNING, _ONCE, liability_stands_at_one_level),
)  # fmt: skip

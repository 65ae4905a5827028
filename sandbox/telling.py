"""What an 835 tells of a claim: as it was decided, taken back, corrected, or otherwise.

A claim may be told in several parts, and what is told of it need not be what the books must show.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from edi.money import Cents
from edi.remittance_835.model import PREDETERMINATION, REVERSAL
from sandbox.adjudicate import correct, price, settle, supplement
from sandbox.decision import LineDecision, reverse
from sandbox.remit import Adjudicated, Books

Telling = Callable[[Adjudicated], tuple[Adjudicated, ...]]
_SECONDARY = "2"  #: CLP02: processed as secondary.
_NO_NUMBER = "0"  #: CLP01: none was received (RFI 535).


def once(adjudicated: Adjudicated) -> tuple[Adjudicated, ...]:
    """As it was decided."""
    return (adjudicated,)


def none(_: Adjudicated) -> tuple[Adjudicated, ...]:
    """Nothing."""
    return ()


def _in_books(books: Books) -> Telling:
    return lambda adjudicated: (replace(adjudicated, books=books),)


unposted, suspended = _in_books(Books.NOWHERE), _in_books(Books.SUSPENSE)


def reversal(adjudicated: Adjudicated) -> tuple[Adjudicated, ...]:
    """Every amount is taken back."""
    claim, decision = reverse(adjudicated.claim, adjudicated.decision)
    return (replace(adjudicated, claim=claim, decision=decision, status=REVERSAL),)


def correction(adjudicated: Adjudicated) -> tuple[Adjudicated, ...]:
    """More is paid."""
    decision = correct(adjudicated.claim, adjudicated.decision)
    return (replace(adjudicated, decision=decision),)


def reversal_and_correction(adjudicated: Adjudicated) -> tuple[Adjudicated, ...]:
    """Both, in this order."""
    return (*reversal(adjudicated), *correction(adjudicated))


def reversal_and_settlement(adjudicated: Adjudicated) -> tuple[Adjudicated, ...]:
    """What was told is taken back, then every line is paid."""
    decision = settle(adjudicated.claim, adjudicated.decision)
    return (*reversal(adjudicated), replace(adjudicated, decision=decision))


def with_a_stranger(adjudicated: Adjudicated) -> tuple[Adjudicated, ...]:
    """Beside it stands a claim that nobody sent."""
    number = adjudicated.payer_claim_number
    claim = replace(adjudicated.claim, patient_control_number=f"NOTOURS{number[2:]}")
    stranger = replace(
        adjudicated, claim=claim, payer_claim_number=f"NX{number[2:]}", books=Books.SUSPENSE
    )
    return adjudicated, stranger


def without_number(adjudicated: Adjudicated) -> tuple[Adjudicated, ...]:
    """Neither our number nor one that the 277CA gave: nobody can tell whose claim it is."""
    return (
        replace(
            adjudicated,
            claim=replace(adjudicated.claim, patient_control_number=_NO_NUMBER),
            payer_claim_number=f"NX{adjudicated.payer_claim_number[2:]}",
            books=Books.SUSPENSE,
        ),
    )


def second_payer(adjudicated: Adjudicated) -> tuple[Adjudicated, ...]:
    """Another payer pays of what the first left to the patient; it has a number of its own."""
    return (
        replace(
            adjudicated,
            decision=supplement(adjudicated.decision),
            payer_claim_number=f"SM{adjudicated.payer_claim_number[2:]}",
            status=_SECONDARY,
            books=Books.PATIENT_SHARE,
        ),
    )


def price_only(adjudicated: Adjudicated) -> tuple[Adjudicated, ...]:
    """What would be paid, as a predetermination."""
    decision = price(adjudicated.claim, adjudicated.decision)
    return (replace(adjudicated, decision=decision, status=PREDETERMINATION, books=Books.PRICE),)


def in_two(adjudicated: Adjudicated) -> tuple[Adjudicated, ...]:
    """The first line, and the others under another number; a claim of one line is whole."""
    first, others = adjudicated.decision.lines[:1], adjudicated.decision.lines[1:]
    if not others:
        return (adjudicated,)
    number = adjudicated.payer_claim_number
    return _part(adjudicated, first, number), _part(adjudicated, others, f"{number}B")


def _part(adjudicated: Adjudicated, lines: Sequence[LineDecision], number: str) -> Adjudicated:
    claim = replace(
        adjudicated.claim,
        charge_cents=Cents(sum(each.line.charge_cents for each in lines)),
        lines=tuple(each.line for each in lines),
    )
    decision = replace(adjudicated.decision, lines=tuple(lines))
    return replace(adjudicated, claim=claim, decision=decision, payer_claim_number=number)

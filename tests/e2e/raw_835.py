"""A reader of raw 835 bytes that shares no code with the service: the second opinion on money."""

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass
class Money:
    """What one claim's CLP, SVC and CAS say, in cents."""

    charge: int = 0
    paid: int = 0
    contractual: int = 0
    patient: int = 0
    denied: int = 0


@dataclass
class Books:
    """Everything the 835s of a folder say."""

    payments: dict[str, int] = field(default_factory=dict)  #: By trace number.
    claims: dict[str, Money] = field(default_factory=dict)  #: By CLP01.
    lines: dict[str, Money] = field(default_factory=dict)  #: By REF*6R.


def cents(text: str) -> int:
    return int(Decimal(text) * 100)


def take(books: Books, body: bytes) -> None:
    """Add one file to the books."""
    text = body.decode("ascii")
    payment, claim, line = 0, Money(), None
    for raw in text.split(text[105]):
        name, *elements = raw.strip().split(text[3])
        if name == "BPR":
            payment = cents(elements[1])
        elif name == "TRN":
            books.payments[elements[1]] = payment
        elif name == "CLP":
            claim, line = Money(cents(elements[2]), cents(elements[3])), None
            books.claims[elements[0]] = claim
        elif name == "SVC":
            line = Money(cents(elements[1]), cents(elements[2]))
        elif name == "REF" and elements[0] == "6R" and line is not None:
            books.lines[elements[1]] = line
        elif name == "CAS":
            for money in filter(None, (claim, line)):
                adjust(money, elements[0], elements[1:])


def adjust(money: Money, group: str, triplets: list[str]) -> None:
    for reason, amount in zip(triplets[::3], triplets[1::3], strict=False):
        if group == "PR":
            money.patient += cents(amount)
        elif (group, reason) == ("CO", "45"):
            money.contractual += cents(amount)
        else:
            money.denied += cents(amount)

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
    separator, terminator = text[3], text[105]
    payment, claim, line = 0, Money(), None
    for raw in text.split(terminator):
        segment = raw.strip().split(separator)
        match segment[0]:
            case "BPR":
                payment = cents(segment[2])
            case "TRN":
                books.payments[segment[2]] = payment
            case "CLP":
                claim, line = Money(cents(segment[3]), cents(segment[4])), None
                books.claims[segment[1]] = claim
            case "SVC":
                line = Money(cents(segment[2]), cents(segment[3]))
            case "REF" if segment[1] == "6R" and line is not None:
                books.lines[segment[2]] = line
            case "CAS":
                for at in range(2, len(segment), 3):
                    amount = cents(segment[at + 1])
                    for money in filter(None, (claim, line)):
                        if segment[1] == "PR":
                            money.patient += amount
                        elif (segment[1], segment[at]) == ("CO", "45"):
                            money.contractual += amount
                        else:
                            money.denied += amount

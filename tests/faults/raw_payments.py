"""What raw 835 bytes pay, set by set, read by a few lines that share no code with the service."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.e2e.raw_835 import cents


@dataclass(frozen=True, slots=True, kw_only=True)
class RawPayment:
    """One transaction set 835, as its BPR and TRN say."""

    set_index: int  #: Among all transaction sets of the file.
    trace: str  #: TRN02.
    payment_cents: int  #: BPR02; what is taken back is negative.


def raw_payments(body: bytes) -> list[RawPayment]:
    """Return the payments of a file; of a file without any, none."""
    found: list[RawPayment] = []
    set_index, is_835, paid = -1, False, 0
    for name, *elements in _segments(body):
        if name == "ST":
            set_index, is_835 = set_index + 1, elements[:1] == ["835"]
        elif name == "BPR" and is_835:
            paid = cents(elements[1]) * (-1 if elements[2] == "D" else 1)
        elif name == "TRN" and is_835:
            found.append(RawPayment(set_index=set_index, trace=elements[1], payment_cents=paid))
            is_835 = False
    return found


def _segments(body: bytes) -> Iterator[list[str]]:
    text = body.decode("latin-1")
    while (start := text.find("ISA")) >= 0 and len(text) > start + 105:
        element, end = text[start + 3], text[start + 105]
        whole, _, text = text[start:].partition(f"{end}IEA{element}")
        for raw in whole.split(end):
            yield raw.strip().split(element)

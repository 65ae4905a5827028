"""What a file holds, counted as its parts come: sets, claims, money, codes, segments."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from edi.elements import is_code
from edi.envelope import Interchange
from edi.money import AmountError, read_amount
from edi.segment import Segment
from edi.streaming import Part

_CODES_AT = {"CLP": 2, "BPR": 4, "LQ": 2, "STC": 1}
_COUNTED = frozenset({"CLM", "CLP", "BPR", "CAS", "PLB", "LQ", "STC"})
_CODES_MAX = 10_000  #: Different codes that are counted.


@dataclass(slots=True)
class SetTally:
    """One transaction set: what it is, how long, and its claims and money in cents."""

    interchange: str
    sender: str
    receiver: str
    usage: str
    number: str  #: ST02.
    type: str
    segments: int = 0
    claims: int = 0  #: CLM or CLP.
    charge_cents: int = 0  #: CLM02 or CLP03.
    claims_paid_cents: int = 0  #: CLP04.
    payment_cents: int | None = None  #: BPR02; None: the set is no payment.
    ids: Counter[str] = field(default_factory=Counter)  #: How often each segment stands in it.


@dataclass(slots=True)
class Tally:
    """A file being counted."""

    interchanges: int = 0
    groups: int = 0
    sets: Counter[str] = field(default_factory=Counter)  #: By type.
    segments: Counter[str] = field(default_factory=Counter)  #: By segment id.
    claims: int = 0
    charge_cents: int = 0
    claims_paid_cents: int = 0
    payment_cents: int = 0
    codes: Counter[str] = field(default_factory=Counter)  #: `CAS CO 45`, `CLP02 1`, ...
    code_cents: Counter[str] = field(default_factory=Counter)  #: Of adjustments.
    open: SetTally | None = None
    _group: tuple[str, str] = ("", "")

    def take(self, each: Part | Interchange) -> SetTally | None:
        """Count a part; return the set that ends with it."""
        if isinstance(each, Interchange):
            self.interchanges += 1
            self._group = ("", "")
            return None
        if each.begins or self.open is None:
            self._begin(each)
        assert self.open is not None
        self._count(each.segments, each.interchange.delimiters.component, self.open)
        if not each.ends:
            return None
        ended, self.open = self.open, None
        self.claims += ended.claims
        self.charge_cents += ended.charge_cents
        self.claims_paid_cents += ended.claims_paid_cents
        self.payment_cents += ended.payment_cents or 0
        self.segments.update(ended.ids)
        return ended

    def _begin(self, part: Part) -> None:
        head, transaction_set = part.interchange, part.transaction_set
        group = (head.control_number, part.group.control_number)
        self.groups += group != self._group
        self._group = group
        self.sets[transaction_set.file_type] += 1
        self.open = SetTally(
            interchange=head.control_number,
            sender=f"{head.sender_qualifier}/{head.sender_id}",
            receiver=f"{head.receiver_qualifier}/{head.receiver_id}",
            usage=head.usage,
            number=transaction_set.control_number,
            type=transaction_set.file_type,
        )

    def _count(self, segments: Iterable[Segment], component: str, tally: SetTally) -> None:
        ids = tally.ids
        for segment in segments:
            name = segment.elements[0]
            ids[name] += 1
            tally.segments += 1
            if name in _COUNTED:
                self._count_money(segment, name, tally)
                self._count_codes(segment, name, component)

    def _count_money(self, segment: Segment, name: str, tally: SetTally) -> None:
        if name == "CLM":
            tally.claims += 1
            tally.charge_cents += _cents(segment, 2)
        elif name == "CLP":
            tally.claims += 1
            tally.charge_cents += _cents(segment, 3)
            tally.claims_paid_cents += _cents(segment, 4)
        elif name == "BPR":
            tally.payment_cents = _cents(segment, 2)

    def _count_codes(self, segment: Segment, name: str, component: str) -> None:
        if name == "CAS":
            kind = f"CAS {segment.get(1)[:2]}"
            for at in range(2, 18, 3):
                self._code(kind, segment.get(at), _cents(segment, at + 1))
        elif name == "PLB":
            for at in range(3, 14, 2):
                reason = segment.get(at).split(component)[0]
                self._code("PLB", reason, _cents(segment, at + 1))
        elif name in _CODES_AT:
            code = segment.get(_CODES_AT[name]).split(component)[0]
            self._code(f"{name}{_CODES_AT[name]:02d}", code)

    def _code(self, kind: str, code: str, cents: int = 0) -> None:
        if not is_code(code):
            return
        key = f"{kind} {code}"
        if key in self.codes or len(self.codes) < _CODES_MAX:
            self.codes[key] += 1
            self.code_cents[key] += cents


def _cents(segment: Segment, element: int) -> int:
    try:
        return read_amount(segment.get(element))
    except AmountError:
        return 0

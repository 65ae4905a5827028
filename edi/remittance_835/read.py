"""One transaction set to a Remittance: header, parties, claims, provider adjustments."""

from edi.cursor import Cursor
from edi.envelope import TransactionSet
from edi.findings import Place, ReadError, error
from edi.loops import order_of
from edi.money import Cents
from edi.notes import version_notes
from edi.remittance_835.elements import Notes
from edi.remittance_835.model import (
    Address,
    ClaimPayment,
    Party,
    Payment,
    ProviderAdjustment,
    Reference,
    Remittance,
    Trace,
)
from edi.remittance_835.read_adjustment import read_provider_adjustments
from edi.remittance_835.read_claim import read_claim
from edi.segment import Segment

_DETAIL_STARTS = frozenset({"LX", "CLP", "SVC", "PLB"})
_PARTY_ENDS = _DETAIL_STARTS | {"N1"}
_PARTY_RANKS = {"N3": 0, "N4": 1, "REF": 2, "PER": 3, "": 4}  #: In the order of writing.


def read_835(transaction_set: TransactionSet) -> Remittance:
    """Return what the set says; whatever is wrong with it is a finding on the remittance.

    Money that cannot be read makes its claim, or the set, `is_readable=False`. Raises ReadError
    only where the set is no 835 at all: it has no BPR or no TRN.
    """
    return _Reading(transaction_set).read()


class _Reading:
    """One 835 being read; lives only inside read_835."""

    def __init__(self, transaction_set: TransactionSet) -> None:
        self.set = transaction_set
        self.cursor = Cursor(transaction_set)
        self.notes = Notes(transaction_set.control_number)
        self.other: list[Segment] = []
        self.strays: list[Segment] = []
        self.is_readable = True

    def read(self) -> Remittance:
        payment = self.payment()
        trace = self.trace()
        references: list[Reference] = []
        production_date = None
        ranks = [0] * len(self.other)
        for segment in self.cursor.take_to(_PARTY_ENDS):
            day = None
            if segment.id == "DTM" and segment.get(1) == "405" and production_date is None:
                day = production_date = self.notes.date(segment, 2, "")
            if segment.id == "REF":
                references.append(Reference(segment.get(1), segment.get(2)))
                ranks.append(1)
            elif day is not None:
                ranks.append(2)
            else:
                self.other.append(segment)
                ranks.append(0)
        parties = self.parties()
        claims, adjustments = self.detail()
        return Remittance(
            set_control_number=self.set.control_number,
            payment=payment,
            trace=trace,
            payer=parties.get("PR"),
            payee=parties.get("PE"),
            production_date=production_date,
            references=tuple(references),
            claims=claims,
            provider_adjustments=adjustments,
            other=tuple(self.other),
            order=order_of(ranks),
            strays=tuple(self.strays),
            is_readable=self.is_readable,
            delimiters=self.set.delimiters,
            findings=(*self.set.findings, *version_notes(self.set), *self.notes.findings),
        )

    def required(self, segment_id: str) -> Segment:
        segment = self.cursor.take_if(segment_id)
        while segment is None and not self.cursor.is_at_end:
            if self.cursor.peek().id in _PARTY_ENDS:
                break
            self.other.append(self.cursor.take())
            segment = self.cursor.take_if(segment_id)
        if segment is None:
            place = Place(transaction_set=self.set.control_number, segment_id=segment_id)
            message = f"The transaction set has no {segment_id} where an 835 has one."
            cure = "Ask the sender for a remittance that follows the guide 005010X221A1."
            raise ReadError(error("835-NOT-835", message, cure=cure, place=place))
        return segment

    def payment(self) -> Payment:
        bpr = self.required("BPR")
        amount = self.notes.amount(bpr, 2, "")
        if amount is None:
            self.is_readable = False
            amount = Cents(0)
        return Payment(
            handling_code=bpr.get(1),
            payment_cents=amount,
            credit_debit=bpr.get(3),
            method=bpr.get(4),
            format=bpr.get(5),
            sender_bank_qualifier=bpr.get(6),
            sender_bank=bpr.get(7),
            sender_account_qualifier=bpr.get(8),
            sender_account=bpr.get(9),
            originator_id=bpr.get(10),
            originator_supplement=bpr.get(11),
            receiver_bank_qualifier=bpr.get(12),
            receiver_bank=bpr.get(13),
            receiver_account_qualifier=bpr.get(14),
            receiver_account=bpr.get(15),
            payment_date=self.notes.date(bpr, 16, ""),
        )

    def trace(self) -> Trace:
        trn = self.required("TRN")
        return Trace(number=trn.get(2), payer_id=trn.get(3), originator_supplement=trn.get(4))

    def parties(self) -> dict[str, Party]:
        parties: dict[str, Party] = {}
        while (n1 := self.cursor.take_if("N1")) is not None:
            role = n1.get(1)
            if role in {"PR", "PE"} and role not in parties:
                parties[role] = self.party(n1)
                continue
            self.other += (n1, *self.cursor.take_to(_PARTY_ENDS))
        return parties

    def party(self, n1: Segment) -> Party:
        address: dict[str, Segment] = {}
        kept: dict[str, list[Segment]] = {"REF": [], "PER": [], "": []}
        ranks: list[int] = []
        for segment in self.cursor.take_to(_PARTY_ENDS):
            if segment.id in {"N3", "N4"} and segment.id not in address:
                address[segment.id] = segment
                ranks.append(_PARTY_RANKS[segment.id])
                continue
            place = segment.id if segment.id in kept else ""
            kept[place].append(segment)
            ranks.append(_PARTY_RANKS[place])
        return Party(
            name=n1.get(2),
            id_qualifier=n1.get(3),
            id=n1.get(4),
            address=_read_address(address) if address else None,
            references=tuple(Reference(each.get(1), each.get(2)) for each in kept["REF"]),
            contacts=tuple(kept["PER"]),
            other=tuple(kept[""]),
            order=order_of(ranks),
        )

    def detail(self) -> tuple[tuple[ClaimPayment, ...], tuple[ProviderAdjustment, ...]]:
        claims: list[ClaimPayment] = []
        adjustments: list[ProviderAdjustment] = []
        header: list[Segment] = []  # An LX with its TS3 and TS2, until a claim takes them.
        assigned_number = ""
        while not self.cursor.is_at_end:
            segment = self.cursor.take()
            match segment.id:
                case "LX":
                    self.strays += header
                    header = [segment]
                    assigned_number = segment.get(1)
                case "TS2" | "TS3" if header:
                    header.append(segment)
                case "CLP":
                    claim = read_claim(
                        segment,
                        self.cursor,
                        self.notes,
                        position=len(claims) + 1,
                        header=header,
                        assigned_number=assigned_number,
                    )
                    claims.append(claim)
                    header = []
                case "PLB":
                    self.take_plb(segment, adjustments)
                case "SVC":
                    message = "A service line stands under no claim."
                    self.notes.error("835-SVC-STRAY", message, segment, 0, "2110")
                    self.strays.append(segment)
                case _:
                    self.strays.append(segment)
        self.strays += header
        return tuple(claims), tuple(adjustments)

    def take_plb(self, segment: Segment, adjustments: list[ProviderAdjustment]) -> None:
        pairs = list(read_provider_adjustments(segment, self.cursor, self.notes))
        adjustments.extend(pair for pair in pairs if pair is not None)
        if None in pairs:
            self.is_readable = False  # Without every pair the set cannot be proved.
        if None in pairs or not pairs:
            self.strays.append(segment)  # Kept whole, as evidence.


def _read_address(segments: dict[str, Segment]) -> Address:
    nothing = Segment(("",))
    n3, n4 = segments.get("N3", nothing), segments.get("N4", nothing)
    return Address(
        lines=tuple(line for line in (n3.get(1), n3.get(2)) if line),
        city=n4.get(1),
        state=n4.get(2),
        postal_code=n4.get(3),
        country=n4.get(4),
    )

"""One interchange being read: segments to sets, and every fault of the envelope with its place."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from edi.envelope import FunctionalGroup, Interchange, TransactionSet
from edi.findings import Finding, error, warning
from edi.room import (
    CURE,
    HEADERS,
    LEVELS_MAX,
    FirstFindings,
    Room,
    many_claims,
)
from edi.segment import Segment
from edi.tokens import OpenSet, Tokens

#: What is more than one of its set.
STRUCTURE = frozenset({"ISA", "IEA", "GS", "GE", "ST", "SE", "HL"})


@dataclass(slots=True)
class _OpenGroup:
    header: Segment
    sets: list[TransactionSet] = field(default_factory=list)
    count: int = 0  #: Of its sets, also of those that a stream has passed on.


class Reading(Tokens):
    """One interchange being read; lives only inside `read_interchanges` and `edi.streaming`."""

    def __init__(self, text: str, position: int, room: Room, base: int = 0) -> None:
        super().__init__(text, position, room, base)
        self.isa = self.iea = Segment(("",))
        self.groups: list[FunctionalGroup] = []
        self.acknowledgments: list[Segment] = []
        self.open_group: _OpenGroup | None = None

    def read(self) -> Interchange:
        segments = self.segments()
        self.begin(next(segments))
        for segment in segments:
            if self.open_set is not None and segment.elements[0] not in STRUCTURE:
                self.open_set.segments.append(segment)
            elif self.is_end(segment):
                break
            else:
                self.take(segment)
        return self.finish()

    def begin(self, isa: Segment) -> None:
        """Take the ISA."""
        self.isa = isa
        self.is_full(isa)

    def is_end(self, segment: Segment) -> bool:
        """Tell whether the interchange ends with, or before, this segment."""
        if segment.id == "IEA":
            self.iea = segment
        elif segment.id == "ISA":
            # A new interchange before the IEA of this one: leave it to the next reading.
            self.position = segment.offset - self.base
        else:
            return False
        return True

    def finish(self) -> Interchange:
        """Return the interchange, after whatever stands between ISA and IEA."""
        self.close_group(None)
        isa, is_complete = self.isa, self.iea.id == "IEA"
        if is_complete:
            self.check_trailer(isa, self.iea)
        elif not self.is_stopped:
            message = "The interchange has no IEA: the file is cut short."
            self.findings.decide(error("X12-NO-IEA", message, cure=CURE, place=isa.place()))
        return self.interchange(is_complete=is_complete)

    def interchange(self, *, is_complete: bool = False) -> Interchange:
        """Return what was read so far."""
        isa = self.isa
        return Interchange(
            delimiters=self.delimiters,
            authorization_qualifier=isa.get(1),
            security_qualifier=isa.get(3),
            sender_qualifier=isa.get(5).strip(),
            sender_id=isa.get(6).rstrip(),
            receiver_qualifier=isa.get(7).strip(),
            receiver_id=isa.get(8).rstrip(),
            date=isa.get(9),
            time=isa.get(10),
            version=isa.get(12),
            control_number=isa.get(13),
            acknowledgment_requested=isa.get(14),
            usage=isa.get(15),
            groups=tuple(self.groups),
            acknowledgments=tuple(self.acknowledgments),
            findings=self.findings.all(),
            offset=self.start,
            length=self.base + self.position - self.start,
            is_complete=is_complete,
        )

    def take(self, segment: Segment) -> None:
        if self.open_set is not None and segment.elements[0] not in STRUCTURE:
            self.open_set.segments.append(segment)
            return
        match segment.id:
            case "GS" | "ST" if self.is_full(segment):
                pass  # Nothing more is read.
            case "GS":
                self.close_group(None)
                self.open_group = _OpenGroup(segment)
            case "GE":
                self.close_group(segment)
            case "ST":
                self.close_set(None)
                # What is found in a set outside any group stays with the interchange.
                found = FirstFindings(self.room) if self.open_group else self.findings
                self.open_set = OpenSet([segment], found)
                if self.open_group is None:
                    self.add("X12-NO-GS", "A transaction set stands outside any group.", segment)
            case "SE":
                self.close_set(segment)
            case "HL" if self.open_set is not None:
                self.take_level(segment, self.open_set)
            case "TA1":
                self.acknowledgments.append(segment)
            case _:
                self.add("X12-STRAY", "A segment stands outside any transaction set.", segment)

    def take_level(self, segment: Segment, open_set: OpenSet) -> None:
        """Take an HL; one that stands under itself, or too deep, is an error."""
        open_set.segments.append(segment)
        depths = open_set.depths
        depth = depths[segment.get(1)] = depths.get(segment.get(2), 0) + 1
        if depth > LEVELS_MAX:
            self.add("X12-HL-DEPTH", "Levels stand more than 20 deep.", segment, 2)

    def close_set(self, trailer: Segment | None) -> None:
        open_set, self.open_set = self.open_set, None
        if open_set is None:
            if trailer is not None:
                self.add("X12-STRAY", "An SE closes no transaction set.", trailer)
            return
        header = open_set.segments[0]
        number = header.get(2)
        found = open_set.findings
        if name := many_claims(open_set.segments, open_set.claims):
            message = f"The set has more {name} segments than its guide wants."
            place = header.place(transaction_set=number)
            found.decide(warning("X12-CLAIMS-MAX", message, cure=CURE, place=place))
        if trailer is None:
            place = header.place(transaction_set=number)
            found.decide(error("X12-NO-SE", "The set has no SE.", cure=CURE, place=place))
        else:
            open_set.segments.append(trailer)
            if trailer.get(1) != str(open_set.released + len(open_set.segments)):
                message = "SE01 is not the number of segments of the set."
                place = trailer.place(1, transaction_set=number)
                found.decide(error("X12-SE01-COUNT", message, cure=CURE, place=place))
            if trailer.get(2) != number:
                message = "SE02 is not the control number in ST02."
                place = trailer.place(2, transaction_set=number)
                found.decide(error("X12-SE02-NUMBER", message, cure=CURE, place=place))
        group = self.open_group
        if group is None:
            return
        group.count += 1
        group.sets.append(self.set_of(open_set.segments, group.header, found.all()))

    def set_of(
        self, segments: Sequence[Segment], group: Segment, findings: tuple[Finding, ...] = ()
    ) -> TransactionSet:
        """Return segments, of which the first is ST, as a set of the group that GS begins."""
        header = segments[0]
        return TransactionSet(
            set_id=header.get(1),
            control_number=header.get(2),
            version=header.get(3) or group.get(8),
            segments=tuple(segments),
            delimiters=self.delimiters,
            findings=findings,
        )

    def close_group(self, trailer: Segment | None) -> None:
        self.close_set(None)
        group, self.open_group = self.open_group, None
        if group is None:
            if trailer is not None:
                self.add("X12-STRAY", "A GE closes no group.", trailer)
            return
        header = group.header
        if trailer is None:
            self.add("X12-NO-GE", "The functional group has no GE.", header)
        else:
            if trailer.get(1) != str(group.count):
                message = "GE01 is not the number of transaction sets of the group."
                self.add("X12-GE01-COUNT", message, trailer, 1)
            if trailer.get(2) != header.get(6):
                message = "GE02 is not the control number in GS06."
                self.add("X12-GE02-NUMBER", message, trailer, 2)
        self.groups.append(group_of(header, tuple(group.sets), trailer))

    def check_trailer(self, isa: Segment, iea: Segment) -> None:
        if iea.get(1) != str(len(self.groups)):
            message = "IEA01 is not the number of groups of the interchange."
            self.findings.decide(error("X12-IEA01-COUNT", message, cure=CURE, place=iea.place(1)))
        if iea.get(2) != isa.get(13):
            message = "IEA02 is not the control number in ISA13."
            self.findings.decide(error("X12-IEA02-NUMBER", message, cure=CURE, place=iea.place(2)))

    def is_full(self, header: Segment) -> bool:
        """Take the room of one more interchange, group or set; where there is none, stop."""
        left = self.room.headers
        if left[header.id] == 0:
            self.stop("X12-SETS-MAX", HEADERS[header.id], header.offset)
            return True
        left[header.id] -= 1
        return False


def group_of(
    header: Segment, sets: tuple[TransactionSet, ...] = (), trailer: Segment | None = None
) -> FunctionalGroup:
    """Return the functional group that this GS begins."""
    return FunctionalGroup(
        functional_id=header.get(1),
        sender=header.get(2).rstrip(),
        receiver=header.get(3).rstrip(),
        control_number=header.get(6),
        version=header.get(8),
        header=header,
        sets=sets,
        trailer=trailer,
    )

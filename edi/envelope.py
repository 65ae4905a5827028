"""Interchange, functional group and transaction set as values."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from edi.delimiters import STANDARD, Delimiters
from edi.findings import Finding
from edi.guides import FileType, Guide, file_type
from edi.segment import Segment


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionSet:
    """From ST to SE, both included."""

    set_id: str  #: ST01.
    control_number: str  #: ST02, text: compared with SE02 as it stands.
    version: str  #: ST03, or GS08 where ST03 is empty.
    segments: tuple[Segment, ...]
    delimiters: Delimiters
    findings: tuple[Finding, ...] = ()  #: Of the envelope: SE01, SE02.

    @property
    def file_type(self) -> FileType:
        """What this set is."""
        return file_type(self.set_id, self.version)


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionalGroup:
    """From GS to GE."""

    functional_id: str  #: GS01.
    sender: str  #: GS02.
    receiver: str  #: GS03.
    control_number: str  #: GS06.
    version: str  #: GS08.
    header: Segment
    sets: tuple[TransactionSet, ...]
    trailer: Segment | None = field(default=None, compare=False)  #: GE, once it was read.


@dataclass(frozen=True, slots=True, kw_only=True)
class Interchange:
    """From ISA to IEA. Identifiers are trimmed on the right, as they are compared."""

    delimiters: Delimiters
    sender_qualifier: str  #: ISA05.
    sender_id: str  #: ISA06.
    receiver_qualifier: str  #: ISA07.
    receiver_id: str  #: ISA08.
    date: str  #: ISA09, YYMMDD.
    time: str  #: ISA10, HHMM.
    version: str  #: ISA12.
    control_number: str  #: ISA13, nine digits.
    acknowledgment_requested: str  #: ISA14.
    usage: str  #: ISA15, P or T.
    groups: tuple[FunctionalGroup, ...]
    acknowledgments: tuple[Segment, ...] = ()  #: TA1 segments beside the groups.
    findings: tuple[Finding, ...] = ()
    offset: int = 0
    length: int = 0  #: Bytes from ISA to the terminator of IEA.
    is_complete: bool = True  #: An IEA was read.
    authorization_qualifier: str = "00"  #: ISA01.
    security_qualifier: str = "00"  #: ISA03.

    def sets(self) -> Iterator[TransactionSet]:
        """Every transaction set of every group, in order."""
        for group in self.groups:
            yield from group.sets


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What the writer needs around transaction sets. Numbers are given by the caller."""

    sender_qualifier: str
    sender_id: str
    receiver_qualifier: str
    receiver_id: str
    group_sender: str  #: GS02.
    group_receiver: str  #: GS03.
    interchange_number: int  #: ISA13, 1 to 999999999.
    group_number: int  #: GS06.
    usage: str  #: ISA15, P or T.
    written_at: datetime  #: In the partner's time zone.
    guide: Guide
    acknowledgment_requested: bool = False
    delimiters: Delimiters = STANDARD

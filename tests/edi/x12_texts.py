"""Texts of X12 for tests: an envelope around inner segments, and values without their places."""

import dataclasses
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from edi.delimiters import STANDARD
from edi.envelope import Envelope, FunctionalGroup, Interchange, TransactionSet
from edi.guides import Guide
from edi.reader import read_interchanges
from edi.segment import Segment
from edi.writer import SetWriter, write_interchange

GOLDEN = Path(__file__).parent / "golden"
HEADER = ("BPR*I*100*C*CHK************20260303", "TRN*1*77*1559123456")
TRN_77 = HEADER[1]
CLAIM = "CLP*PCN1*1*100*100**12*ICN1*11*1"


def envelope(guide: Guide, number: int = 7) -> Envelope:
    """The envelope of the golden files."""
    return Envelope(
        sender_qualifier="ZZ",
        sender_id="PAYER",
        receiver_qualifier="ZZ",
        receiver_id="PRACTICE",
        group_sender="PAYER",
        group_receiver="PRACTICE",
        interchange_number=number,
        group_number=number,
        usage="T",
        written_at=datetime(2026, 3, 1, 9, 5, tzinfo=UTC),
        guide=guide,
        delimiters=dataclasses.replace(STANDARD, line_end="\n"),
    )


def sole_set(body: bytes) -> tuple[TransactionSet, FunctionalGroup, Interchange]:
    """The only transaction set of a file, with what is around it."""
    (interchange,) = read_interchanges(body)
    (group,) = interchange.groups
    (transaction_set,) = group.sets
    return transaction_set, group, interchange


def set_of(writer: SetWriter, guide: Guide, set_id: str) -> TransactionSet:
    """What a reader finds in the file around `writer`."""
    transaction_set, _, _ = sole_set(write_interchange(envelope(guide), [(set_id, writer)]))
    assert transaction_set.findings == ()
    return transaction_set


def set_of_texts(*segments: str, guide: Guide = Guide.REMITTANCE) -> TransactionSet:
    """What a reader finds in the file around segments given as text."""
    writer = SetWriter(STANDARD)
    for segment in segments:
        segment_id, *elements = segment.split("*")
        writer.add(segment_id, *(tuple(element.split(":")) for element in elements))
    return set_of(writer, guide, "999" if guide is Guide.ACKNOWLEDGMENT else "835")


def without_places(value: Any) -> Any:  # noqa: ANN401 - any value of any model
    """The value with every raw segment reduced to its elements."""
    if isinstance(value, Segment):
        return Segment(value.elements)
    if isinstance(value, tuple) and type(value) is tuple:
        return tuple(without_places(each) for each in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {
            each.name: without_places(getattr(value, each.name))
            for each in dataclasses.fields(value)
        }
        return dataclasses.replace(value, **fields)
    return value

"""The 999 (005010X231A1): what a translator says about each transaction set of a group.

It accepts or rejects files, not claims. The older 997 says the same with AK3 to AK5 in place of
IK3 to IK5; it is read, never written. Bad values that it quotes stay out of `repr`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from edi.cursor import Cursor
from edi.delimiters import STANDARD, Delimiters
from edi.envelope import TransactionSet
from edi.findings import Finding, Place, ReadError, error, warning
from edi.loops import LoopWriter
from edi.notes import version_notes
from edi.segment import Segment
from edi.writer import Repeated, SetWriter

ACCEPTING = frozenset({"A", "E"})  #: IK501, AK901: accepted; accepted, with errors noted.
REJECTING = frozenset({"M", "R", "W", "X"})
PARTIAL = "P"  #: AK901 only: go by each IK5.


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """A CTX segment; one that repeats CTX01 is read as several, each but the first `again`."""

    name: str  #: CTX01-1: SITUATIONAL TRIGGER, or an element such as CLM01.
    value: str = field(default="", repr=False)  #: CTX01-2: its value. PHI.
    segment_id: str = ""  #: CTX02.
    position: int = 0  #: CTX03: of the segment in its set, ST being 1; 0 unknown.
    loop: str = ""  #: CTX04.
    element: int = 0  #: CTX05-1.
    component: int = 0  #: CTX05-2.
    repetition: int = 0  #: CTX05-3.
    element_reference: str = ""  #: CTX06.
    again: bool = False  #: It stands in the same segment as the one before it.


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementError:
    """An IK4 segment."""

    element: int  #: IK401-1: from 1; 0 where it was not a number.
    component: int = 0  #: IK401-2.
    repetition: int = 0  #: IK401-3.
    element_reference: str = ""  #: IK402: the data element's number.
    code: str  #: IK403.
    value: str = field(default="", repr=False)  #: IK404: the bad value. PHI.
    contexts: tuple[Context, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentError:
    """An IK3 segment with what stands under it."""

    segment_id: str  #: IK301.
    position: int  #: IK302: in the set, ST being 1; 0 unknown.
    loop: str = ""  #: IK303.
    code: str  #: IK304.
    contexts: tuple[Context, ...] = ()
    elements: tuple[ElementError, ...] = ()  #: IK4.


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAcknowledgment:
    """From AK2 to IK5: the verdict on one transaction set."""

    set_id: str  #: AK201.
    control_number: str  #: AK202, the ST02 we sent.
    guide: str = ""  #: AK203.
    errors: tuple[SegmentError, ...] = ()  #: IK3.
    code: str = ""  #: IK501; empty where it is missing: then AK901 decides.
    reasons: tuple[str, ...] = ()  #: IK502 to IK506.

    @property
    def is_accepted(self) -> bool:
        """The set goes on, with or without errors noted."""
        return self.code in ACCEPTING

    @property
    def is_rejected(self) -> bool:
        """The set goes no further: all its claims have to be sent again."""
        return self.code in REJECTING


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionalAcknowledgment:
    """One transaction set 999: the verdict on one functional group."""

    functional_id: str  #: AK101.
    group_control_number: str  #: AK102, the GS06 we sent.
    version: str = ""  #: AK103.
    sets: tuple[SetAcknowledgment, ...] = ()
    code: str = ""  #: AK901: A, E, P, R, M, W or X.
    sets_included: int = 0  #: AK902.
    sets_received: int = 0  #: AK903.
    sets_accepted: int = 0  #: AK904.
    reasons: tuple[str, ...] = ()  #: AK905 to AK909.
    other: tuple[Segment, ...] = field(default=(), repr=False)  #: What is not modelled.
    delimiters: Delimiters = field(default=STANDARD, compare=False)  #: Of the raw segments.
    findings: tuple[Finding, ...] = ()


def read_999(transaction_set: TransactionSet) -> FunctionalAcknowledgment:
    """Return what the set says. Raises ReadError where it has no AK1: it is no 999 at all."""
    return _read(transaction_set, "IK")


def read_997(transaction_set: TransactionSet) -> FunctionalAcknowledgment:
    """Return what a 997 says. Raises ReadError where it has no AK1: it is no 997 at all."""
    return _read(transaction_set, "AK")


def _read(transaction_set: TransactionSet, start: str) -> FunctionalAcknowledgment:
    """Read the set; `start` is how the ids of its segments about one set begin."""
    cursor = Cursor(transaction_set)
    ak1 = cursor.take_if("AK1")
    if ak1 is None:
        place = Place(transaction_set=cursor.set_number, segment_id="AK1")
        message = "The transaction set does not begin with AK1."
        cure = "Ask the sender for an acknowledgment that follows the guide 005010X231A1."
        raise ReadError(error("999-NOT-999", message, cure=cure, place=place))
    findings = [*transaction_set.findings, *version_notes(transaction_set)]
    sets: list[SetAcknowledgment] = []
    other: list[Segment] = []
    ak9: Segment | None = None
    while not cursor.is_at_end:
        segment = cursor.take()
        if segment.id == "AK2":
            sets.append(_read_set(segment, cursor, start))
            if not sets[-1].code:
                place = segment.place(loop="2000", transaction_set=cursor.set_number)
                message = "A transaction set has no IK5: the verdict on the group decides."
                findings.append(warning("999-NO-IK5", message, place=place))
        elif segment.id == "AK9" and ak9 is None:
            ak9 = segment
        else:
            place = segment.place(transaction_set=cursor.set_number)
            message = "The segment has no place here; it was kept but not read."
            findings.append(warning("999-STRAY", message, place=place))
            other.append(segment)
    if ak9 is None:
        place = Place(transaction_set=cursor.set_number, segment_id="AK9")
        message = "The verdict on the group is missing."
        cure = "Ask the sender whether the acknowledgment was cut short."
        findings.append(error("999-NO-AK9", message, cure=cure, place=place))
        ak9 = Segment(("AK9",))
    return FunctionalAcknowledgment(
        functional_id=ak1.get(1),
        group_control_number=ak1.get(2),
        version=ak1.get(3),
        sets=tuple(sets),
        code=ak9.get(1),
        sets_included=_number(ak9.get(2)),
        sets_received=_number(ak9.get(3)),
        sets_accepted=_number(ak9.get(4)),
        reasons=_texts(ak9, range(5, 10)),
        other=tuple(other),
        delimiters=transaction_set.delimiters,
        findings=tuple(findings),
    )


def _read_set(ak2: Segment, cursor: Cursor, start: str) -> SetAcknowledgment:
    errors: list[SegmentError] = []
    while (ik3 := cursor.take_if(f"{start}3")) is not None:
        errors.append(_read_error(ik3, cursor, start))
    ik5 = cursor.take_if(f"{start}5") or Segment(("IK5",))
    return SetAcknowledgment(
        set_id=ak2.get(1),
        control_number=ak2.get(2),
        guide=ak2.get(3),
        errors=tuple(errors),
        code=ik5.get(1),
        reasons=_texts(ik5, range(2, 7)),
    )


def _read_error(ik3: Segment, cursor: Cursor, start: str) -> SegmentError:
    contexts = tuple(_read_contexts(cursor))
    elements: list[ElementError] = []
    while (ik4 := cursor.take_if(f"{start}4")) is not None:
        element, component, repetition = _position(ik4.get(1), cursor)
        elements.append(
            ElementError(
                element=element,
                component=component,
                repetition=repetition,
                element_reference=ik4.get(2),
                code=ik4.get(3),
                value=ik4.get(4),
                contexts=tuple(_read_contexts(cursor)),
            )
        )
    return SegmentError(
        segment_id=ik3.get(1),
        position=_number(ik3.get(2)),
        loop=ik3.get(3),
        code=ik3.get(4),
        contexts=contexts,
        elements=tuple(elements),
    )


def _read_contexts(cursor: Cursor) -> Iterator[Context]:
    separator = cursor.delimiters.repetition
    for ctx in cursor.take_while("CTX"):
        element, component, repetition = _position(ctx.get(5), cursor)
        first = ctx.get(1)
        texts = first.split(separator) if separator else [first]
        for at, text in enumerate(texts):
            name, *value = cursor.components(text)
            yield Context(
                name=name,
                value="".join(value[:1]),
                segment_id=ctx.get(2),
                position=_number(ctx.get(3)),
                loop=ctx.get(4),
                element=element,
                component=component,
                repetition=repetition,
                element_reference=ctx.get(6),
                again=at > 0,
            )


def _position(text: str, cursor: Cursor) -> tuple[int, int, int]:
    parts = [_number(part) for part in cursor.components(text)]
    element, component, repetition = (*parts, 0, 0, 0)[:3]
    return element, component, repetition


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else 0


def _texts(segment: Segment, elements: range) -> tuple[str, ...]:
    return tuple(text for text in map(segment.get, elements) if text)


def write_999(acknowledgment: FunctionalAcknowledgment, delimiters: Delimiters) -> SetWriter:
    """Return the segments between ST and SE; `read_999` of them gives the acknowledgment back.

    Segments that were not modelled stand at the end. Raises WriteError for illegal values.
    """
    ack = acknowledgment
    loop = LoopWriter(delimiters, ack.delimiters)
    writer = loop.out
    writer.add("AK1", ack.functional_id, ack.group_control_number, ack.version)
    for verdict in ack.sets:
        writer.add("AK2", verdict.set_id, verdict.control_number, verdict.guide)
        for wrong in verdict.errors:
            writer.add("IK3", wrong.segment_id, _text(wrong.position), wrong.loop, wrong.code)
            _write_contexts(writer, wrong.contexts)
            for element in wrong.elements:
                _write_element(writer, element)
        if verdict.code:
            writer.add("IK5", verdict.code, *verdict.reasons)
    counts = (ack.sets_included, ack.sets_received, ack.sets_accepted)
    if ack.code:
        writer.add("AK9", ack.code, *map(str, counts), *ack.reasons)
    loop.raw(ack.other)
    return writer


def _write_element(writer: SetWriter, element: ElementError) -> None:
    position = (str(element.element), _text(element.component), _text(element.repetition))
    writer.add("IK4", position, element.element_reference, element.code, element.value)
    _write_contexts(writer, element.contexts)


def _write_contexts(writer: SetWriter, contexts: Iterable[Context]) -> None:
    segments: list[list[Context]] = []
    for context in contexts:
        if context.again and segments:
            segments[-1].append(context)
        else:
            segments.append([context])
    for same in segments:
        context = same[0]
        writer.add(
            "CTX",
            Repeated(tuple((each.name, each.value) for each in same)),
            context.segment_id,
            _text(context.position),
            context.loop,
            (_text(context.element), _text(context.component), _text(context.repetition)),
            context.element_reference,
        )


def _text(number: int) -> str:
    return str(number) if number else ""

"""The elements of one segment against its rule: every fault, in the order of pyx12."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from edi.guide.nodes import CompositeRule, ElementRule, SegmentRule, SyntaxNote
from edi.guide.values import DATES, has_control, is_of_any_type, is_of_type

_FORMATS = ("RD8", "D8", "D6", "DT", "TM")  #: Values of DTP02 that say what DTP03 is.
_FORMAT, _FORMATTED = "1250", "1251"  #: Data elements: a format, and a text in it.


class Fault(NamedTuple):
    """What is wrong with an element: X12's code (IK403), where, and its name in the guide."""

    code: str
    element: int
    component: int = 0
    name: str = ""


def faults_of(
    rule: SegmentRule, elements: Sequence[str], component: str, version: str
) -> Iterator[Fault]:
    """Yield the faults of a segment without repetitions; the first of `elements` is its id."""
    count = len(rule.elements)
    parts = [each.split(component) for each in elements[1:]]
    if len(parts) > count:
        yield Fault("3", count + 1)
    formats: list[str] = []
    for at, each in enumerate(rule.elements):
        given = parts[at] if at < len(parts) else None
        if isinstance(each, CompositeRule):
            yield from _of_composite(each, given, version)
            continue
        if given is not None and each.number == _FORMAT:
            formats.extend(each.codes)
        data_types: Sequence[str] = ()
        if given is not None and at == 2 and elements[0] == "DTP":
            data_types = [said for said in (joined(parts[1], component),) if said in _FORMATS]
        elif each.number == _FORMATTED:
            data_types = formats
        for code in _of_element(each, given, data_types, version):
            yield Fault(code, each.at, 0, each.name)
    for note in rule.notes:
        if not _holds(note, parts):
            yield Fault("10" if note.kind == "E" else "2", note.at[0])


def joined(parts: Sequence[str], component: str) -> str:
    """Return a composite without the empty components at its end."""
    end = len(parts)
    while end > 1 and not parts[end - 1]:
        end -= 1
    return component.join(parts[:end])


def value_faults(
    rule: ElementRule, text: str, data_types: Sequence[str], version: str
) -> Iterator[str]:
    """Yield the codes of what is wrong with a value that is there and may be."""
    length = len(text)
    if rule.data_type.startswith(("R", "N")):
        length -= text.count("-") + text.count(".")
    if length < rule.length_min:
        yield "4"
    if length > rule.length_max:
        yield "5"
    if has_control(text):
        yield "6"
        return
    if _ends_blank(rule, text):
        yield "6"
    if rule.allowed is not None and text not in rule.allowed:
        yield "7"
    if not is_of_type(text, rule.data_type, version):
        yield {"DT": "8", "TM": "9"}.get(rule.data_type, "6")
    if data_types and not is_of_any_type(text, data_types):
        yield from ("9",) if "TM" in data_types else ("8",) if DATES & {*data_types} else ()
    if rule.pattern is not None and not rule.pattern.search(text):
        yield "7"


def _ends_blank(rule: ElementRule, text: str) -> bool:
    """Tell whether blanks stand at the end that its least length does not ask for."""
    is_text = rule.data_type in {"AN", "ID"}
    return is_text and text.endswith(" ") and len(text.rstrip()) >= rule.length_min


def _of_element(
    rule: ElementRule, parts: Sequence[str] | None, data_types: Sequence[str], version: str
) -> Iterator[str]:
    if parts is not None and len(parts) > 1:
        yield "6"
    elif parts is None or not parts[0]:
        if rule.usage == "R":
            yield "1"
    elif rule.usage == "N":
        yield "10"
    else:
        yield from value_faults(rule, parts[0], data_types, version)


def _of_composite(
    rule: CompositeRule, parts: Sequence[str] | None, version: str
) -> Iterator[Fault]:
    is_given = parts is not None and any(parts)
    if not is_given or parts is None:
        if rule.usage == "R":
            yield Fault("1", *rule.reference)
        return
    if rule.usage == "N":
        yield Fault("5", *rule.reference)
        return
    if len(parts) > len(rule.components):
        yield Fault("3", *rule.reference)
    for at, each in enumerate(rule.components):
        if at < len(parts) and parts[at]:
            if each.usage == "N":
                yield Fault("10", rule.at, each.at, each.name)
                continue
            for code in value_faults(each, parts[at], (), version):
                yield Fault(code, rule.at, each.at, each.name)
        elif each.usage == "R" and (each.at != 1 or rule.usage == "R"):
            yield Fault("1", rule.at, each.at, each.name)


def _holds(note: SyntaxNote, parts: Sequence[Sequence[str]]) -> bool:
    """Tell whether a segment keeps a syntax note."""
    there = [at <= len(parts) and any(parts[at - 1]) for at in note.at]
    if len(there) < 2:
        return False
    match note.kind:
        case "P":
            return all(there) or not any(there)
        case "R":
            return any(there)
        case "E":
            return sum(there) <= 1
        case "C":
            return not there[0] or all(there)
        case _:
            return not there[0] or any(there[1:])

"""One regular expression for a whole segment: what it matches is legal, the rest is looked at.

A pattern never matches a segment that `check.faults_of` finds a fault in; it may miss a few legal
ones. That makes it the quick road for nearly every segment, and a shortcut that cannot change a
verdict (tests/edi/guide/test_pattern.py).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from edi.delimiters import Delimiters
from edi.guide.check import value_faults
from edi.guide.nodes import CompositeRule, ElementRule, SegmentRule, SyntaxNote
from edi.guide.values import is_of_type

_NEVER = "(?!)"
_CODES_MAX = 40  #: More are looked up in their set: an alternation would be slow.
_DAYS = "(?:0[1-9]|1[0-2])(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])(?:29|30)|(?:0[13578]|1[02])31"
_DATE = f"(?:1[89]|2[0-9])[0-9]{{2}}(?:{_DAYS})"
_TIME = "(?:[01][0-9]|2[0-3])[0-5][0-9]"
_SECONDS = "[0-5][0-9]"
_FORMATS = {"D8": _DATE, "DT": _DATE, "RD8": f"{_DATE}-{_DATE}", "TM": _TIME}
_DATE_LENGTH = 8
_DECIMALS = 2
REPEATING = {("EQ", 1): 99, ("EB", 3): 99}
"""Elements that the maps let repeat only in words: EQ01 and EB03 of 005010X279."""


class Pattern(NamedTuple):
    """A segment that matches is legal if each of these groups is one of its codes."""

    expression: re.Pattern[str]
    listed: tuple[tuple[str, frozenset[str]], ...]
    repetition: str  #: What separates the repetitions in such a group.

    def fits(self, text: str) -> bool:
        """Tell whether a segment, as text, is surely legal."""
        match = self.expression.fullmatch(text)
        if match is None:
            return False
        for name, codes in self.listed:
            value = match[name]
            if value is None or value in codes:
                continue
            if not self.repetition or not codes.issuperset(value.split(self.repetition)):
                return False
        return True


def pattern_of(rule: SegmentRule, delimiters: Delimiters, version: str) -> Pattern:
    """Return the pattern of a segment for files with these delimiters; `version` is ISA12."""
    return _Writing(rule, delimiters, version).pattern()


def repeat_max(segment_id: str, rule: ElementRule | CompositeRule) -> int:
    """Return how often an element may stand."""
    own = rule.repeat if isinstance(rule, CompositeRule) else 1
    return REPEATING.get((segment_id, rule.at), own)


@dataclass(slots=True)
class _Writing:
    rule: SegmentRule
    delimiters: Delimiters
    version: str
    text: str = field(init=False)  #: The class of characters that a value may have.
    characters: frozenset[str] = field(init=False)
    listed: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)  #: Of data elements 1250 so far.

    def __post_init__(self) -> None:
        printable = (chr(each) for each in range(0x20, 0x7F))
        self.characters = frozenset(
            each
            for each in printable
            if is_of_type(each, "AN", self.version) and each not in self.delimiters.forbidden
        )
        self.text = "[" + "".join(re.escape(each) for each in sorted(self.characters)) + "]"

    def pattern(self) -> Pattern:
        separator = re.escape(self.delimiters.element)
        noted = {at for note in self.rule.notes for at in note.at}
        bodies = [self.element(each, is_noted=each.at in noted) for each in self.rule.elements]
        usages = [each.usage for each in self.rule.elements]
        tail = _sequence(separator, bodies, usages)
        first = "" if "R" in usages else f"(?={separator})"
        present = frozenset(at for at in noted if at <= len(usages) and usages[at - 1] != "N")
        notes = "".join(_note(note, present) for note in self.rule.notes)
        text = f"{re.escape(self.rule.id)}{first}{tail}(?<!{separator}){notes}"
        return Pattern(re.compile(text), tuple(self.listed), self.delimiters.repetition)

    def element(self, rule: ElementRule | CompositeRule, *, is_noted: bool) -> str:
        if rule.usage == "N":
            return ""
        listed = len(self.listed)
        if isinstance(rule, CompositeRule):
            body = self.composite(rule)
        elif self.rule.id == "DTP" and rule.at in {2, 3}:
            body = self.date_of_dtp(rule)
        else:
            formats = tuple(self.formats) if rule.number == "1251" else ()
            body = self.value(rule, formats, group=f"l{rule.at}")
            if rule.number == "1250":
                self.formats.extend(rule.codes)
        times = repeat_max(self.rule.id, rule)
        if times > 1 and self.delimiters.repetition:
            body = self.repeated(rule, body, times - 1, listed)
        return f"(?P<p{rule.at}>{body})" if is_noted else f"(?:{body})"

    def repeated(self, rule: ElementRule | CompositeRule, body: str, more: int, listed: int) -> str:
        """Return an element that may repeat; behind `listed` are the groups of its codes."""
        separator = re.escape(self.delimiters.repetition)
        name = f"l{rule.at}"
        if self.listed[listed:] and self.listed[listed:] != [(name, self.listed[-1][1])]:
            del self.listed[listed:]
            return _NEVER  # The group of a component would only tell of the last repetition.
        one = body.replace(f"(?P<{name}>", "(?:")
        return f"(?P<{name}>(?:{one})(?:{separator}(?:{one})){{0,{more}}})"

    def composite(self, rule: CompositeRule) -> str:
        """Return a composite whose first component is there: others are looked at."""
        separator = re.escape(self.delimiters.component)
        if not rule.components or rule.components[0].usage == "N":
            return _NEVER
        bodies = [
            "" if each.usage == "N" else f"(?:{self.value(each, (), f'l{rule.at}c{each.at}')})"
            for each in rule.components
        ]
        rest = _sequence(separator, bodies[1:], [each.usage for each in rule.components[1:]])
        return bodies[0] + rest

    def date_of_dtp(self, rule: ElementRule) -> str:
        """Return DTP02 with a group for each format, or DTP03 by the one that matched."""
        second = self.rule.elements[1]
        codes = self.usable(second, ()) if isinstance(second, ElementRule) else None
        if codes is None:
            return _NEVER
        if rule.at == 2:
            return "|".join(f"(?P<f{at}>{re.escape(code)})" for at, code in enumerate(codes))
        body = _NEVER
        for at, code in enumerate(codes):
            known = (code,) if code in {*_FORMATS, "D6"} else ()
            body = f"(?(f{at}){self.value(rule, known, 'l3')}|{body})"
        return body

    def usable(self, rule: ElementRule, formats: Iterable[str]) -> list[str] | None:
        """Return the codes that have no fault of their own; None where any value may stand."""
        if rule.allowed is None:
            return None
        given = tuple(formats)
        return sorted(
            code
            for code in rule.allowed
            if code
            and self.characters.issuperset(code)
            and not any(value_faults(rule, code, given, self.version))
        )

    def value(self, rule: ElementRule, formats: tuple[str, ...], group: str) -> str:
        """Return the values of an element, as an alternation that its caller encloses."""
        if rule.pattern is not None:
            return _NEVER
        codes = self.usable(rule, formats)
        if codes is not None and len(codes) <= _CODES_MAX:
            return "|".join(re.escape(code) for code in codes) or _NEVER
        if formats:
            return self.formatted(formats)
        body = self.typed(rule)
        if codes is None:
            return body
        self.listed.append((group, frozenset(codes)))
        return f"(?P<{group}>{body})"

    def formatted(self, formats: Iterable[str]) -> str:
        """Return a text in one of these formats; RD8 has a sign that may delimit."""
        known = [_FORMATS[each] for each in formats if each in _FORMATS]
        return "|".join(each for each in known if "-" in self.characters or each == _DATE) or _NEVER

    def typed(self, rule: ElementRule) -> str:
        least, most = rule.length_min, rule.length_max
        sign = "-?" if "-" in self.characters else ""
        match rule.data_type:
            case "AN" | "ID":
                return f"{self.text}{{{least},{most}}}+(?<! )"
            case "DT":
                return _DATE if least <= _DATE_LENGTH <= most else _NEVER
            case "TM":
                return _timed(least, most)
            case "R":
                decimals = min(_DECIMALS, most - 1)
                whole = f"{sign}[0-9]{{{least},{most}}}"
                if least > 1 or not decimals or "." not in self.characters:
                    return whole
                return f"{whole}|{sign}[0-9]{{1,{most - decimals}}}\\.[0-9]{{1,{decimals}}}"
            case "B":
                return _NEVER
            case _:
                return f"{sign}[0-9]{{{least},{most}}}"


def _timed(least: int, most: int) -> str:
    forms = [_TIME] if least <= 4 <= most else []
    forms += [f"{_TIME}{_SECONDS}[0-9]{{{more}}}" for more in range(3) if least <= 6 + more <= most]
    return "|".join(forms) or _NEVER


def _sequence(separator: str, bodies: list[str], usages: list[str]) -> str:
    """Return elements one after the other; those at the end may be left out."""
    last = max((at for at, usage in enumerate(usages) if usage == "R"), default=-1)
    tail = ""
    for at in range(len(bodies) - 1, -1, -1):
        body = bodies[at] if usages[at] == "R" else f"(?:{bodies[at]})?" if bodies[at] else ""
        tail = f"{separator}{body}{tail}"
        if at > last:
            tail = f"(?:{tail})?"
    return tail


@dataclass(frozen=True, slots=True)
class _Presence:
    """Conditions on the groups of elements that may be there: empty where true."""

    known: frozenset[int]

    def test(self, at: int, there: str, absent: str) -> str:
        return f"(?(p{at}){there}|{absent})" if at in self.known else absent

    def all_of(self, rest: Sequence[int]) -> str:
        return self.test(rest[0], self.all_of(rest[1:]), _NEVER) if rest else ""

    def none_of(self, rest: Sequence[int]) -> str:
        return self.test(rest[0], _NEVER, self.none_of(rest[1:])) if rest else ""

    def any_of(self, rest: Sequence[int]) -> str:
        return self.test(rest[0], "", self.any_of(rest[1:])) if rest else _NEVER

    def one_of(self, rest: Sequence[int]) -> str:
        if not rest:
            return ""
        return self.test(rest[0], self.none_of(rest[1:]), self.one_of(rest[1:]))


def _note(note: SyntaxNote, present: frozenset[int]) -> str:
    """Return what is empty where the note is kept, and never matches where it is not."""
    if len(note.at) < 2:
        return _NEVER
    presence = _Presence(present)
    first, others = note.at[0], note.at[1:]
    match note.kind:
        case "P":
            return presence.test(first, presence.all_of(others), presence.none_of(others))
        case "R":
            return presence.any_of(note.at)
        case "E":
            return presence.one_of(note.at)
        case "C":
            return presence.test(first, presence.all_of(others), "")
        case _:
            return presence.test(first, presence.any_of(others), "")

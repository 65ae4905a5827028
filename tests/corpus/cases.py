"""The corpus of bad X12: each case is a small file that is in order, an edit, and what must follow.

A case stands in `x12/<category>.toml`. Its text is Latin-1: one character a byte.

    name    what is wrong
    file    which base it is made of: x12/base/<file>.edi
    edit    pairs: what is replaced, and by what; or `make`, a maker of tests.corpus.makers
    times   how often the bytes stand in the file
    then    edits of a second file, which comes later

and, beside it, what is expected:

    state   of the file in the service
    finds   each finding, with its place: `X12-SE01-COUNT 23 SE01` is segment 23, element 1
    posts   cents that reach cash:in-transit; 0 where not said
    sets    the state of each remittance
    moves   the status of the claim, or the outcome of the check, that the file speaks of
    ack     what our own TA1 and 999 say of it
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from edi.findings import Finding
from tests.corpus.makers import MAKERS

X12 = Path(__file__).parent / "x12"
Edit = Sequence[Sequence[str]]

CLAIM = b"PCNABCDEFGHJKLMN"  #: In a base: the control number of our claim.
OUR_INTERCHANGE = b"900000001"  #: In a base: the number of the file that we sent.
OUR_GROUP = b"900000002"
_THEIR_INTERCHANGE = re.compile(rb"00000000([1-9])")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Case:
    """One case."""

    category: str
    name: str
    file: str
    number: int  #: Counted over all cases: part of every number in its files.
    edit: Edit = ()
    make: str = ""
    times: int = 1
    encoding: str = "latin-1"
    then: Sequence[Edit] = ()
    state: str = "read"
    finds: tuple[str, ...] = ()
    posts: int = 0
    sets: tuple[str, ...] = ()
    moves: str = ""
    ack: str = ""

    def __str__(self) -> str:
        """Return how pytest shows it."""
        return f"{self.category}: {self.name}"

    def bodies(self) -> list[bytes]:
        """Return the files as they stand in the corpus."""
        if self.make:
            return [MAKERS[self.make](base(self.file))]
        made = [_edited(base(self.file), each) for each in (self.edit, *self.then)]
        return [body.decode("latin-1").encode(self.encoding) * self.times for body in made]

    def sent(self, ours: "Ours") -> list[bytes]:
        """Return the files as they are sent about a claim of ours."""
        return [self._about(body, ours) for body in self.bodies()]

    def _about(self, body: bytes, ours: "Ours") -> bytes:
        if self.encoding != "latin-1":
            return body
        trace = ours.trace if self.file == "271" else b"TRACE%d" % self.number
        body = _THEIR_INTERCHANGE.sub(rb"1%04d000\1" % self.number, body)
        return (
            body.replace(CLAIM, ours.claim)
            .replace(b"TRACE1", trace)
            .replace(OUR_INTERCHANGE, ours.interchange)
            .replace(OUR_GROUP, ours.group)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """What a partner's file may speak of."""

    claim: bytes
    trace: bytes  #: Of our 270.
    interchange: bytes
    group: bytes


def base(name: str) -> bytes:
    """Return a file that is in order."""
    return (X12 / "base" / f"{name}.edi").read_bytes()


def cases() -> Iterator[Case]:
    """Yield every case, in the order of files and of their lines."""
    number = 0
    for path in sorted(X12.glob("*.toml")):
        for told in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
            number += 1
            lists = {key: tuple(told[key]) for key in ("finds", "sets") if key in told}
            yield Case(category=path.stem, number=number, **(told | lists))


def told(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Return findings as a case says them; of more than three of one code the first."""
    places: dict[str, dict[str, None]] = {}
    for finding in findings:
        places.setdefault(finding.code, {})[shown(finding)] = None
    words = []
    for shown_places in map(list, places.values()):
        many = f"{shown_places[0]} and {len(shown_places) - 1} more"
        words.extend(shown_places if len(shown_places) <= 3 else [many])
    return tuple(words)


def shown(finding: Finding) -> str:
    """Return a finding as a case says it."""
    place = finding.place
    element = f"{place.element:02d}" if place.element else ""
    component = f"-{place.component}" if place.component else ""
    where = f"{place.segment_number} {place.segment_id}{element}{component}"
    if not place.segment_number:
        where = f"byte {place.byte_offset}" if place.byte_offset >= 0 else ""
    return f"{finding.code} {where}".strip()


def _edited(body: bytes, edit: Edit) -> bytes:
    for old, new in edit:
        before = old.encode("latin-1")
        assert before in body, f"{old!r} is not in the file"
        body = body.replace(before, new.encode("latin-1"))
    return body

"""Edits of an encounter as values: changes by JSON pointer, and what differs of two. Pure."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from edi.findings import Finding, Place, error
from rcm.encounters.model import EncounterIn
from rcm.encounters.read import BadEncounterError

_ABSENT = object()
_ITEMS_MAX = 50  #: Of any list in an encounter.


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Another value for one field; None takes the field away."""

    pointer: str  #: RFC 6901.
    value: Any = field(repr=False)  #: May be PHI.


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field that two versions of an encounter have otherwise."""

    pointer: str
    before: Any = field(repr=False)  #: None: it was not there. May be PHI.
    after: Any = field(repr=False)


def apply(body: bytes, changes: Sequence[Change]) -> bytes:
    """Return the encounter in `body` with these changes. Raises BadEncounterError."""
    document = json.loads(body)
    wrong = [_no_field(n) for n, each in enumerate(changes) if not _set(document, each)]
    if wrong:
        raise BadEncounterError(wrong)
    return json.dumps(document).encode()


def differences(before: EncounterIn, after: EncounterIn) -> tuple[Difference, ...]:
    """Return what differs of two encounters, field by field; the same said otherwise is no edit."""
    old, new = dict(leaves(before)), dict(leaves(after))
    return tuple(
        Difference(pointer=pointer, before=old.get(pointer), after=new.get(pointer))
        for pointer in dict.fromkeys([*old, *new])
        if old.get(pointer) != new.get(pointer)
    )


def leaves(encounter: EncounterIn) -> Iterator[tuple[str, Any]]:
    """Yield the pointer and value of every field that says something."""
    yield from _leaves("", encounter.model_dump(mode="json"))


def _leaves(pointer: str, value: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401  # JSON.
    if isinstance(value, Mapping):
        for name, part in value.items():
            yield from _leaves(f"{pointer}/{name}", part)
    elif isinstance(value, list):
        for n, part in enumerate(value):
            yield from _leaves(f"{pointer}/{n}", part)
    elif value is not None and value != "":
        yield pointer, value


def _set(document: Any, change: Change) -> bool:  # noqa: ANN401  # JSON.
    """Change `document`; tell whether there is a place for it."""
    steps = [step.replace("~1", "/").replace("~0", "~") for step in change.pointer.split("/")[1:]]
    if not steps or not change.pointer.startswith("/"):
        return False
    part = document
    for step, following in pairwise(steps):
        inner = _get(part, step)
        if inner is _ABSENT or inner is None:
            inner = [] if following == "0" else {}
            if not _put(part, step, inner):
                return False
        part = inner
    return _put(part, steps[-1], change.value)


def _get(part: Any, step: str) -> Any:  # noqa: ANN401  # JSON.
    if isinstance(part, dict):
        return part.get(step, _ABSENT)
    if isinstance(part, list) and (n := _index(step)) is not None and n < len(part):
        return part[n]
    return _ABSENT


def _put(part: Any, step: str, value: Any) -> bool:  # noqa: ANN401  # JSON.
    """Put or take away a member; tell whether there is a place for it."""
    if isinstance(part, dict):
        if value is None:
            part.pop(step, None)
        else:
            part[step] = value
        return True
    n = _index(step) if isinstance(part, list) else None
    if n is None or n > len(part) or (n == len(part) and value is None):
        return False
    part[n : n + 1] = [] if value is None else [value]
    return True


def _index(step: str) -> int | None:
    is_number = step.isascii() and step.isdigit() and len(step) <= len(str(_ITEMS_MAX))
    return int(step) if is_number else None


def _no_field(n: int) -> Finding:
    """Return what is wrong with a change; the pointer itself may be anything that was typed."""
    return error(
        "ENCOUNTER-POINTER",
        "The encounter has no such field.",
        cure="Take pointers from the form of the claim; a new item stands right behind the last.",
        place=Place(pointer=f"/changes/{n}/pointer"),
    )

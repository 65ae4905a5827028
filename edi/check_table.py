"""What a table of checks is made of: a function that says where, and the row that says the rest."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from edi.findings import Finding, Place, Severity

Found = tuple[Place, str]  #: Where something is wrong, and what.
Fact = TypeVar("Fact")


@dataclass(frozen=True, slots=True)
class Check(Generic[Fact]):
    """One row: what must hold of a fact, how bad it is where it does not, and what to do then.

    The first sentence of the docstring of `find` is what must hold; docs/checks.md shows it.
    """

    code: str
    severity: Severity
    cure: str
    find: Callable[[Fact], Iterator[Found]]
    said_as: frozenset[str] = frozenset()  #: Codes of the guide that say the same of a segment.
    needs_whole: bool = False  #: Of a set that came in parts, nothing can be said.


def run(checks: Iterable[Check[Fact]], fact: Fact) -> Iterator[Finding]:
    """Yield what is wrong with a fact, in the order of the table."""
    for check in checks:
        for place, message in check.find(fact):
            yield Finding(
                code=check.code,
                severity=check.severity,
                message=message,
                cure=check.cure,
                place=place,
            )

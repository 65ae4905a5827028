"""Frozen values made at the price of open ones: for those that a file has by the thousand."""

from collections.abc import Callable, Sequence
from dataclasses import MISSING, fields
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def quickly_made(kind: type[T]) -> type[T]:
    """Give a frozen, slotted dataclass of keywords another `__init__`, which does the same.

    What `dataclass` writes calls `object.__setattr__` for every field. Here the new value is of
    a twin class while its fields are set, one without a guard, and then of its own: half the time
    for ten fields, a third for thirty (docs/adr/0037).

    >>> from dataclasses import dataclass
    >>> @quickly_made
    ... @dataclass(frozen=True, slots=True, kw_only=True)
    ... class Line:
    ...     charge_cents: int
    ...     note: str = ""
    >>> Line(charge_cents=5), Line(charge_cents=5) == Line(note="", charge_cents=5)
    (Line(charge_cents=5, note=''), True)
    """
    made = _written("self, ", kind, first="become(self, '__class__', twin)")
    made.__qualname__ = f"{kind.__qualname__}.__init__"
    kind.__init__ = made  # type: ignore[method-assign]  # Same fields, same defaults.
    return kind


def maker(kind: Callable[P, T]) -> Callable[P, T]:
    """Return a function that makes what calling such a class makes, for a reader's inner loop.

    A class is called by way of `type`, which packs and unpacks the keywords: a third of the time
    is saved once more, or half (docs/adr/0037).

    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True, slots=True, kw_only=True)
    ... class Line:
    ...     charge_cents: int
    ...     note: str = ""
    >>> maker(Line)(charge_cents=5) == Line(charge_cents=5)
    True
    """
    return _written("", kind, first="self = twin()", last="return self")


def _written(
    receiver: str, kind: Callable[..., Any], *, first: str, last: str = "return"
) -> Callable[..., Any]:
    """Return a function of the fields of a class that sets them while a value is of its twin."""
    every: Sequence[Any] = fields(kind)  # type: ignore[arg-type]  # A dataclass, as both say.
    assert not hasattr(kind, "__post_init__")
    assert all(each.default_factory is MISSING for each in every)
    names = [each.name for each in every]
    scope: dict[str, Any] = {
        "twin": type(kind.__name__, (), {"__slots__": tuple(names)}),
        "become": object.__setattr__,
        "kind": kind,
    }
    scope |= {f"default_{each.name}": each.default for each in every}
    taken = (
        each.name if each.default is MISSING else f"{each.name}=default_{each.name}"
        for each in every
    )
    lines = (
        f"def made({receiver}*, {', '.join(taken)}):",
        first,
        *(f"self.{name} = {name}" for name in names),
        "self.__class__ = kind",
        last,
    )
    exec("\n ".join(lines), scope)  # noqa: S102  # As `dataclass` makes its own: of field names.
    made: Callable[..., Any] = scope["made"]
    return made

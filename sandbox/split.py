"""Splitting a sequence by a key, in the order in which the keys come first."""

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

_T = TypeVar("_T")


def split_by(values: Iterable[_T], key: Callable[[_T], Hashable]) -> tuple[tuple[_T, ...], ...]:
    """Return the values with the same key together.

    >>> split_by(["a1", "b1", "a2"], lambda each: each[0])
    (('a1', 'a2'), ('b1',))
    """
    split: dict[Hashable, list[_T]] = {}
    for value in values:
        split.setdefault(key(value), []).append(value)
    return tuple(tuple(each) for each in split.values())

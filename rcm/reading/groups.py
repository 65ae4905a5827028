"""Facets, total and sums of a filtered list, from one pass over its rows.

The rows are grouped by all facets at once, with every other filter applied; what was chosen in the
facets themselves is applied to the groups here. So each facet counts with every filter but its own.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, cast, func
from sqlalchemy.orm import InstrumentedAttribute

from rcm.db import ReadSession

Column = ColumnElement[Any] | InstrumentedAttribute[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The rows that have the same values in all facets."""

    values: tuple[str, ...]  #: In the order of the facets.
    count: int
    sums: tuple[int, ...]  #: In the order of the sums that were asked.


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A filtered list in figures."""

    total: int
    facets: dict[str, dict[str, int]]
    totals: dict[str, int]  #: Sums by name.


def count_groups(
    session: ReadSession,
    query: Select[Any],
    *,
    facets: Mapping[str, Column],
    chosen: Mapping[str, Collection[str]],
    sums: Mapping[str, Column],
    count: ColumnElement[int] | None = None,
) -> Counted:
    """Count the rows that `query` selects from (its columns are replaced).

    `chosen` are the values chosen in each facet; none means all. `count` is what adds up to how
    many there are, where a row stands for several.
    """
    counted = func.count() if count is None else cast(func.sum(count), BigInteger)
    columns = [column.label(f"facet_{n}") for n, column in enumerate(facets.values())]
    summed = [
        cast(func.sum(column), BigInteger).label(f"sum_{n}")
        for n, column in enumerate(sums.values())
    ]
    width = len(columns)
    rows = session.execute(
        query.with_only_columns(*columns, counted.label("rows"), *summed).group_by(*columns)
    )
    found = [row for row in rows if row[width]]
    texts = {value: str(value) for value in {value for row in found for value in row[:width]}}
    groups = [
        Group(
            values=tuple([texts[value] for value in row[:width]]),
            count=row[width],
            sums=tuple(row[width + 1 :]),
        )
        for row in found
    ]
    return count_chosen(groups, names=tuple(facets), chosen=chosen, sums=tuple(sums))


def count_chosen(
    groups: Sequence[Group],
    *,
    names: Sequence[str],
    chosen: Mapping[str, Collection[str]],
    sums: Sequence[str],
) -> Counted:
    """Return the figures of the groups that were chosen.

    >>> paid = Group(values=("paid", "a"), count=2, sums=(500,))
    >>> held = Group(values=("held", "b"), count=1, sums=(100,))
    >>> figures = count_chosen(
    ...     [paid, held], names=["status", "payer"], chosen={"status": ["held"]}, sums=["charge"]
    ... )
    >>> figures.total, figures.totals
    (1, {'charge': 100})
    >>> figures.facets
    {'status': {'held': 1, 'paid': 2}, 'payer': {'b': 1}}
    """
    counts: list[dict[str, int]] = [{} for _ in names]
    wanted = [frozenset(chosen.get(name, ())) for name in names]
    totals = [0] * len(sums)
    total = 0
    for group in groups:
        misses = [
            n
            for n, (value, only) in enumerate(zip(group.values, wanted, strict=True))
            if only and value not in only
        ]
        if len(misses) > 1:
            continue
        for n in misses or range(len(counts)):
            value = group.values[n]
            counts[n][value] = counts[n].get(value, 0) + group.count
        if not misses:
            total += group.count
            for n, cents in enumerate(group.sums):
                totals[n] += cents
    return Counted(
        total=total,
        facets={
            name: dict(sorted(count.items())) for name, count in zip(names, counts, strict=True)
        },
        totals=dict(zip(sums, totals, strict=True)),
    )

"""Deductibles and the like: the whole, what is left, and so what was met. Pure.

Payers tell two of the three, as statements of their own. Only what can be drawn from them beyond
doubt is: where a payer says two different amounts of one thing, nothing is.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from edi.money import Cents
from rcm.eligibility.codes import REMAINING, SO_FAR
from rcm.eligibility.model import BenefitKind, StatedBenefit

_COUNTED = frozenset({BenefitKind.DEDUCTIBLE, BenefitKind.OUT_OF_POCKET, BenefitKind.SPEND_DOWN})
_LIFETIME = frozenset({"32", "33"})
_WHOLE = frozenset({"", "21", "22", "23", "25", "32"})  #: Of EB06: the whole of a period.


@dataclass(frozen=True, slots=True, kw_only=True)
class Accumulator:
    """A limit that fills up. A part that is not told, and cannot be drawn, is None."""

    kind: BenefitKind
    coverage_level: str
    in_network: str
    service_types: tuple[str, ...]
    insurance_type: str
    is_lifetime: bool
    total_cents: Cents | None = None
    remaining_cents: Cents | None = None
    met_cents: Cents | None = None
    is_consistent: bool = True  #: False: the payer contradicts itself.


def accumulators(benefits: Iterable[StatedBenefit]) -> tuple[Accumulator, ...]:
    """Return the limits of these statements, in the order in which they are first told."""
    told: dict[Accumulator, dict[str, set[Cents]]] = {}
    for each in benefits:
        part = _part(each.period)
        if each.kind not in _COUNTED or each.amount_cents is None or not part or each.procedure:
            continue
        key = Accumulator(
            kind=each.kind,
            coverage_level=each.coverage_level,
            in_network=each.in_network,
            service_types=each.service_types,
            insurance_type=each.insurance_type,
            is_lifetime=each.period in _LIFETIME,
        )
        told.setdefault(key, {}).setdefault(part, set()).add(each.amount_cents)
    return tuple(_filled(key, parts) for key, parts in told.items())


def _part(period: str) -> str:
    if period in REMAINING:
        return "remaining"
    if period in SO_FAR:
        return "met"
    return "total" if period in _WHOLE else ""


def _filled(empty: Accumulator, parts: dict[str, set[Cents]]) -> Accumulator:
    if any(len(amounts) > 1 for amounts in parts.values()):
        return replace(empty, is_consistent=False)
    total, remaining, met = (
        next(iter(parts.get(part, ())), None) for part in ("total", "remaining", "met")
    )
    if total is not None and remaining is not None:
        drawn = Cents(total - remaining)
        if drawn < 0 or (met is not None and met != drawn):
            return replace(empty, total_cents=total, remaining_cents=remaining, is_consistent=False)
        met = drawn
    elif total is not None and met is not None and total >= met:
        remaining = Cents(total - met)
    elif remaining is not None and met is not None:
        total = Cents(remaining + met)
    return replace(empty, total_cents=total, remaining_cents=remaining, met_cents=met)

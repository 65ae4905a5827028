"""CAS and PLB: the amounts that explain why a payment differs from a charge."""

from collections.abc import Iterator

from edi.cursor import Cursor
from edi.elements import is_code
from edi.quick import maker
from edi.remittance_835.elements import Notes
from edi.remittance_835.model import Adjustment, AdjustmentGroup, ProviderAdjustment
from edi.segment import Segment

_CAS_ELEMENTS_MAX = 19
_PAIRS = range(3, 14, 2)  #: PLB03, 05, ... 13: each a reason and an amount.
_PLB_ELEMENTS_MAX = 14
_adjustment = maker(Adjustment)
_GROUPS = {group.value: group for group in AdjustmentGroup}


def read_adjustments(segment: Segment, loop: str, notes: Notes) -> tuple[Adjustment, ...] | None:
    """Return the adjustments of a CAS segment, or None and findings where any is unreadable.

    Triplets are read by position: an empty quantity keeps its place (rules-that-bite M22).
    """
    group = _GROUPS.get(segment.get(1))
    if group is None:
        message = "The adjustment group is none of CO, CR, OA, PI, PR."
        notes.error("835-CAS-GROUP", message, segment, 1, loop)
        return None
    elements = segment.elements
    if any(elements[_CAS_ELEMENTS_MAX + 1 :]):
        message = "The segment has more than six adjustments."
        notes.error("835-CAS-LENGTH", message, segment, _CAS_ELEMENTS_MAX + 1, loop)
        return None
    adjustments = []
    readable = True
    # CAS02, 05, ... 17: each a reason, an amount and a quantity.
    for at in range(2, min(len(elements), _CAS_ELEMENTS_MAX), 3):
        if not any(elements[at : at + 3]):
            continue
        reason = notes.code(segment, at, loop, "835-CAS-REASON")
        amount = notes.amount(segment, at + 1, loop)
        if reason == "":
            notes.error("835-CAS-REASON", "An amount has no reason.", segment, at, loop)
        if amount is None or not reason:
            readable = False
            continue
        if amount == 0:
            message = "A reason adjusts nothing: its amount is zero."
            notes.warn("835-CAS-ZERO", message, segment, at + 1, loop)  # Never a hold: RFI 998.
        adjustments.append(
            _adjustment(
                group=group,
                reason=reason,
                amount_cents=amount,
                quantity=notes.quantity(segment, at + 2, loop),
                segment_number=segment.number,
                element=at + 1,
            )
        )
    if readable and not adjustments:
        notes.error("835-CAS-EMPTY", "The segment adjusts nothing.", segment, 2, loop)
        return None
    return tuple(adjustments) if readable else None


def read_provider_adjustments(
    segment: Segment, cursor: Cursor, notes: Notes
) -> Iterator[ProviderAdjustment | None]:
    """Yield the pairs of a PLB segment, None and a finding for one that is unreadable."""
    if any(segment.elements[_PLB_ELEMENTS_MAX + 1 :]):
        message = "The segment has more than six provider adjustments."
        notes.error("835-PLB-LENGTH", message, segment, _PLB_ELEMENTS_MAX + 1, "")
        yield None
    fiscal_period_date = notes.date(segment, 2, "")
    for at in _PAIRS:
        if not any(segment.elements[at : at + 2]):
            continue
        reason, *rest = cursor.components(segment.get(at))
        amount = notes.amount(segment, at + 1, "")
        if not reason:
            notes.error("835-PLB-REASON", "An amount has no reason.", segment, at, "")
        if amount is None or not reason:
            yield None
            continue
        if not is_code(reason):
            message = "The reason is not 1 to 5 capitals or digits; its amount waits in suspense."
            notes.warn("835-PLB-CODE", message, segment, at, "")
            reason = ""
        yield ProviderAdjustment(
            provider_id=segment.get(1),
            fiscal_period_date=fiscal_period_date,
            reason=reason,
            reference=rest[0] if rest else "",
            amount_cents=amount,
            segment_number=segment.number,
            element=at + 1,
        )

"""A reversal and what it takes back. Pure.

Every amount of the original is negated, with the original groups (remittance.md 3). Payers leave
the lines out (RFI 1733): then they are copied from the original, so that each line comes to zero.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from edi.findings import Finding, Severity, warning
from edi.money import Cents
from edi.remittance_835.model import Adjustment, ClaimPayment, Remittance, ServicePayment
from rcm.remittance.decide import adjustments_of

EXPANDED = Finding(
    code="835-REVERSAL-EXPANDED",
    severity=Severity.NOTE,
    message="A reversal came without its lines: they were copied from the payment it takes back.",
    cure="Nothing: every line comes to zero.",
)
DIFFERS = warning(
    "835-REVERSAL-DIFFERS",
    "A reversal does not take back what was posted, line by line.",
    cure="Compare both remittances; ask the payer for the difference.",
)
ALONE = warning(
    "835-REVERSAL-ALONE",
    "A reversal takes back a payment that was not received here, or not with these amounts.",
    cure="Wait for the payment it takes back, or ask the payer for its remittance.",
)


def expand(remittance: Remittance, originals: Mapping[int, ClaimPayment]) -> Remittance:
    """Return the remittance with the lines of its bare reversals; `originals` is by position."""
    claims = tuple(
        _with_lines(claim, originals[claim.position]) if is_bare(claim, originals) else claim
        for claim in remittance.claims
    )
    return replace(remittance, claims=claims)


def is_bare(reversal: ClaimPayment, originals: Mapping[int, ClaimPayment]) -> bool:
    """Tell whether lines can be copied: it has none, its original has, and the sums agree."""
    original = originals.get(reversal.position)
    return (
        original is not None
        and not reversal.services
        and bool(original.services)
        and _sums(reversal) == _sums(_negated(original))
    )


def mirrors(reversal: ClaimPayment, original: ClaimPayment) -> bool:
    """Tell whether a reversal takes back exactly what its original said, line by line."""
    return _sums(reversal) == _sums(_negated(original)) and (
        not reversal.services or _lines(reversal) == _lines(_negated(original))
    )


def _sums(payment: ClaimPayment) -> tuple[Cents, Cents, dict[tuple[str, str], int]]:
    sums: Counter[tuple[str, str]] = Counter()
    for each in adjustments_of(payment):
        sums[each.group, each.reason] += each.amount_cents
    told = {reason: cents for reason, cents in sums.items() if cents}
    return payment.charge_cents, payment.paid_cents, told


def _lines(payment: ClaimPayment) -> Counter[tuple[str, Cents, Cents]]:
    return Counter(
        (each.line_control_number, each.charge_cents, each.paid_cents) for each in payment.services
    )


def _negated(payment: ClaimPayment) -> ClaimPayment:
    return replace(
        payment,
        charge_cents=Cents(-payment.charge_cents),
        paid_cents=Cents(-payment.paid_cents),
        adjustments=tuple(_opposite(each) for each in payment.adjustments),
        services=tuple(_opposite_line(each) for each in payment.services),
    )


def _opposite(adjustment: Adjustment) -> Adjustment:
    return replace(adjustment, amount_cents=Cents(-adjustment.amount_cents))


def _opposite_line(service: ServicePayment) -> ServicePayment:
    return replace(
        service,
        charge_cents=Cents(-service.charge_cents),
        paid_cents=Cents(-service.paid_cents),
        adjustments=tuple(_opposite(each) for each in service.adjustments),
    )


def _with_lines(reversal: ClaimPayment, original: ClaimPayment) -> ClaimPayment:
    """Copy and negate; every copy cites the CLP of the reversal, where the money is said."""
    at = reversal.segment_number
    copied = _negated(original)
    return replace(
        reversal,
        adjustments=_cited(copied.adjustments, at),
        services=tuple(
            replace(each, segment_number=at, adjustments=_cited(each.adjustments, at))
            for each in copied.services
        ),
    )


def _cited(adjustments: tuple[Adjustment, ...], segment_number: int) -> tuple[Adjustment, ...]:
    return tuple(replace(each, segment_number=segment_number, element=4) for each in adjustments)

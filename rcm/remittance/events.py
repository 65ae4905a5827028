"""What a remittance tells of each claim, as an event of the claim. Pure."""

from collections.abc import Sequence
from typing import Any

from edi.remittance_835.model import ClaimPayment, Remittance
from rcm.claims.events import NewEvent
from rcm.remittance.decide import adjustments_of
from rcm.remittance.history import History
from rcm.remittance.post import Source, payment_key
from rcm.remittance.settle import settle

REPORTER = "payer, 835"
_FORWARDED_STATUSES = frozenset({"19", "20", "21", "23"})  #: CLP02.
_FORWARDED_REMARKS = frozenset({"MA07", "MA18", "N89"})  #: Crossover, whatever CLP02 (M29).


def events_of(remittance: Remittance, history: History, source: Source) -> list[NewEvent]:
    """Return an event for each claim payment that was posted: what stands after it, in order."""
    key = payment_key(remittance, source.content)
    so_far = {claim_id: list(before) for claim_id, before in history.before.items()}
    events: list[NewEvent] = []
    for payment in remittance.claims:
        told = history.here.get(payment.position)
        if told is None:
            continue
        claim_id = history.claims[payment.position]
        said = so_far.setdefault(claim_id, [])
        said.append(told)
        events.append(
            NewEvent(
                claim_id=claim_id,
                key=f"{key}/clp/{payment.position}",
                event=settle(said),
                reporter=REPORTER,
                file_id=source.file_id,
                segment_number=payment.segment_number,
                detail=_detail(payment, is_other=told.is_other),
            )
        )
    return events


def _detail(payment: ClaimPayment, *, is_other: bool) -> dict[str, Any]:
    detail: dict[str, Any] = {
        "paid_cents": payment.paid_cents,
        "status_code": payment.status_code,
        "reasons": sorted({f"{each.group}-{each.reason}" for each in adjustments_of(payment)}),
        "remarks": list(remarks_of(payment)),
    }
    if is_forwarded(payment):
        detail["forwarded"] = True  # No secondary claim of our own: another payer's 835 follows.
    if is_other:
        detail["payer"] = "other"
    return detail


def is_forwarded(payment: ClaimPayment) -> bool:
    """Tell whether the payer has sent the claim on to another one."""
    return (
        payment.status_code in _FORWARDED_STATUSES
        or payment.crossover is not None
        or not _FORWARDED_REMARKS.isdisjoint(remarks_of(payment))
    )


def remarks_of(payment: ClaimPayment) -> Sequence[str]:
    """Return the remark codes of a claim and of all its lines, each once."""
    codes = set(payment.remark_codes)
    for service in payment.services:
        codes.update(service.remark_codes)
    return tuple(sorted(codes))

"""What a 999 that refuses a set gives people to do: whose fault it is, and where. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from edi.acknowledgment_999 import SegmentError, SetAcknowledgment
from edi.envelope import TransactionSet
from edi.money import Cents
from rcm.claims.batch import claims_at
from rcm.claims.pointers import field_at
from rcm.worklists.items import ItemKind, NewItem


@dataclass(frozen=True, slots=True, kw_only=True)
class _Blame:
    """What is wrong with one claim of a refused set."""

    where: str  #: Segment and element, as the acknowledgment names them.
    name: str = ""  #: The field of the encounter in plain words.
    pointer: str = ""


def refused_items(
    sent: TransactionSet,
    verdict: SetAcknowledgment | None,
    claims: Mapping[UUID, Cents],
    *,
    file_id: UUID,
    outbound_id: UUID,
) -> list[NewItem]:
    """Return an item for each claim of a set that we sent; `claims` are in file order.

    Told once by the answer, `file_id`; it links to the file of ours that has to go again.

    All of them go again (rules-that-bite M36), and only those that are named need a correction.
    """
    blamed = _blamed(sent, verdict.errors if verdict else ())
    return [
        replace(
            _item(claim_id, cents, verdict, blamed.get(n), has_others=bool(blamed)),
            key=f"rejected/{claim_id}/{file_id}",
            file_id=outbound_id,
        )
        for n, (claim_id, cents) in enumerate(claims.items())
    ]


def _blamed(sent: TransactionSet, errors: Sequence[SegmentError]) -> dict[int, _Blame]:
    """Return what the first error that names a claim says of it, by the claim's place."""
    places = claims_at(sent)
    blamed: dict[int, _Blame] = {}
    for fault in errors:
        if not 1 <= fault.position <= len(sent.segments):
            continue
        segment = sent.segments[fault.position - 1]
        element = fault.elements[0].element if fault.elements else 0
        field = field_at(sent.segments, fault.position - 1, element)
        where = f"segment {fault.position} {segment.id}"
        blame = _Blame(
            where=f"{where}, element {element}" if element else where,
            name=field.name if field else "",
            pointer=field.pointer if field else "",
        )
        # What stands above several claims is no single claim's.
        if len(places[segment.number]) == 1:
            blamed.setdefault(places[segment.number][0], blame)
    return blamed


def _item(
    claim_id: UUID,
    cents: Cents,
    verdict: SetAcknowledgment | None,
    blame: _Blame | None,
    *,
    has_others: bool,
) -> NewItem:
    if blame is not None:
        message = f"The clearinghouse refused the whole file because of this claim: {blame.where}."
        what = blame.name or "what the acknowledgment names"
        action = f"Correct {what}; then send all claims of the file again."
    elif has_others:
        message = "The clearinghouse refused the whole file because of another claim in it."
        action = "Nothing to correct here: send it again with the other claims of the file."
    else:
        message = "The clearinghouse refused the whole file."
        action = "Correct what the acknowledgment names; then send all claims of the file again."
    return NewItem(
        key=f"rejected/{claim_id}",
        kind=ItemKind.REJECTED,
        reason=f"999-{verdict.code}" if verdict else "999",
        message=message,
        action=action,
        pointer=blame.pointer if blame else "",
        amount_cents=cents,
        claim_id=claim_id,
    )

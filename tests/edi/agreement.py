"""Compare our readers with pyx12, segment by segment, loop by loop, value by value."""

from collections.abc import Iterator

from edi.acknowledgment_999 import FunctionalAcknowledgment, read_999
from edi.envelope import FunctionalGroup, Interchange, TransactionSet
from edi.money import read_amount
from edi.pyx12_reader import read_segments
from edi.remittance_835.model import Adjustment, Remittance
from edi.remittance_835.read import read_835

Row = tuple[str, str, *tuple[object, ...]]  #: Loop, segment id, values.


def assert_both_roads_agree(
    transaction_set: TransactionSet, group: FunctionalGroup, interchange: Interchange
) -> None:
    """Fail where pyx12 and we read the set differently. Its guide must have a map."""
    theirs = list(read_segments(transaction_set, group, interchange))
    assert [(segment_id, *elements) for _, segment_id, elements in theirs] == [
        _first_repetitions(transaction_set, elements.elements)
        for elements in transaction_set.segments
    ]
    if any(not path for path, _, _ in theirs):
        return  # Where a segment has no place in the map, the loops after it are guesses.
    rows = [
        (path.rpartition("/")[2], segment_id, elements) for path, segment_id, elements in theirs
    ]
    if transaction_set.set_id == "835":
        assert list(_rows_835(rows, transaction_set)) == list(_rows_of(read_835(transaction_set)))
    else:
        assert list(_rows_999(rows)) == list(_rows_of_999(read_999(transaction_set)))


def _first_repetitions(
    transaction_set: TransactionSet, elements: tuple[str, ...]
) -> tuple[str, ...]:
    delimiters = transaction_set.delimiters
    separator = delimiters.repetition
    firsts = (each.split(separator)[0] if separator else each for each in elements)
    return tuple(each.rstrip(delimiters.component) for each in firsts)


def _get(elements: tuple[str, ...], at: int) -> str:
    return elements[at - 1] if at <= len(elements) else ""


def _rows_835(
    rows: list[tuple[str, str, tuple[str, ...]]], transaction_set: TransactionSet
) -> Iterator[Row]:
    component = transaction_set.delimiters.component
    for loop, segment_id, elements in rows:
        match segment_id:
            case "BPR":
                yield loop, "BPR", read_amount(elements[1])
            case "TRN":
                yield loop, "TRN", *elements[1:3]
            case "CLP":
                amounts = (read_amount(elements[2]), read_amount(elements[3]))
                yield loop, "CLP", elements[0], elements[1], *amounts, _get(elements, 7)
            case "NM1" if elements[0] == "QC":
                yield loop, "NM1", _get(elements, 3), _get(elements, 9)
            case "SVC":
                code = (*elements[0].split(component), "")[1]
                yield loop, "SVC", code, read_amount(elements[1]), read_amount(elements[2])
            case "CAS" | "PLB":
                yield from _amounts(loop, segment_id, elements, component)
            case _:
                pass


def _amounts(
    loop: str, segment_id: str, elements: tuple[str, ...], component: str
) -> Iterator[Row]:
    first, step = (1, 3) if segment_id == "CAS" else (2, 2)
    for at in range(first, len(elements), step):
        if any(elements[at : at + step]):
            reason = elements[at].split(component)[0]
            yield loop, segment_id, elements[0], reason, read_amount(elements[at + 1])


def _rows_of(remittance: Remittance) -> Iterator[Row]:
    assert remittance.is_readable
    yield "HEADER", "BPR", remittance.payment_cents
    yield "HEADER", "TRN", remittance.trace.number, remittance.trace.payer_id
    for claim in remittance.claims:
        assert claim.is_readable
        amounts = (claim.charge_cents, claim.paid_cents)
        number = claim.patient_control_number
        yield "2100", "CLP", number, claim.status_code, *amounts, claim.payer_claim_number
        yield from _cas("2100", claim.adjustments)
        if claim.patient is not None:
            yield "2100", "NM1", claim.patient.last_name, claim.patient.id
        for line in claim.services:
            yield "2110", "SVC", line.procedure.code, line.charge_cents, line.paid_cents
            yield from _cas("2110", line.adjustments)
    for each in remittance.provider_adjustments:
        yield "FOOTER", "PLB", each.provider_id, each.reason, each.amount_cents


def _cas(loop: str, adjustments: tuple[Adjustment, ...]) -> Iterator[Row]:
    for each in adjustments:
        yield loop, "CAS", each.group.value, each.reason, each.amount_cents


def _rows_999(rows: list[tuple[str, str, tuple[str, ...]]]) -> Iterator[Row]:
    for loop, segment_id, elements in rows:
        if segment_id in {"AK1", "AK2", "IK5", "AK9"}:
            yield loop, segment_id, elements[0], _get(elements, 2)
        elif segment_id == "IK3":
            yield loop, "IK3", elements[0], elements[1], _get(elements, 4)
        elif segment_id == "IK4":
            yield loop, "IK4", elements[2], _get(elements, 4)


def _rows_of_999(acknowledgment: FunctionalAcknowledgment) -> Iterator[Row]:
    ack = acknowledgment
    yield "HEADER", "AK1", ack.functional_id, ack.group_control_number
    for verdict in ack.sets:
        yield "2000", "AK2", verdict.set_id, verdict.control_number
        for wrong in verdict.errors:
            yield "2100", "IK3", wrong.segment_id, str(wrong.position), wrong.code
            for element in wrong.elements:
                yield "2110", "IK4", element.code, element.value
        yield "2000", "IK5", verdict.code, "".join(verdict.reasons[:1])
    yield "HEADER", "AK9", ack.code, str(ack.sets_included)

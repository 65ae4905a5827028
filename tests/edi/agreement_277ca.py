"""Compare our reading of a 277CA with pyx12's: loops, segments and values."""

from collections.abc import Iterable, Iterator

from edi.acknowledgment_277ca import AcknowledgedClaim, AcknowledgedProvider, read_277ca
from edi.claim_status import StatusInformation
from edi.envelope import FunctionalGroup, Interchange, TransactionSet
from edi.money import read_amount, read_quantity
from edi.party_segments import Name, Reference, Trace
from edi.pyx12_reader import read_segments

Row = tuple[object, ...]  #: Loop, segment id, values.


def assert_both_roads_agree(
    transaction_set: TransactionSet, group: FunctionalGroup, interchange: Interchange
) -> None:
    """Fail where pyx12 and we read the set differently."""
    theirs = list(read_segments(transaction_set, group, interchange))
    assert all(path for path, _, _ in theirs), "a segment has no place in pyx12's map"
    component = transaction_set.delimiters.component
    rows = [
        row
        for path, segment_id, elements in theirs
        for row in _row(path.rpartition("/")[2], segment_id, elements, component)
    ]
    assert rows == list(_rows_of(transaction_set))


def _row(loop: str, segment_id: str, elements: tuple[str, ...], component: str) -> Iterator[Row]:
    def get(at: int) -> str:
        return elements[at - 1] if at <= len(elements) else ""

    def first(at: int, count: int) -> tuple[str, ...]:
        return (*get(at).split(component), "", "", "")[:count]

    match segment_id:
        case "NM1":
            yield loop, "NM1", get(1), get(3), get(9)
        case "TRN" | "REF":
            yield loop, segment_id, get(1), get(2)
        case "STC":
            amount = read_amount(get(4)) if get(4) else None
            yield (loop, "STC", first(1, 3), get(3), amount, first(10, 3), first(11, 3), get(12))
        case "QTY":
            yield loop, "QTY", get(1), read_quantity(get(2))
        case "AMT":
            yield loop, "AMT", get(1), read_amount(get(2))
        case "DTP":
            yield loop, "DTP", get(1), get(3)
        case "SVC":
            yield loop, "SVC", first(1, 2), read_amount(get(2))
        case _:
            pass


def _rows_of(transaction_set: TransactionSet) -> Iterator[Row]:
    for reporter in read_277ca(transaction_set).reporters:
        yield from _name("2100A", reporter.name)
        yield from _trace("2200A", reporter.trace)
        for period in reporter.dates:
            yield "2200A", "DTP", period.qualifier, period.text
        for batch in reporter.batches:
            yield from _name("2100B", batch.receiver)
            yield from _trace("2200B", batch.trace)
            yield from _statuses("2200B", batch.statuses)
            for quantity in batch.totals.quantities:
                yield "2200B", "QTY", quantity.qualifier, quantity.quantity
            for amount in batch.totals.amounts:
                yield "2200B", "AMT", amount.qualifier, amount.cents
            for provider in batch.providers:
                yield from _provider(provider)


def _provider(provider: AcknowledgedProvider) -> Iterator[Row]:
    yield from _name("2100C", provider.name)
    yield from _trace("2200C", provider.trace)
    yield from _statuses("2200C", provider.statuses)
    yield from _references("2200C", provider.references)
    for quantity in provider.totals.quantities:
        yield "2200C", "QTY", quantity.qualifier, quantity.quantity
    for amount in provider.totals.amounts:
        yield "2200C", "AMT", amount.qualifier, amount.cents
    for patient in provider.patients:
        yield from _name("2100D", patient.name)
        for claim in patient.claims:
            yield from _claim(claim)


def _claim(claim: AcknowledgedClaim) -> Iterator[Row]:
    yield from _trace("2200D", claim.trace)
    yield from _statuses("2200D", claim.statuses)
    yield from _references("2200D", claim.references)
    for period in claim.dates:
        yield "2200D", "DTP", period.qualifier, period.text
    for line in claim.lines:
        yield "2220D", "SVC", (line.procedure.qualifier, line.procedure.code), line.charge_cents
        yield from _statuses("2220D", line.statuses)
        yield from _references("2220D", line.references)
        for period in line.dates:
            yield "2220D", "DTP", period.qualifier, period.text


def _name(loop: str, name: Name | None) -> Iterator[Row]:
    assert name is not None
    yield loop, "NM1", name.entity, name.last_name, name.id


def _trace(loop: str, trace: Trace) -> Iterator[Row]:
    yield loop, "TRN", trace.kind, trace.number


def _references(loop: str, references: Iterable[Reference]) -> Iterator[Row]:
    for reference in references:
        yield loop, "REF", reference.qualifier, reference.value


def _statuses(loop: str, statuses: Iterable[StatusInformation]) -> Iterator[Row]:
    for each in statuses:
        one, two, three = (
            code.components()[:3] if code is not None else ("", "", "")
            for code in (each.code, each.second_code, each.third_code)
        )
        yield loop, "STC", one, each.action, each.charge_cents, two, three, each.message

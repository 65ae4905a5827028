"""One row of our own readers and writers, or of pyx12's reader: `python -m ... ROW FILE`."""

import zlib
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from benchmarks.edi_files import write_batches
from benchmarks.tally import Tally
from benchmarks.timed import Act, Row, Tell, reading, run
from edi.claim_837 import Claim, read_837p
from edi.money import read_amount
from edi.pyx12_reader import read_segments
from edi.reader import read_interchanges
from edi.remittance_835.balance import check_balance
from edi.remittance_835.model import Adjustment, ClaimPayment, QualifiedDate, ServicePayment
from edi.remittance_835.read import read_835
from edi.streaming import Part, stream_interchanges


def read_835_rcm(path: Path) -> Tally:
    """Read set by set into typed values, and prove each to the cent, as before it is posted."""
    tally = Tally()
    with path.open("rb") as file:
        for part in stream_interchanges(file, part_segments=None):
            if isinstance(part, Part):
                remittance = read_835(part.transaction_set)
                assert check_balance(remittance).is_balanced
                tally.cents(remittance.payment_cents)
                _day(tally, remittance.payment.payment_date)
                for claim in remittance.claims:
                    _claim_payment(tally, claim)
    return tally


def _claim_payment(tally: Tally, claim: ClaimPayment) -> None:
    tally.codes((claim.patient_control_number, claim.status_code, claim.payer_claim_number))
    tally.cents(claim.charge_cents)
    tally.cents(claim.paid_cents)
    if claim.patient_responsibility_cents is not None:
        tally.cents(claim.patient_responsibility_cents)
    _days(tally, claim.dates, "232", "233")
    _adjustments(tally, claim.adjustments)
    for service in claim.services:
        _service_payment(tally, service)


def _service_payment(tally: Tally, service: ServicePayment) -> None:
    tally.code(service.procedure.code)
    tally.cents(service.charge_cents)
    tally.cents(service.paid_cents)
    _days(tally, service.dates, "472")
    _adjustments(tally, service.adjustments)
    if service.line_control_number:
        tally.code(service.line_control_number)
    for amount in service.amounts:
        if amount.qualifier == "B6":
            tally.cents(amount.cents)


def _adjustments(tally: Tally, adjustments: Iterable[Adjustment]) -> None:
    for each in adjustments:
        tally.code(each.group, each.reason)
        tally.cents(each.amount_cents)


def _days(tally: Tally, dates: Iterable[QualifiedDate], *qualifiers: str) -> None:
    for each in dates:
        if each.qualifier in qualifiers:
            _day(tally, each.day)


def _day(tally: Tally, day: date | None) -> None:
    if day is not None:
        tally.day(f"{day:%Y%m%d}")


def read_835_pyx12(path: Path) -> Tally:
    """Read by pyx12, segment by segment with its place in the guide, then into typed values."""
    tally = Tally()
    for interchange in read_interchanges(path.read_bytes()):
        for group in interchange.groups:
            for each in group.sets:
                for _, segment_id, elements in read_segments(each, group, interchange):
                    _segment(tally, segment_id, elements)
    return tally


def _segment(tally: Tally, segment_id: str, elements: tuple[str, ...]) -> None:
    match segment_id:
        case "BPR":
            tally.cents(read_amount(elements[1]))
            tally.day(elements[15])
        case "CLP":
            tally.codes((elements[0], elements[1], elements[6]))
            _amounts(tally, elements[2:5])
        case "DTM" if elements[0] in ("232", "233", "472"):
            tally.day(elements[1])
        case "CAS":
            for at in range(1, len(elements), 3):
                tally.code(elements[0], elements[at])
                _amounts(tally, elements[at + 1 : at + 2])
        case "SVC":
            tally.code(elements[0].split(":")[1])
            _amounts(tally, elements[1:3])
        case "REF" if elements[0] == "6R":
            tally.code(elements[1])
        case "AMT" if elements[0] == "B6":
            _amounts(tally, elements[1:2])


def _amounts(tally: Tally, texts: Iterable[str]) -> None:
    for text in texts:
        if text:
            tally.cents(read_amount(text))


def read_837_rcm(path: Path) -> Tally:
    """Read into typed claims, as the proof of what is sent does."""
    tally = Tally()
    subscribers: set[int] = set()
    for interchange in read_interchanges(path.read_bytes()):
        for each in interchange.sets():
            for claim in read_837p(each).claims:
                is_new = id(claim.subscriber) not in subscribers
                subscribers.add(id(claim.subscriber))
                _claim(tally, claim, is_new_subscriber=is_new)
    return tally


def _claim(tally: Tally, claim: Claim, *, is_new_subscriber: bool) -> None:
    if is_new_subscriber:
        tally.code(claim.subscriber.member_id)
        _day(tally, claim.subscriber.person.birth_date)
    if claim.patient is not None:
        _day(tally, claim.patient.person.birth_date)
    tally.code(claim.patient_control_number)
    tally.cents(claim.charge_cents)
    tally.code(claim.place_of_service)
    tally.codes(claim.diagnoses)
    for line in claim.lines:
        tally.code(line.procedure)
        tally.cents(line.charge_cents)
        _day(tally, line.service_from)
        if line.service_to != line.service_from:
            _day(tally, line.service_to)


def write_837_rcm(path: Path) -> Callable[[], str]:
    """Return what writes claims that were read before: the whole interchange."""
    (interchange,) = read_interchanges(path.read_bytes())
    batches = [read_837p(each) for each in interchange.sets()]
    return lambda: write_batches(batches).decode("ascii")


def _written(path: Path) -> tuple[Act, Tell]:
    return write_837_rcm(path), _of_segments


def _of_segments(text: str) -> tuple[int, str]:
    inner = text[text.index("ST*") : text.index("~GE*") + 1]
    return inner.count("~"), f"{zlib.crc32(inner.encode()):08x}"


ROWS: dict[str, Row] = {
    each.__name__: reading(each) for each in (read_835_rcm, read_835_pyx12, read_837_rcm)
} | {write_837_rcm.__name__: _written}

if __name__ == "__main__":
    run(ROWS)

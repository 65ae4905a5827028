"""One row of our own readers and writers, or of pyx12's reader: `python -m ... ROW FILE`."""

import json
import sys
import time
import zlib
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from benchmarks.edi_files import write_batch
from benchmarks.tally import Tally, peak_kb
from edi.claim_837 import Claim, read_837p
from edi.money import read_amount
from edi.pyx12_reader import read_segments
from edi.reader import read_interchanges
from edi.remittance_835.model import Adjustment, ClaimPayment, QualifiedDate, ServicePayment
from edi.remittance_835.read import read_835


def read_835_rcm(path: Path) -> Tally:
    """Read into typed values, as the service does before it posts."""
    tally = Tally()
    for interchange in read_interchanges(path.read_bytes()):
        for each in interchange.sets():
            remittance = read_835(each)
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
    (transaction_set,) = interchange.sets()
    batch = read_837p(transaction_set)
    return lambda: write_batch(batch).decode("ascii")


_READERS = {each.__name__: each for each in (read_835_rcm, read_835_pyx12, read_837_rcm)}


def main(row: str, path: str) -> None:
    """Do one row, three times, and print the best time, what was read, and the most memory."""
    took: list[int] = []
    if row == write_837_rcm.__name__:
        write = write_837_rcm(Path(path))
        for _ in range(TIMES):
            began = time.perf_counter_ns()
            text = write()
            took.append(time.perf_counter_ns() - began)
        text = text[text.index("ST*") : text.index("~GE*") + 1]
        items, checksum = text.count("~"), f"{zlib.crc32(text.encode()):08x}"
    else:
        for _ in range(TIMES):
            began = time.perf_counter_ns()
            tally = _READERS[row](Path(path))
            took.append(time.perf_counter_ns() - began)
        items, checksum = tally.items, tally.checksum
    told = {"took_us": min(took) // 1000, "items": items, "checksum": checksum}
    told["peak_kb"] = peak_kb()
    sys.stdout.write(json.dumps(told))


TIMES = 3

if __name__ == "__main__":
    main(*sys.argv[1:])

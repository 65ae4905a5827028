"""One row of a peer, in the peers' own environment: `python peer_rows.py ROW FILE`, JSON out.

What a peer reads is consumed whole: every amount, code and date that all readers give.
"""

import importlib
import re
import zlib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.tally import Tally
from benchmarks.timed import Act, Row, Tell, of_tally, reading, run


def read_835_x12sdk(path: str) -> Tally:
    """Read by x12sdk into validated models."""
    from x12sdk.io import X12ModelReader

    tally = Tally()
    with X12ModelReader(path) as reader:
        for model in reader.models():
            tally.amount(model.header.bpr_segment.total_actual_provider_payment_amount)
            tally.day(str(model.header.bpr_segment.eft_effective_date))
            for header in model.loop_2000 or ():
                for claim in header.loop_2100 or ():
                    _claim_payment(tally, claim)
    return tally


def _claim_payment(tally: Tally, claim: Any) -> None:
    clp = claim.clp_segment
    tally.code(clp.patient_control_number)
    tally.code(str(_value(clp.claim_status_code)))
    tally.code(clp.payer_claim_control_number)
    tally.amount(clp.total_claim_charge_amount)
    tally.amount(clp.claim_payment_amount)
    tally.amount(clp.patient_responsibility_amount)
    for dtm in claim.dtm_segment or ():
        if _value(dtm.date_time_qualifier) in ("232", "233"):
            tally.day(str(dtm.production_date))
    _adjustments(tally, claim.cas_segment)
    for service in claim.loop_2110 or ():
        svc = service.svc_segment
        tally.code(svc.composite_medical_procedure_identifier_1.split(":")[1])
        tally.amount(svc.line_item_charge_amount)
        tally.amount(svc.line_item_provider_payment_amount)
        for dtm in service.dtm_segment or ():
            if _value(dtm.date_time_qualifier) == "472":
                tally.day(str(dtm.production_date))
        _adjustments(tally, service.cas_segment)
        for ref in service.ref_segment or ():
            if _value(ref.reference_identification_qualifier) == "6R":
                tally.code(ref.reference_identification)
        for amt in service.amt_segment or ():
            if _value(amt.amount_qualifier_code) == "B6":
                tally.amount(amt.monetary_amount)


def _adjustments(tally: Tally, segments: Any) -> None:
    for cas in segments or ():
        for n in range(1, 7):
            reason = getattr(cas, f"adjustment_reason_code_{n}", None)
            if reason:
                tally.code(str(_value(cas.adjustment_group_code)), reason)
                tally.amount(getattr(cas, f"monetary_amount_{n}"))


def read_835_oxedi(path: str) -> Tally:
    """Read by oxedi into tables, and those into Python's values by pyarrow."""
    import oxedi
    import pyarrow as pa

    tally = Tally()
    tables = oxedi.parse(Path(path).read_bytes()).tables

    def rows(name: str, *columns: str) -> Iterator[tuple[Any, ...]]:
        table = pa.table(tables[name]).select(columns)
        yield from zip(*(column.to_pylist() for column in table.columns), strict=True)

    for amount, paid_on in rows("payments", "total_payment_amount", "payment_date"):
        tally.amount(amount)
        _day(tally, paid_on)
    codes = ("claim_id", "claim_status", "payer_control_number")
    amounts = ("charge_amount", "payment_amount", "patient_responsibility")
    for row in rows("claims", *codes, *amounts, "statement_from", "statement_to"):
        tally.codes(each.decode() for each in row[:3])
        for each in row[3:6]:
            tally.amount(each)
        for each in row[6:]:
            _day(tally, each)
    amounts = ("charge_amount", "payment_amount", "allowed_amount")
    codes = ("procedure_code", "line_item_control_number", "service_date")
    for row in rows("services", *codes, *amounts):
        tally.code(row[0].decode())
        if row[1]:
            tally.code(row[1].decode())
        _day(tally, row[2])
        for each in row[3:]:
            tally.amount(each)
    for group, reason, amount in rows("adjustments", "group_code", "reason_code", "amount"):
        tally.code(group.decode(), reason.decode())
        tally.amount(amount)
    return tally


def _day(tally: Tally, day: date | None) -> None:
    if day is not None:
        tally.day(f"{day:%Y%m%d}")


def read_837_x12sdk(path: str) -> Tally:
    """Read by x12sdk into validated models."""
    tally = Tally()
    for model in _models(path):
        for provider in model.loop_2000a:
            for subscriber in provider.loop_2000b:
                tally.code(subscriber.loop_2010ba.nm1_segment.identification_code)
                _birth(tally, subscriber.loop_2010ba)
                for claim in subscriber.loop_2300 or ():
                    _claim(tally, claim)
                for patient in subscriber.loop_2000c or ():
                    _birth(tally, patient.loop_2010ca)
                    for claim in patient.loop_2300 or ():
                        _claim(tally, claim)
    return tally


def _models(path: str) -> Iterator[Any]:
    from x12sdk.io import X12ModelReader

    with X12ModelReader(path) as reader:
        yield from reader.models()


def _birth(tally: Tally, person: Any) -> None:
    if person.dmg_segment:
        _day(tally, person.dmg_segment.date_time_period)


def _claim(tally: Tally, claim: Any) -> None:
    clm = claim.clm_segment
    tally.code(clm.patient_control_number)
    tally.amount(clm.total_claim_charge_amount)
    tally.code(clm.health_care_service_location_information.split(":")[0])
    for hi in claim.hi_segment or ():
        for n in range(1, 13):
            code = getattr(hi, f"health_care_code_{n}", None)
            if code and code[0] in ("ABK", "ABF"):
                tally.code(code[1])
    for line in claim.loop_2400:
        sv1 = line.sv1_segment
        tally.code(sv1.product_service_id_qualifier.split(":")[1])
        tally.amount(sv1.line_item_charge_amount)
        for dtp in line.dtp_segment or ():
            if _value(dtp.date_time_qualifier) == "472":
                _period(tally, dtp.date_time_period)


def _period(tally: Tally, period: Any) -> None:
    if isinstance(period, date):
        _day(tally, period)
    else:
        for text in re.findall("[0-9]{8}", str(period).replace("-", "", 4)):
            tally.day(text)


def write_837_x12sdk(path: str) -> Callable[[], str]:
    """Return what writes models that were read before: the text from ST to SE."""
    models = list(_models(path))
    return lambda: "".join(model.x12() for model in models)


def _value(code: Any) -> Any:
    return getattr(code, "value", code)


def _written(path: Path) -> tuple[Act, Tell]:
    return write_837_x12sdk(str(path)), _of_segments


def _of_segments(text: str) -> tuple[int, str]:
    inner = text.replace("\n", "").replace("*0.", "*.")  # Both ways to write it are legal.
    return inner.count("~"), f"{zlib.crc32(inner.encode()):08x}"


def tables_835_oxedi(path: Path) -> tuple[Act, Tell]:
    """Fill oxedi's tables in Rust, and give Python nothing: told afterwards."""
    import oxedi

    body = path.read_bytes()
    return lambda: oxedi.parse(body), lambda _: of_tally(read_835_oxedi(str(path)))


def rows_835_oxedi(path: Path) -> tuple[Act, Tell]:
    """Give Python every row of oxedi's tables: what of a claim we have as typed values."""
    import oxedi
    import pyarrow as pa

    body = path.read_bytes()

    def act() -> list[list[dict[str, Any]]]:
        tables = oxedi.parse(body).tables
        return [pa.table(tables[name]).to_pylist() for name in tables]

    return act, lambda _: of_tally(read_835_oxedi(str(path)))


ROWS: dict[str, Row] = {
    "read_835_x12sdk": reading(lambda path: read_835_x12sdk(str(path))),
    "read_835_oxedi": reading(lambda path: read_835_oxedi(str(path))),
    "read_837_x12sdk": reading(lambda path: read_837_x12sdk(str(path))),
    "write_837_x12sdk": _written,
    "tables_835_oxedi": tables_835_oxedi,
    "rows_835_oxedi": rows_835_oxedi,
}

if __name__ == "__main__":
    for _name in ("oxedi", "pyarrow", "x12sdk.io"):
        importlib.import_module(_name)  # Not part of what is measured.
    run(ROWS)

"""Rows of peers that give less than every amount, code and date: `python -m ... ROW FILE`.

What each gives is consumed; what it does not give is named beside its row in `readers.py`.
"""

import re
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.tally import Tally
from benchmarks.timed import Act, Row, Tell, reading, run


def _cents(tally: Tally, amount: Any) -> None:
    """Add an amount that a peer gives as binary floating point."""
    if amount is not None:
        tally.cents(round(amount * 100))


def _day(tally: Tally, text: Any) -> None:
    if text:
        tally.day(str(text)[:10].replace("-", ""))


def read_835_edi_835_parser(path: Path) -> Tally:
    """Read by edi-835-parser."""
    from edi_835_parser import parse

    tally = Tally()
    for each in parse(str(path)):
        _cents(tally, each.financial_information.amount_paid)
        _day(tally, each.financial_information.transaction_date)
        for claim in each.claims:
            tally.codes((claim.claim.marker, claim.claim.status.code, claim.claim.icn))
            _cents(tally, claim.claim.charge_amount)
            _cents(tally, claim.claim.paid_amount)
            for dated in claim.dates:
                _day(tally, dated.date)
            for service in claim.services:
                _service_edi_835_parser(tally, service)
    return tally


def _service_edi_835_parser(tally: Tally, service: Any) -> None:
    tally.code(service.service.code)
    _cents(tally, service.service.charge_amount)
    _cents(tally, service.service.paid_amount)
    for dated in service.dates:
        _day(tally, dated.date)
    for each in service.adjustments:
        tally.code(each.group_code.code, each.reason_code.code)
        _cents(tally, each.amount)
    for each in service.references:
        tally.code(each.value)
    _cents(tally, service.allowed_amount)


def read_835_openx12(path: Path) -> Tally:
    """Read by openx12 into dictionaries."""
    from openx12 import x835

    tally = Tally()
    era = x835.parse(path.read_text(encoding="ascii"))
    _cents(tally, era.payment_amount)
    for claim in era.claims:
        tally.codes(
            (
                claim["patient_control_number"],
                claim["claim_status"],
                claim["payer_claim_control_number"],
            )
        )
        _cents(tally, claim["total_claim_charge"])
        _cents(tally, claim["claim_payment_amount"])
        _cents(tally, claim["patient_responsibility"])
        _adjustments_openx12(tally, claim)
        for service in claim["services"]:
            tally.codes((service["cpt_code"], service["line_item_control_number"]))
            _cents(tally, service["line_item_charge_amount"])
            _cents(tally, service["line_item_payment_amount"])
            _cents(tally, service.get("allowed_amount"))
            _adjustments_openx12(tally, service)
    return tally


def _adjustments_openx12(tally: Tally, told: dict[str, Any]) -> None:
    for each in told.get("adjustments", ()):
        tally.code(each["group"], each["reason"])
        _cents(tally, each["amount"])


def read_837_openx12(path: Path) -> Tally:
    """Read by openx12 into dictionaries."""
    from openx12 import x837p

    tally = Tally()
    told = x837p.parse(path.read_text(encoding="ascii"))
    for patient in told.json()["summary"]["patients"]:
        tally.code(patient["id_value"])
        _day(tally, patient.get("demographics", {}).get("date_of_birth"))
    for claim in told.claims:
        tally.codes((claim["claim_number"], claim["place_of_service"]))
        _cents(tally, claim["amount"])
        tally.codes(each["diagnosis_code"] for each in claim.get("diagnoses", ()))
        for service in claim.get("services", ()):
            tally.code(service["cpt_code"])
            _cents(tally, service["charge"])
            for day in service.get("service_date", "").split(" to "):
                _day(tally, day)
    return tally


def read_837_kw(path: Path) -> Tally:
    """Read by kw-x12-parser: a row of text for each claim, in 427 columns of a data frame."""
    from kw_x12_parser import full_parse_x837p

    tally = Tally()
    frame = full_parse_x837p(str(path)).fillna("")
    amounts = [name for name in frame if re.fullmatch("SV1_[0-9]+_LINE_CHARGE", name)]
    codes = [name for name in frame if re.fullmatch("SV1_[0-9]+_HCPCS_CODE|HI_[0-9]+", name)]
    days = [name for name in frame if re.fullmatch("DTP_Line[0-9]+_472_Date", name)]
    for row in frame.to_dict("records"):
        tally.code(row["claim_id"])
        for name in ("CLM_Monetary_Amount", *amounts):
            tally.amount(row[name])
        tally.codes(row[name] for name in codes if row[name])
        for name in ("DMG_Date_Time_Period", *days):
            _day(tally, row[name])
    return tally


def write_837_kw(path: Path) -> tuple[Act, Tell]:
    """Write the rows of kw-x12-parser as a file, which is where it writes."""
    from kw_x12_parser import full_parse_x837p, write_to_edi_x837p

    frame = full_parse_x837p(str(path))

    def act() -> str:
        with TemporaryDirectory() as folder:
            file = Path(folder) / "written.837"
            write_to_edi_x837p(frame, str(file))
            return file.read_text(encoding="ascii")

    def tell(text: str) -> tuple[int, str]:
        inner = "".join(text.split("\n"))
        inner = inner[inner.index("ST*") : inner.index("~GE*") + 1]
        return inner.count("~"), f"{zlib.crc32(inner.encode()):08x}"

    return act, tell


ROWS: dict[str, Row] = {
    each.__name__: reading(each)
    for each in (read_835_edi_835_parser, read_835_openx12, read_837_openx12, read_837_kw)
} | {write_837_kw.__name__: write_837_kw}

if __name__ == "__main__":
    run(ROWS)

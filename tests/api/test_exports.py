"""Exports: every row of the list, typed amounts, and no cell that a spreadsheet would run."""

import csv
import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from httpx import Client
from openpyxl import load_workbook

from api.routes import exports
from api.sheets import Column, Format, Kind, write_sheet
from rcm.access import Role, create_api_key
from tests.api.test_reading import walk
from tests.api.test_reading_changes import cycle
from tests.harness import Practice

__all__ = ["cycle"]

#: What people have tried (reliability.md 4, "CSV export").
PAYLOADS = (
    "=1+1", "+1+1", "-1+1", "@SUM(1+1)", "\t=1+1", "\r=1+1", "\n=1+1", "\0=1+1",
    "\uff1d1+1", "\uff0b1+1", "\uff0d1+1", "\uff20SUM(1+1)", " =1+1", "   @SUM(1+1)",
    "\u00a0=1+1", "\u3000\uff1d1+1",
    "=cmd|' /C calc'!A0", "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+9)*cmd|' /C calc'!A0", '=HYPERLINK("http://127.0.0.1/?x="&A1,"Error")',
    '=IMPORTXML(CONCAT("http://127.0.0.1/",A1),"//a")',
    '=WEBSERVICE("http://127.0.0.1/")', '=DDE("cmd";"/C calc";"x")', '=1+1","=2+2', "=1+1;=2+2",
    "=1+1\n=2+2", "'=1+1", '"=1+1', "-",
)  # fmt: skip
RUNS = re.compile(r"\s*[=+\-@\t\r\n\0\uff1d\uff0b\uff0d\uff20]")
AMOUNT = re.compile(r"-?[0-9]+\.[0-9]{2}")
COLUMNS: tuple[Column[Any], ...] = (
    Column(title="Text", value=lambda item: item[0]),
    Column(title="Cents", value=lambda item: item[1], kind=Kind.CENTS),
    Column(title="Day", value=lambda item: item[2], kind=Kind.DAY),
    Column(title="At", value=lambda item: item[3], kind=Kind.INSTANT),
    Column(title="Count", value=lambda item: item[4], kind=Kind.COUNT),
)
AT = datetime(2026, 11, 2, 15, 4, 6, tzinfo=UTC)
ITEMS = [(text, -500 - n, date(2026, 11, 2), AT, n) for n, text in enumerate(PAYLOADS)]


def sheet(form: Format, items: list[Any]) -> bytes:
    file = io.BytesIO()
    assert write_sheet(form, COLUMNS, iter(items), file) == len(items)
    return file.getvalue()


def read_csv(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def read_xlsx(body: bytes) -> list[Any]:
    """Return the rows below the heading, as cells."""
    sheet = load_workbook(io.BytesIO(body)).active
    assert sheet is not None
    return list(sheet.iter_rows(min_row=2))


def test_there_are_thirty_payloads() -> None:
    assert len(set(PAYLOADS)) == 30


def test_no_cell_of_a_csv_is_run_and_every_text_is_whole() -> None:
    heading, *rows = read_csv(sheet(Format.CSV, ITEMS))
    assert heading == [column.title for column in COLUMNS]
    assert len(rows) == len(ITEMS)
    for (text, cents, *_), row in zip(ITEMS, rows, strict=True):
        assert not RUNS.match(row[0])
        assert row[0].removeprefix("'") == text.removeprefix("'")
        assert AMOUNT.fullmatch(row[1])
        assert Decimal(row[1]) * 100 == cents
        assert row[2:4] == ["2026-11-02", "2026-11-02 15:04:06Z"]


def test_every_cell_of_a_csv_is_quoted_and_its_encoding_is_told() -> None:
    body = sheet(Format.CSV, [("Ca••••, A.", 0, None, None, 0)])
    assert body.startswith(b"\xef\xbb\xbf")
    assert body.decode("utf-8-sig").splitlines()[1] == '"Ca••••, A.","0.00","","","0"'


def test_an_xlsx_has_no_formula_and_its_amounts_are_numbers() -> None:
    rows = read_xlsx(sheet(Format.XLSX, ITEMS))
    assert len(rows) == len(ITEMS)
    for (_, cents, *_), (text, amount, day, at, count) in zip(ITEMS, rows, strict=True):
        assert text.data_type == "s"
        assert not RUNS.match(text.value)
        assert amount.data_type == "n"
        assert round(Decimal(amount.value) * 100) == cents
        assert (day.is_date, day.value.date()) == (True, date(2026, 11, 2))
        assert at.value == "2026-11-02 15:04:06Z"
        assert count.data_type == "n"


def test_texts_that_look_like_numbers_or_addresses_stay_texts() -> None:
    texts = ("00123", "1E5", "http://127.0.0.1/", "mailto:a@b", "TRUE", "#REF!")
    items = [(text, 0, None, None, 0) for text in texts]
    cells = [row[0] for row in read_xlsx(sheet(Format.XLSX, items))]
    assert [cell.value for cell in cells] == list(texts)
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.hyperlink is None for cell in cells)


def export(api: Client, url: str, **query: Any) -> list[dict[str, str]]:  # noqa: ANN401  # Any value.
    answer = api.get(f"/api/v1/{url}/export", params=query)
    assert answer.status_code == 200, answer.text
    name = url.replace("-", "_")
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}.csv"'
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert b"canary" not in answer.content.lower()
    heading, *rows = read_csv(answer.content)
    return [dict(zip(heading, row, strict=True)) for row in rows]


@pytest.mark.usefixtures("cycle")
def test_an_export_has_every_row_of_the_list_in_its_order(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "_ROWS_PER_READ", 5)
    for query in (
        {},
        {"status": "paid"},
        {"sort": "-open"},
        {"sort": "patient"},
        {"charge_max": 1},
    ):
        pages = list(walk(api, "claims", limit=200, **query))
        listed = [item for page in pages for item in page["items"]]
        rows = export(api, "claims", **query)
        assert len(rows) == pages[0]["total"] == len(listed)
        for row, item in zip(rows, listed, strict=True):
            assert row["Claim"] == item["patient_control_number"]
            assert row["Patient"] == item["patient"]
            assert Decimal(row["Open"]) * 100 == item["open_cents"]
        total = sum(Decimal(row["Paid"]) for row in rows)
        assert total * 100 == pages[0]["totals"]["paid_cents"]


@pytest.mark.usefixtures("cycle")
def test_remittances_and_work_items_are_exported_too(api: Client) -> None:
    remittances = api.get("/api/v1/remittances", params={"limit": 200}).json()
    rows = export(api, "remittances")
    assert [row["Trace"] for row in rows] == [item["trace"] for item in remittances["items"]]
    total = sum(Decimal(row["Payment"]) for row in rows)
    assert total * 100 == remittances["totals"]["payment_cents"] > 0
    items = api.get("/api/v1/work-items", params={"limit": 200}).json()
    rows = export(api, "work-items")
    assert [row["What to do"] for row in rows] == [item["action"] for item in items["items"]]
    assert len(rows) == items["total"] > 0


def test_an_xlsx_of_the_list_opens(api: Client, cycle: Practice) -> None:
    answer = api.get("/api/v1/claims/export", params={"format": "xlsx"})
    assert answer.headers["content-disposition"] == 'attachment; filename="claims.xlsx"'
    assert len(read_xlsx(answer.content)) == len(cycle.rows("SELECT 1 FROM claim"))


def test_an_export_is_recorded_with_its_count(api: Client, cycle: Practice) -> None:
    rows = export(api, "claims", status="paid")
    recorded = cycle.rows("SELECT about, detail FROM audit_event WHERE action = 'export'")
    assert [tuple(row) for row in recorded] == [("claims", f"csv, {len(rows)} rows")]


def test_a_list_that_is_too_long_is_not_cut_but_refused(
    api: Client, cycle: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "EXPORT_ROWS_MAX", 1)
    for url in ("claims", "work-items", "remittances"):
        answer = api.get(f"/api/v1/{url}/export")
        if answer.status_code == 200:
            assert url == "remittances"
            continue
        assert (answer.status_code, answer.json()["code"]) == (422, "EXPORT-TOO-LARGE")
    assert (
        cycle.rows("SELECT 1 FROM audit_event WHERE action = 'export' AND about = 'claims'") == []
    )


def test_what_is_no_export_is_refused(api: Client) -> None:
    for query in ("format=pdf", "limit=5", "cursor=x", "x=1"):
        assert api.get(f"/api/v1/claims/export?{query}").status_code == 422


def test_who_may_look_may_not_export(api: Client, practice: Practice) -> None:
    with practice.unit_of_work() as session:
        secret = create_api_key(session, practice.tools, "auditor", roles=[Role.AUDITOR])
    headers = {"Authorization": f"Bearer {secret}"}
    for url in ("claims", "remittances", "work-items"):
        assert api.get(f"/api/v1/{url}", headers=headers).status_code == 200
        assert api.get(f"/api/v1/{url}/export", headers=headers).status_code == 403

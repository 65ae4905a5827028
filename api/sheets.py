"""A list as a file for a spreadsheet: CSV or XLSX, written row by row, whatever its length.

Whatever a cell says, a spreadsheet must not run it: reliability.md 4, "CSV export". Amounts and
days are typed, so that they add up and sort.
"""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import IO, Any, Generic, TypeVar, assert_never

from xlsxwriter import Workbook

Item = TypeVar("Item")

_STARTS = "=+-@\t\r\n\0\uff1d\uff0b\uff0d\uff20"  #: What may begin a formula, also in full width.
_QUOTE = "'"
#: Spreadsheets take a file for UTF-8 only where it begins so.
_MARK = "\ufeff"
_WIDTH = 18


class ExportTooLargeError(Exception):
    """The list has more rows than one file may have."""


class Format(StrEnum):
    """What the file is."""

    CSV = "csv"
    XLSX = "xlsx"

    @property
    def media_type(self) -> str:
        """Return its media type."""
        match self:
            case Format.CSV:
                return "text/csv; charset=utf-8"
            case Format.XLSX:
                return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            case _:
                assert_never(self)


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    CENTS = "cents"
    COUNT = "count"
    DAY = "day"
    INSTANT = "instant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Generic[Item]):
    """A column: its heading, and what it says of an item."""

    title: str
    value: Callable[[Item], Any]
    kind: Kind = Kind.TEXT


def harmless(text: str) -> str:
    """Return `text` so that no spreadsheet takes it for a formula.

    >>> harmless("=1+1"), harmless(" @SUM(A1)"), harmless("Canary - 5"), harmless("")
    ("'=1+1", "' @SUM(A1)", 'Canary - 5', '')
    """
    begins = text.lstrip(" \u00a0\u3000\ufeff")[:1]
    return _QUOTE + text if begins and begins in _STARTS else text


def write_sheet(
    form: Format, columns: Sequence[Column[Item]], items: Iterable[Item], file: IO[bytes]
) -> int:
    """Write a heading and a row for each item; returns how many items there were."""
    match form:
        case Format.CSV:
            return _write_csv(columns, items, file)
        case Format.XLSX:
            return _write_xlsx(columns, items, file)
        case _:
            assert_never(form)


def _write_csv(columns: Sequence[Column[Item]], items: Iterable[Item], file: IO[bytes]) -> int:
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    text.write(_MARK)
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow([column.title for column in columns])
    rows = 0
    for item in items:
        rows += 1
        writer.writerow([_plain(column.kind, column.value(item)) for column in columns])
    text.detach()  # The file is its owner's to close.
    return rows


def _plain(kind: Kind, value: Any) -> str:  # noqa: ANN401  # By kind.
    if value is None:
        return ""
    match kind:
        case Kind.TEXT:
            return harmless(str(value))
        case Kind.CENTS:
            return f"{_dollars(value):.2f}"  # Ours alone: digits, and a minus that is one.
        case Kind.COUNT:
            return str(int(value))
        case Kind.DAY:
            assert isinstance(value, date)
            return value.isoformat()
        case Kind.INSTANT:
            return _instant(value)
        case _:
            assert_never(kind)


def _write_xlsx(columns: Sequence[Column[Item]], items: Iterable[Item], file: IO[bytes]) -> int:
    options = {"constant_memory": True, "in_memory": False}
    with Workbook(file, options) as book:
        sheet = book.add_worksheet("List")
        bold = book.add_format({"bold": True})
        money = book.add_format({"num_format": "#,##0.00"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.set_column(0, len(columns) - 1, _WIDTH)
        sheet.freeze_panes(1, 0)
        for n, column in enumerate(columns):
            sheet.write_string(0, n, column.title, bold)
        rows = 0
        for item in items:
            rows += 1
            for n, column in enumerate(columns):
                value = column.value(item)
                if value is None:
                    continue
                match column.kind:
                    case Kind.TEXT:
                        sheet.write_string(rows, n, harmless(str(value)))
                    case Kind.CENTS:
                        sheet.write_number(rows, n, _dollars(value), money)
                    case Kind.COUNT:
                        sheet.write_number(rows, n, value)
                    case Kind.DAY:
                        sheet.write_datetime(rows, n, value, day)
                    case Kind.INSTANT:
                        sheet.write_string(rows, n, _instant(value))
    return rows


def _dollars(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")

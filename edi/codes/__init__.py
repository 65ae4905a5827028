"""What codes mean, in short words of our own, and whether a list has them on a day.

The lists themselves belong to others and change three times a year. A table beside this module has
a row for each code that was given out by the day that `lists.csv` names, with the last day of those
that we know to have ended, and our words for the codes most often seen. A code without words is
shown as it came.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files


class CodeList(StrEnum):
    """Whose code it is; the value names the table beside this module."""

    ADJUSTMENT_GROUP = "group"  #: CAS01.
    ADJUSTMENT_REASON = "carc"  #: CAS02 and so on.
    REMARK = "rarc"  #: LQ02, MOA03 and so on.
    PROVIDER_ADJUSTMENT = "plb"  #: PLB03-1.
    STATUS_CATEGORY = "category"  #: STC01-1.
    STATUS = "status"  #: STC01-2.
    SERVICE_TYPE = "service_type"  #: EB03 and EQ01.
    PLACE_OF_SERVICE = "place"  #: CLM05-1 and SV105.


@dataclass(frozen=True, slots=True)
class Code:
    """One row of a list."""

    words: str  #: Ours; empty where we have none.
    until: date | None  #: The last day on which it could be used, where we know of one.


def words_of(code_list: CodeList, code: str) -> str:
    """Return what a code means, or "" where we have no words for it.

    >>> words_of(CodeList.ADJUSTMENT_REASON, "45"), words_of(CodeList.REMARK, "XX99")
    ('More than the agreed fee; written off', '')
    """
    found = table(code_list).get(code)
    return found.words if found else ""


def is_known(code_list: CodeList, code: str, on: date) -> bool:
    """Tell whether a list has a code on a day.

    >>> [is_known(CodeList.ADJUSTMENT_REASON, "17", date(year, 7, 1)) for year in (2008, 2010)]
    [True, False]
    """
    found = table(code_list).get(code)
    return found is not None and (found.until is None or on <= found.until)


@cache
def table(code_list: CodeList) -> Mapping[str, Code]:
    """Return every code of a list."""
    return {
        row["code"]: Code(row["words"], date.fromisoformat(row["until"]) if row["until"] else None)
        for row in _rows(code_list)
    }


@cache
def as_of(code_list: CodeList) -> date:
    """Return the day up to which we know a list."""
    days = {row["list"]: row["as_of"] for row in _rows("lists")}
    return date.fromisoformat(days[code_list])


def _rows(name: str) -> Iterable[Mapping[str, str]]:
    text = (files(__name__) / f"{name}.csv").read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())

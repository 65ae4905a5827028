"""What the codes of an 835 mean, in short words of our own.

The lists themselves belong to others and change three times a year. Each table has the words that
we wrote for the codes most often seen, and the day from which a row holds: the latest row of a code
counts. A code without words is shown as it came.
"""

import csv
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files


class CodeList(StrEnum):
    """Whose code it is; the value names the table beside this module."""

    ADJUSTMENT_REASON = "carc"  #: CAS02 and so on.
    REMARK = "rarc"  #: LQ02, MOA03 and so on.
    PROVIDER_ADJUSTMENT = "plb"  #: PLB03-1.


def words_of(code_list: CodeList, code: str) -> str:
    """Return what a code means, or "" where we have no words for it.

    >>> words_of(CodeList.ADJUSTMENT_REASON, "45"), words_of(CodeList.REMARK, "XX99")
    ('More than the agreed fee; written off', '')
    """
    return table(code_list).get(code, "")


@cache
def table(code_list: CodeList) -> Mapping[str, str]:
    """Return the words of every code of a list."""
    text = (files(__name__) / f"{code_list}.csv").read_text(encoding="utf-8")
    rows = sorted(csv.DictReader(text.splitlines()), key=lambda row: row["since"])
    return {row["code"]: row["words"] for row in rows}

"""Is a text a value of an X12 data type? The rules are pyx12's, whose verdict ours must equal."""

import re
from collections.abc import Sequence

_INTEGER = re.compile(r"-?[0-9]+")
_DECIMAL = re.compile(r"-?[0-9]*(\.[0-9]+)?")
_DIGITS = re.compile(r"[0-9]*")
#: The extended character set, and what 5010 adds to it.
TEXT_4010 = r"""A-Z0-9!"&'()*+,\-./:;?= a-z%~@\[\]_{}\\|<>#$"""
TEXT_5010 = TEXT_4010 + "^`"
_TEXT = {
    "00401": re.compile(f"[{TEXT_4010}]*"),
    "00501": re.compile(f"[{TEXT_5010}]*"),
}
#: Controls that no value may contain, whatever its type.
_CONTROLS = re.compile(r"[\x01-\x07\x09-\x0d\x11-\x17\x1c-\x1f]")
_DATE_LENGTHS = frozenset({6, 8, 12})
_YEAR_MIN = 1800
_CENTURY_TURN = 50
DATES = frozenset({"RD8", "DT", "D8", "D6"})


def has_control(text: str) -> bool:
    """Tell whether a control character stands in a value."""
    return _CONTROLS.search(text) is not None


def is_of_type(text: str, data_type: str, version: str = "00401") -> bool:
    """Tell whether a value has the form of its data type; `version` is ISA12.

    >>> is_of_type("100.5", "R"), is_of_type("1e5", "R"), is_of_type("20260230", "D8")
    (True, False, False)
    """
    if data_type.startswith("N"):
        return _INTEGER.fullmatch(text) is not None
    match data_type:
        case "R":
            return _DECIMAL.fullmatch(text) is not None
        case "ID" | "AN":
            return _TEXT[version].fullmatch(text) is not None
        case "RD8":
            days = text.split("-")
            return len(days) == 2 and all(_is_date(day, "D8") for day in days)
        case "DT" | "D8" | "D6":
            return _is_date(text, data_type)
        case "TM":
            return _is_time(text)
        case _:
            return data_type in {"", "B"}


def is_of_any_type(text: str, data_types: Sequence[str]) -> bool:
    """Tell whether a value has the form of one of these types."""
    return any(is_of_type(text, each) for each in data_types)


def _is_date(text: str, data_type: str) -> bool:
    length = len(text)
    if length not in _DATE_LENGTHS or not _DIGITS.fullmatch(text):
        return False
    if (data_type == "D8" and length != 8) or (data_type == "D6" and length != 6):
        return False
    if length == 6:
        text = ("20" if int(text[:2]) < _CENTURY_TURN else "19") + text
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:8])
    if year < _YEAR_MIN or not 1 <= day <= _days(year, month):
        return False
    return length != 12 or _is_time(text[8:])


def _days(year: int, month: int) -> int:
    """Return how many days a month has; 0 where there is no such month."""
    if month == 2:
        return 28 + (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))
    if not 1 <= month <= 12:
        return 0
    return 30 if month in {4, 6, 9, 11} else 31


def _is_time(text: str) -> bool:
    """Tell whether a text is HHMM, HHMMSS, or those with up to two decimals of a second."""
    if not _DIGITS.fullmatch(text) or text[:2] > "23" or text[2:4] > "59":
        return False
    return len(text) <= 4 or (6 <= len(text) <= 8 and text[4:6] <= "59")

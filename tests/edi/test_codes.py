"""Code lists: whole, dated, in our words; and what is said of a code that none of them has."""

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import edi.codes
from edi.annotation.codes import decode
from edi.codes import CodeList, as_of, is_known, table, words_of
from edi.codes.check import unknown_codes
from tests.edi.x12_texts import CLAIM, HEADER, set_of_texts

FOLDER = Path(edi.codes.__file__).parent
TODAY = date(2026, 11, 28)
#: At least so many codes, and so many of them with words.
SIZES = {
    CodeList.ADJUSTMENT_GROUP: (5, 5),
    CodeList.ADJUSTMENT_REASON: (390, 290),
    CodeList.REMARK: (1100, 180),
    CodeList.PROVIDER_ADJUSTMENT: (35, 35),
    CodeList.STATUS_CATEGORY: (48, 48),
    CodeList.STATUS: (790, 90),
    CodeList.SERVICE_TYPE: (185, 185),
    CodeList.PLACE_OF_SERVICE: (52, 52),
}


@pytest.mark.parametrize("code_list", CodeList)
def test_a_list_is_in_order_dated_and_has_words(code_list: CodeList) -> None:
    rows = list(csv.DictReader((FOLDER / f"{code_list}.csv").read_text("utf-8").splitlines()))
    codes, words = SIZES[code_list]
    assert len(rows) == len(table(code_list)) >= codes, "a code twice, or one lost"
    assert sum(bool(row["words"]) for row in rows) >= words
    assert date(2025, 1, 1) <= as_of(code_list) <= TODAY
    for row in rows:
        assert row["words"] == row["words"].strip(), row
        assert not row["words"].endswith("."), row
        assert not row["until"] or date.fromisoformat(row["until"]) < as_of(code_list)


def test_every_table_belongs_to_a_list() -> None:
    assert {path.stem for path in FOLDER.glob("*.csv")} == {*CodeList, "lists"}


def test_a_code_is_known_up_to_its_last_day() -> None:
    last = date(2009, 6, 30)
    assert is_known(CodeList.ADJUSTMENT_REASON, "17", last)
    assert not is_known(CodeList.ADJUSTMENT_REASON, "17", date(2009, 7, 1))
    assert words_of(CodeList.ADJUSTMENT_REASON, "288") == "No referral was given"


@pytest.mark.parametrize(
    ("segment", "element", "component"),
    [
        ("CAS*CO*9999*10", 2, 0),
        ("CAS*CO*45*10**9999*1", 5, 0),
        ("CAS*CO*17*10", 2, 0),
        ("MOA***N9999", 3, 0),
        ("MOA***MA01*N9999", 4, 0),
        ("MIA*0****N9999", 5, 0),
        ("LQ*HE*N9999", 2, 0),
        ("PLB*1*20261231*ZZ:1*5", 3, 1),
        ("PLB*1*20261231*WO:1*5*ZZ:2*5", 5, 1),
    ],
)
def test_a_code_of_no_list_is_a_warning_at_its_place(
    segment: str, element: int, component: int
) -> None:
    told = set_of_texts(*HEADER, CLAIM, segment, segment)
    (finding,) = unknown_codes(told, TODAY)  # Once, not for each segment.
    assert (finding.code, finding.place.element, finding.place.component) == (
        "X12-CODE-UNKNOWN",
        element,
        component,
    )
    assert finding.place.segment_id == segment.split("*", maxsplit=1)[0]
    assert "2025-03-01" in finding.message
    assert "9999" not in repr(finding)


@pytest.mark.parametrize(
    "segment",
    [
        "CAS*CO*45*10**253*1",
        "MOA***MA01*N362",
        "LQ*HE*N807",
        "LQ*RX*75",  # Another list.
        "PLB*1*20261231*WO:1*5*L6:2*5",
        "PLB*1*20261231*WO*5",
        "CAS*CO",
        "CAS*XX*45*10",  # The guide's own list.
        "LQ*HE*CANARY ADA",
    ],
)
def test_a_code_of_its_list_is_no_finding(segment: str) -> None:
    assert list(unknown_codes(set_of_texts(*HEADER, CLAIM, segment), TODAY)) == []


def test_claims_and_statuses_are_looked_at_too() -> None:
    def places(set_id: str, *segments: str) -> list[tuple[str, int]]:
        told = replace(set_of_texts(*segments), set_id=set_id)
        found = unknown_codes(told, TODAY)
        return [(each.place.segment_id, each.place.component) for each in found]

    assert places("837", "CLM*1*10***77:B:1", "SV1*HC:1*1*UN*1*76") == [("CLM", 1), ("SV1", 0)]
    assert places("837", "CLM*1*10***77:A:1") == []  # A type of bill.
    assert places("277", "STC*A9:19*20261101", "STC*A1:9999") == [("STC", 1), ("STC", 2)]
    assert places("999", "CAS*XX*9999*1") == []


@pytest.mark.parametrize(
    ("position", "code", "words"),
    [
        ("CAS02", "45", "More than the agreed fee; written off"),
        ("CAS01", "PR", "The patient owes it"),
        ("LQ02", "N362", "More units than are accepted in a day"),
        ("STC01-1", "A7", "Information is not valid"),
        ("STC01-2", "562", "The NPI of a party"),
        ("EB03", "98", "Physician office visit"),
        ("SV105", "11", "Office"),
        ("PLB03-1", "WO", "Takes back an overpayment"),
        ("CAS02", "9999", ""),
    ],
)
def test_the_viewer_says_what_a_code_means(position: str, code: str, words: str) -> None:
    assert decode(position, code, "ID") == words

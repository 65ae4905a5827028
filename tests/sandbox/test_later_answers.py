"""What is laid ready for the next visit comes then, once, wherever the process was killed."""

import json
from pathlib import Path

import pytest

from edi.reader import read_interchanges
from sandbox.clearinghouse import Clearinghouse
from sandbox.journal import ClaimRow, read_journal
from sandbox.state import read_state
from tests.claims import batch, claim, upload
from tests.sandbox.house import OTHER_BODY, House, Killed, killed_at

LATER_BODY = upload(
    batch(claim(member_id="SBX18", patient_control_number="A"), claim(member_id="SBX01")),
    interchange_number=9,
)
LATER_FILES = [
    "000000001_999.x12", "000000002_277CA.x12", "000000003_835.x12", "000000004_835.x12",
    "000000005_835.x12", "000000006_835.x12",
]  # fmt: skip
LATER_STEPS = [
    *["write_whole"] * 6, "write_state", "append_rows", *["rename"] * 5,
    "write_state", "append_rows", "rename",
]  # fmt: skip


def paid_of_a(house: House) -> list[int]:
    rows = read_journal(house.root / "journal.jsonl")
    return [
        row.paid_cents
        for row in rows
        if isinstance(row, ClaimRow) and row.patient_control_number == "A"
    ]


def test_what_is_laid_ready_is_shown_one_visit_later_and_once(house: House) -> None:
    clearinghouse = house.start()
    house.put(LATER_BODY)
    clearinghouse.visit()
    first = house.answers()
    assert len(first) == len(LATER_FILES) - 1
    assert paid_of_a(house) == [8750, -8750]
    again = house.start()
    assert house.answers() == first
    house.put(OTHER_BODY, "other.x12")
    again.visit()
    assert set(LATER_FILES) < set(house.answers())
    assert len(house.answers()) == len(LATER_FILES) + 3
    assert paid_of_a(house) == [8750, -8750, 10000]
    after, journal = house.answers(), house.journal()
    again.visit()
    house.start().visit()
    assert (house.answers(), house.journal()) == (after, journal)


def test_what_two_uploads_lay_ready_is_shown_together(house: House) -> None:
    clearinghouse = house.start()
    house.put(LATER_BODY, "1.x12")
    house.put(LATER_BODY.replace(b"000000009", b"000000010"), "2.x12")
    clearinghouse.visit()
    assert len(house.answers()) == 2 * (len(LATER_FILES) - 1)
    clearinghouse.visit()
    assert len(house.answers()) == 2 * len(LATER_FILES)
    assert paid_of_a(house) == [8750, -8750, 8750, -8750, 10000, 10000]


def visit_twice(clearinghouse: Clearinghouse) -> None:
    clearinghouse.visit()
    clearinghouse.visit()


@pytest.mark.parametrize("number", range(1, len(LATER_STEPS) + 1))
def test_killed_before_any_step_what_comes_later_comes_once_and_is_the_same(
    house: House, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    clearinghouse = house.start()
    house.put(LATER_BODY)
    with killed_at(number, monkeypatch) as steps, pytest.raises(Killed):
        visit_twice(clearinghouse)
    assert steps == LATER_STEPS[:number]
    taken = house.answers()
    for name in taken:  # The practice takes away what it sees.
        (house.root / "account" / "from_payer" / name).unlink()
    visit_twice(house.start())
    after = house.answers()
    assert not set(taken) & set(after)
    answers = {**taken, **after}
    assert sorted(answers) == LATER_FILES
    times = {read_interchanges(body)[0].time for body in answers.values()}
    assert times == {"0101" if number > LATER_STEPS.index("write_state") + 1 else "0201"}
    assert paid_of_a(house) == [8750, -8750, 10000]


def test_a_state_without_anything_laid_ready_is_one_of_before(tmp_path: Path) -> None:
    members = {"numbers": {"interchange": 3}, "answered": [], "files": [], "rows": ""}
    (tmp_path / "state.json").write_text(json.dumps({**members, "journal_bytes": 0}))
    state = read_state(tmp_path / "state.json")
    assert (state.numbers.interchange, state.later_files, state.later_rows) == (3, (), "")

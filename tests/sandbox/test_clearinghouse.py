"""Every upload is answered once and alike, wherever the process was killed."""

import json
import logging
from pathlib import Path

import pytest

from edi.reader import read_interchanges
from sandbox import clearinghouse as module
from sandbox.journal import ClaimRow, PaymentRow, append_rows, read_journal
from tests.sandbox.house import BODY, OTHER_BODY, House, Killed, killed_at


def test_an_upload_is_answered_with_a_999_and_an_835_and_journalled(house: House) -> None:
    clearinghouse = house.start()
    house.put(BODY)
    clearinghouse.visit()
    assert set(house.answers()) == {
        "000000001_999.x12", "000000002_277CA.x12", "000000003_835.x12",
    }  # fmt: skip
    rows = read_journal(house.root / "journal.jsonl")
    claims = [row for row in rows if isinstance(row, ClaimRow)]
    (payment,) = (row for row in rows if isinstance(row, PaymentRow))
    assert [row.patient_control_number for row in claims] == ["A", "B"]
    assert payment.payment_cents == sum(row.paid_cents for row in claims)
    assert payment.file == claims[0].file == "000000003_835.x12"
    assert [row.control_number for row in claims[0].lines] == ["L1", "L2"]


def test_the_journal_names_nobody(house: House) -> None:
    clearinghouse = house.start()
    house.put(BODY)
    clearinghouse.visit()
    assert b"CANARY" not in house.journal()
    assert b"SBX02" not in house.journal()
    members = json.loads(house.journal().splitlines()[0])
    assert members["row"] == "claim"
    assert members["kind"] == "patient_share"


def test_the_same_bytes_are_answered_once_under_any_name_and_after_a_restart(house: House) -> None:
    clearinghouse = house.start()
    house.put(BODY, "one.x12")
    house.put(BODY, "two.x12")
    clearinghouse.visit()
    clearinghouse.visit()
    first, journal = house.answers(), house.journal()
    house.put(BODY + b"\n", "three.x12")
    again = house.start()
    again.visit()
    assert house.answers() == first
    assert house.journal() == journal


def test_numbers_go_on_after_a_restart(house: House) -> None:
    clearinghouse = house.start()
    house.put(BODY)
    clearinghouse.visit()
    again = house.start()
    house.put(OTHER_BODY, "other.x12")
    again.visit()
    assert sorted(house.answers()) == [
        "000000001_999.x12", "000000002_277CA.x12", "000000003_835.x12",
        "000000004_999.x12", "000000005_277CA.x12", "000000006_835.x12",
    ]  # fmt: skip
    rows = read_journal(house.root / "journal.jsonl")
    numbers = [row.payer_control_number for row in rows if isinstance(row, ClaimRow)]
    assert numbers == ["SB0000000001", "SB0000000002", "SB0000000003"]
    assert len({row.trace for row in rows}) == 2


def test_temporary_names_and_folders_are_not_looked_at(house: House) -> None:
    clearinghouse = house.start()
    house.put(BODY, ".tmp-batch.x12")
    house.put(BODY, "batch.x12.tmp-1f")  # As the service names an upload that is not whole yet.
    (house.root / "account" / "to_payer" / "folder").mkdir()
    (house.root / "account" / "to_payer" / "link").symlink_to(house.root / "elsewhere")
    clearinghouse.visit()
    assert house.answers() == {}
    incoming = house.root / "account" / "to_payer"
    (incoming / ".tmp-batch.x12").rename(incoming / "batch.x12")
    clearinghouse.visit()
    assert len(house.answers()) == 3


def test_a_file_being_written_is_answered_when_its_iea_is_there(house: House) -> None:
    clearinghouse = house.start()
    for length in (0, 50, 106, len(BODY) // 2, len(BODY) - 1):
        house.put(BODY[:length])
        clearinghouse.visit()
        assert house.answers() == {}
    house.put(BODY)
    clearinghouse.visit()
    assert len(house.answers()) == 3


def test_a_file_that_grows_by_an_interchange_has_each_answered_once(house: House) -> None:
    clearinghouse = house.start()
    house.put(BODY)
    clearinghouse.visit()
    house.put(BODY + b"\r\n" + OTHER_BODY)
    clearinghouse.visit()
    assert len(house.answers()) == 6
    rows = read_journal(house.root / "journal.jsonl")
    assert [row.patient_control_number for row in rows if isinstance(row, ClaimRow)] == [
        "A", "B", "C",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"%PDF-1.7 CANARY",
        BODY.replace(b"*HARBOR ", b"*H\xc3RBOR ", 1),
        BODY.replace(b"GS*HC*HARBORGS", b"GS*HC*H\xc3RBORGS"),
        bytes(range(256)) * 9,
    ],
    ids=["empty", "a PDF", "ISA outside ASCII", "GS outside ASCII", "any bytes"],
)
def test_what_cannot_be_answered_is_noted_once_without_its_values(
    house: House, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    clearinghouse = house.start()
    house.put(body, "CANARY.x12")
    house.put(OTHER_BODY, "good.x12")
    clearinghouse.visit()
    clearinghouse.visit()
    assert len(caplog.records) == 1
    assert "CANARY" not in caplog.text
    assert len(house.answers()) == 3


def test_an_upload_over_the_limit_is_not_read(
    house: House, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "UPLOAD_BYTES_MAX", len(BODY) - 1)
    clearinghouse = house.start()
    house.put(BODY)
    clearinghouse.visit()
    assert house.answers() == {}
    assert "larger" in caplog.text


def test_folders_that_the_account_removed_are_made_again(house: House) -> None:
    clearinghouse = house.start()
    for name in ("to_payer", "from_payer"):
        (house.root / "account" / name).rmdir()
    clearinghouse.visit()
    house.put(BODY)
    clearinghouse.visit()
    assert len(house.answers()) == 3


STEPS = [*["write_whole"] * 3, "write_state", "append_rows", *["rename"] * 3]


@pytest.mark.parametrize("number", range(1, len(STEPS) + 1))
def test_killed_before_any_step_the_answers_come_once_and_are_the_same(
    house: House, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    clearinghouse = house.start()
    house.put(OTHER_BODY, "0.x12")
    clearinghouse.visit()  # So that there is a journal to go wrong in.
    before = house.journal()
    house.put(BODY)
    with killed_at(number, monkeypatch) as steps, pytest.raises(Killed):
        clearinghouse.visit()
    assert steps == STEPS[:number]
    taken = house.answers()
    committed = number > STEPS.index("write_state") + 1
    for name in taken:  # The practice takes away what it sees.
        (house.root / "account" / "from_payer" / name).unlink()

    house.start().visit()
    after = house.answers()
    assert not set(taken) & set(after)
    answers = {**taken, **after}
    assert sorted(answers) == [
        f"{n:09d}_{kind}.x12" for n, kind in enumerate(("999", "277CA", "835") * 2, start=1)
    ]
    (interchange,) = read_interchanges(answers["000000006_835.x12"])
    assert interchange.time == ("0101" if committed else "0201")
    assert house.journal().startswith(before)
    rows = read_journal(house.root / "journal.jsonl")
    assert [row.patient_control_number for row in rows if isinstance(row, ClaimRow)] == [
        "C", "A", "B",
    ]  # fmt: skip
    assert len([row for row in rows if isinstance(row, PaymentRow)]) == 2

    journal = house.journal()
    house.start().visit()
    assert house.answers() == after
    assert house.journal() == journal


def test_a_half_written_journal_is_completed_and_read_without_its_torn_line(tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    row = b'{"row": "payment", "trace": "1", "payment_cents": 5, "file": "f"}\n'
    assert read_journal(journal) == ()
    append_rows(journal, row, at=0)
    journal.write_bytes(row + row[:10])
    assert len(read_journal(journal)) == 1
    append_rows(journal, row + row, at=len(row))
    assert journal.read_bytes() == row * 3
    append_rows(journal, row + row, at=len(row))
    assert journal.read_bytes() == row * 3

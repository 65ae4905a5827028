"""`rcm edi` as scripts and people use it: what each command prints, and the code it exits with."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.edi import files
from cli.edi.files import opened
from cli.main import cli
from edi.findings import ReadError
from edi.reader import read_interchanges
from tests.edi.guide.agreement import CORPUS
from tests.edi.large_files import remittance_of

GOLDEN = Path("tests/edi/golden")
REMITTANCE = GOLDEN / "835-two-claims.edi"
CLAIMS = GOLDEN / "837p-whole.edi"
SAMPLES = sorted(GOLDEN.glob("*.edi"))
OTHERS = sorted(CORPUS.glob("*.edi"))
NUMBERS = ("--interchange-number", "7", "--group-number", "8", "--at", "2026-11-29T09:30")
EVERY = [
    ("read",), ("read", "--json"), ("read", "--csv"), ("validate",), ("validate", "--json"),
    ("validate", "--csv"), ("ack", *NUMBERS), ("annotate",), ("annotate", "--json"),
    ("annotate", "--csv"), ("mask", "--key", "k"), ("stats",), ("stats", "--json"),
    ("stats", "--csv"),
]  # fmt: skip


def rcm_edi(*arguments: str | Path, stdin: bytes = b"") -> Result:
    return CliRunner().invoke(cli, ["edi", *map(str, arguments)], input=stdin)


def told(result: Result) -> Result:
    """The same, after nothing but an exit code was raised."""
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def is_x12(file: Path) -> bool:
    try:
        return bool(read_interchanges(file.read_bytes()))
    except ReadError:
        return False


@pytest.fixture
def unbalanced(tmp_path: Path) -> Path:
    """A remittance that says that it pays 9999.99."""
    text = REMITTANCE.read_text(encoding="ascii")
    amount = text[text.index("BPR*I*") :].split("*")[2]
    file = tmp_path / "unbalanced.835"
    file.write_text(text.replace(f"BPR*I*{amount}*", "BPR*I*9999.99*"), encoding="ascii")
    return file


@pytest.mark.parametrize("command", EVERY, ids=" ".join)
def test_every_command_takes_every_sample_as_a_file_and_from_standard_input(
    command: tuple[str, ...],
) -> None:
    for file in SAMPLES:
        by_name = told(rcm_edi(*command, file))
        assert by_name.exit_code in {0, 1}, (file, by_name.output)
        if file not in {REMITTANCE, CLAIMS}:
            continue
        piped = told(rcm_edi(*command, "-", stdin=file.read_bytes()))
        assert piped.exit_code == by_name.exit_code
        if command[0] in {"mask", "ack"}:
            assert piped.stdout_bytes == by_name.stdout_bytes


@pytest.mark.skipif(not OTHERS, reason="the files of others are not here")
@pytest.mark.parametrize("command", EVERY, ids=" ".join)
def test_every_command_takes_files_of_others(command: tuple[str, ...]) -> None:
    for file in OTHERS[EVERY.index(command) :: 20]:
        result = told(rcm_edi(*command, file))
        if command[0] == "mask":  # A file with a broken ISA can be shared too.
            assert result.exit_code == 0, file
            continue
        is_answered = "cannot be answered" not in result.stderr
        assert result.exit_code in ({0, 1} if is_x12(file) and is_answered else {2}), file
        if "--json" in command and is_x12(file):
            assert json.loads(result.stdout)["file"] == str(file)


@pytest.mark.parametrize("command", EVERY, ids=" ".join)
@pytest.mark.parametrize("body", [b"", b"MSH|^~\\&|", b"ISA*00*", b"\xff\xfe"])
def test_what_is_not_x12_exits_2(tmp_path: Path, command: tuple[str, ...], body: bytes) -> None:
    file = tmp_path / "file"
    file.write_bytes(body)
    result = told(rcm_edi(*command, file))
    assert result.exit_code == 2
    if "--json" in command and command[0] in {"read", "validate"}:
        assert json.loads(result.stdout)["findings"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("read", "nowhere.edi"),
        ("stats",),
        ("validate", "--json", "--csv", REMITTANCE),
        ("ack", REMITTANCE),
        ("diff", REMITTANCE),
        ("mask", REMITTANCE, "--output", "no/such/folder"),
        ("diff", REMITTANCE, "-"),
    ],
)
def test_a_command_that_cannot_be_done_exits_2_and_says_why(arguments: tuple[str, ...]) -> None:
    result = told(rcm_edi(*arguments))
    assert result.exit_code == 2
    assert "Error" in result.stderr
    assert "Traceback" not in result.stderr


def test_an_error_is_shown_under_its_segment_with_a_caret(unbalanced: Path) -> None:
    result = rcm_edi("validate", unbalanced)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    at = next(n for n, line in enumerate(lines) if "BPR*I*9999.99" in line)
    assert "835-BALANCE-SET" in lines[at - 1]
    assert lines[at + 1].index("^") == lines[at].index("9999.99")
    assert lines[at + 1].strip() == "^" * len("9999.99")
    offset = unbalanced.read_bytes().index(b"BPR*")
    assert f"byte {offset}" in lines[at + 2]


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("│").split("│")]


def test_each_file_has_a_verdict(unbalanced: Path, tmp_path: Path) -> None:
    text = tmp_path / "text.edi"
    text.write_text("This is a letter.", encoding="ascii")
    files = REMITTANCE, unbalanced, text
    result = rcm_edi("validate", *files)
    assert result.exit_code == 2
    lines = result.stdout.splitlines()
    verdicts = {cells(line)[0]: cells(line)[1:] for line in lines[-4:-1]}
    assert verdicts == {
        str(REMITTANCE): ["no error", "0", "0"],
        str(unbalanced): ["errors", "1", "0"],
        str(text): ["not X12", "1", "0"],
    }
    # The findings stand below the name of their file.
    assert lines[0] == str(unbalanced)
    assert lines.index(str(text)) < next(n for n, each in enumerate(lines) if "X12-NOT-X12" in each)
    assert "^" not in lines[-9]  # A letter has no segment to point at.


def test_read_shows_a_line_for_each_set_under_its_interchange(tmp_path: Path) -> None:
    file = tmp_path / "two.835"
    body = REMITTANCE.read_bytes()
    file.write_bytes(body + body.replace(b"*T*:~", b"*P*:~"))
    lines = rcm_edi("read", file).stdout.splitlines()
    assert lines[0] == str(file)
    rows = [cells(line) for line in lines[4:-1] if line.startswith("│")]
    held = ["0001", "835", "39", "$212.50 for 2 claims"]
    assert rows == [
        ["000000007", "ZZ/PAYER", "ZZ/PRACTICE", usage, *held] for usage in ("test", "production")
    ]


def test_the_caret_of_a_component_and_of_a_missing_element(tmp_path: Path) -> None:
    file = tmp_path / "claims.837"
    text = CLAIMS.read_text(encoding="ascii")
    text = text.replace("41:B:7", "41:Z:7").replace("DMG*D8*19400131*F~", "DMG*D8*19400131~")
    file.write_text(text, encoding="ascii")
    lines = rcm_edi("validate", file).stdout.splitlines()
    at = next(n for n, line in enumerate(lines) if "41:Z:7" in line)
    assert lines[at + 1].index("^") == lines[at].index(":Z:7") + 1
    at = next(n for n, line in enumerate(lines) if line.strip().startswith("DMG*D8*"))
    assert lines[at + 1].index("^") == len(lines[at])


def test_rows_of_csv_say_place_and_cure(unbalanced: Path) -> None:
    (row,) = csv.DictReader(io.StringIO(rcm_edi("validate", "--csv", unbalanced).stdout))
    assert (row["code"], row["segment"], row["element"]) == ("835-BALANCE-SET", "BPR", "2")
    assert int(row["byte_offset"]) == unbalanced.read_bytes().index(b"BPR*")
    assert row["cure"]


def test_several_files_are_told_apart_and_the_worst_decides(unbalanced: Path) -> None:
    result = rcm_edi("validate", "--json", REMITTANCE, unbalanced)
    assert result.exit_code == 1
    assert [each["errors"] for each in json.loads(result.stdout)] == [0, 1]
    rows = list(
        csv.DictReader(io.StringIO(rcm_edi("read", "--csv", REMITTANCE, unbalanced).stdout))
    )
    assert [row["file"] for row in rows] == [str(REMITTANCE), str(unbalanced)]


def test_nobody_is_named_unless_asked_to_reveal(tmp_path: Path) -> None:
    file = tmp_path / "claims.837"
    text = CLAIMS.read_text(encoding="ascii")
    file.write_text(text.replace("DMG*D8*1940", "DMG*D8*CANARY1940"), encoding="ascii")
    for command in ("validate", "annotate", "read", "stats"):
        assert "CANARY" not in rcm_edi(command, file).output
    assert "CANARY" in rcm_edi("annotate", "--reveal", file).output
    assert "CANARY" not in rcm_edi("diff", file, CLAIMS).output
    assert "CANARY" in rcm_edi("diff", "--reveal", file, CLAIMS).output


def test_diff_names_the_elements_that_differ(unbalanced: Path) -> None:
    assert rcm_edi("diff", REMITTANCE, REMITTANCE).exit_code == 0
    result = rcm_edi("diff", "--json", REMITTANCE, unbalanced)
    assert result.exit_code == 1
    (found,) = json.loads(result.stdout)["differences"]
    assert (found["kind"], found["segment"], found["element"]) == ("changed", "BPR", 2)
    assert found["after"] == "9999.99"
    shown = rcm_edi("diff", REMITTANCE, unbalanced).stdout
    assert "+ 9999.99" in shown
    (row,) = csv.DictReader(io.StringIO(rcm_edi("diff", "--csv", REMITTANCE, unbalanced).stdout))
    assert row["kind"] == "changed"


def test_diff_names_what_was_put_in_and_left_out(tmp_path: Path) -> None:
    text = REMITTANCE.read_text(encoding="ascii")
    segment = text[text.index("CAS*") :].split("~")[0] + "~"
    fewer = tmp_path / "fewer.835"
    fewer.write_text(text.replace(segment, "", 1), encoding="ascii")
    for before, after, kind in ((REMITTANCE, fewer, "removed"), (fewer, REMITTANCE, "added")):
        found = json.loads(rcm_edi("diff", "--json", before, after).stdout)["differences"]
        assert [(each["kind"], each["segment"]) for each in found] == [(kind, "CAS")]


def test_ack_answers_with_ta1_and_999_and_the_same_bytes_each_time() -> None:
    first = rcm_edi("ack", *NUMBERS, REMITTANCE)
    assert first.exit_code == 0
    assert first.stdout_bytes == rcm_edi("ack", *NUMBERS, REMITTANCE).stdout_bytes
    (answer,) = read_interchanges(first.stdout_bytes)
    assert answer.findings == ()
    assert answer.control_number == "000000007"
    assert [each.set_id for each in answer.sets()] == ["999"]
    assert [each.get(4) for each in answer.acknowledgments] == ["A"]
    (alone,) = read_interchanges(rcm_edi("ack", *NUMBERS, "--no-999", REMITTANCE).stdout_bytes)
    assert alone.groups == ()


def test_ack_of_a_set_that_breaks_its_guide_exits_1(tmp_path: Path) -> None:
    file = tmp_path / "broken.835"
    file.write_bytes(REMITTANCE.read_bytes().replace(b"N1*PR*", b"N1*ZZ*", 1))
    result = rcm_edi("ack", *NUMBERS, file)
    assert result.exit_code == 1
    assert b"IK5*R" in result.stdout_bytes


def test_stats_counts_claims_money_and_codes() -> None:
    counted = json.loads(rcm_edi("stats", "--json", "-", stdin=remittance_of(3)).stdout)
    assert (counted["sets"], counted["claims"]) == ({"835": 1}, 3)
    assert (counted["charge_cents"], counted["payment_cents"]) == (60_000, 45_000)
    assert counted["codes"]["CAS CO 45"] == {"count": 6, "cents": 12_000}
    assert counted["bytes"] == len(remittance_of(3))
    shown = rcm_edi("stats", "-", stdin=remittance_of(3)).stdout
    assert "$450.00" in shown


def test_a_file_that_is_not_held_is_read_in_parts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(files, "HELD_BYTES_MAX", 3_000)
    monkeypatch.setattr(files, "PART_SEGMENTS", 20)
    body = remittance_of(30)
    file = tmp_path / "large.835"
    file.write_bytes(body.replace(b"BPR*I*4500*", b"BPR*I*4501*"))
    for arguments, stdin in (((file,), b""), (("-",), file.read_bytes())):
        result = rcm_edi("validate", "--json", *arguments, stdin=stdin)
        codes = [each["code"] for each in json.loads(result.stdout)["findings"]]
        assert codes == ["X12-GUIDE-UNCHECKED", "835-BALANCE-SET"]
        assert "835-BALANCE-SET" in rcm_edi("validate", *arguments, stdin=stdin).stdout
        (row,) = json.loads(rcm_edi("read", "--json", *arguments, stdin=stdin).stdout)["sets"]
        assert (row["claims"], row["segments"]) == (30, body.count(b"~") - 4)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_on_standard_error_follows_a_large_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "large.835"
    file.write_bytes(remittance_of(30))
    for most, is_shown in ((100, True), (1_000_000, False)):
        terminal = Terminal()
        monkeypatch.setattr("sys.stderr", terminal)
        monkeypatch.setattr(files, "PROGRESS_BYTES", most)
        with opened(file) as found:
            assert found.body.read(1 << 20) == file.read_bytes()
        assert ("large.835" in terminal.getvalue()) is is_shown


def test_a_copy_that_cannot_be_written_says_what_to_do() -> None:
    done = rcm_edi("mask", REMITTANCE, "--output", "no/such/folder")
    assert "no/such/folder: No such file or directory." in done.stderr
    assert "folder that exists" in done.stderr

"""What must hold above the guide: for each row a file that passes, and one that does not."""

import csv
import inspect
import re
from io import BytesIO
from itertools import product
from pathlib import Path

import pytest

from edi import CHECKS, run_checks
from edi.findings import Finding, ReadError, Severity
from edi.judge import Judging, judge
from edi.reader import read_interchanges
from edi.remittance_835.balance import check_balance
from edi.remittance_835.read import read_835
from edi.streaming import stream_interchanges
from tests.edi import checked_files
from tests.edi.checked_files import CASES, DENTAL, INSTITUTIONAL, PROFESSIONAL, Case, changed
from tests.edi.x12_texts import GOLDEN, TRN_77, set_of_texts

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "data" / "x12"
SEVERITY = {check.code: check.severity for check in CHECKS}
GOOD = ("PROFESSIONAL", "BY_CLAIM", "INSTITUTIONAL", "DENTAL", "REMITTANCE")
THE_GUIDE_SAYS = {"X12-HL-NUMBER": "GUIDE-SEGMENT-HL1", "X12-HL-PARENT": "GUIDE-SEGMENT-HL2"}


def codes(text: str, *, with_guide: bool = True) -> list[str]:
    return [found.code for found in judge(text.encode(), with_guide=with_guide)]


def test_every_row_has_a_case() -> None:
    assert len(SEVERITY) == len(CHECKS)
    assert {case.code for case in CASES} == SEVERITY.keys()


@pytest.mark.parametrize("name", GOOD)
def test_nothing_is_found_in_a_good_file(name: str) -> None:
    assert judge(getattr(checked_files, name).encode()) == []


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.edi")), ids=lambda path: path.stem)
def test_nothing_is_found_in_a_golden_file(path: Path) -> None:
    assert judge(path.read_bytes()) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_a_fault_is_found_once_and_at_its_place(case: Case) -> None:
    text = changed(case.good, case.changes)
    (found,) = judge(text.encode(), with_guide=case.with_guide)
    offset = text.index(f"\n{case.segment}") + 1
    place = found.place
    assert (found.code, found.severity) == (case.code, SEVERITY[case.code])
    assert (place.element, place.component, place.loop) == (case.element, case.component, case.loop)
    assert (place.segment_id, place.transaction_set) == (case.segment.partition("*")[0], "0001")
    assert (place.byte_offset, place.segment_number) == (offset, text.count("~", 0, offset) + 1)
    assert found.message.endswith(".")
    assert found.cure.endswith(".")


@pytest.mark.parametrize("case", [each for each in CASES if not each.with_guide])
def test_what_the_guide_says_is_not_told_twice(case: Case) -> None:
    assert codes(changed(case.good, case.changes)) == [THE_GUIDE_SAYS[case.code]]


def test_a_reason_whose_amount_the_guide_misses_is_told_once() -> None:
    text = changed(PROFESSIONAL, (("CAS*CO*45*70~", "CAS*CO*45**70~"),))
    assert "837-COB-PAIR" in codes(text, with_guide=False)
    assert "837-COB-PAIR" not in codes(text)


@pytest.mark.parametrize(
    ("good", "old", "new"),
    [
        (PROFESSIONAL, "DMG*D8*19400131", "DMG*D8*20260221"),
        (INSTITUTIONAL, "DMG*D8*20150704", "DMG*D8*20260215"),  # Of the patient, not the insured.
    ],
)
def test_a_service_before_birth(good: str, old: str, new: str) -> None:
    assert "837-DATE-ORDER" in codes(changed(good, ((old, new),)))


def test_two_payers_of_unknown_order_are_none_too_many() -> None:
    pairs = (("SBR*S*18*GRP7", "SBR*U*18*GRP7"), ("SBR*P*18*GRP1", "SBR*U*18*GRP1"))
    assert codes(changed(PROFESSIONAL, pairs)) == []


def test_a_line_that_its_payer_took_apart_is_added_up() -> None:
    one = "SVD*60054*70*HC:J0897**60~\nCAS*CO*45*30~\nDTP*573*D8*20260225~\n"
    two = one.replace("*70*", "*50*").replace("*30~", "*10~") + (
        "SVD*60054*20*HC:J0897**1~\nCAS*CO*45*20~\nDTP*573*D8*20260225~\n"
    )
    assert codes(changed(PROFESSIONAL, ((one, two),))) == []


def test_a_payer_that_covers_the_patient_twice_is_not_added_up() -> None:
    """Both coverages have one id, and so have their loops 2430: 840.5 and what was left of it."""
    first = PROFESSIONAL[PROFESSIONAL.index("SBR*P*18*GRP1") : PROFESSIONAL.index("LX*1~")]
    second = first.replace("SBR*P*18*GRP1", "SBR*T*18*GRP2").replace("AMT*D*670~", "AMT*D*70~")
    again = "SVD*60054*50.5*HC:A0427:SH**1~\nCAS*OA*23*720~\nDTP*573*D8*20260226~\n"
    text = changed(PROFESSIONAL, (("LX*1~", second + "LX*1~"), ("LX*2~", again + "LX*2~")))
    assert codes(text) == []


def test_the_code_of_a_pharmacy_is_on_no_list_of_ours() -> None:
    told = (GOLDEN / "277-three-claims.edi").read_text(encoding="ascii")
    assert "STC*F1:65*" in told
    assert codes(told.replace("STC*F1:65*", "STC*F1:9999*")) == ["X12-CODE-UNKNOWN"]
    assert codes(told.replace("STC*F1:65*", "STC*F1:9999::RX*")) == []


def test_an_institutional_frequency_is_any_of_the_type_of_bill() -> None:
    for frequency in "024DZ":
        text = changed(INSTITUTIONAL, (("11:A:1", f"11:A:{frequency}"),))
        assert codes(text) == []


def test_a_wrong_npi_is_told_once_for_each_number() -> None:
    text = PROFESSIONAL.replace("XX*1234567893", "XX*1234567894")
    assert text.count("1234567894") == 2
    assert codes(text) == ["X12-NPI"]


def test_an_amount_that_is_none_stops_the_sums_and_is_told_by_its_guide() -> None:
    text = changed(DENTAL, (("SV3*AD:D8080*3200", "SV3*AD:D8080*ABC"),))
    assert codes(text) == ["GUIDE-ELEMENT-6"]


def test_d1_follows_from_the_others_and_needs_no_row() -> None:
    missed = 0
    for charge, adjusted, paid, of_claim, paid_of_claim in product(range(3), repeat=5):
        segments = (
            f"BPR*I*{paid_of_claim}*C*CHK************20260303", TRN_77,
            f"CLP*A*1*{of_claim}*{paid_of_claim}", f"SVC*HC:99213*{charge}*{paid}",
            *([f"CAS*CO*45*{adjusted}"] if adjusted else []),
        )  # fmt: skip
        proof = check_balance(read_835(set_of_texts(*segments)))
        if paid != paid_of_claim:
            missed += 1
            assert proof.findings(), segments
    assert missed > 100


def test_a_set_in_parts_tells_each_fault_once() -> None:
    level = DENTAL[DENTAL.index("HL*2*1*22*0~") : DENTAL.index("\nSE*") + 1]
    many = "".join(
        level.replace("HL*2*", f"HL*{n}*").replace("CLM*PCN4", f"CLM*PCN{n}") for n in range(3, 40)
    )
    text = changed(DENTAL, (("\nSE*", f"\n{many}SE*"),))
    before, claim, after = text.partition("CLM*PCN30*")
    text = before + claim + after.replace("D8080*3200*", "D8080*3201*", 1)
    text = text.replace("XX*1234567893", "XX*1234567890")
    assert sorted({*codes(text)}) == ["837-CHARGE-SUM", "X12-NPI"]
    judging = Judging()
    parts = list(stream_interchanges(BytesIO(text.encode()), part_segments=20))
    found: list[Finding] = [found for each in parts for found in judging.findings(each)]
    assert len(parts) > 5
    (wrong,) = [each for each in found if each.code == "837-CHARGE-SUM"]
    assert wrong.place.byte_offset == text.index("CLM*PCN30*")
    assert len({each.place.byte_offset for each in found if each.code == "X12-NPI"}) >= 1
    assert {each.code for each in found} == {"837-CHARGE-SUM", "X12-NPI", "X12-GUIDE-UNCHECKED"}


def test_the_library_runs_them_alone() -> None:
    text = changed(DENTAL, (("D8080*3200*", "D8080*3201*"),))
    (interchange,) = read_interchanges(text.encode())
    (found,) = run_checks(next(interchange.sets()))
    assert found.code == "837-CHARGE-SUM"


def rows_of_the_index() -> list[dict[str, str]]:
    with (CORPUS / "index.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.skipif(not CORPUS.exists(), reason="the files of others do not stand beside it")
def test_no_good_file_of_others_gets_an_error_and_every_wrong_sum_is_found() -> None:
    for row in rows_of_the_index():
        try:
            found = judge((CORPUS / row["file"]).read_bytes())
        except ReadError:
            continue
        errors = {each.code for each in found if each.severity is Severity.ERROR}
        above = errors & SEVERITY.keys()
        if row["status"] == "good" and errors == above:
            assert not above, row["file"]
        if row["status"] == "charges-mismatch":
            assert "837-CHARGE-SUM" in above, row["file"]


def table_row(code: str) -> str:
    (check,) = (each for each in CHECKS if each.code == code)
    must, _, rest = (inspect.getdoc(check.find) or "").partition("\n\n")
    must = must.replace("\n", " ")
    source = re.search(r"Source: (.*?)\.?(?:\n\n|$)", rest, re.DOTALL)
    told = source.group(1).replace("\n", " ") if source else ""
    return f"| `{code}` | {check.severity} | {must} | {told} | {check.cure} |"


def test_the_page_has_every_row_of_the_table_and_no_other() -> None:
    page = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
    shown = re.findall(r"^\| `.*$", page, re.MULTILINE)
    assert sorted(shown) == sorted(table_row(check.code) for check in CHECKS)

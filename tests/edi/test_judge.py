"""A file is judged whole or in parts, and says where each finding is."""

from io import BytesIO
from pathlib import Path

from edi.findings import Finding
from edi.judge import Judging, judge
from edi.streaming import stream_interchanges
from tests.edi.large_files import remittance_of

GOLDEN = Path("tests/edi/golden")


def judged_in_parts(body: bytes) -> list[Finding]:
    judging = Judging()
    parts = stream_interchanges(BytesIO(body), part_segments=40)
    return [found for each in parts for found in judging.findings(each)]


def test_a_remittance_in_parts_is_proven_claim_by_claim_and_as_a_whole() -> None:
    good = remittance_of(40)
    assert judge(good) == []
    (unchecked,) = judged_in_parts(good)
    assert unchecked.code == "X12-GUIDE-UNCHECKED"
    at = good.index(b"CLP*PCN000000030*1*200*150")
    bad = good[:at] + good[at:].replace(b"*1*200*150*", b"*1*200*149*", 1)
    wanted = [("835-BALANCE-CLAIM", at), ("835-BALANCE-SET", bad.index(b"BPR*"))]
    whole = sorted((each.code, each.place.byte_offset) for each in judge(bad))
    parts = sorted((each.code, each.place.byte_offset) for each in judged_in_parts(bad))
    assert whole == wanted
    assert parts == [*wanted, ("X12-GUIDE-UNCHECKED", bad.index(b"ST*"))]


def test_the_next_set_begins_with_a_proof_of_its_own() -> None:
    first = remittance_of(40)
    again = first.replace(b"BPR*I*6000*", b"BPR*I*6001*")
    codes = [each.code for each in judged_in_parts(again + first)]
    assert codes.count("835-BALANCE-SET") == 1


def test_every_finding_of_a_damaged_file_has_its_byte() -> None:
    body = (GOLDEN / "835-two-claims.edi").read_bytes()
    for at in range(110, len(body), 37):
        for found in judge(body[:at] + b"?" + body[at + 1 :]):
            assert found.place.byte_offset >= 0, found.code

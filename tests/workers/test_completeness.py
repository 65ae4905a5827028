"""Whether a file is whole: told as the full reader tells it, for every file cut at every byte."""

import time
import tracemalloc

import pytest

from edi.findings import ReadError
from edi.reader import read_interchanges
from tests.rcm.partner_files import file_835, file_999, payment, remit
from workers.completeness import is_whole

ONE = file_999(77, "A")
TWO = ONE + b"\r\n" + file_999(78, "A", number=2)
OTHERS = ONE.replace(b"*", b"|").replace(b"~", b"\n")


def is_read_whole(body: bytes) -> bool:
    try:
        return all(each.is_complete for each in read_interchanges(body))
    except ReadError as refusal:
        return refusal.finding.code not in ("X12-EMPTY", "X12-ISA-LENGTH")


@pytest.mark.parametrize("body", [ONE, OTHERS, b"\xef\xbb\xbf\r\n" + ONE], ids=["one", "lf", "bom"])
def test_a_file_cut_at_any_byte_is_as_whole_as_the_reader_says(body: bytes) -> None:
    start = body.index(b"ISA") + 3
    for end in range(start, len(body) + 1):
        assert is_whole(body[:end]) is is_read_whole(body[:end]), end
    assert is_whole(body)


def test_of_two_interchanges_the_last_decides() -> None:
    assert is_whole(TWO)
    cut = [end for end in range(len(ONE) + 3, len(TWO)) if is_whole(TWO[:end])]
    assert cut == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", False),
        (b"\r\n ", False),
        (b"I", False),
        (b"IS", False),
        (b"ISA*00*", False),
        (b"Dear practice, your payment is late.", True),
        (b"{}", True),
        (b"ISA" + b"x" * 200, True),  # No interchange, and long enough to know.
        (ONE + b"\r\n\0\x1a" + b" " * 5000, True),
        (ONE + b"ISA", False),
        (ONE + b"GS*", False),
        (ONE.replace(b"IEA*1*000000001", b"IEA*1*000000002"), False),
        (ONE.replace(b"IEA*1*000000001", b"IEA*1*1"), True),
        (ONE.replace(b"IEA*1*000000001", b"IEA*1*00000000"), False),
        (ONE.replace(b"IEA*1*000000001~", b"NM1*LIEA*1*000000001~"), False),
    ],
)
def test_the_end_is_an_iea_with_the_number_of_the_isa(body: bytes, expected: bool) -> None:  # noqa: FBT001
    assert is_whole(body) is expected


def test_a_value_that_looks_like_a_trailer_or_header_is_none() -> None:
    body = file_835(remit(payment("IEA", 500, 500), payment("ISA", 500, 500)))
    assert is_whole(body)
    assert not is_whole(body[: body.rindex(b"IEA*")])


def test_a_large_file_is_judged_without_a_copy_of_it() -> None:
    body = ONE[: ONE.index(b"ST*")] + b"CLP*ISA*1*100*80~" * 2_000_000
    tracemalloc.start()
    try:
        began = time.monotonic()
        assert not is_whole(body)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
        assert time.monotonic() - began < 30
    finally:
        tracemalloc.stop()

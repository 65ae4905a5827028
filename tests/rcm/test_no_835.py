"""A transaction set that calls itself an 835 and is none: it posts nothing, and somebody knows."""

import re

import pytest
from sqlalchemy import text

from rcm.db import snapshot
from rcm.proof import verify
from tests.harness import Practice
from tests.rcm.intake import encounter
from tests.rcm.kept_aside import items, paid, proven
from tests.rcm.partner_files import file_835, receive, remit, send


def without(body: bytes, segment_id: bytes) -> bytes:
    """The file without the first such segment, and with the count that fits."""
    body = re.sub(rb"(?<=~)" + segment_id + rb"\*[^~]*~", b"", body, count=1)
    return re.sub(rb"SE\*(\d+)", lambda found: b"SE*%d" % (int(found[1]) - 1), body, count=1)


@pytest.mark.parametrize("segment_id", [b"BPR", b"TRN"])
def test_an_835_without_payment_or_trace_is_work_and_the_proof_holds(
    practice: Practice, segment_id: bytes
) -> None:
    one, two = send(practice, encounter(), encounter(external_id="two"))
    body = file_835(remit(paid(one), trace="T1"), remit(paid(two), trace="T2"))
    receive(practice, without(body, segment_id))
    assert items(practice) == [("file", "open", "835-NOT-835")]
    assert proven(practice) == 8_000  # Of the other set of the file.


def test_an_835_that_nobody_has_read_yet_is_no_proof(practice: Practice) -> None:
    (claim,) = send(practice, encounter())
    receive(practice, without(file_835(remit(paid(claim))), b"TRN"))
    with practice.unit_of_work() as session:
        session.execute(text("UPDATE file SET findings = '[]' WHERE direction = 'inbound'"))
    with snapshot(practice.unit_of_work) as session:
        (difference,) = verify(session, practice.tools).differences
    assert difference.startswith("not decided yet")

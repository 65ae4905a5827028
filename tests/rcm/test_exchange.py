"""Received files: what may be used takes effect; what may not is kept aside with its reason."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text

from edi.acknowledgment_999 import ElementError, SegmentError, SetAcknowledgment
from rcm.exchange.control import (
    INTERCHANGE_NUMBER_MAX,
    ControlNumbers,
    NumbersExhaustedError,
    allocate,
)
from tests.harness import Practice
from tests.rcm.intake import encounter
from tests.rcm.partner_files import Sent, file_835, file_999, payment, receive, remit, send

GOOD = file_835(remit(payment("OTHER", 500, 500)))


def test_control_numbers_are_unique_under_eight_threads(practice: Practice) -> None:
    def take() -> list[ControlNumbers]:
        taken = []
        for _ in range(25):
            with practice.unit_of_work() as session:
                taken.append(allocate(session, practice.partner_id))
        return taken

    with ThreadPoolExecutor(8) as pool:
        taken = [n for done in [pool.submit(take) for _ in range(8)] for n in done.result()]
    assert sorted(each.interchange for each in taken) == list(range(1, 201))
    assert sorted(each.group for each in taken) == list(range(1, 201))


def test_control_numbers_end_and_never_begin_again(practice: Practice) -> None:
    def take() -> ControlNumbers:
        with practice.unit_of_work() as session:
            return allocate(session, practice.partner_id)

    take()
    with practice.unit_of_work() as session:
        session.execute(
            text("UPDATE control_number SET last = :n"), {"n": INTERCHANGE_NUMBER_MAX - 1}
        )
    assert take().interchange == INTERCHANGE_NUMBER_MAX
    for _ in range(2):
        with pytest.raises(NumbersExhaustedError):
            take()


REFUSED = {
    "empty": (b"", "X12-EMPTY"),
    "text": (b"Dear practice, your payment is late.", "X12-NOT-X12"),
    "long text": (b"Dear practice, " * 20, "X12-NOT-X12"),
    "production": (file_835(remit(payment("OTHER", 500, 500)), usage="P"), "X12-WRONG-USAGE"),
    "a NUL byte": (GOOD.replace(b"SANDBOX COMMERCIAL", b"SANDBOX\0COMMERCIAL"), "X12-NUL"),
    "a NUL in the number": (GOOD.replace(b"000000001", b"00000000\0"), "X12-NUL"),
}


def quarantine(practice: Practice) -> list[Any]:
    assert practice.rows("SELECT kind, state, last_error_code FROM job WHERE state <> 'done'") == []
    assert practice.rows("SELECT id FROM remittance UNION SELECT id FROM ledger_entry") == []
    return practice.rows("SELECT state, findings FROM file WHERE direction = 'inbound'")


@pytest.mark.parametrize(("body", "code"), REFUSED.values(), ids=REFUSED)
def test_what_may_not_be_used_is_kept_aside(practice: Practice, body: bytes, code: str) -> None:
    receive(practice, body)
    ((state, findings),) = quarantine(practice)
    assert state == "quarantined"
    assert findings[0]["code"] == code


def test_a_number_that_was_used_is_kept_aside(practice: Practice) -> None:
    ack = file_999(77, "A")
    first, again = receive(practice, ack), receive(practice, ack.replace(b"*77*", b"*78*"))
    found = {
        row.id: (row.state, [each["code"] for each in row.findings])
        for row in practice.rows("SELECT id, state, findings FROM file")
    }
    assert found == {
        first: ("read", ["999-UNKNOWN-GROUP"]),
        again: ("quarantined", ["X12-NUMBER-AGAIN"]),
    }


@pytest.mark.parametrize("group", ["77", "\u00b2", "9" * 30, "", "x"])
def test_an_answer_to_what_we_did_not_send_is_told(practice: Practice, group: str) -> None:
    body = file_999("GROUP", "A").replace(b"GROUP", group.encode("latin-1"))
    receive(practice, body)
    ((state, findings),) = quarantine(practice)
    assert state == "read"
    assert "999-UNKNOWN-GROUP" in [found["code"] for found in findings]


def test_a_strange_interchange_number_is_read(practice: Practice) -> None:
    receive(practice, file_999(77, "A").replace(b"000000001", b"00000000\xb2"))
    ((state, _),) = quarantine(practice)
    assert state == "read"


def statuses(practice: Practice) -> tuple[list[str], str]:
    """The statuses of all claims, and the state of the file they were sent in."""
    assert practice.rows("SELECT kind, state, last_error_code FROM job WHERE state <> 'done'") == []
    found = practice.rows("SELECT status FROM claim ORDER BY id")
    ((state,),) = practice.rows("SELECT state FROM file WHERE direction = 'outbound'")
    return [status for (status,) in found], state


def verdict(code: str, *errors: SegmentError, number: str = "0001") -> SetAcknowledgment:
    return SetAcknowledgment(set_id="837", control_number=number, errors=errors, code=code)


@pytest.mark.parametrize(
    ("code", "sets", "status", "state"),
    [
        ("A", (), "acknowledged", "accepted"),
        ("E", (verdict("E"),), "acknowledged", "accepted"),
        ("A", (verdict("A"),), "acknowledged", "accepted"),
        ("R", (), "refused", "rejected"),
        ("R", (verdict("R"),), "refused", "rejected"),
        ("X", (), "refused", "rejected"),
        ("M", (verdict("M"),), "refused", "rejected"),
        ("P", (verdict("R"),), "refused", "rejected"),
        ("P", (verdict("A"),), "acknowledged", "accepted"),
        ("", (verdict("A"),), "acknowledged", "accepted"),  # Cut short, after our verdict.
        ("", (), "submitted", "sent"),  # Cut short, before it: nothing was said.
        ("P", (), "submitted", "sent"),
        ("?", (), "submitted", "sent"),
    ],
)
def test_an_acknowledgment_is_told_to_file_and_claims(
    practice: Practice,
    claims: list[Sent],
    code: str,
    sets: tuple[SetAcknowledgment, ...],
    status: str,
    state: str,
) -> None:
    receive(practice, file_999(claims[0].group_number, code, *sets))
    assert statuses(practice) == ([status] * 2, state)


def test_a_rejection_says_where(practice: Practice, claims: list[Sent]) -> None:
    fault = SegmentError(
        segment_id="NM1",
        position=9,
        loop="2010BA",
        code="8",
        elements=(ElementError(element=9, code="1", value="CANARY"),),
    )
    receive(practice, file_999(claims[0].group_number, "R", verdict("R", fault)))
    assert statuses(practice) == (["refused"] * 2, "rejected")
    rows = practice.rows("SELECT detail FROM claim_event WHERE event = 'refused'")
    assert len(rows) == 2
    for (detail,) in rows:
        assert detail["code"] == "R"
        assert detail["errors"] == [
            {
                "segment": "NM1",
                "position": 9,
                "loop": "2010BA",
                "code": "8",
                "elements": [{"element": 9, "component": 0, "code": "1"}],
            }
        ]


def test_an_acknowledgment_may_come_before_we_know_of_the_delivery(practice: Practice) -> None:
    """The reply to our upload was lost: the job of the delivery is still to be tried again."""
    (claim,) = send(practice, encounter(), is_delivered=False)
    with practice.unit_of_work() as session:
        session.execute(text("UPDATE job SET next_run_at = now() + interval '1 hour'"))
        session.execute(text("UPDATE file SET state = 'uncertain' WHERE state = 'frozen'"))
    receive(practice, file_999(claim.group_number, "A"))
    with practice.unit_of_work() as session:
        session.execute(text("UPDATE job SET next_run_at = now()"))
    practice.drain()
    assert statuses(practice) == (["acknowledged"], "accepted")
    events = practice.rows("SELECT event FROM claim_event ORDER BY id")
    assert [event for (event,) in events] == [
        "found_clean", "batched", "acknowledged", "delivered",
    ]  # fmt: skip


def test_the_same_verdict_twice_is_told_once_and_another_changes_nothing(
    practice: Practice, claims: list[Sent]
) -> None:
    accepted = file_999(claims[0].group_number, "A")
    receive(practice, accepted)
    receive(practice, accepted, name="again.x12")
    receive(practice, file_999(claims[0].group_number, "R", number=2))
    assert statuses(practice) == (["acknowledged"] * 2, "accepted")
    counts = practice.rows("SELECT event, count(*)::int FROM claim_event GROUP BY 1 ORDER BY 1")
    assert ("acknowledged", 2) in counts
    assert ("refused", 2) in counts

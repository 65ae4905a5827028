"""F36 and F37: answers that overtake the record of a send, come late, twice, or to nothing; and
the last control number.

An answer proves that a file arrived: what it answers is never sent again, though our process died
between the upload and its record, and though the partner has taken the file away. A file of which
no byte has left is answered by nobody, whatever number a partner names.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from rcm import jobs
from rcm.exchange.control import INTERCHANGE_NUMBER_MAX, NumbersExhaustedError, allocate
from rcm.parties.model import TradingPartner
from rcm.reading.traffic import expected_answers
from tests.conftest import NOW
from tests.folder_mailbox import FolderMailbox
from tests.harness import Practice
from tests.rcm.answer_files import file_277ca, file_ta1, said
from tests.rcm.intake import encounter
from tests.rcm.job_probes import KilledError
from tests.rcm.partner_files import Sent, file_999, receive, send
from workers.handlers import make_handlers
from workers.mailbox import Mailbox

ANSWERS: dict[str, tuple[Callable[[Sent], bytes], str, str]] = {
    "TA1 accepts": (lambda _: file_ta1(1, "A", "000"), "sent", "submitted"),
    "TA1 refuses": (lambda _: file_ta1(1, "R", "006"), "rejected", "refused"),
    "999 accepts": (lambda sent: file_999(sent.group_number, "A"), "accepted", "acknowledged"),
    "999 refuses": (lambda sent: file_999(sent.group_number, "R"), "rejected", "refused"),
    "277CA accepts": (lambda sent: file_277ca(said(sent.number, "A2:20")), "sent", "accepted"),
    "277CA refuses": (lambda sent: file_277ca(said(sent.number, "A7:164:IL")), "sent", "rejected"),
}

UNKNOWN = {"TA1-UNKNOWN-INTERCHANGE", "999-UNKNOWN-GROUP", "277CA-UNKNOWN-CLAIMS"}


def die_after_the_upload(practice: Practice) -> UUID:
    """Upload the waiting file, and die before that is noted; returns the job."""

    @contextmanager
    def open_mailbox(_: TradingPartner, __: int) -> Iterator[Mailbox]:
        yield FolderMailbox(practice.account)
        raise KilledError

    ((job_id,),) = practice.rows("SELECT id FROM job WHERE kind = 'deliver_file'")
    handlers = make_handlers(practice.tools, open_mailbox)
    with pytest.raises(KilledError):
        replace(practice.runner, handlers=handlers).run(job_id)
    return UUID(str(job_id))


def go_on(practice: Practice, job_id: UUID) -> None:
    """Let the dead process's lease run out, and do all that waits."""
    practice.rows(
        "UPDATE job SET lease_until = now() - interval '1 s' WHERE id = :id RETURNING 1", id=job_id
    )
    practice.drain()


def state(practice: Practice) -> tuple[str, str]:
    ((file_state,),) = practice.rows("SELECT state FROM file WHERE direction = 'outbound'")
    ((status,),) = practice.rows("SELECT status FROM claim")
    return file_state, status


@pytest.mark.parametrize("kind", ANSWERS)
def test_an_answer_that_comes_before_the_send_is_noted_is_matched_and_nothing_is_sent_again(
    practice: Practice, kind: str
) -> None:
    answer, file_state, status = ANSWERS[kind]
    (sent,) = send(practice, encounter(), is_delivered=False)
    job_id = die_after_the_upload(practice)
    assert state(practice)[0] == "uncertain"
    (uploaded,) = (practice.account / "to_payer").iterdir()
    uploaded.unlink()  # The partner has taken it.
    practice.rows(
        "UPDATE job SET lease_until = now() + interval '1 h' WHERE id = :id RETURNING 1", id=job_id
    )
    receive(practice, answer(sent))
    go_on(practice, job_id)
    assert list((practice.account / "to_payer").iterdir()) == []
    assert state(practice) == (file_state, status)
    assert practice.rows("SELECT state FROM job WHERE id = :id", id=job_id) == [("done",)]
    ((count,),) = practice.rows("SELECT count(*) FROM claim_event WHERE event = 'delivered'")
    assert count == 1  # It is noted after all.
    ((sent_at,),) = practice.rows("SELECT sent_at FROM file WHERE direction = 'outbound'")
    assert sent_at is not None


@pytest.mark.parametrize("kind", ANSWERS)
def test_an_answer_to_a_number_whose_file_has_not_left_is_none_to_it(
    practice: Practice, kind: str
) -> None:
    """It answers somebody else's number: the file still goes, or its claims would be lost."""
    answer, *_ = ANSWERS[kind]
    (sent,) = send(practice, encounter(), is_delivered=False)
    wait = "UPDATE job SET next_run_at = now() + interval '1 h' WHERE ref_id = :id RETURNING 1"
    practice.rows(wait, id=sent.file_id)
    file_id = receive(practice, answer(sent))
    assert state(practice) == ("frozen", "batched")
    ((findings,),) = practice.rows("SELECT findings FROM file WHERE id = :id", id=file_id)
    assert {each["code"] for each in findings} & UNKNOWN
    practice.rows(wait.replace("+ interval '1 h'", ""), id=sent.file_id)
    practice.drain()
    assert len(list((practice.account / "to_payer").iterdir())) == 1
    assert state(practice) == ("sent", "submitted")


def renumbered(body: bytes) -> bytes:
    """The same answer in an interchange of its own."""
    header, rest = body[:106], body[106:]
    trailer_at = rest.rindex(b"000000001")
    return (
        header.replace(b"*000000001*", b"*000000002*")
        + rest[:trailer_at]
        + rest[trailer_at:].replace(b"000000001", b"000000002")
    )


@pytest.mark.parametrize("kind", ANSWERS)
def test_the_same_answer_twice_is_one_answer(practice: Practice, kind: str) -> None:
    answer, file_state, status = ANSWERS[kind]
    (sent,) = send(practice, encounter())
    receive(practice, answer(sent))
    before = practice.rows("SELECT event, count(*) FROM claim_event GROUP BY 1 ORDER BY 1")
    receive(practice, answer(sent), name="again.x12")
    receive(practice, renumbered(answer(sent)), name="anew.x12")
    after = practice.rows("SELECT event, count(*) FROM claim_event GROUP BY 1 ORDER BY 1")
    assert {event for event, _ in after} == {event for event, _ in before}
    assert state(practice) == (file_state, status)
    ((items,),) = practice.rows(
        "SELECT count(*) FROM work_item WHERE state = 'open' AND claim_id IS NOT NULL"
    )
    assert items == (1 if "refuses" in kind else 0)


def test_an_answer_that_does_not_come_is_missed_and_one_that_comes_late_still_counts(
    practice: Practice,
) -> None:
    (sent,) = send(practice, encounter())

    def missing(hours: int) -> list[bool]:
        with practice.unit_of_work() as session:
            now = NOW + timedelta(hours=hours)
            found = expected_answers(session, practice.partner_id, now=now)
        return [each.ack.is_missing for each in found]

    assert (missing(1), missing(40)) == ([False], [True])
    assert len(list((practice.account / "to_payer").iterdir())) == 1  # Nor is it sent again.
    late = replace(practice, tools=replace(practice.tools, clock=lambda: NOW + timedelta(days=9)))
    receive(late, file_999(sent.group_number, "A"))
    assert state(practice) == ("accepted", "acknowledged")
    assert missing(300) == []


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (file_ta1(77, "A", "000"), "TA1-UNKNOWN-INTERCHANGE"),
        (file_ta1(77, "R", "006"), "TA1-UNKNOWN-INTERCHANGE"),
        (file_999(77, "R"), "999-UNKNOWN-GROUP"),
        (file_277ca(said("NOBODY", "A7:164:IL"), batch=77), "277CA-UNKNOWN-CLAIMS"),
    ],
)
def test_an_answer_to_what_we_never_sent_is_kept_and_is_work(
    practice: Practice, answer: bytes, code: str
) -> None:
    send(practice, encounter())
    before = state(practice)
    file_id = receive(practice, answer)
    assert state(practice) == before
    ((findings,),) = practice.rows("SELECT findings FROM file WHERE id = :id", id=file_id)
    assert code in {each["code"] for each in findings}
    items = practice.rows("SELECT state FROM work_item WHERE file_id = :id", id=file_id)
    assert items == [("open",)]


# F37


def set_last(practice: Practice, last: int) -> None:
    with practice.unit_of_work() as session:
        allocate(session, practice.partner_id)
    practice.rows("UPDATE control_number SET last = :last RETURNING 1", last=last)


def test_of_two_who_take_the_last_number_at_once_one_has_it(practice: Practice) -> None:
    set_last(practice, INTERCHANGE_NUMBER_MAX - 1)
    both = threading.Barrier(2)
    taken: list[int] = []
    refused: list[str] = []

    def take() -> None:
        try:
            with practice.unit_of_work() as session:
                both.wait()
                numbers = allocate(session, practice.partner_id)
            taken.append(numbers.interchange)
        except NumbersExhaustedError as reason:
            refused.append(str(reason))

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (taken, refused) == ([INTERCHANGE_NUMBER_MAX], ["interchange"])


def test_when_numbers_are_used_up_claims_wait_and_a_person_is_told(practice: Practice) -> None:
    practice.post(encounter())
    practice.drain()
    set_last(practice, INTERCHANGE_NUMBER_MAX)
    with practice.unit_of_work() as session:
        jobs.add(session, "batch_claims", ref_id=practice.partner_id)
    practice.drain()
    rows = practice.rows("SELECT state, last_error_code FROM job WHERE kind = 'batch_claims'")
    assert rows == [("dead", "NUMBERS-EXHAUSTED")]
    assert practice.rows("SELECT count(*) FROM file") == [(0,)]
    assert practice.rows("SELECT status FROM claim") == [("ready",)]
    assert practice.rows("SELECT DISTINCT last FROM control_number") == [(INTERCHANGE_NUMBER_MAX,)]

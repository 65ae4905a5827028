"""What was kept aside: read again after a fix, or never; and every such decision is kept."""

from uuid import uuid4

import pytest

from rcm import jobs
from rcm.access import Actor
from rcm.decisions.jobs import JobNotFailedError, retry_job
from rcm.decisions.model import (
    BadDecisionError,
    ReplayIn,
    UnknownSubjectError,
    What,
    read_replay,
)
from rcm.decisions.quarantine import (
    NotHeldError,
    NotInQuarantineError,
    discard_file,
    discard_remittance,
    replay_file,
)
from tests.harness import Practice
from tests.rcm.kept_aside import (
    decisions,
    items,
    paid,
    proven,
    remittance_of,
    replay,
    set_partner,
    state_of,
)
from tests.rcm.partner_files import (
    Sent,
    file_835,
    file_999,
    receive,
    remit,
)


def test_a_file_is_used_once_the_partners_identifiers_are_right(
    practice: Practice, claims: list[Sent], client: Actor
) -> None:
    set_partner(practice, "their_id = 'OTHERNAME'")
    file_id = receive(practice, file_835(remit(paid(claims[0]))))
    assert (state_of(practice, file_id), items(practice)) == (
        "quarantined", [("file", "open", "X12-NOT-OURS")],
    )  # fmt: skip
    set_partner(practice, "their_id = 'SANDBOXCH'")
    replay(practice, client, file_id, reason="the identifier was mistyped")
    assert state_of(practice, file_id) == "read"
    assert items(practice) == [("file", "done", "X12-NOT-OURS")]
    assert proven(practice) == 8_000
    (decided,) = decisions(practice, file_id=file_id)
    assert (decided.what, decided.who) == (What.REPLAY_FILE, "test")
    assert decided.reason == "the identifier was mistyped"
    assert decided.before == ("quarantined", "X12-NOT-OURS")


def test_a_file_that_is_still_wrong_stays_with_its_new_reason(
    practice: Practice, claims: list[Sent], client: Actor
) -> None:
    set_partner(practice, "their_id = 'OTHERNAME'")
    body = file_835(remit(paid(claims[0])), usage="P")
    file_id = receive(practice, body)
    set_partner(practice, "their_id = 'SANDBOXCH'")
    with practice.unit_of_work() as session:
        discard_file(session, practice.tools, file_id, "not ours", client)
    replay(practice, client, file_id)
    assert state_of(practice, file_id) == "quarantined"
    assert items(practice) == [("file", "open", "X12-WRONG-USAGE")]
    assert practice.rows("SELECT closed_at FROM work_item") == [(None,)]
    assert proven(practice) == 0


def test_a_number_is_taken_again_where_a_person_allows_it_and_nowhere_else(
    practice: Practice, claims: list[Sent], client: Actor
) -> None:
    one, two = claims
    receive(practice, file_835(remit(paid(one), trace="A"), number=1))
    again = receive(practice, file_835(remit(paid(two), trace="B"), number=1))
    third = receive(practice, file_835(remit(paid(two, 1_000), trace="C"), number=1))
    replay(practice, client, again, reason="no leave to repeat")
    assert state_of(practice, again) == "quarantined"
    replay(practice, client, again, reason="they count anew", allow_number_again=True)
    assert (state_of(practice, again), state_of(practice, third)) == ("read", "quarantined")
    assert proven(practice) == 16_000
    replay(practice, client, third)
    assert state_of(practice, third) == "quarantined"
    kinds = sorted(each.what for each in decisions(practice, file_id=again))
    assert kinds == [What.ALLOW_NUMBER_AGAIN, What.REPLAY_FILE, What.REPLAY_FILE]
    same = file_835(remit(paid(two), trace="B"), number=1)
    receive(practice, same + file_835(remit(paid(two), trace="B"), number=2))
    found = practice.rows("SELECT findings FROM file ORDER BY created_at")
    assert "X12-REPLAY" in {each["code"] for (findings,) in found for each in findings}
    assert proven(practice) == 16_000


def test_leave_to_repeat_a_number_needs_a_reason() -> None:
    with pytest.raises(BadDecisionError) as caught:
        read_replay(b'{"allow_number_again": true}')
    assert [(each.code, each.place.pointer) for each in caught.value.findings] == [
        ("DECISION-MISSING", "/reason")
    ]
    assert read_replay(b"") == ReplayIn()
    assert read_replay(b'{"allow_number_again": true, "reason": "x"}').allow_number_again


def test_a_discarded_file_posts_nothing_and_can_be_taken_up_again(
    practice: Practice, claims: list[Sent], client: Actor
) -> None:
    set_partner(practice, "our_id = 'OTHERNAME'")
    body = file_835(remit(paid(claims[0])))
    file_id = receive(practice, body)
    with practice.unit_of_work() as session:
        discard_file(session, practice.tools, file_id, "a test of theirs", client)
    assert state_of(practice, file_id) == "discarded"
    assert items(practice) == [("file", "done", "X12-NOT-OURS")]
    set_partner(practice, "our_id = 'HARBORBILLING'")
    assert receive(practice, body, name="again.x12") == file_id
    assert (state_of(practice, file_id), proven(practice)) == ("discarded", 0)
    with practice.unit_of_work() as session, pytest.raises(NotInQuarantineError):
        discard_file(session, practice.tools, file_id, "twice", client)
    replay(practice, client, file_id)
    assert (state_of(practice, file_id), proven(practice)) == ("read", 8_000)
    whats = [each.what for each in decisions(practice, file_id=file_id)]
    assert sorted(whats) == [What.DISCARD_FILE, What.REPLAY_FILE]


def test_only_what_was_kept_aside_can_be_decided_about(
    practice: Practice, claims: list[Sent], client: Actor
) -> None:
    used = receive(practice, file_999(claims[0].group_number, "A"))
    (outbound,) = {claim.file_id for claim in claims}
    for file_id in (used, outbound):
        with practice.unit_of_work() as session, pytest.raises(NotInQuarantineError):
            replay_file(session, practice.tools, file_id, ReplayIn(), client)
    with practice.unit_of_work() as session, pytest.raises(UnknownSubjectError):
        replay_file(session, practice.tools, uuid4(), ReplayIn(), client)
    posted = receive(practice, file_835(remit(paid(claims[0])), number=2))
    remittance_id, _ = remittance_of(practice, posted)
    with practice.unit_of_work() as session, pytest.raises(NotHeldError):
        discard_remittance(session, practice.tools, remittance_id, "x", client)
    assert practice.rows("SELECT id FROM decision") == []


def test_a_reason_is_sealed_and_a_decision_stays(
    practice: Practice, claims: list[Sent], client: Actor
) -> None:
    file_id = receive(practice, b"Dear practice")
    assert claims
    with practice.unit_of_work() as session:
        discard_file(session, practice.tools, file_id, "of Ada Canary", client)
    ((sealed,),) = practice.rows("SELECT reason_sealed FROM decision")
    assert b"Canary" not in bytes(sealed)
    (decided,) = decisions(practice, file_id=file_id)
    assert decided.reason == "of Ada Canary"
    assert "Canary" not in repr(decided)


def test_a_failed_job_is_tried_again_by_a_person(practice: Practice, client: Actor) -> None:
    with practice.unit_of_work() as session:
        jobs.add(session, "collect_files", ref_id=practice.partner_id)
    ((job_id,),) = practice.rows(
        "UPDATE job SET state = 'dead', attempts = 12, last_error_code = 'SFTP-LOGIN' RETURNING id"
    )
    with practice.unit_of_work() as session:
        retried = retry_job(session, practice.tools, job_id, "new key", client)
    rows = practice.rows("SELECT id, state, attempts, last_error_code FROM job ORDER BY created_at")
    assert [tuple(row) for row in rows] == [
        (job_id, "done", 12, "SUPERSEDED"), (retried.id, "ready", 0, None),
    ]  # fmt: skip
    (decided,) = decisions(practice, job_id=job_id)
    assert (decided.what, decided.before) == (What.RETRY_JOB, ("dead", "SFTP-LOGIN"))
    for unfit in (job_id, retried.id):
        with practice.unit_of_work() as session, pytest.raises(JobNotFailedError):
            retry_job(session, practice.tools, unfit, "", client)
    practice.drain()
    assert practice.rows("SELECT DISTINCT state FROM job") == [("done",)]

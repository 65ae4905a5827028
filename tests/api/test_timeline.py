"""One timeline over everything that happened to a claim, in words, with its evidence."""

import json
from typing import Any

import pytest
from httpx import Client

from rcm.access import Actor
from rcm.claims.status import ClaimEvent
from rcm.claims.status_words import status_words
from rcm.claims.timeline_words import event_words
from rcm.encounters.correct import correct_encounter
from tests.harness import Practice
from tests.rcm.answer_files import file_277ca, file_ta1, said
from tests.rcm.intake import encounter
from tests.rcm.partner_files import (
    adjust,
    file_835,
    file_999,
    payment,
    receive,
    remit,
    send,
    send_first,
    sent,
)

NOTE = "Mrs. Canary has a new card."


def correct(practice: Practice, **changes: object) -> None:
    """Correct the one encounter at the moment at which all else happens here."""
    ((encounter_id,),) = practice.rows("SELECT id FROM encounter")
    by = Actor(id=practice.actor_id, name="D. Reyes", roles=frozenset())
    with practice.unit_of_work() as session:
        body = json.dumps(encounter(**changes)).encode()
        correct_encounter(session, practice.tools, encounter_id, body, by=by)


def story(api: Client, claim_id: object) -> Any:  # noqa: ANN401 - JSON
    answer = api.get(f"/api/v1/claims/{claim_id}/timeline")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_two_journeys_are_told_in_words_newest_first(api: Client, practice: Practice) -> None:
    (claim,) = send_first(practice, encounter())
    receive(practice, file_999(claim.group_number, "A", number=1))
    no = file_277ca(said(claim.number, "A7:164:IL"), is_payer=True, number=2)
    rejected = receive(practice, no)
    correct(practice, coverages__0__member_id="CANARY0009")
    send(practice)
    _, again = sent(practice)
    paid = payment(again.number, 10_000, 8_000, adjust("CO", "45", 2_000))
    receive(practice, file_835(remit(paid), number=3))
    shown = story(api, claim.id)
    told = [(each["submission"], each["tone"], each["words"]) for each in shown["items"]]
    expected = [
        (2, "good", "Paid $80.00"),
        (2, "neutral", "Sent"),
        (2, "neutral", "Put into a file"),
        (1, "neutral", "Corrected: Member ID; it waits for the next batch"),
        (1, "bad", "Rejected: the payer does not know this member ID"),
        (1, "good", "File accepted"),
        (1, "neutral", "Sent"),
        (1, "neutral", "Put into a file"),
        (1, "good", "Checked: nothing stops it"),
    ]
    assert [each for each in told if each in expected] == expected
    assert {
        "Encounter received", "Posted: $100.00 charged", "Posted: $80.00 paid, $20.00 adjusted",
    } <= {words for _, _, words in told}  # fmt: skip
    assert [each["patient_control_number"] for each in shown["submissions"]] == [
        claim.number, again.number,
    ]  # fmt: skip
    assert "canary" not in str(shown).lower()
    (refusal,) = [each for each in shown["items"] if each["tone"] == "bad"]
    assert (refusal["kind"], refusal["file"]["id"], refusal["source"].split(", ")[1]) == (
        "payer", str(rejected), "277CA",
    )  # fmt: skip
    assert refusal["file"]["segment_number"] > 0
    (edit,) = [each for each in shown["items"] if each["what"] == "edit"]
    assert [(each["label"], each["is_masked"]) for each in edit["changes"]] == [("Member ID", True)]
    assert edit["kind"] == "person"


def test_a_correction_from_before_the_claim_is_not_told_as_one_of_it(
    api: Client, practice: Practice
) -> None:
    practice.post(encounter(coverages__0__payer__id="NOBODY"))
    practice.drain()
    correct(practice)
    practice.drain()
    ((claim_id,),) = practice.rows("SELECT id FROM claim")
    correct(practice, lines__0__charge_cents=20_000)
    (edit,) = [each for each in story(api, claim_id)["items"] if each["what"] == "edit"]
    assert [each["pointer"] for each in edit["changes"]] == ["/lines/0/charge_cents"]


def test_a_late_answer_is_of_the_journey_that_it_answers(api: Client, practice: Practice) -> None:
    (claim,) = send(practice, encounter())
    receive(practice, file_277ca(said(claim.number, "A3:21"), number=1))
    api.post(f"/api/v1/claims/{claim.id}/resubmit")
    send(practice)
    receive(practice, file_277ca(said(claim.number, "A7:562:82"), is_payer=True, number=2))
    (late,) = [each for each in story(api, claim.id)["items"] if "A7:562:82" in each["codes"]]
    assert late["submission"] == 1
    assert late["words"] == "Rejected: the NPI of the rendering provider is not valid"


def test_holds_and_notes_stand_in_it_and_the_look_is_audited(
    api: Client, practice: Practice
) -> None:
    practice.post(encounter())
    practice.drain()
    ((claim_id,),) = practice.rows("SELECT id FROM claim")
    story(api, claim_id)
    assert practice.rows("SELECT 1 FROM audit_event") == []
    api.post(f"/api/v1/claims/{claim_id}/hold", json={"reason": NOTE})
    api.post(f"/api/v1/claims/{claim_id}/release", json={})
    shown = story(api, claim_id)["items"]
    words = [each["words"] for each in shown]
    assert {"Put on hold", "Released"} <= set(words)
    assert [each["text"] for each in shown if each["what"] == "note"] == [NOTE]
    assert any(each["what"] == "task" and each["kind"] == "person" for each in shown)
    looks = practice.rows("SELECT action FROM audit_event")
    assert [row.action for row in looks] == ["claim.notes"]


def test_a_refused_file_and_a_held_claim_are_told(api: Client, practice: Practice) -> None:
    (claim,) = send(practice, encounter())
    receive(practice, file_ta1(1, "R", "006"))
    words = {each["words"]: each["codes"] for each in story(api, claim.id)["items"]}
    assert words["File refused as a whole"] == ["TA1-006"]
    practice.post(encounter(external_id="two", rendering_provider__npi="1193000515"))
    practice.drain()
    ((held,),) = practice.rows("SELECT id FROM claim WHERE status = 'held'")
    words = {each["words"]: each["codes"] for each in story(api, held)["items"]}
    assert words["Held: 1 thing to look at"] == ["CLAIM-NPI"]


@pytest.mark.parametrize("event", ClaimEvent)
def test_every_event_has_words(event: ClaimEvent) -> None:
    assert event_words(event, "payer, 835", {}).words


def test_a_match_by_hand_says_who_made_it_and_that_it_was_taken_back() -> None:
    told = {"paid_cents": 7_000, "matched_by": "Morgan Lee"}
    paid = event_words(ClaimEvent.PAID, "payer, 835", told)
    assert paid.words == "Paid $70.00, matched by Morgan Lee"
    back = event_words(ClaimEvent.UNMATCHED, "us, Morgan Lee", {"paid_cents": 7_000})
    assert back.words == "Match taken back: $70.00 is in suspense again"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("A6:254", "the principal diagnosis is missing"),
        ("A8:187", "the dates of service do not fit the rest"),
        ("A3:718", "the filing limit has passed"),
        ("A7:153:85", "the id of the billing provider is not valid"),
        ("A1:20", "accepted for a decision"),
        ("A4", "not found"),
        ("A9", "see the code"),
    ],
)
def test_the_common_codes_have_our_own_words(code: str, words: str) -> None:
    assert status_words(code) == words

"""A claim is fixed in place, field by field, and nobody's edit is lost unseen."""

from typing import Any
from uuid import uuid4

import pytest
from httpx import Client, Response

from tests.harness import Practice
from tests.rcm.answer_files import file_277ca, said
from tests.rcm.intake import encounter
from tests.rcm.partner_files import Sent, file_835, payment, receive, remit, send, send_first, sent

MEMBER_ID = {"pointer": "/coverages/0/member_id", "value": "CANARY0001"}
CHARGE = {"pointer": "/lines/0/charge_cents", "value": 12_500}


@pytest.fixture
def claim(practice: Practice) -> Sent:
    """A claim that its payer rejected."""
    (one,) = send_first(practice, encounter())
    receive(practice, file_277ca(said(one.number, "A7:164:IL"), is_payer=True))
    return one


def content(api: Client, practice: Practice) -> Response:
    ((encounter_id,),) = practice.rows("SELECT id FROM encounter")
    return api.get(f"/api/v1/encounters/{encounter_id}/content")


def fix(api: Client, claim: Sent, tag: str | None, *changes: Any, **more: bool) -> Response:  # noqa: ANN401 - JSON
    return api.patch(
        f"/api/v1/claims/{claim.id}",
        json={"changes": list(changes), **more},
        headers={"If-Match": tag} if tag else {},
    )


def status(practice: Practice) -> str:
    ((found,),) = practice.rows("SELECT status FROM claim")
    return str(found)


def test_the_content_is_as_stored_and_the_look_is_audited(
    api: Client, practice: Practice, claim: Sent
) -> None:
    answer = content(api, practice)
    assert answer.json() == encounter()
    rows = practice.rows("SELECT action, about, about_id, detail FROM audit_event")
    assert [tuple(row) for row in rows] == [("encounter.content", "claim", claim.id, "")]


def test_a_dry_run_says_what_would_come_and_stores_nothing(
    api: Client, practice: Practice, claim: Sent
) -> None:
    tag = content(api, practice).headers["etag"]
    answer = fix(api, claim, tag, MEMBER_ID, CHARGE, dry_run=True)
    assert answer.status_code == 200, answer.text
    assert "canary" not in answer.text.lower()
    shown = answer.json()
    assert (shown["status"], shown["is_clean"], shown["findings"]) == ("ready", True, [])
    assert [(each["label"], each["before"], each["after"]) for each in shown["changes"]] == [
        ("Member ID", "••••", "••••"),
        ("Charge of line 1", 10_000, 12_500),
    ]
    assert status(practice) == "rejected_by_payer"
    assert content(api, practice).headers["etag"] == tag
    wrong = fix(api, claim, tag, {"pointer": "/lines/0/charge_cents", "value": 0}, dry_run=True)
    assert (wrong.json()["status"], wrong.json()["is_clean"]) == ("held", False)
    same = fix(api, claim, tag, dry_run=True).json()
    assert [each["code"] for each in same["findings"]] == ["CLAIM-UNCHANGED"]


def test_a_fix_is_stored_and_the_claim_goes_again(
    api: Client, practice: Practice, claim: Sent
) -> None:
    before = content(api, practice)
    answer = fix(api, claim, before.headers["etag"], MEMBER_ID)
    assert (answer.json()["status"], answer.json()["dry_run"]) == ("ready", False)
    after = content(api, practice)
    assert after.headers["etag"] == answer.headers["etag"] != before.headers["etag"]
    assert after.json()["coverages"][0]["member_id"] == "CANARY0001"
    changed = practice.rows("SELECT detail FROM audit_event WHERE action = 'encounter.correct'")
    assert [row.detail for row in changed] == ["/coverages/0/member_id"]
    send(practice)
    assert len(sent(practice)) == 2


def test_a_field_that_was_not_there_is_put_there_and_taken_away(
    api: Client, practice: Practice, claim: Sent
) -> None:
    drug = {"code": "00003049420", "quantity": "4", "unit": "ML"}
    first = fix(
        api,
        claim,
        content(api, practice).headers["etag"],
        {"pointer": "/lines/0/ndc", "value": drug},
        {"pointer": "/accident/date", "value": "2026-10-30"},
        {"pointer": "/accident/related_causes/0", "value": "OA"},
    )
    assert first.status_code == 200, first.text
    now = content(api, practice).json()
    assert now["lines"][0]["ndc"] == drug
    assert now["accident"] == {"date": "2026-10-30", "related_causes": ["OA"]}
    fix(api, claim, first.headers["etag"], {"pointer": "/accident", "value": None})
    assert "accident" not in content(api, practice).json()


@pytest.mark.parametrize(
    ("pointer", "value", "code"),
    [
        ("/lines/9/charge_cents", 1, "ENCOUNTER-POINTER"),
        ("/lines/Canary", 1, "ENCOUNTER-POINTER"),
        ("/lines/0/charge_cents", "Canary", "ENCOUNTER-INVALID"),
        ("/patient/date_of_birth", None, "ENCOUNTER-MISSING"),
    ],
)
def test_what_is_no_encounter_afterwards_is_refused(
    api: Client, practice: Practice, claim: Sent, pointer: str, value: object, code: str
) -> None:
    tag = content(api, practice).headers["etag"]
    answer = fix(api, claim, tag, {"pointer": pointer, "value": value})
    assert answer.status_code == 422
    assert [each["code"] for each in answer.json()["findings"]] == [code]
    assert "canary" not in answer.text.lower()


def test_who_saved_first_wins_and_the_other_sees_both_field_by_field(
    api: Client, practice: Practice, claim: Sent
) -> None:
    tag = content(api, practice).headers["etag"]
    unit = {"pointer": "/lines/0/quantity", "value": "2"}
    fix(api, claim, tag, MEMBER_ID, CHARGE)
    late = fix(api, claim, tag, unit, CHARGE | {"value": 9_900})
    assert late.status_code == 412
    problem = late.json()
    assert problem["code"] == "SAVED-MEANWHILE"
    shown = [
        (each["pointer"], each["changed_by"], each["read"], each["theirs"], each["yours"])
        for each in problem["changes"]
    ]
    assert shown == [
        ("/coverages/0/member_id", "them", "••••", "••••", "••••"),
        ("/lines/0/charge_cents", "both", 10_000, 12_500, 9_900),
        ("/lines/0/quantity", "you", "1", "1", "2"),
    ]
    assert "canary" not in late.text.lower()
    assert content(api, practice).json()["lines"][0]["charge_cents"] == 12_500


def test_an_edit_says_of_which_version_it_is(api: Client, practice: Practice, claim: Sent) -> None:
    assert fix(api, claim, None, CHARGE).status_code == 428
    for tag in ('"9-abcdef"', "W/nonsense", '"99999999999999-ab"'):
        assert fix(api, claim, tag, CHARGE).status_code == 412
    ((encounter_id,),) = practice.rows("SELECT id FROM encounter")
    url = f"/api/v1/encounters/{encounter_id}"
    stale = api.put(url, json=encounter(), headers={"If-Match": '"7-aa"'})
    assert stale.status_code == 412
    assert api.put(url, json=encounter()).status_code == 200  # A program needs none.


def test_saved_but_not_sent_waits_for_its_release(
    api: Client, practice: Practice, claim: Sent
) -> None:
    tag = content(api, practice).headers["etag"]
    answer = fix(api, claim, tag, CHARGE, resubmit=False)
    assert answer.json()["status"] == status(practice) == "on_hold"
    send(practice)
    assert len(sent(practice)) == 1
    again = api.post(f"/api/v1/claims/{claim.id}/resubmit")
    assert (again.status_code, again.json()["code"]) == (409, "CLAIM-ON-HOLD")
    released = api.post(f"/api/v1/claims/{claim.id}/release", json={})
    assert released.json()["status"] == "ready"
    send(practice)
    assert len(sent(practice)) == 2


def test_an_unchanged_resubmission_is_warned_of(
    api: Client, practice: Practice, claim: Sent
) -> None:
    again = api.post(f"/api/v1/claims/{claim.id}/resubmit").json()
    assert [(each["code"], each["severity"]) for each in again["findings"]] == [
        ("CLAIM-UNCHANGED", "warning")
    ]
    ((findings,),) = practice.rows("SELECT findings FROM claim")
    assert findings == []


def test_what_the_payer_decided_is_not_replaced_and_the_answer_says_so(
    api: Client, practice: Practice, claim: Sent
) -> None:
    receive(practice, file_835(remit(payment(claim.number, 10_000, 10_000)), number=2))
    tag = content(api, practice).headers["etag"]
    for dry_run in (True, False):
        answer = fix(api, claim, tag, CHARGE, dry_run=dry_run)
        assert (answer.status_code, answer.json()["code"]) == (409, "CLAIM-NOT-CORRECTABLE")
        assert "frequency 7" in answer.json()["detail"]


def test_an_unknown_claim_is_a_404(api: Client) -> None:
    answer = api.patch(f"/api/v1/claims/{uuid4()}", json={}, headers={"If-Match": '"1-aa"'})
    assert answer.status_code == 404

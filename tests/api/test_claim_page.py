"""One claim on one page: who said what, what to do next, the form, the proof; PHI on request."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from httpx import Client

from rcm.access import Role, create_api_key
from tests.harness import Practice
from tests.rcm.answer_files import file_277ca, said
from tests.rcm.intake import encounter
from tests.rcm.partner_files import (
    Sent,
    adjust,
    file_835,
    payment,
    receive,
    remit,
    send,
    send_first,
    service,
)
from tests.serving import Served, calling


@pytest.fixture
def claim(practice: Practice) -> Sent:
    """A claim that was sent."""
    (one,) = send_first(practice, encounter())
    return one


@pytest.fixture
def ehr(served: Served, practice: Practice) -> Iterator[Client]:
    """A program that may read claims and reveal nothing."""
    with practice.unit_of_work() as session:
        secret = create_api_key(session, practice.tools, "only-ehr", roles=(Role.EHR,))
    with calling(served.url, secret) as client:
        yield client


def get(api: Client, claim: Sent, part: str = "") -> Any:  # noqa: ANN401 - JSON
    answer = api.get(f"/api/v1/claims/{claim.id}{part}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_page_names_the_patient_to_who_may_see_and_that_is_audited(
    api: Client, ehr: Client, practice: Practice, claim: Sent
) -> None:
    shown = get(api, claim)["patient"]
    posted = encounter()
    assert shown["name"].startswith(f"{posted['patient']['last_name']}, ")
    assert (shown["birth_date"], shown["is_masked"]) == ("••••-••-••", False)
    assert posted["coverages"][0]["member_id"] not in str(shown)
    masked = get(ehr, claim)["patient"]
    assert masked["name"].startswith("Ca••••, ")
    assert (masked["is_masked"], masked["reveal"]) == (True, [])
    rows = practice.rows("SELECT actor_name, action, about_id FROM audit_event")
    assert [tuple(row) for row in rows] == [("ehr", "claim.view", claim.id)]


def test_nothing_but_the_name_is_shown_unasked(api: Client, claim: Sent) -> None:
    name = get(api, claim)["patient"]["name"]
    secrets = [
        encounter()["patient"]["date_of_birth"],
        encounter()["coverages"][0]["member_id"],
        encounter()["patient"]["address"]["line1"],
    ]
    for part in ("", "/form", "/proof", "/edi", "/audit"):
        text = api.get(f"/api/v1/claims/{claim.id}{part}").text
        assert all(secret not in text for secret in secrets), part
        assert "canary" not in text.replace(name, "").lower(), part


def test_a_reveal_shows_what_is_asked_and_keeps_the_names_of_fields(
    api: Client, ehr: Client, practice: Practice, claim: Sent
) -> None:
    url = f"/api/v1/claims/{claim.id}/reveal"
    wanted = ["/patient/date_of_birth", "/coverages/0/member_id", "/patient/Canary", "/source"]
    answer = api.post(url, json={"fields": wanted})
    assert answer.json()["values"] == {
        "/patient/date_of_birth": encounter()["patient"]["date_of_birth"],
        "/coverages/0/member_id": encounter()["coverages"][0]["member_id"],
    }
    rows = practice.rows("SELECT action, detail FROM audit_event")
    assert [tuple(row) for row in rows] == [
        ("claim.reveal", "/patient/date_of_birth /coverages/0/member_id")
    ]
    assert ehr.post(url, json={"fields": wanted}).status_code == 403
    listed = get(api, claim, "/audit")
    assert [(each["by"], each["action"]) for each in listed["items"]] == [("ehr", "claim.reveal")]


def test_the_page_says_what_to_do_next_and_which_field(
    api: Client, practice: Practice, claim: Sent
) -> None:
    receive(practice, file_277ca(said(claim.number, "A7:164:IL"), is_payer=True))
    shown = get(api, claim)
    assert shown["status_words"] == "Rejected by the payer"
    assert shown["said"] == f"{shown['payer']['name']}, 277CA, 23 Nov"
    (action,) = shown["next_actions"]
    assert (action["code"], action["pointer"], action["field"]) == (
        "A7:164:IL", "/coverages/0/member_id", "Member ID",
    )  # fmt: skip
    assert action["wrong"]
    assert action["due_on"] == "2026-11-24"
    assert (shown["may"]["correct"], shown["may"]["hold"]) == ("", "It does not wait to be sent.")
    form = get(api, claim, "/form")
    insured = next(each for each in form["sections"] if each["id"] == "insured")
    pinned = {each["label"]: each["findings"] for each in insured["fields"] if each["findings"]}
    assert [found["code"] for found in pinned["Member ID"]] == ["A7:164:IL"]
    assert len(pinned) == 1


def test_every_field_of_the_encounter_stands_in_the_form(api: Client, claim: Sent) -> None:
    form = get(api, claim, "/form")
    fields = {each["pointer"]: each for section in form["sections"] for each in section["fields"]}
    assert fields["/lines/0/charge_cents"]["value"] == 10_000
    assert (fields["/lines/0/charge_cents"]["box"], fields["/patient/last_name"]["box"]) == (
        "24F", "2",
    )  # fmt: skip
    assert fields["/patient/date_of_birth"]["value"] == "••••-••-••"
    assert fields["/lines/0/ndc/code"]["value"] is None


def test_the_etag_of_the_page_is_that_of_a_fix(api: Client, practice: Practice) -> None:
    practice.post(encounter())
    practice.drain()
    ((claim_id,),) = practice.rows("SELECT id FROM claim")
    url = f"/api/v1/claims/{claim_id}"
    tag = api.get(url).headers["etag"]
    assert api.get(f"{url}/form").headers["etag"] == tag
    change = {"changes": [{"pointer": "/lines/0/quantity", "value": "2"}]}
    assert api.patch(url, json=change, headers={"If-Match": tag}).status_code == 200
    assert api.patch(url, json=change, headers={"If-Match": tag}).status_code == 412
    (edit,) = [each for each in api.get(f"{url}/audit").json()["items"] if each["detail"]]
    assert (edit["action"], edit["detail"]) == ("encounter.correct", "/lines/0/quantity")


def test_the_money_adds_up_on_every_line_and_names_its_source(
    api: Client, practice: Practice, claim: Sent
) -> None:
    paid = service(
        10_000,
        6_000,
        adjust("CO", "45", 2_000),
        adjust("PR", "2", 1_500),
        adjust("CO", "16", 500),
        line=f"{claim.number}01",
    )
    file_id = receive(
        practice, file_835(remit(payment(claim.number, 10_000, 6_000, services=(paid,))))
    )
    shown = get(api, claim)
    for each in (shown, *shown["lines"]):
        amounts = [each[f"{name}_cents"] for name in ("paid", "adjusted", "patient", "open")]
        assert amounts == [6_000, 2_000, 1_500, 500]
        assert sum(amounts) == each["charge_cents"] == 10_000
    assert shown["lines"][0]["allowed_cents"] == 7_500
    assert "frequency 7" in shown["may"]["correct"]
    proof = get(api, claim, "/proof")
    assert proof["holds"]
    (line,) = proof["lines"]
    assert line["open_cents"] == 500
    assert {each["file_id"] for each in line["entries"]} == {str(file_id), str(claim.file_id)}
    assert all(each["segment_number"] > 0 for each in line["entries"])
    assert sum(each["amount_cents"] for each in line["entries"]) == 0


def test_an_unsent_claim_is_open_as_a_whole(api: Client, practice: Practice) -> None:
    practice.post(encounter())
    practice.drain()
    ((claim_id,),) = practice.rows("SELECT id FROM claim")
    shown = api.get(f"/api/v1/claims/{claim_id}").json()
    assert (shown["open_cents"], shown["lines"][0]["open_cents"]) == (10_000, 10_000)
    assert api.get(f"/api/v1/claims/{claim_id}/edi").status_code == 404


def test_a_claim_finds_its_own_segments(api: Client, practice: Practice) -> None:
    for sent in send(practice, encounter(), encounter(external_id="two")):
        place = get(api, sent, "/edi")
        assert place["file_id"] == str(sent.file_id)
        raw = api.get(f"/api/v1/files/{sent.file_id}/raw").text.split("~")
        own = raw[place["first_segment"] - 1 : place["last_segment"]]
        assert own[0].strip().startswith(f"CLM*{sent.number}*")
        assert not any(each.strip().startswith(("HL*", "SE*")) for each in own)
        assert sum(each.strip().startswith("CLM*") for each in own) == 1
        after = raw[place["last_segment"]].strip()
        assert after.startswith(("HL*", "SE*", "CLM*"))


@pytest.mark.parametrize("part", ["", "/form", "/proof", "/edi", "/audit", "/notes"])
def test_an_unknown_claim_is_a_404(api: Client, part: str) -> None:
    assert api.get(f"/api/v1/claims/{uuid4()}{part}").status_code == 404

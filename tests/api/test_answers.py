"""What payers answered, as the API shows it; and what people do about it over HTTP."""

from typing import Any

import pytest
from httpx import Client

from samples.hostile import hostile
from tests.api.conftest import unnamed
from tests.harness import TODAY, Practice
from tests.rcm.answer_files import file_277ca, said
from tests.rcm.intake import encounter
from tests.rcm.partner_files import (
    Sent,
    adjust,
    file_835,
    file_999,
    payment,
    plb,
    receive,
    remit,
    send,
    send_first,
    service,
)


@pytest.fixture
def claim(practice: Practice) -> Sent:
    (sent,) = send_first(practice, encounter())
    return sent


def get(api: Client, url: str) -> Any:  # noqa: ANN401 - JSON
    answer = api.get(f"/api/v1/{url}")
    assert answer.status_code == 200, answer.text
    assert "canary" not in unnamed(answer.json())
    return answer.json()


def paid(claim: Sent, cents: int) -> Any:  # noqa: ANN401 - a claim payment
    rest = adjust("CO", "45", 10_000 - cents)
    line = service(10_000, cents, rest, line=f"{claim.number}01")
    return payment(claim.number, 10_000, cents, services=(line,))


def test_a_remittance_shows_its_lines_and_what_it_takes_back(
    api: Client, practice: Practice, claim: Sent
) -> None:
    back = payment(claim.number, -10_000, -7_000, adjust("CO", "45", -3_000), status_code="22")
    price = payment(claim.number, 10_000, 0, adjust("CO", "45", 10_000), status_code="25")
    letter = [plb("WO", 500), plb("L6", -137, f"ICN{claim.number[-4:]}")]
    receive(
        practice, file_835(remit(paid(claim, 7_000), back, price, paid(claim, 8_000), plbs=letter))
    )
    (item,) = get(api, "remittances")["items"]
    shown = get(api, f"remittances/{item['id']}")
    first, reversal, priced, second = shown["claim_payments"]
    assert [each["verdict"] for each in (first, reversal, priced, second)] == [
        "paid", "taken_back", "", "paid",
    ]  # fmt: skip
    assert priced["state"] == "recorded"
    assert reversal["reverses"] == {"remittance_id": item["id"], "position": 1}
    assert reversal["is_expanded"]
    assert [(s["line"], s["match_rule"]) for s in reversal["services"]] == [(1, "6R")]
    assert [
        (each["reason"], each["account"], each["amount_cents"])
        for each in shown["provider_adjustments"]
    ] == [("WO", "recoupment:payer", 500), ("L6", "income:interest", -137)]
    linked = [each["claim_id"] for each in shown["provider_adjustments"]]
    assert linked == [None, str(claim.id)]


def test_recoupments_are_open_until_they_are_settled(
    api: Client, practice: Practice, claim: Sent
) -> None:
    given = remit(paid(claim, 8_000), plbs=[plb("FB", -3_000, "TRACE1")])
    receive(practice, file_835(given, number=1))
    (open_,) = get(api, "ledger/recoupments")["items"]
    assert (open_["given_cents"], open_["kept_cents"], open_["balance_cents"]) == (3_000, 0, -3_000)
    assert open_["reasons"] == ["FB"]
    kept = remit(plbs=[plb("FB", 3_000, "TRACE1"), plb("CS", -3_000, "OTHER")], trace="TRACE2")
    receive(practice, file_835(kept, number=2))
    assert [each["reasons"] for each in get(api, "ledger/recoupments")["items"]] == [["CS"]]
    every = get(api, "ledger/recoupments?open=false")["items"]
    assert {each["reasons"][0]: each["balance_cents"] for each in every} == {"FB": 0, "CS": -3_000}


def test_work_of_every_kind_is_shown(api: Client, practice: Practice) -> None:
    for batch in hostile(seed=835, today=TODAY):
        practice.post(*(made for _, made in batch))
        practice.exchange(rounds=4)
    page = get(api, "work-items?limit=200&state=any")
    kinds = {item["kind"] for item in page["items"]}
    assert kinds == set(page["facets"]["kind"])
    assert kinds >= {"rejected", "denied", "follow_up", "suspense", "remittance", "file"}
    assert {item["closed_by"] for item in page["items"] if item["state"] == "done"} == {"answer"}
    for kind in kinds:
        assert (
            get(api, f"work-items?kind={kind}&state=any")["total"] == page["facets"]["kind"][kind]
        )


def test_a_rejected_claim_is_sent_again(api: Client, practice: Practice, claim: Sent) -> None:
    receive(practice, file_277ca(said(claim.number, "A7:164:IL"), is_payer=True))
    url = f"/api/v1/claims/{claim.id}/resubmit"
    key = {"Idempotency-Key": "again"}
    first, second = (api.post(url, headers=key) for _ in range(2))
    assert (first.status_code, first.content) == (200, second.content)
    again = first.json()
    assert again["status"] == "ready"
    assert again["patient_control_number"] != claim.number
    shown = get(api, f"claims/{claim.id}")
    assert shown["patient_control_number"] == again["patient_control_number"]
    assert shown["timeline"][-1]["reporter"] == "us, ehr"
    send(practice)
    refused = api.post(url)
    assert (refused.status_code, refused.json()["code"]) == (409, "CLAIM-NOT-CORRECTABLE")


def test_claims_refused_with_their_file_are_sent_again(
    api: Client, practice: Practice, claim: Sent
) -> None:
    url = f"/api/v1/files/{claim.file_id}/resubmit"
    assert api.post(url).json()["code"] == "NOTHING-REFUSED"
    receive(practice, file_999(claim.group_number, "R"))
    (item,) = get(api, "work-items")["items"]
    assert item["links"]["file"] == f"/api/v1/files/{claim.file_id}"
    (again,) = api.post(url).json()["items"]
    assert (again["claim_id"], again["patient_control_number"]) == (str(claim.id), claim.number)


def test_an_encounter_is_corrected_in_place(api: Client, practice: Practice) -> None:
    posted = api.post("/api/v1/encounters", json=encounter(rendering_provider__npi="1193000515"))
    practice.drain()
    url = posted.json()["links"]["self"]
    shown = api.get(url).json()
    assert [found["code"] for found in shown["findings"]] == ["CLAIM-NPI"]
    corrected = api.put(url, json=encounter())
    assert (corrected.status_code, corrected.json()["findings"]) == (200, [])
    assert get(api, f"claims/{shown['claim_id']}")["status"] == "ready"
    for document, code in (
        (encounter(external_id="other"), "OTHER-ENCOUNTER"),
        (encounter(coverages__0__payer__id="NOBODY"), "ENCOUNTER-REFUSED"),
        ({}, "ENCOUNTER-REFUSED"),
    ):
        assert api.put(url, json=document).json()["code"] == code
    assert get(api, f"claims/{shown['claim_id']}")["status"] == "ready"
    send(practice)
    late = api.put(url, json=encounter())
    assert (late.status_code, late.json()["code"]) == (409, "CLAIM-NOT-CORRECTABLE")

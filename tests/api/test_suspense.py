"""Payments in suspense over the API: found, compared, matched, taken back, dismissed."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from httpx import Client

from edi.remittance_835.model import Name, QualifiedDate
from tests.api.test_metrics import told
from tests.api.test_reading import get
from tests.harness import Practice
from tests.rcm.intake import encounter
from tests.rcm.partner_files import Sent, file_835, payment, receive, remit, send_first
from tests.rcm.test_match_by_hand import LOST, lost
from tests.rcm.test_reversals import money, paid

SEEN = QualifiedDate("232", date(2026, 11, 2))
WHY = {"reason": "their letter says so"}


@pytest.fixture
def claims(practice: Practice) -> list[Sent]:
    """Two claims, the one of 100.00 first: they are swept in no certain order."""
    both = send_first(
        practice, encounter(), encounter(external_id="two", lines__0__charge_cents=9_000)
    )
    by_charge = practice.rows("SELECT id FROM claim ORDER BY charge_cents DESC")
    ids = [row.id for row in by_charge]
    return sorted(both, key=lambda each: ids.index(each.id))


@pytest.fixture
def base(practice: Practice, claims: list[Sent]) -> str:
    """The address of a payment in suspense that resembles the first claim."""
    said = replace(
        lost(paid(claims[0], 7_000)),
        patient=Name(entity="QC", entity_type="1", last_name="CANARY", first_name="ADA"),
        dates=(SEEN,),
        patient_control_number=claims[0].number[:-2] + "ZZ",
    )
    receive(practice, file_835(remit(said)))
    ((remittance_id,),) = practice.rows("SELECT id FROM remittance")
    return f"remittances/{remittance_id}/claims/1"


def post(api: Client, url: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    answer = api.post(f"/api/v1/{url}", json=body)
    assert "canary" not in answer.text.lower()
    return answer.status_code, answer.json()


def test_suspense_lists_what_waits_with_names_masked(
    api: Client, practice: Practice, base: str
) -> None:
    receive(practice, file_835(remit(payment(LOST, 10_000, 9_000), trace="T2"), number=2))
    page = get(api, "remittance-claims")
    assert (page["total"], page["totals"]) == (2, {"paid_cents": 16_000})
    assert page["facets"] == {"state": {"unbalanced": 1, "unmatched": 1}}
    (item,) = get(api, "remittance-claims", state="unmatched")["items"]
    assert (item["patient"], item["paid_cents"], item["position"]) == ("Ca••••, A.", 7_000, 1)
    assert item["links"]["candidates"] == f"/api/v1/{base}/candidates"
    assert post(api, f"{base}/dismiss", WHY)[0] == 200
    assert get(api, "remittance-claims", state="unmatched")["items"] == []
    (item,) = get(api, "remittance-claims", state="unmatched", with_dismissed=True)["items"]
    assert item["is_dismissed"]
    rows = practice.rows("SELECT DISTINCT action FROM audit_event")
    assert "suspense.view" in {row.action for row in rows}


def test_watchers_see_how_long_a_payment_waits_until_somebody_decides(
    api: Client, practice: Practice, base: str
) -> None:
    def waits(state: str) -> float:
        return told(api)["rcm_suspense_oldest_seconds", state]

    receive(practice, file_835(remit(payment(LOST, 10_000, 9_000), trace="T2"), number=2))
    practice.rows(
        "UPDATE remittance SET received_at = now() -"
        " CASE trace WHEN 'T2' THEN interval '0' ELSE interval '4 days' END RETURNING 1"
    )
    assert 4 * 86_400 <= waits("unmatched") < 4 * 86_400 + 600
    assert 0 <= waits("unbalanced") < 600
    assert post(api, f"{base}/dismiss", WHY)[0] == 200
    assert waits("unmatched") == 0
    assert told(api)["rcm_suspense_cents", "suspense:unmatched"] != 0


def test_the_likeliest_claim_stands_first_with_what_agrees(
    api: Client, claims: list[Sent], base: str
) -> None:
    items = get(api, f"{base}/candidates")["items"]
    assert items[0]["claim_id"] == str(claims[0].id)
    agrees = {each["name"]: each["agrees"] for each in items[0]["fields"]}
    assert agrees["control_number"]
    assert agrees["service_date"]
    assert agrees["charge"]
    assert not agrees["payer_number"]
    assert items[0]["score"] > 50
    assert [each["score"] for each in items] == sorted(
        (each["score"] for each in items), reverse=True
    )
    assert not items[0]["needs_override"]


def test_a_match_is_made_once_and_taken_back(
    api: Client, practice: Practice, claims: list[Sent], base: str
) -> None:
    asked = WHY | {"claim_id": str(claims[0].id)}
    for _ in range(2):
        status, shown = post(api, f"{base}/match", asked)
        assert status == 200
    (claim,) = shown["claim_payments"]
    assert (claim["state"], claim["match_rule"]) == ("posted", "BY-HAND")
    assert claim["control_number"] == claims[0].number
    assert [each["what"] for each in shown["decisions"]] == ["match_payment"]
    accounts = {each["account"] for each in shown["ledger"]["accounts"]}
    assert "suspense:unmatched" not in accounts
    status, refused = post(api, f"{base}/match", WHY | {"claim_id": str(claims[1].id)})
    assert (status, refused["code"]) == (409, "PAYMENT-NOT-IN-SUSPENSE")
    status, shown = post(api, f"{base}/unmatch", WHY)
    assert (status, shown["claim_payments"][0]["state"]) == (200, "unmatched")
    money(practice)


@pytest.mark.parametrize(
    ("action", "body", "code"),
    [
        ("match", {"claim_id": str(uuid4()), "reason": "x"}, "UNKNOWN-ID"),
        ("match", {"claim_id": str(uuid4())}, "DECISION-REFUSED"),
        ("match", {"claim_id": "x", "reason": "x"}, "DECISION-REFUSED"),
        ("unmatch", {"reason": "x"}, "PAYMENT-NOT-MATCHED-BY-HAND"),
        ("dismiss", {}, "DECISION-REFUSED"),
    ],
)
def test_what_cannot_be_decided_is_refused(
    api: Client, base: str, action: str, body: dict[str, Any], code: str
) -> None:
    assert post(api, f"{base}/{action}", body)[1]["code"] == code


def test_a_payment_that_resembles_another_is_posted_when_a_person_says_so(
    api: Client, practice: Practice, claims: list[Sent]
) -> None:
    first = remit(paid(claims[0], 5_000), trace="SAME")
    second = remit(
        payment(claims[1].number, 9_000, 5_000, *paid(claims[0], 6_000).services[0].adjustments),
        trace="SAME",
    )
    receive(practice, file_835(first, number=1))
    receive(practice, file_835(second, number=2))
    ((held,),) = practice.rows("SELECT id FROM remittance WHERE state = 'held'")
    status, shown = post(api, f"remittances/{held}/post", WHY)
    assert (status, shown["state"]) == (202, "waiting")
    practice.drain()
    shown = get(api, f"remittances/{held}")
    assert shown["state"] == "posted"
    assert [each["what"] for each in shown["decisions"]] == ["post_despite_conflict"]
    assert money(practice)["cash:in-transit"] == 10_000
    assert post(api, f"remittances/{held}/post", WHY)[1]["code"] == "REMITTANCE-NOT-HELD"


def test_what_is_held_for_another_reason_is_not_posted_so(
    api: Client, practice: Practice, claims: list[Sent]
) -> None:
    receive(practice, file_835(remit(paid(claims[0], 5_000), paid=5_100)))
    ((held,),) = practice.rows("SELECT id FROM remittance WHERE state = 'held'")
    status, refused = post(api, f"remittances/{held}/post", WHY)
    assert (status, refused["code"]) == (409, "REMITTANCE-NO-CONFLICT")

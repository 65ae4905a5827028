"""Checking coverages through the API: asked once, answered in plain words, no patient named."""

from uuid import uuid4

import pytest
from httpx import Client, Response

from edi.eligibility_271 import read_271
from edi.money import Cents
from rcm.eligibility.model import Cause
from tests.api.test_reading import get, walk
from tests.edi.x12_texts import GOLDEN, sole_set
from tests.harness import Practice
from tests.rcm.eligibility_files import (
    ACTIVE,
    DOWN,
    INACTIVE,
    NOT_FOUND,
    Say,
    eb,
    file_271,
    inquiries,
    reply,
    says,
)
from tests.rcm.intake import encounter as seen
from tests.rcm.partner_files import receive

CHECKS = "/api/v1/eligibility-checks"


@pytest.fixture
def coverage(api: Client, practice: Practice) -> str:
    """The id of the only coverage."""
    practice.post(seen())
    practice.drain()
    (item,) = get(api, "coverages")["items"]
    return str(item["id"])


def answer(practice: Practice, say: Say, *, number: int) -> None:
    """Let the 270 be sent, and the payer answer it."""
    practice.drain()
    receive(practice, file_271(reply(inquiries(practice)[-1], say), number=number))


def code_of(refused: Response) -> tuple[int, str]:
    assert refused.headers["content-type"] == "application/problem+json"
    return refused.status_code, refused.json()["code"]


def test_a_coverage_is_checked_and_its_answer_read(
    api: Client, practice: Practice, coverage: str
) -> None:
    asked = api.post(CHECKS, json={"coverage_id": coverage})
    assert asked.status_code == 202
    check = asked.json()
    assert (check["state"], check["outcome"], check["cause"]) == ("waiting", "unanswered", "person")
    assert (check["service_date"], check["service_types"]) == ("2026-11-02", ["30"])
    assert (check["answer"], check["last_known"]) == (None, None)
    benefits = (
        eb("1", plan_description="GOLD PPO", insurance_type="PR"),
        eb("C", period="23", amount_cents=Cents(150_000), in_network="Y", coverage_level="IND"),
        eb("C", period="29", amount_cents=Cents(48_750), in_network="Y", coverage_level="IND"),
        eb("B", "98", period="27", amount_cents=Cents(2_500), authorization="N"),
        eb("A", "98", percent=125, messages=("AFTER DEDUCTIBLE",)),
    )
    answer(practice, says(*benefits), number=1)
    shown = get(api, f"eligibility-checks/{check['id']}")
    assert (shown["state"], shown["outcome"]) == ("answered", "active")
    told = shown["answer"]
    assert (told["plan"], told["insurance_type"]) == ("GOLD PPO", {"code": "PR", "name": "PPO"})
    (listed,) = get(api, "eligibility-checks")["items"]
    assert (listed["plan"], listed["message"], listed["action"]) == ("GOLD PPO", "", "")
    (covered,) = get(api, "coverages")["items"]
    assert (covered["plan"], covered["service_date"]) == ("GOLD PPO", "2026-11-02")
    (deductible,) = told["accumulators"]
    assert deductible["met_cents"] == 101_250
    assert deductible["network"] == {"code": "Y", "name": "in network"}
    copay, share = told["benefits"][3:]
    assert (copay["kind"], copay["amount_cents"]) == ("copay", 2_500)
    assert copay["period"] == {"code": "27", "name": "visit"}
    assert copay["service_types"] == [{"code": "98", "name": "physician office visit"}]
    assert copay["authorization"] == "not required"
    assert (share["percent"], share["messages"]) == ("12.5", ["AFTER DEDUCTIBLE"])
    assert told["benefits"][2]["is_remaining"]
    for file_id in (shown["outbound_file_id"], shown["inbound_file_id"]):
        assert get(api, f"files/{file_id}")["state"] in ("sent", "read")


def test_the_golden_file_is_shown_whole(api: Client, practice: Practice, coverage: str) -> None:
    golden = read_271(sole_set((GOLDEN / "271-rich.edi").read_bytes())[0])
    rich = golden.sources[0].receivers[0].subscribers[0].benefits
    check = api.post(CHECKS, json={"coverage_id": coverage}).json()
    answer(practice, says(*rich), number=1)
    shown = api.get(f"{CHECKS}/{check['id']}").json()["answer"]["benefits"]
    assert len(shown) == len(rich)
    limit = next(each for each in shown if each["kind"] == "limitation")
    assert limit["procedure"] == {
        "qualifier": "HC",
        "code": "97110",
        "code_to": "97140",
        "modifiers": ["GP"],
    }
    assert limit["authorization"] == "required"
    (delivery,) = limit["deliveries"]
    assert (delivery["quantity"], delivery["quantity_qualifier"], delivery["unit"]) == (
        "20",
        "VS",
        "YR",
    )
    assert limit["spans"] == [{"qualifier": "292", "first": "2026-01-01", "last": "2026-12-31"}]


def test_a_refusal_says_what_to_do_and_whether_it_is_asked_again(
    api: Client, practice: Practice, coverage: str
) -> None:
    check = api.post(CHECKS, json={"coverage_id": coverage}).json()
    answer(practice, NOT_FOUND, number=1)
    shown = get(api, f"eligibility-checks/{check['id']}")
    (refusal,) = shown["answer"]["refusals"]
    assert (shown["outcome"], refusal["code"], refusal["message"]) == (
        "not_found",
        "75",
        "Subscriber not found.",
    )
    assert refusal["pointer"] == "/coverages/0/member_id"
    assert (refusal["advice"], refusal["is_asked_again"]) == ("Correct it, then ask again.", False)
    (listed,) = get(api, "eligibility-checks")["items"]
    assert listed["message"] == "Subscriber not found."
    assert listed["action"].endswith("Correct it, then ask again.")
    assert listed["patient"].startswith("Ca••••, ")
    (item,) = get(api, "work-items", kind="eligibility")["items"]
    assert (item["patient"], item["payer"]["identifier"]) == (listed["patient"], "60054")
    assert (item["reason"], item["pointer"]) == ("AAA-75", "/coverages/0/member_id")
    linked = api.get(item["links"]["eligibility_check"]).json()
    assert linked["id"] == check["id"]


def test_the_last_known_answer_stays_shown_while_the_payer_is_down(
    api: Client, practice: Practice, coverage: str
) -> None:
    first = api.post(CHECKS, json={"coverage_id": coverage}).json()
    answer(practice, ACTIVE, number=1)
    practice.rows(
        "UPDATE eligibility_check SET answered_at = answered_at - interval '1 day' RETURNING 1"
    )
    second = api.post(CHECKS, json={"coverage_id": coverage}).json()
    answer(practice, DOWN, number=2)
    shown = get(api, f"eligibility-checks/{second['id']}")
    assert shown["outcome"] == "payer_down"
    assert shown["retry_at"] is not None
    known = shown["last_known"]
    assert (known["check_id"], known["outcome"]) == (first["id"], "active")
    assert known["answered_at"] < shown["answered_at"]
    (item,) = get(api, "coverages")["items"]
    assert (item["outcome"], item["last_known"]) == ("payer_down", known)
    assert get(api, "coverages")["facets"]["outcome"] == {"payer_down": 1}
    assert item["retry_at"] == shown["retry_at"]
    assert item["message"] == "The payer cannot answer at this time."


def test_an_encounter_is_checked_by_its_id(api: Client, practice: Practice) -> None:
    posted = api.post("/api/v1/encounters", json=seen()).json()["encounter_id"]
    assert code_of(api.post(CHECKS, json={"encounter_id": posted})) == (409, "NO-CLAIM-YET")
    practice.drain()
    check = api.post(CHECKS, json={"encounter_id": posted, "service_types": ["98", "UC"]}).json()
    assert (check["service_date"], check["service_types"]) == ("2026-11-02", ["98", "UC"])
    claim = get(api, "claims")["items"][0]["id"]
    (item,) = get(api, "coverages", claim_id=claim)["items"]
    assert item["id"] == check["coverage_id"]
    assert get(api, "coverages", claim_id=uuid4())["items"] == []


def test_the_same_question_is_asked_once(api: Client, practice: Practice, coverage: str) -> None:
    body = {"coverage_id": coverage, "service_date": "2026-11-20"}
    first = api.post(CHECKS, json=body, headers={"Idempotency-Key": "one"})
    again = api.post(CHECKS, json=body, headers={"Idempotency-Key": "one"})
    other = api.post(CHECKS, json=body)
    assert first.text == again.text
    assert other.json()["id"] == first.json()["id"]
    assert practice.rows("SELECT count(*) FROM eligibility_check") == [(1,)]


def test_an_inactive_coverage_holds_its_claim(
    api: Client, practice: Practice, coverage: str
) -> None:
    api.post(CHECKS, json={"coverage_id": coverage})
    answer(practice, INACTIVE, number=1)
    (claim,) = get(api, "claims")["items"]
    assert claim["status"] == "held"
    detail = get(api, f"claims/{claim['id']}")
    assert [found["code"] for found in detail["findings"]] == ["CLAIM-COVERAGE-INACTIVE"]
    assert [each["event"] for each in detail["timeline"]] == ["found_clean", "found_wanting"]
    assert detail["timeline"][-1]["file"]["file_type"] == "271"


@pytest.fixture
def many(practice: Practice) -> Practice:
    """Five coverages of two payers."""
    for n in range(5):
        payer = "00430" if n < 2 else "60054"
        practice.post(
            seen(external_id=f"e{n}", patient__external_id=f"p{n}", coverages__0__payer__id=payer)
        )
    practice.drain()
    return practice


def test_a_batch_checks_the_coverages_that_are_named(api: Client, many: Practice) -> None:
    ids = [each["id"] for each in get(api, "coverages")["items"]][:3]
    url = f"{CHECKS}/batch"
    asked = api.post(url, json={"coverage_ids": [*ids, ids[0]]})
    assert asked.status_code == 202
    assert (asked.json()["asked"], asked.json()["waiting"]) == (3, 0)
    again = api.post(url, json={"coverage_ids": ids})
    assert (again.json()["asked"], again.json()["waiting"]) == (0, 3)
    unknown = api.post(url, json={"coverage_ids": [str(uuid4()), ids[0]]})
    assert code_of(unknown) == (404, "UNKNOWN-ID")
    many.drain()
    shown = get(api, "eligibility-checks")
    assert {each["coverage_id"] for each in shown["items"]} == set(ids)
    assert {each["cause"] for each in shown["items"]} == {Cause.BATCH}


def test_a_batch_checks_what_was_not_checked_lately(api: Client, many: Practice) -> None:
    first = get(api, "coverages", limit=1)["items"][0]["id"]
    api.post(CHECKS, json={"coverage_id": first})
    url = f"{CHECKS}/batch"
    of_nobody = api.post(url, json={"not_checked_in_days": 7, "partner_id": str(uuid4())})
    assert of_nobody.json()["asked"] == 0
    asked = api.post(url, json={"not_checked_in_days": 7, "partner_id": str(many.partner_id)})
    assert (asked.json()["asked"], asked.json()["has_more"]) == (4, False)
    assert api.post(url, json={"not_checked_in_days": 7}).json()["asked"] == 0


def test_checks_are_listed_by_page_and_filter(api: Client, many: Practice) -> None:
    api.post(f"{CHECKS}/batch", json={"not_checked_in_days": 1})
    many.drain()
    receive(many, file_271(reply(inquiries(many)[-1], ACTIVE)))
    pages = list(walk(api, "eligibility-checks", limit=2))
    found = [each["id"] for page in pages for each in page["items"]]
    assert len(set(found)) == len(found) == 5
    assert all(page["facets"]["outcome"] == {"active": 5} for page in pages)
    assert get(api, "eligibility-checks", outcome="inactive")["total"] == 0
    assert get(api, "eligibility-checks", state="answered")["total"] == 5
    one = pages[0]["items"][0]["coverage_id"]
    assert get(api, "eligibility-checks", coverage_id=one)["total"] == 1
    assert get(api, "eligibility-checks", partner_id=uuid4())["total"] == 0
    for name in ("outcome", "state", "payer"):
        for value, count in pages[0]["facets"][name].items():
            assert get(api, "eligibility-checks", **{name: value})["total"] == count
    days = sorted(each["service_date"] for page in pages for each in page["items"])
    for sort in ("created", "answered", "-service_date", "payer", "-outcome"):
        sorted_pages = list(walk(api, "eligibility-checks", limit=2, sort=sort))
        assert sorted(e["id"] for page in sorted_pages for e in page["items"]) == sorted(found)
    late = get(api, "eligibility-checks", service_from=days[-1])
    assert late["total"] == days.count(days[-1])
    early = get(api, "eligibility-checks", service_to=days[0], sort="service_date")
    assert early["total"] == days.count(days[0])
    blue = get(api, "coverages", payer="00430", outcome="active")
    assert blue["total"] == 2
    listed = [each["id"] for page in walk(api, "coverages", limit=2) for each in page["items"]]
    assert len(set(listed)) == len(listed) == 5
    for sort in ("updated", "payer", "-service_date"):
        by = walk(api, "coverages", limit=2, sort=sort)
        assert sorted(each["id"] for page in by for each in page["items"]) == sorted(listed)
    assert get(api, "coverages", service_from="2100-01-01")["total"] == 0
    shown = get(api, "coverages", service_to="2100-01-01")["items"]
    assert len(shown) == 5
    assert all(each["patient"].startswith("Ca••••, ") for each in shown)


def test_a_schedule_is_set_shown_and_paused(api: Client, practice: Practice) -> None:
    url = f"/api/v1/partners/{practice.partner_id}/eligibility-schedule"
    assert code_of(api.get(url)) == (404, "UNKNOWN-ID")
    put = api.put(url, json={"cron": "0 2 * * *", "days": 30})
    assert put.status_code == 200
    assert api.get(url).json() == put.json()
    assert len(put.json()["next_at"]) == 3
    paused = api.put(url, json={"cron": "0 2 * * *", "days": 30, "is_paused": True}).json()
    assert (paused["is_paused"], paused["next_at"]) == (True, [])
    assert code_of(api.put(url, json={"cron": "x", "days": 30})) == (422, "SCHEDULE-REFUSED")
    assert code_of(api.put(url, json={"cron": "0 2 * * *", "days": 0})) == (422, "REQUEST-INVALID")
    stranger = f"/api/v1/partners/{uuid4()}/eligibility-schedule"
    assert code_of(api.put(stranger, json={"cron": "0 2 * * *", "days": 1})) == (404, "UNKNOWN-ID")

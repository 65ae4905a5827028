"""What the API shows of a whole cycle: it equals the rows, the ledger and the payer's journal."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from httpx import Client
from sqlalchemy import text
from sqlalchemy.exc import InternalError

from samples.encounters import encounters
from tests.api.conftest import unnamed
from tests.harness import TODAY, Practice
from tests.serving import Served

COUNT = 12
AMOUNTS = (
    "charge_cents",
    "paid_cents",
    "adjusted_cents",
    "patient_cents",
    "denied_cents",
    "balance_cents",
)


def get(api: Client, url: str, **query: object) -> dict[str, Any]:
    """Return what a URL answers."""
    answer = api.get(f"/api/v1/{url}", params={k: str(v) for k, v in query.items()})
    assert answer.status_code == 200, answer.text
    assert "canary" not in unnamed(answer.json())
    shown: dict[str, Any] = answer.json()
    return shown


def walk(api: Client, url: str, **query: object) -> Iterator[dict[str, Any]]:
    """Yield every page of a list."""
    page = get(api, url, **query)
    yield page
    while page["next_cursor"] is not None:
        page = get(api, url, **query, cursor=page["next_cursor"])
        yield page


def exchange(api: Client, practice: Practice, rounds: int = 3) -> None:
    """Exchange as staff do, through the API; jobs and the payer are run by hand."""
    for _ in range(rounds):
        practice.drain()
        promised = api.post(f"/api/v1/partners/{practice.partner_id}/exchange")
        assert promised.status_code == 202
        practice.drain()
        practice.clearinghouse.visit()


@pytest.fixture
def cycle(api: Client, practice: Practice) -> Practice:
    """A practice whose encounters went all the way."""
    for _, encounter in encounters(COUNT, seed=1, today=TODAY):
        assert api.post("/api/v1/encounters", json=encounter).status_code == 202
    exchange(api, practice)
    return practice


def test_claims_show_what_the_payer_decided_to_the_cent(api: Client, cycle: Practice) -> None:
    shown = {
        each["patient_control_number"]: each
        for page in walk(api, "claims", limit=5)
        for each in page["items"]
    }
    assert len(shown) == COUNT
    decided = cycle.journal_claims()
    assert len(decided) >= COUNT - 1
    for row in decided:
        claim = shown[row.patient_control_number]
        assert claim["charge_cents"] == row.charge_cents
        assert claim["paid_cents"] == row.paid_cents
        assert claim["adjusted_cents"] == row.contractual_cents
        assert claim["patient_cents"] == row.patient_cents
        assert claim["denied_cents"] == row.denied_cents
        assert claim["balance_cents"] == row.patient_cents + row.denied_cents
        assert claim["status"] == ("denied" if row.denied_cents and not row.paid_cents else "paid")
        assert claim["payer"]["name"].startswith("SANDBOX")
        assert claim["created_at"].endswith("Z")


@pytest.mark.parametrize("status", [[], ["paid"], ["paid", "denied"], ["rejected"]])
def test_counts_and_totals_are_those_of_the_filtered_list(
    api: Client, cycle: Practice, status: list[str]
) -> None:
    answer = api.get("/api/v1/claims", params={"status": status, "limit": 200})
    page = answer.json()
    counted = cycle.rows("SELECT status, count(*)::int FROM claim GROUP BY status")
    assert page["facets"]["status"] == dict(tuple(row) for row in counted)
    assert page["total"] == len(page["items"])
    assert {each["status"] for each in page["items"]} <= set(status or page["facets"]["status"])
    for amount in AMOUNTS:
        assert page["totals"][amount] == sum(each[amount] for each in page["items"])


def test_a_filter_by_partner_knows_no_other(api: Client, cycle: Practice) -> None:
    for url, name in (
        ("claims", "partner"),
        ("files", "partner_id"),
        ("remittances", "partner_id"),
    ):
        assert get(api, url, **{name: cycle.partner_id})["total"] > 0
        other = get(api, url, **{name: uuid4()})
        assert (other["total"], other["items"], other["next_cursor"]) == (0, [], None)
        # The facet of the filter itself still shows what else could be chosen.
        assert all(counts == {} for facet, counts in other["facets"].items() if facet != name)


def test_a_claim_tells_its_whole_story(api: Client, cycle: Practice) -> None:
    paid = get(api, "claims", status="paid")["items"]
    assert [(len(paid),)] == cycle.rows("SELECT count(*) FROM claim WHERE status = 'paid'")
    for item in paid:
        claim = get(api, f"claims/{item['id']}")
        same = (item.keys() & claim.keys()) - {"patient", "next_action"}
        assert {name: item[name] for name in same} == {name: claim[name] for name in same}
        events = [(each["event"], each["status_after"]) for each in claim["timeline"]]
        assert events[:2] == [("found_clean", "ready"), ("batched", "batched")]
        assert events[-1][1] == "paid"
        files = [each["file"] for each in claim["timeline"] if each["file"]]
        assert {each["file_type"] for each in files} == {"837P", "999", "277CA", "835"}
        for file in files:
            assert get(api, f"files/{file['id']}")["name"] == file["name"]
            assert file["links"]["self"] == f"/api/v1/files/{file['id']}"
        assert sum(claim["balances"].values()) == 0
        assert claim["balances"]["revenue:charges"] == -claim["charge_cents"]
        assert sum(line["charge_cents"] for line in claim["lines"]) == claim["charge_cents"]
        for line in claim["lines"]:
            explained = line["paid_cents"] + line["adjusted_cents"] + line["balance_cents"]
            assert line["charge_cents"] == explained
        assert get(api, f"encounters/{claim['encounter_id']}")["claim_id"] == claim["id"]
        assert claim["payer_control_number"]


def test_a_held_claim_names_what_holds_it(
    api: Client, practice: Practice, encounter: dict[str, Any]
) -> None:
    encounter["total_charge_cents"] = 1
    api.post("/api/v1/encounters", json=encounter)
    practice.drain()
    (item,) = get(api, "claims", status="held")["items"]
    claim = get(api, f"claims/{item['id']}")
    assert claim["findings"]
    assert all(each["cure"] for each in claim["findings"])
    assert claim["balances"] == {}
    assert (claim["charge_cents"], claim["balance_cents"]) == (1, 0)
    assert (item["open_cents"], item["unbilled_cents"]) == (1, 1)


def test_pages_repeat_and_lose_nothing_while_claims_arrive(api: Client, practice: Practice) -> None:
    made = [each for _, each in encounters(30, seed=2, today=TODAY)]
    practice.post(*made[:20])
    practice.drain()
    first = [row.id for row in practice.rows("SELECT id::text AS id FROM claim")]
    seen: list[str] = []
    for n, page in enumerate(walk(api, "claims", limit=3)):
        seen += [each["id"] for each in page["items"]]
        practice.post(*made[20 + n : 21 + n])
        practice.drain()
    assert len(seen) == len(set(seen))
    assert set(first) <= set(seen)
    assert get(api, "claims")["total"] > 20


def test_files_show_what_went_out_and_came_in(api: Client, cycle: Practice) -> None:
    items = [each for page in walk(api, "files", limit=2) for each in page["items"]]
    rows = cycle.rows("SELECT id::text, encode(sha256, 'hex'), size_bytes, state FROM file")
    assert {(e["id"], e["sha256"], e["size_bytes"], e["state"]) for e in items} == {
        tuple(row) for row in rows
    }
    facets = get(api, "files")["facets"]["type"]
    assert set(facets) == {"837P", "999", "277CA", "835"}
    for file_type, count in facets.items():
        found = get(api, "files", type=file_type)
        assert found["total"] == count == len(found["items"])
        assert {each["file_type"] for each in found["items"]} == {file_type}
    (sent,) = get(api, "files", direction="outbound", state="accepted")["items"]
    assert sent["conformance"] == "clean"
    assert sent["sent_at"].endswith("Z")
    assert get(api, f"files/{sent['id']}")["findings"] == []


def test_a_remittance_proves_that_it_adds_up(api: Client, cycle: Practice) -> None:
    page = get(api, "remittances")
    payments = cycle.journal_payments()
    assert page["totals"]["payment_cents"] == sum(row.payment_cents for row in payments)
    assert page["total"] == len(payments)
    speaks_of = 0
    for item in page["items"]:
        remittance = get(api, f"remittances/{item['id']}")
        assert {**remittance, **item} == remittance
        proof = remittance["proof"]
        assert proof["difference_cents"] == 0
        assert proof["payment_cents"] == remittance["payment_cents"]
        assert remittance["in_transit_cents"] == remittance["payment_cents"]
        payments_of = remittance["claim_payments"]
        assert len(payments_of) == remittance["claims"]
        assert sum(each["paid_cents"] for each in payments_of) == proof["claims_paid_cents"]
        assert all(each["state"] == "posted" and each["claim_id"] for each in payments_of)
        assert get(api, remittance["links"]["file"].removeprefix("/api/v1/"))["file_type"] == "835"
        speaks_of += len(payments_of)
    assert speaks_of == len(cycle.journal_claims())


def test_the_ledger_sums_to_zero_and_agrees_with_the_claims(api: Client, cycle: Practice) -> None:
    ledger = get(api, "ledger/balances")
    totals = get(api, "claims")["totals"]
    assert ledger["total_cents"] == sum(ledger["balances"].values()) == 0
    assert ledger["balances"]["cash:in-transit"] == totals["paid_cents"] > 0
    assert ledger["balances"]["receivable:patient"] == totals["patient_cents"] > 0
    assert ledger["balances"]["receivable:denied"] == totals["denied_cents"] > 0
    assert ledger["balances"]["adjustment:contractual"] == totals["adjusted_cents"] > 0
    assert cycle.rows("SELECT sum(amount_cents)::int FROM posting") == [(0,)]


def test_an_exchange_is_promised_once_however_often_it_is_asked(
    api: Client, practice: Practice
) -> None:
    url = f"/api/v1/partners/{practice.partner_id}/exchange"
    key = {"Idempotency-Key": "now"}
    answers = [api.post(url, headers=headers) for headers in ({}, {}, key, key)]
    assert [answer.status_code for answer in answers] == [202] * 4
    assert len({answer.content for answer in answers}) == 1
    jobs = practice.rows("SELECT kind, ref_id FROM job ORDER BY kind")
    assert jobs == [
        ("ask_eligibility", practice.partner_id),
        ("batch_claims", practice.partner_id),
        ("collect_files", practice.partner_id),
    ]
    unknown = api.post(f"/api/v1/partners/{uuid4()}/exchange", headers={"Idempotency-Key": "x"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "UNKNOWN-ID")


def test_an_exchange_with_everybody_is_one_with_each(api: Client, practice: Practice) -> None:
    answers = [api.post("/api/v1/exchange") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json()["partners"] == 1
    jobs = practice.rows("SELECT kind, ref_id FROM job ORDER BY kind")
    assert jobs == [
        ("ask_eligibility", practice.partner_id),
        ("batch_claims", practice.partner_id),
        ("collect_files", practice.partner_id),
    ]


def test_partners_show_no_secret(api: Client, cycle: Practice) -> None:
    page = get(api, "partners")
    (partner,) = page["items"]
    assert partner["id"] == str(cycle.partner_id)
    assert partner["last_exchange_at"].endswith("Z")
    assert not {"host", "username", "private_key", "host_keys"} & set(partner)


def test_jobs_that_gave_up_are_named(api: Client, cycle: Practice) -> None:
    done = get(api, "jobs/summary")
    assert {each["state"] for each in done["counts"]} == {"done"}
    assert (done["oldest_ready_seconds"], done["failures"]) == (None, [])
    cycle.rows(
        "UPDATE job SET state = 'dead', last_error_code = 'TEST' WHERE kind = 'deliver_file'"
        " RETURNING 1"
    )
    summary = get(api, "jobs/summary")
    assert summary["failures"] == [
        {
            "kind": "deliver_file",
            "words": "Send a file",
            "state": "dead",
            "error_code": "TEST",
            "count": 1,
        }
    ]
    assert {"queue": "send", "state": "dead", "count": 1} in summary["counts"]


def test_reading_cannot_write(served: Served, practice: Practice) -> None:
    with pytest.raises(InternalError, match="read-only"), served.app.state.service.reading() as it:
        it.execute(text("DELETE FROM job"))
    assert practice.rows("SELECT 1") == [(1,)]


def test_nothing_of_the_patient_is_anywhere(api: Client, cycle: Practice) -> None:
    paths = ["claims", "files", "remittances", "partners", "jobs/summary", "ledger/balances"]
    items = [
        f"{path}/{item['id']}"
        for path in ("claims", "files", "remittances")
        for item in get(api, path)["items"]
    ]
    shown = json.dumps([get(api, path) for path in (*paths, *items)])
    assert str(cycle.account) not in shown
    assert "MRN0" not in shown
    assert "SBX02" not in shown

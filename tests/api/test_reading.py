"""What the API shows of a whole cycle: it equals the rows, the ledger and the payer's journal."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from httpx import Client
from sqlalchemy import Engine

from rcm.conformance.pyx12 import Pyx12
from rcm.db import make_unit_of_work
from rcm.settings import Settings
from samples.encounters import encounters
from tests.api.conftest import ehr_key, unnamed
from tests.conftest import still_tools
from tests.harness import TODAY, Practice, make_practice
from tests.serving import Served, calling
from tests.stages import empty_database

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


@pytest.fixture(scope="module")
def cycle(
    served: Served,  # First: it empties the database.
    owner: Engine,
    engine: Engine,
    settings: Settings,
    conformance: Pyx12,
    tmp_path_factory: pytest.TempPathFactory,
) -> Practice:
    """A practice whose encounters went all the way: made once, since nobody here changes it."""
    del served
    empty_database(owner)
    tools = still_tools(settings, conformance)
    practice = make_practice(make_unit_of_work(engine), tools, tmp_path_factory.mktemp("cycle"))
    practice.post(*(encounter for _, encounter in encounters(COUNT, seed=1, today=TODAY)))
    practice.exchange(rounds=3)
    return practice


@pytest.fixture(scope="module")
def api(served: Served, cycle: Practice) -> Iterator[Client]:
    """An EHR system that calls with its key."""
    with calling(served.url, ehr_key(cycle)) as client:
        yield client


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


def test_partners_show_no_secret(api: Client, cycle: Practice) -> None:
    page = get(api, "partners")
    (partner,) = page["items"]
    assert partner["id"] == str(cycle.partner_id)
    assert partner["last_exchange_at"].endswith("Z")
    assert not {"host", "username", "private_key", "host_keys"} & set(partner)


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

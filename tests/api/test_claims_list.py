"""The list of claims beside an oracle: the rows themselves, filtered, sorted and added up here."""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine, text

from rcm.clock import SystemRandomness
from rcm.crypto import load_keys
from rcm.limits import SORT_BY_NAME_MAX
from rcm.proof.listings import listing_differences
from rcm.reading import patient_names
from rcm.settings import Deployment, Settings
from rcm.tools import Tools
from tests.api.claims_oracle import FILTERS, every_claim, is_told
from tests.api.loaded import Loaded, loaded_claims
from tests.conftest import NOW
from tests.serving import Served
from tests.stages import empty_database

COUNT = 700
AMOUNTS = (
    "charge",
    "paid",
    "adjusted",
    "patient",
    "open",
    "denied",
    "unbilled",
    "billed",
    "balance",
)


@pytest.fixture(scope="module")
def made(served: Served, owner: Engine, engine: Engine, settings: Settings) -> Iterator[Loaded]:
    tools = Tools(
        keys=load_keys(settings.key_file),
        randomness=SystemRandomness(),
        clock=lambda: NOW,
        deployment=Deployment.SANDBOX,
        time_zone="America/New_York",
    )
    empty_database(owner)
    with loaded_claims(served.url, engine, tools, count=COUNT) as loaded:
        yield loaded


@pytest.fixture(scope="module")
def claims(made: Loaded, settings: Settings) -> list[Any]:
    """Every claim, with its amounts and its patient's name."""
    found = every_claim(made, load_keys(settings.key_file))
    assert len(found) == COUNT
    return found


@pytest.mark.parametrize("query", FILTERS)
def test_each_filter_chooses_counts_and_adds_up_exactly(
    made: Loaded, claims: list[Any], query: str
) -> None:
    wanted = [claim for claim in claims if FILTERS[query](claim)]
    page = made.get(f"claims?{query}&limit=200")
    assert page["total"] == len(wanted)
    assert {item["id"] for item in page["items"]} <= {claim["id"] for claim in wanted}
    assert len(page["items"]) == min(len(wanted), 200)
    totals = page["totals"]
    assert totals == {f"{name}_cents": sum(each[name] for each in wanted) for name in AMOUNTS}
    parts = ("paid_cents", "adjusted_cents", "patient_cents", "open_cents")
    assert totals["charge_cents"] == sum(totals[name] for name in parts)


def test_filters_by_practice_partner_patient_and_file(made: Loaded, claims: list[Any]) -> None:
    one = next(claim for claim in claims if claim["status"] == "paid")
    same: dict[str, Callable[[Any], bool]] = {
        f"provider={one['billing_provider_id']}": lambda c: (
            c["billing_provider_id"] == one["billing_provider_id"]
        ),
        f"partner={one['partner_id']}": lambda c: c["partner_id"] == one["partner_id"],
        f"patient={one['patient_id']}": lambda c: c["patient_id"] == one["patient_id"],
        f"q={one['patient_control_number'].lower()[:9]}": lambda c: c is one,
        **{f"file={file}": partial(is_told, file) for file in one["files"] if file},
    }
    assert len(same) == 8  # Sent in one file, told by three.
    for query, fits in same.items():
        wanted = {claim["id"] for claim in claims if fits(claim)}
        found = {item["id"] for item in made.walk(f"claims?{query}&limit=200")}
        assert found == wanted, query


def test_each_facet_counts_with_every_filter_but_its_own(made: Loaded, claims: list[Any]) -> None:
    practice = str(claims[0]["billing_provider_id"])
    tests: dict[str, tuple[Callable[[Any], bool], Callable[[Any], str]]] = {
        "status": (lambda c: c["status"] in ("paid", "denied"), lambda c: c["status"]),
        "payer": (lambda c: c["payer"] == "60054", lambda c: c["payer"]),
        "provider": (
            lambda c: str(c["billing_provider_id"]) == practice,
            lambda c: str(c["billing_provider_id"]),
        ),
    }
    for least in (0, 20_000):
        narrowed = f"&charge_min={least}" if least else ""
        query = f"claims?status=paid&status=denied&payer=60054&provider={practice}{narrowed}"
        facets = made.get(query)["facets"]
        for name, (_, value) in tests.items():
            others = [test for other, (test, _) in tests.items() if other != name]
            left = [c for c in claims if c["charge"] >= least and all(test(c) for test in others)]
            assert facets[name] == Counter(value(claim) for claim in left)


KEYS: dict[str, Callable[[Any], Any]] = {
    "status_at": lambda c: c["status_at"],
    "created_at": lambda c: c["created_at"],
    "service_from": lambda c: c["service_from"],
    "charge": lambda c: c["charge"],
    "paid": lambda c: c["paid"],
    "open": lambda c: c["open"],
    "due": lambda c: c["due"],
    "payer": lambda c: c["payer_name"],
    "patient": lambda c: c["name"][:2],
}


@pytest.mark.parametrize("sort", [*KEYS, *(f"-{name}" for name in KEYS)])
def test_each_sort_gives_every_claim_once_in_order(
    made: Loaded, claims: list[Any], sort: str
) -> None:
    by_id = {claim["id"]: claim for claim in claims}
    items = list(made.walk("claims", sort=sort, limit=90))
    assert sorted(item["id"] for item in items) == sorted(by_id)
    key = KEYS[sort.removeprefix("-")]
    values = [key(by_id[item["id"]]) for item in items]
    known = [value for value in values if value is not None]
    assert known == sorted(known, reverse=sort.startswith("-"))
    assert values == [*known, *[None] * (len(values) - len(known))]


def test_a_row_shows_what_the_claim_its_ledger_and_its_work_say(
    made: Loaded, claims: list[Any]
) -> None:
    by_id = {claim["id"]: claim for claim in claims}
    actors = {str(row.id): row.name for row in made.rows("SELECT id, name FROM actor")}
    seen = set()
    for item in made.walk("claims", limit=200):
        claim = by_id[item["id"]]
        seen.add(claim["status"])
        last_name, first_name, _ = claim["name"]
        assert item["patient"].upper() == f"{last_name[:2]}••••, {first_name[0]}."
        assert item["payer"] == {"identifier": claim["payer"], "name": claim["payer_name"]}
        assert item["provider"]["id"] == str(claim["billing_provider_id"])
        assert {name: item[f"{name}_cents"] for name in AMOUNTS} == {
            name: claim[name] for name in AMOUNTS
        }
        first = claim["work"][0] if claim["work"] else {}
        assert item["due_on"] == first.get("due_on")
        assert item["next_action"] == first.get("action", "")
        who = first.get("assignee_id")
        assert item["assignee"] == ({"id": who, "name": actors[who]} if who else None)
        assert item["findings_count"] == len(claim["findings"])
    assert len(seen) >= 8


def test_a_cursor_of_another_order_or_another_list_is_refused(made: Loaded) -> None:
    for sort, other in (
        ("charge", "paid"),
        ("charge", "-charge"),
        ("patient", "charge"),
        ("due", "patient"),
    ):
        cursor = made.get("claims", sort=sort, limit=1)["next_cursor"]
        answer = made.api.get("/api/v1/claims", params={"sort": other, "cursor": cursor})
        assert (answer.status_code, answer.json()["code"]) == (422, "CURSOR-MISFIT")
    cursor = made.get("files", limit=1)["next_cursor"]
    answer = made.api.get("/api/v1/claims", params={"sort": "patient", "cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (422, "CURSOR-MISFIT")


def test_pages_by_name_repeat_nothing_when_the_last_row_leaves_the_list(
    made: Loaded, owner: Engine
) -> None:
    """The position is an id: its claim is found though it is filtered out now."""
    first = made.get("claims", sort="patient", status="held", limit=3)
    last = first["items"][-1]["id"]
    before = [item["id"] for item in made.walk("claims", sort="patient", status="held", limit=200)]
    with owner.begin() as connection:
        connection.execute(text("UPDATE claim SET status = 'ready' WHERE id = :c"), {"c": last})
    try:
        query = {"sort": "patient", "status": "held", "limit": 200, "cursor": first["next_cursor"]}
        assert [item["id"] for item in made.get("claims", **query)["items"]] == before[3:]
    finally:
        with owner.begin() as connection:
            connection.execute(text("UPDATE claim SET status = 'held' WHERE id = :c"), {"c": last})


def test_too_many_claims_are_not_sorted_by_name(
    made: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert SORT_BY_NAME_MAX == 5_000
    monkeypatch.setattr(patient_names, "SORT_BY_NAME_MAX", 20)
    answer = made.api.get("/api/v1/claims?sort=patient")
    assert (answer.status_code, answer.json()["code"]) == (422, "TOO-MANY-TO-SORT")
    assert made.api.get("/api/v1/claims?sort=patient&charge_min=9000000").status_code == 200


@pytest.mark.parametrize(
    "query",
    ["sort=name", "sort=--charge", "charge_min=1.5", "reason=45", "q=%00", "due_before=soon",
     "assignee=you", "work=all", "status=", "payer=%20", "open_min=99999999999999999"],
)  # fmt: skip
def test_what_is_no_filter_is_refused(made: Loaded, query: str) -> None:
    answer = made.api.get(f"/api/v1/claims?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "REQUEST-INVALID")


def test_what_was_loaded_is_listed_as_the_ledger_says(made: Loaded) -> None:
    with made.engine.connect() as connection:
        assert list(listing_differences(connection)) == []  # type: ignore[arg-type]  # It reads.


def test_what_was_loaded_opens_as_if_it_had_been_posted(made: Loaded, claims: list[Any]) -> None:
    for claim in {claim["status"]: claim for claim in claims}.values():
        page = made.api.get(f"/api/v1/claims/{claim['id']}").json()
        assert page["patient"]["name"].upper().endswith(" CANARY, " + claim["name"][1])
        assert page["open_cents"] == claim["open"]
        for part in ("form", "proof", "timeline"):
            answer = made.api.get(f"/api/v1/claims/{claim['id']}/{part}")
            assert answer.status_code == 200, (part, answer.text)

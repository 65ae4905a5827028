"""Practice scope: who is limited to a practice sees and changes nothing of another."""

from collections.abc import Iterator
from typing import Any

import pytest
from httpx import Client
from sqlalchemy import Engine, text

from rcm.access import Actor, Role
from rcm.conformance.pyx12 import Pyx12
from rcm.db import make_unit_of_work, snapshot
from rcm.reading.scope import (
    CONDITIONS,
    UnlimitedQueryError,
    limit_to_practices,
    refuse_text,
    within_practices,
)
from rcm.rows import METADATA, BillingProviderRow, ClaimRow
from rcm.settings import Settings
from samples.encounters import encounters
from tests.api.conftest import ehr_key
from tests.api.people import add_person, signed_in
from tests.conftest import still_tools
from tests.harness import TODAY, Practice, make_practice
from tests.serving import Served, calling
from tests.stages import empty_database

LISTS = ("claims", "remittances", "work-items", "eligibility-checks", "coverages")


@pytest.fixture(scope="module")
def two(
    served: Served,  # First: it empties the database.
    owner: Engine,
    engine: Engine,
    settings: Settings,
    conformance: Pyx12,
    tmp_path_factory: pytest.TempPathFactory,
) -> Practice:
    """Claims of every practice, sent, answered and paid; and checks of their coverages.

    Made once: no claim is changed here.
    """
    del served
    empty_database(owner)
    tools = still_tools(settings, conformance)
    practice = make_practice(make_unit_of_work(engine), tools, tmp_path_factory.mktemp("two"))
    practice.post(*(made for _, made in encounters(30, seed=7, today=TODAY)))
    practice.exchange(rounds=3)
    return practice


def ids_of(practice: Practice) -> list[Any]:
    """Return the ids of the practices that have claims, the one with most claims first."""
    return [
        row.billing_provider_id
        for row in practice.rows(
            "SELECT billing_provider_id FROM claim GROUP BY 1 ORDER BY count(*) DESC, 1"
        )
    ]


@pytest.fixture(scope="module")
def api(served: Served, two: Practice) -> Iterator[Client]:
    """Who sees every practice."""
    with calling(served.url, ehr_key(two)) as client:
        yield client


@pytest.fixture(scope="module")
def limited(two: Practice, served: Served) -> Iterator[Client]:
    """A manager of the first practice only."""
    ours, *others = ids_of(two)
    assert others, "the samples have several practices"
    person = add_person(two, "limited", Role.MANAGER, Role.EHR, practices=[ours])
    with signed_in(served, two, person) as client:
        yield client


def items(client: Client, name: str, **query: str) -> list[dict[str, Any]]:
    answer = client.get(f"/api/v1/{name}", params={"limit": "200", **query}).raise_for_status()
    page = answer.json()
    assert page["total"] == len(page["items"])
    found: list[dict[str, Any]] = page["items"]
    return found


def test_lists_hold_the_rows_of_the_practice_and_all_of_them(
    limited: Client, api: Client, two: Practice
) -> None:
    ours, *_ = ids_of(two)
    seen = {each["id"] for each in items(limited, "claims")}
    assert seen == {
        str(row.id)
        for row in two.rows("SELECT id FROM claim WHERE billing_provider_id = :id", id=ours)
    }
    assert seen < {each["id"] for each in items(api, "claims")}
    for name in LISTS:
        inside = {each["id"] for each in items(limited, name)}
        assert inside <= {each["id"] for each in items(api, name)}
    own = {
        str(row.id)
        for row in two.rows(
            "SELECT r.id FROM remittance r JOIN billing_provider b"
            " ON r.payee_id IN (b.npi, b.tax_id) WHERE b.id = :id",
            id=ours,
        )
    }
    assert {each["id"] for each in items(limited, "remittances")} == own
    assert own


def test_ids_of_another_practice_are_unknown(limited: Client, api: Client) -> None:
    for name in ("claims", "remittances", "eligibility-checks"):
        inside = {each["id"] for each in items(limited, name)}
        outside = [each["id"] for each in items(api, name) if each["id"] not in inside]
        for each in inside:
            assert limited.get(f"/api/v1/{name}/{each}").status_code == 200
        for each in outside:
            assert limited.get(f"/api/v1/{name}/{each}").status_code == 404
        if name != "eligibility-checks":
            assert outside


def test_what_is_of_another_practice_is_not_changed(
    limited: Client, api: Client, two: Practice
) -> None:
    inside = {each["id"] for each in items(limited, "claims")}
    others = [each["id"] for each in items(api, "claims") if each["id"] not in inside]
    before = two.rows("SELECT id, status, findings FROM claim ORDER BY id")
    for each in others:
        assert limited.post(f"/api/v1/claims/{each}/resubmit").status_code == 404
        encounter = api.get(f"/api/v1/claims/{each}").json()["encounter_id"]
        assert limited.get(f"/api/v1/encounters/{encounter}").status_code == 404
    assert two.rows("SELECT id, status, findings FROM claim ORDER BY id") == before


def test_an_encounter_for_another_practice_is_refused(limited: Client, two: Practice) -> None:
    ours, *_ = ids_of(two)
    (npi,) = two.rows("SELECT npi FROM billing_provider WHERE id = :id", id=ours)
    mine = theirs = None
    for _, made in encounters(40, seed=99, today=TODAY):
        made["external_id"] = f"scoped-{made['external_id']}"
        if made["billing_provider"]["npi"] == npi.npi:
            mine = mine or made
        else:
            theirs = theirs or made
    assert mine is not None
    assert theirs is not None
    refused = limited.post("/api/v1/encounters", json=theirs)
    assert (refused.status_code, refused.json()["code"]) == (403, "OTHER-PRACTICE")
    taken = limited.post("/api/v1/encounters", json=mine)
    assert taken.status_code == 202
    # Not claimed yet: who posted it sees it.
    assert limited.get(f"/api/v1/encounters/{taken.json()['encounter_id']}").status_code == 200


def test_what_is_of_the_whole_organisation_is_forbidden(limited: Client, two: Practice) -> None:
    for url in (
        "files", "jobs/summary", "jobs/failed", "partners", "ledger/balances",
        "ledger/recoupments",
    ):  # fmt: skip
        assert limited.get(f"/api/v1/{url}").status_code == 403, url
    assert limited.post(f"/api/v1/partners/{two.partner_id}/exchange").status_code == 403


def test_a_query_as_text_is_refused_where_rows_are_limited(
    two: Practice,
) -> None:
    ours = two.rows("SELECT id FROM billing_provider ORDER BY id")[0].id
    actor = Actor(
        id=two.actor_id, name="x", roles=frozenset({Role.BILLER}), practices=frozenset({ours})
    )
    with snapshot(within_practices(two.unit_of_work, lambda: actor)) as session:
        refuse_text(session)
        assert [each.id for each in session.query(BillingProviderRow)] == [ours]
        assert session.get(BillingProviderRow, ours) is not None
        with pytest.raises(UnlimitedQueryError):
            session.execute(text("SELECT 1"))
    with snapshot(two.unit_of_work) as session:
        refuse_text(session)
        limit_to_practices(session, Actor(id=actor.id, name="y", roles=actor.roles))
        assert session.query(BillingProviderRow).count() > 1
        session.execute(text("SELECT 1"))


def test_no_practice_is_nothing(two: Practice) -> None:
    nobody = Actor(id=two.actor_id, name="x", roles=frozenset({Role.BILLER}), practices=frozenset())
    with snapshot(within_practices(two.unit_of_work, lambda: nobody)) as session:
        for row in CONDITIONS:
            assert session.query(row).first() is None, row
    with two.unit_of_work() as session:
        assert session.query(ClaimRow).first() is not None


#: Tables without a practice: the organisation's own, or reached by rights of the whole only.
OF_THE_ORGANISATION = {
    "actor", "api_key", "app_user", "audit_event", "chain_link", "chained_entry",
    "chained_event", "change", "connection_test", "control_number",
    "cron_tick", "decision", "deployment", "eligibility_schedule", "file", "file_chunk",
    "file_sighting", "idempotency", "interchange", "job", "ledger_entry", "partner_breaker",
    "payer", "schedule",
    "session", "sign_in_attempt", "submission", "ticket", "trading_partner", "unfetched",
}  # fmt: skip


def test_every_table_is_of_practices_or_of_the_organisation() -> None:
    limited = {row.__tablename__ for row in CONDITIONS}
    assert limited | OF_THE_ORGANISATION == set(METADATA.tables), (
        "say in rcm/reading/scope.py whose the rows of a new table are"
    )
    assert not limited & OF_THE_ORGANISATION

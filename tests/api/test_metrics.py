"""Figures for machines: each is what the tables say, and none names a person."""

from httpx import Client
from prometheus_client.parser import text_string_to_metric_families

from samples.encounters import encounters
from tests.harness import TODAY, Practice


def told(api: Client) -> dict[tuple[str, ...], float]:
    answer = api.get("/api/v1/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert "canary" not in answer.text.lower()
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_figures_are_what_the_tables_say(api: Client, practice: Practice) -> None:
    practice.post(*(made for _, made in encounters(6, seed=3, today=TODAY)))
    before = told(api)
    assert before["rcm_jobs", "intake", "ready"] >= 1
    assert before["rcm_job_oldest_ready_seconds", "intake"] >= 0
    practice.exchange(rounds=3)
    after = told(api)
    assert after["rcm_jobs", "intake", "ready"] == 0
    for name, query in {
        "rcm_claims": "SELECT status, count(*) FROM claim GROUP BY 1",
        "rcm_files": "SELECT direction, state, count(*) FROM file GROUP BY 1, 2",
        "rcm_work_items_open": (
            "SELECT kind, count(*) FROM work_item WHERE state = 'open' GROUP BY 1"
        ),
    }.items():
        rows = practice.rows(query)
        wanted = {(name, *row[:-1]): float(row[-1]) for row in rows}
        assert {key: value for key, value in after.items() if key[0] == name} == wanted
        assert rows
    ((partner,),) = practice.rows("SELECT name FROM trading_partner")
    assert after["rcm_partner_breaker_open", partner] == 0
    assert after["rcm_partner_last_exchange_seconds", partner] < 60
    assert after["rcm_suspense_cents", "suspense:unmatched"] == 0


def test_an_open_breaker_and_a_pause_can_be_seen(api: Client, practice: Practice) -> None:
    practice.rows("UPDATE trading_partner SET is_paused = true RETURNING 1")
    practice.rows(
        "INSERT INTO partner_breaker (partner_id, standing) SELECT id, 'open' FROM trading_partner"
        " RETURNING 1"
    )
    ((partner,),) = practice.rows("SELECT name FROM trading_partner")
    found = told(api)
    assert found["rcm_partner_breaker_open", partner] == 1
    assert found["rcm_partner_paused", partner] == 1
    assert ("rcm_partner_last_exchange_seconds", partner) not in found

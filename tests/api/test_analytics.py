"""Analytics by API: each figure is the ledger's, and each part is the list behind it."""

from datetime import timedelta
from typing import Any

import pytest
from httpx import Client

from rcm.clock import system_clock, today
from tests.api.test_my_day import behind, run
from tests.api.test_reading import get
from tests.api.test_work_items import deny
from tests.harness import Practice
from tests.rcm.intake import encounter
from tests.rcm.partner_files import (
    Sent,
    adjust,
    file_835,
    payment,
    plb,
    receive,
    remit,
    send_first,
)

AGES = (0, 30, 31, 60, 61, 90, 91, 120, 121, 400)


def receivable(practice: Practice) -> int:
    ((cents,),) = practice.rows(
        "SELECT coalesce(sum(amount_cents), 0)::bigint FROM posting"
        " WHERE account LIKE 'receivable:%'"
    )
    return int(cents)


@pytest.fixture
def claims(practice: Practice) -> list[Sent]:
    """Ten claims, two of each age; some paid, denied, left to the patient, and one not sent."""
    made = send_first(practice, *(encounter(external_id=f"visit-{n}") for n in range(len(AGES))))
    day_of_asking = today(system_clock(), practice.tools.time_zone)
    for claim, age in zip(made, AGES, strict=True):
        day = day_of_asking - timedelta(days=age)
        run(practice, "UPDATE claim SET service_from = :day WHERE id = :id", day=day, id=claim.id)
    run(
        practice,
        "UPDATE file SET created_at = created_at - make_interval(days => 40) WHERE id = :id",
        id=made[0].file_id,
    )
    whole = made[0].charge_cents
    shares = (adjust("CO", "45", 1_000), adjust("PR", "1", 2_500))
    receive(
        practice,
        file_835(
            remit(
                payment(made[0].number, whole, whole - 3_500, *shares),
                payment(made[5].number, whole, whole - 700, adjust("CO", "97", 700)),
                payment("NOBODYS1", 900, 900),
                plbs=[plb("L6", -55)],
                trace="A",
            )
        ),
    )
    deny(practice, made[6], made[9], trace="B", number=2)
    practice.post(encounter(external_id="not-sent"))
    practice.drain()
    return made


@pytest.mark.parametrize("basis", ["service", "submission"])
def test_receivables_by_age_are_those_of_the_ledger_and_of_the_lists(
    api: Client, practice: Practice, claims: list[Sent], basis: str
) -> None:
    told = get(api, "analytics/ar-aging", basis=basis)
    assert told["total_cents"] == receivable(practice) > 0
    assert sum(told["bucket_totals"]) == told["total_cents"]
    for row in told["rows"]:
        assert row["total_cents"] == sum(part["amount_cents"] for part in row["buckets"])
        for part in row["buckets"]:
            if not part["amount_cents"]:
                assert part["link"] is None
                continue
            totals = behind(api, part["link"])["totals"]
            open_cents = totals["open_cents"] - totals["unbilled_cents"]
            listed = open_cents if row["payer"] else totals["patient_cents"]
            assert listed == part["amount_cents"], (row["label"], part)
    payers, patients = told["rows"]
    assert (patients["label"], patients["payer"], patients["total_cents"]) == (
        "Patients",
        None,
        2500,
    )
    whole = claims[0].charge_cents
    expected = {
        "service": [whole, 2 * whole, whole + 700, 2 * whole, 2 * whole],
        "submission": [0, 8 * whole + 700, 0, 0, 0],
    }
    assert [part["amount_cents"] for part in payers["buckets"]] == expected[basis]
    over = sum(told["bucket_totals"][3:])
    assert told["over_90_percent"] == (100 * over + told["total_cents"] // 2) // told["total_cents"]
    assert "Receivables of the ledger" in told["definition"]


def test_cash_by_week_is_what_the_ledger_has_and_the_list_shows(
    api: Client, practice: Practice, claims: list[Sent]
) -> None:
    assert claims
    ((cash,),) = practice.rows(
        "SELECT sum(amount_cents)::bigint FROM posting WHERE account = 'cash:in-transit'"
    )
    for group in ("week", "day"):
        told = get(
            api, "analytics/payments", group=group, **{"from": "2026-11-01", "to": "2026-11-30"}
        )
        assert told["total_cents"] == cash == sum(each["amount_cents"] for each in told["points"])
        for each in told["points"]:
            if each["link"]:
                found = behind(api, each["link"])
                assert sum(item["payment_cents"] for item in found["items"]) == each["amount_cents"]
        days = [each["from"] for each in told["points"]]
        assert days == sorted(set(days))
    run(practice, "UPDATE remittance SET state = 'held' WHERE trace = 'A'")
    told = get(api, "analytics/payments", **{"from": "2026-11-01", "to": "2026-11-30"})
    assert told["total_cents"] == 0, "only what is posted"


def test_weeks_begin_on_mondays_and_the_one_that_is_not_over_says_so(api: Client) -> None:
    points = get(api, "analytics/payments")["points"]
    assert len(points) == 13
    assert [each["is_open"] for each in points] == [False] * 12 + [True]


@pytest.mark.parametrize(
    "query",
    ["group=year", "from=2026-11-02&to=2026-11-01", "from=x", "a=b", "from=0001-01-01&group=day"],
)
def test_a_range_that_is_none_is_refused(api: Client, query: str) -> None:
    assert api.get(f"/api/v1/analytics/payments?{query}").status_code == 422


@pytest.mark.parametrize("by", ["carc", "payer", "category"])
def test_denied_money_is_that_of_the_list_behind_it(
    api: Client, practice: Practice, claims: list[Sent], by: str
) -> None:
    run(
        practice,
        "UPDATE work_item SET state = 'done', closed_at = now(), closed_by = 'ida'"
        " WHERE claim_id = :id",
        id=claims[9].id,
    )
    whole = claims[0].charge_cents
    told = get(api, "analytics/denials", by=by)
    assert (told["amount_cents"], told["total_cents"]) == (whole + 700, 2 * whole + 700)
    assert (told["count"], told["total_count"]) == (2, 3)
    shares: list[Any] = [each["cumulative_share"] for each in told["items"]]
    assert shares == sorted(shares)
    assert shares[-1] == "1.0000"
    for each in told["items"]:
        found = behind(api, each["link"])
        assert (each["count"], each["amount_cents"]) == (
            found["total"],
            found["totals"]["amount_cents"],
        )
    if by == "carc":
        assert [each["key"] for each in told["items"]] == ["CO-197", "CO-97"]
        assert all(each["words"] for each in told["items"])
    if by == "category":
        assert [each["label"] for each in told["items"]] == ["authorization or referral", "bundled"]


@pytest.mark.parametrize("group", ["week", "day"])
def test_cash_at_both_ends_of_the_calendar_is_nothing(api: Client, group: str) -> None:
    asked = {"from": "9999-12-01", "to": "9999-12-31", "group": group}
    points = get(api, "analytics/payments", **asked)["points"]
    assert (points[-1]["to"], points[-1]["amount_cents"]) == ("9999-12-31", 0)
    points = get(api, "analytics/payments", to="0001-01-03", group=group)["points"]
    assert (points[0]["from"], points[-1]["to"]) == ("0001-01-01", "0001-01-03")


def test_nothing_is_nothing(api: Client) -> None:
    assert get(api, "analytics/ar-aging")["rows"] == []
    assert get(api, "analytics/denials")["items"] == []

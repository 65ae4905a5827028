"""An inactive coverage holds its unsent claims on the days it is told of; active frees them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from edi.party_segments import day
from rcm.encounters.service import sweep_encounters
from rcm.exchange.now import exchange_now
from rcm.exchange.service import read_file, receive_file
from tests.rcm.eligibility_files import (
    ACTIVE,
    INACTIVE,
    Office,
    answer,
    built,
    check,
    claims,
    done,
    eb,
    file_271,
    inquiries,
    reply,
    says,
    work,
)
from tests.rcm.intake import SEEN_ON, encounter
from tests.rcm.partner_files import receive, send


def test_an_inactive_coverage_holds_its_unsent_claims_and_an_active_one_lets_them_go(
    office: Office,
) -> None:
    built(office)
    check(office)
    answer(office, INACTIVE)
    assert claims(office) == [("held", ["CLAIM-COVERAGE-INACTIVE"])]
    assert work(office) == [
        ("eligibility", "INACTIVE", "/coverages/0"),
        ("held", "CLAIM-COVERAGE-INACTIVE", "/coverages/0"),
    ]
    ((amount, charge),) = office.rows(
        "SELECT amount_cents, charge_cents FROM work_item JOIN claim ON claim.id = claim_id"
    )
    assert amount == charge
    with office.unit_of_work() as session:
        exchange_now(session, office.partner_id)
    office.drain()
    assert office.rows("SELECT 1 FROM submission") == []
    check(office)
    answer(office, ACTIVE, number=2)
    assert claims(office) == [("ready", [])]
    assert work(office) == []
    assert len(work(office, "done")) == 2
    events = office.rows("SELECT event, reporter FROM claim_event ORDER BY id")
    assert [tuple(row) for row in events] == [
        ("found_clean", "us"),
        ("found_wanting", "payer, 271"),
        ("found_clean", "payer, 271"),
    ]
    done(office)


def test_a_claim_that_is_built_later_is_held_as_well(office: Office) -> None:
    built(office)
    check(office)
    answer(office, INACTIVE)
    built(office, encounter(external_id="later"))
    assert claims(office) == [("held", ["CLAIM-COVERAGE-INACTIVE"])] * 2
    check(office)
    answer(office, ACTIVE, number=2)
    assert claims(office) == [("ready", [])] * 2
    assert work(office) == []


def test_what_something_else_holds_stays_held(office: Office) -> None:
    built(office)
    check(office)
    answer(office, INACTIVE)
    built(office, encounter(external_id="later", total_charge_cents=1))
    check(office)
    answer(office, ACTIVE, number=2)
    assert sorted(claims(office)) == [("held", ["CLAIM-CHARGE-SUM"]), ("ready", [])]
    assert work(office) == [("held", "CLAIM-CHARGE-SUM", "/total_charge_cents")]


def test_a_claim_that_was_sent_is_not_held(office: Office) -> None:
    send(office, encounter())
    check(office)
    answer(office, INACTIVE)
    assert claims(office) == [("submitted", [])]
    assert work(office) == [("eligibility", "INACTIVE", "/coverages/0")]


DAYS: dict[str, tuple[date, tuple[Any, ...], str]] = {
    "asked about a later day": (SEEN_ON + timedelta(days=1), (), "ready"),
    "asked about an earlier day": (SEEN_ON - timedelta(days=1), (), "held"),
    "ended before": (SEEN_ON, (day("347", SEEN_ON - timedelta(days=1)),), "held"),
    "ended after": (SEEN_ON + timedelta(days=9), (day("347", SEEN_ON),), "ready"),
}


@pytest.mark.parametrize(("asked", "dates", "status"), DAYS.values(), ids=DAYS)
def test_an_answer_holds_only_the_days_it_speaks_of(
    office: Office, asked: date, dates: tuple[Any, ...], status: str
) -> None:
    built(office)
    check(office, service_date=asked)
    answer(office, says(eb("6"), dates=dates))
    assert [each for each, _ in claims(office)] == [status]


def test_active_today_does_not_free_a_claim_of_days_before(office: Office) -> None:
    built(office)
    check(office)
    answer(office, INACTIVE)
    today = office.tools.today()
    check(office, service_date=today)
    answer(office, ACTIVE, number=2)
    assert claims(office) == [("held", ["CLAIM-COVERAGE-INACTIVE"])]
    check(office, service_date=today)
    answer(office, says(eb("1"), dates=(day("346", SEEN_ON),)), number=3)
    assert claims(office) == [("ready", [])]


def test_a_claim_that_was_made_ready_again_is_held_before_it_goes(office: Office) -> None:
    built(office, encounter(), encounter(external_id="b", patient__external_id="B"))
    check(office)
    said = reply(inquiries(office)[-1], INACTIVE)
    receive(office, file_271(said))
    office.rows(
        "UPDATE claim SET status = 'ready', findings = '[]' WHERE patient_id ="
        " (SELECT min(patient_id::text) FROM claim)::uuid RETURNING 1"
    )
    office.rows("UPDATE work_item SET state = 'done' RETURNING 1")
    office.clock.move(timedelta(minutes=1))
    send(office)
    assert claims(office) == [("held", ["CLAIM-COVERAGE-INACTIVE"])] * 2
    assert work(office) == [("held", "CLAIM-COVERAGE-INACTIVE", "/coverages/0")]
    assert office.rows("SELECT 1 FROM submission") == []
    check(office)
    answer(office, ACTIVE, number=2)
    send(office)
    assert [status for status, _ in claims(office)] == ["submitted"] * 2
    done(office)


def test_the_claims_that_go_are_not_touched_by_those_that_are_held(office: Office) -> None:
    built(office, encounter())
    check(office)
    answer(office, INACTIVE)
    office.rows("UPDATE claim SET status = 'ready', findings = '[]' RETURNING 1")
    office.clock.move(timedelta(minutes=1))
    send(office, encounter(external_id="b", patient__external_id="B"))
    assert sorted(status for status, _ in claims(office)) == ["held", "submitted"]


@pytest.mark.parametrize("is_answer_first", [True, False])
def test_an_answer_and_a_sweep_at_one_time_miss_no_claim(
    office: Office,
    is_answer_first: bool,  # noqa: FBT001  # The case of a table.
) -> None:
    built(office)
    check(office)
    office.post(encounter(external_id="later"))
    said = file_271(reply(inquiries(office)[-1], INACTIVE))
    with office.unit_of_work() as session:
        file_id = receive_file(
            session, office.tools, partner_id=office.partner_id, name="a", modified=0, body=said
        )
    steps: list[Callable[[Session], object]] = [
        lambda session: read_file(session, office.tools, file_id),
        lambda session: sweep_encounters(session, office.tools),
    ]
    first, second = steps if is_answer_first else reversed(steps)

    def run_second() -> None:
        with office.unit_of_work() as session:
            second(session)

    with ThreadPoolExecutor(1) as pool:
        with office.unit_of_work() as session:
            first(session)
            waiting = pool.submit(run_second)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=1)  # It waits for the coverage.
        waiting.result(timeout=30)
    assert claims(office) == [("held", ["CLAIM-COVERAGE-INACTIVE"])] * 2

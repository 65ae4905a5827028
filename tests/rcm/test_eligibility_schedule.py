"""What is asked by itself: by schedule what was not checked lately, and again what may be."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from rcm.access import Actor
from rcm.eligibility.service import check_unchecked
from rcm.exchange.now import UnknownPartnerError, exchange_now
from rcm.parties.service import pause_partner, resume_partner
from rcm.schedules.service import fire_due, follow_eligibility_schedule
from rcm.schedules.ticks import BadScheduleError
from tests.rcm.eligibility_files import (
    ACTIVE,
    DOWN,
    INACTIVE,
    NOT_FOUND,
    Office,
    answer,
    built,
    check,
    checks,
    claims,
    done,
    inquiries,
    members,
    refuses,
    work,
)
from tests.rcm.intake import encounter

DAY = timedelta(days=1)


@pytest.fixture
def daily(office: Office) -> Office:
    """Every night at two what was not checked in three days; one coverage is known."""
    built(office)
    follow(office)
    return office


def follow(office: Office, *, is_paused: bool = False) -> None:
    with office.unit_of_work() as session:
        follow_eligibility_schedule(
            session,
            office.tools,
            office.partner_id,
            cron="0 2 * * *",
            days=3,
            is_paused=is_paused,
        )


def fire(office: Office) -> int:
    """Let a relay look, and everything follow."""
    with office.unit_of_work() as session:
        fired = fire_due(session, office.tools)
    office.drain()
    return fired


def nights(office: Office, count: int) -> list[int]:
    """How many 270s there are after each of the next nights."""
    found = []
    for _ in range(count):
        office.clock.move(DAY)
        assert fire(office) == 1
        found.append(len(inquiries(office)))
    return found


def test_a_coverage_is_checked_when_its_last_check_is_too_old(daily: Office) -> None:
    assert fire(daily) == 0
    assert nights(daily, 7) == [1, 1, 1, 2, 2, 2, 3]
    assert fire(daily) == 0
    causes = daily.rows("SELECT DISTINCT cause FROM eligibility_check")
    assert causes == [("schedule",)]
    done(daily)


def test_only_the_coverage_that_was_not_checked_is_asked_about(daily: Office) -> None:
    check(daily)
    built(daily, encounter(external_id="b", patient__external_id="B", patient__first_name="Bo"))
    nights(daily, 1)
    (asked,) = members(inquiries(daily)[-1])
    assert asked.name is not None
    assert asked.name.first_name == "BO"


def test_what_waits_for_its_file_is_not_asked_again(daily: Office) -> None:
    daily.rows("UPDATE trading_partner SET our_id = '' RETURNING 1")  # Nothing can be sent.
    check(daily)
    for _ in range(5):
        daily.clock.move(DAY)
        fire(daily)
    assert checks(daily) == [("waiting", None)]
    given_up = daily.rows("SELECT DISTINCT last_error_code FROM job WHERE state = 'dead'")
    assert given_up == [("HEADER-REFUSED",)]
    daily.rows("UPDATE trading_partner SET our_id = 'HARBORBILLING' RETURNING 1")
    with daily.unit_of_work() as session:
        exchange_now(session, daily.partner_id)
    daily.drain()
    assert checks(daily) == [("sent", None)]


def test_whom_the_payer_did_not_find_is_asked_about_again_when_an_encounter_tells_of_them(
    daily: Office,
) -> None:
    check(daily)
    answer(daily, NOT_FOUND)
    assert nights(daily, 5) == [1] * 5
    built(daily, encounter(external_id="again"))
    assert nights(daily, 1) == [2]


def test_a_schedule_that_is_paused_asks_nothing_by_itself(daily: Office) -> None:
    check(daily)
    answer(daily, DOWN)
    follow(daily, is_paused=True)
    daily.clock.move(4 * DAY)
    assert fire(daily) == 0
    with daily.unit_of_work() as session:
        exchange_now(session, daily.partner_id)
    daily.drain()
    assert len(inquiries(daily)) == 1
    follow(daily)
    assert nights(daily, 1) == [2]


def test_a_paused_partner_is_asked_nothing(daily: Office, owner: Engine) -> None:
    set_partner(owner, is_paused=True)
    check(daily)
    daily.clock.move(4 * DAY)
    assert fire(daily) == 0
    assert inquiries(daily) == []
    set_partner(owner, is_paused=False)
    with daily.unit_of_work() as session:
        exchange_now(session, daily.partner_id)
    daily.drain()
    assert len(inquiries(daily)) == 1


def test_what_a_paused_partner_missed_is_not_made_up_for(daily: Office) -> None:
    by = Actor(id=daily.actor_id, name="D. Reyes", roles=frozenset())
    with daily.unit_of_work() as session:
        pause_partner(session, daily.tools, daily.partner_id, "", by)
    daily.clock.move(2 * DAY)
    with daily.unit_of_work() as session:
        resume_partner(session, daily.tools, daily.partner_id, "", by)
    assert fire(daily) == 0
    daily.clock.move(DAY)
    assert fire(daily) == 1


def test_a_270_has_the_delimiters_and_the_name_that_its_partner_wants(
    office: Office, owner: Engine
) -> None:
    set_partner(
        owner, element_separator="|", segment_terminator="!", outbound_name="{type}.{isa13}.txt"
    )
    built(office)
    check(office)
    ((name,),) = office.rows("SELECT name FROM file WHERE direction = 'outbound'")
    assert name == "270.000000001.txt"
    body = (office.account / "to_payer" / name).read_bytes()
    assert body.startswith(b"ISA|00|")
    assert body.endswith(b"!")


def set_partner(owner: Engine, **values: object) -> None:
    """Change the partner's settings as an operator does."""
    columns = ", ".join(f"{name} = :{name}" for name in values)
    with owner.begin() as connection:
        connection.execute(text(f"UPDATE trading_partner SET {columns}"), values)


def test_a_schedule_that_is_paused_meanwhile_does_nothing(daily: Office) -> None:
    daily.clock.move(DAY)
    with daily.unit_of_work() as session:
        assert fire_due(session, daily.tools) == 1
    follow(daily, is_paused=True)
    daily.drain()
    assert checks(daily) == []
    done(daily)


def test_a_payer_that_was_down_is_asked_again_until_it_answers(office: Office) -> None:
    built(office)
    check(office)
    answer(office, DOWN)
    ((retry_at,),) = office.rows("SELECT retry_at FROM eligibility_check")
    assert retry_at == office.clock() + timedelta(minutes=15)
    office.clock.move(timedelta(minutes=14))
    assert fire(office) == 0
    assert len(inquiries(office)) == 1
    office.clock.move(timedelta(minutes=1))
    fire(office)
    fire(office)
    assert len(inquiries(office)) == 2
    assert checks(office) == [("answered", "payer_down"), ("sent", None)]
    first, second = office.rows(
        "SELECT id, tries, retries_id, trace, service_date, cause FROM eligibility_check"
        " ORDER BY tries"
    )
    assert (second.tries, second.retries_id) == (2, first.id)
    assert second.trace != first.trace
    assert (second.service_date, second.cause) == (first.service_date, first.cause)
    answer(office, INACTIVE, number=2)
    assert checks(office)[-1] == ("answered", "inactive")
    assert [status for status, _ in claims(office)] == ["held"]
    done(office)


def test_a_payer_that_stays_down_is_given_up_and_told(office: Office) -> None:
    built(office)
    check(office)
    answer(office, ACTIVE)
    check(office)
    for number in range(2, 6):
        assert work(office) == []
        answer(office, DOWN, number=number)
        office.clock.move(timedelta(hours=5))
        fire(office)
    assert len(inquiries(office)) == 5
    assert work(office) == [("eligibility", "AAA-42", "")]
    assert office.rows("SELECT 1 FROM eligibility_check WHERE retry_at IS NOT NULL") == []
    office.clock.move(40 * DAY)
    fire(office)
    assert len(inquiries(office)) == 5


@pytest.mark.parametrize("follow_up", ["C", "N", "S", "Y"])
def test_what_may_not_be_asked_again_is_not(office: Office, follow_up: str) -> None:
    built(office)
    check(office)
    answer(office, refuses("42", follow_up))
    office.clock.move(100 * DAY)
    fire(office)
    assert len(inquiries(office)) == 1


def test_exchange_now_asks_what_waits(office: Office) -> None:
    built(office)
    check(office)
    answer(office, DOWN)
    office.clock.move(timedelta(minutes=15))
    with office.unit_of_work() as session:
        exchange_now(session, office.partner_id)
    office.drain()
    assert len(inquiries(office)) == 2


def test_a_batch_checks_what_was_not_checked_in_some_days(office: Office) -> None:
    def batch(days: int) -> int:
        with office.unit_of_work() as session:
            asked, has_more = check_unchecked(
                session, office.tools, days=days, partner_id=office.partner_id
            )
        assert not has_more
        office.drain()
        return len(asked.check_ids)

    built(office)
    assert batch(1) == 1
    assert batch(1) == 0
    office.clock.move(DAY)
    assert batch(2) == 0
    assert batch(1) == 1
    done(office)


def test_a_schedule_of_nobody_or_of_no_cron_is_refused(office: Office) -> None:
    for partner_id, cron, refusal in (
        (office.actor_id, "0 2 * * *", UnknownPartnerError),
        (office.partner_id, "0 2 * *", BadScheduleError),
    ):
        with office.unit_of_work() as session, pytest.raises(refusal):
            follow_eligibility_schedule(
                session, office.tools, partner_id, cron=cron, days=3, is_paused=False
            )

"""Failed jobs: each says in plain words what it was, why it failed, and is tried again."""

from uuid import UUID

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from rcm.access import Role
from tests.browser.conftest import Desk, SignIn, settle
from tests.browser.rig import axe_violations, flaws, sideways
from tests.harness import Practice


@pytest.fixture
def dead_job(world: Practice) -> UUID:
    """A visit that the partner's server has refused."""
    with world.unit_of_work() as session:
        found: UUID = session.execute(
            text(
                "INSERT INTO job (id, kind, ref_id, dedupe_key, queue, state, attempts_max,"
                " next_run_at, last_error_code, created_at, finished_at) VALUES"
                " (gen_random_uuid(), 'collect_files', :partner, :key, 'send',"
                " 'dead', 12, now(), 'SFTP-LOGIN', now(), now()) RETURNING id"
            ),
            {"partner": world.partner_id, "key": f"{world.partner_id}/0"},
        ).scalar_one()
    return found


def test_a_dead_job_is_read_in_words_and_tried_again(
    desk: Desk, world: Practice, dead_job: UUID
) -> None:
    page = desk.open("/jobs")
    row = page.locator("tbody tr", has_text="Fetch files").first
    expect(row).to_contain_text("The partner's server refuses our login.")
    expect(row).to_contain_text("Check user name and key with the partner.")
    row.get_by_role("button", name="Try again").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("trying before may do harm")
    send = dialog.get_by_role("button", name="It is mended, try again")
    expect(send).to_have_attribute("aria-disabled", "true")
    dialog.get_by_label("Reason").fill("They let us in again.")
    assert axe_violations(page) == []
    send.click()
    expect(page.get_by_text("it is being tried again")).to_be_visible()
    settle(page)
    left = "SELECT 1 FROM job WHERE state = 'dead' AND kind = 'collect_files'"
    assert world.rows(left) == []
    assert world.rows("SELECT 1 FROM job WHERE id = :id", id=dead_job)
    world.drain()


@pytest.mark.usefixtures("dead_job")
def test_who_may_only_look_is_told_whom_to_ask(sign_in: SignIn, world: Practice) -> None:
    page = sign_in(Role.AUDITOR).open("/jobs")
    locked = page.get_by_role("button", name="Try again").first
    expect(locked).to_have_attribute("aria-disabled", "true")
    expect(locked).to_have_attribute(
        "title", "An integration engineer or a manager can try it again."
    )
    assert sideways(page) == []
    with world.unit_of_work() as session:
        session.execute(text("DELETE FROM job WHERE state = 'dead' AND kind = 'collect_files'"))


@pytest.mark.usefixtures("dead_job")
def test_the_queues_say_whether_anybody_takes_work_up(desk: Desk, world: Practice) -> None:
    with world.unit_of_work() as session:
        session.execute(
            text(
                "INSERT INTO job (id, kind, dedupe_key, queue, state, attempts_max, next_run_at,"
                " created_at) VALUES (gen_random_uuid(), 'check_conformance', 'late', 'slow',"
                " 'ready', 3, now() - interval '10 minutes', now() - interval '10 minutes')"
            )
        )
    page = desk.open("/jobs")
    queues = page.locator("section[aria-label='Queues'] tbody tr")
    expect(queues).to_have_count(6)
    expect(queues.filter(has_text="Checks against the guides")).to_contain_text(
        "10 minNobody takes it up"
    )
    expect(queues.filter(has_text="Meetings with partners").locator("td").nth(3)).to_have_text("1")
    assert flaws(page) == []
    with world.unit_of_work() as session:
        session.execute(text("DELETE FROM job WHERE dedupe_key = 'late' OR state = 'dead'"))

"""Trading partners: how each is, what to do about it, and its settings."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import text

from rcm.access import Role
from tests.browser.conftest import SignIn, settle
from tests.browser.edi import CANARY
from tests.browser.rig import axe_violations, flaws, sideways
from tests.harness import Practice


def act(page: Page, button: str) -> Locator:
    """Press a button of the preview; return the dialog it opens."""
    page.locator(".peek").get_by_role("button", name=button, exact=True).click()
    return page.get_by_role("dialog")


@pytest.fixture(autouse=True)
def _name_again(world: Practice) -> Iterator[None]:
    """Leave the partner as it was."""
    was = world.rows("SELECT name, silent_hours FROM trading_partner")[0]
    yield
    with world.unit_of_work() as session:
        session.execute(
            text("UPDATE trading_partner SET name = :name, silent_hours = :hours"),
            {"name": was.name, "hours": was.silent_hours},
        )


def test_a_partner_is_paused_with_a_reason_and_goes_on(sign_in: SignIn) -> None:
    page = sign_in(Role.ADMIN).open("/partners")
    dialog = act(page, "Pause")
    dialog.get_by_label("Reason").fill("They move their server.")
    dialog.get_by_role("button", name="Pause", exact=True).click()
    row = page.locator("tbody tr").first
    expect(row).to_contain_text(re.compile(r"Paused.*By Alex Stone \d", re.DOTALL))
    expect(page.locator(".peek")).to_contain_text("Paused: “They move their server.”")
    act(page, "Resume").get_by_role("button", name="Resume", exact=True).click()
    expect(row).not_to_contain_text("Paused")


def test_an_exchange_is_asked_for_by_a_button(sign_in: SignIn, world: Practice) -> None:
    page = sign_in(Role.INTEGRATION).open("/partners")
    page.locator(".peek").get_by_role("button", name="Exchange now").click()
    expect(page.get_by_text("sending what is ready and fetching what waits")).to_be_visible()
    assert world.drain() > 0


def test_a_connection_test_shows_its_steps(sign_in: SignIn, world: Practice) -> None:
    page = sign_in(Role.ADMIN).open("/partners")
    page.locator(".peek").get_by_role("button", name="Test the connection").click()
    expect(page.get_by_text("Being tested…")).to_be_visible()
    world.drain()
    peek = page.locator(".peek")
    expect(peek.get_by_text("Being tested…")).to_have_count(0)
    expect(peek.locator(".choice")).not_to_have_count(0)


def test_a_wrong_setting_is_said_at_its_field(sign_in: SignIn) -> None:
    page = sign_in(Role.ADMIN, expected=(422,)).open("/partners")
    dialog = act(page, "Settings")
    dialog.get_by_label("Port", exact=True).fill("99999")
    assert axe_violations(page) == []
    dialog.get_by_role("button", name="Save").click()
    field = dialog.get_by_label("Port", exact=True)
    expect(field).to_have_attribute("aria-invalid", "true")
    described = field.get_attribute("aria-describedby") or ""
    expect(page.locator(f"#{described.split()[-1]}")).not_to_be_empty()


def test_who_changed_it_first_is_not_overwritten(sign_in: SignIn, world: Practice) -> None:
    page = sign_in(Role.ADMIN, expected=(412,)).open("/partners")
    dialog = act(page, "Settings")
    dialog.get_by_label("Say so after hours of silence").fill("70")
    with world.unit_of_work() as session:
        session.execute(text("UPDATE trading_partner SET version = version + 1"))
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    assert world.rows("SELECT 1 FROM trading_partner WHERE silent_hours = 70") == []


def test_a_schedule_says_when_next(sign_in: SignIn, world: Practice) -> None:
    page = sign_in(Role.ADMIN).open("/partners")
    dialog = act(page, "Schedule")
    dialog.get_by_label("Schedule").fill("*/20 * * * *")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Next exchange ")).to_be_visible()
    expect(page.locator(".peek")).to_contain_text("*/20 * * * *")
    with world.unit_of_work() as session:
        session.execute(text("DELETE FROM schedule"))


def test_what_was_sent_is_accepted_rejected_or_waits(sign_in: SignIn) -> None:
    page = sign_in().open("/partners")
    total = page.locator("section[aria-label='Sent and answered'] tfoot td")
    sent, accepted, rejected, waiting = (int(total.nth(n).inner_text()) for n in range(4))
    assert sent == accepted + rejected + waiting
    assert sent > 0


def test_a_name_stays_text_and_the_page_fits(sign_in: SignIn, world: Practice) -> None:
    with world.unit_of_work() as session:
        session.execute(text("UPDATE trading_partner SET name = :name"), {"name": CANARY})
    page = sign_in(Role.ADMIN).open("/partners")
    expect(page.locator(".peek h2").first).to_have_text(CANARY)
    assert page.locator("img[src=x]").count() == 0
    act(page, "Pause")
    assert axe_violations(page) == []
    page.keyboard.press("Escape")
    settle(page)
    assert sideways(page) == []


def test_who_may_only_look_is_told_whom_to_ask(sign_in: SignIn) -> None:
    page = sign_in(Role.AUDITOR).open("/partners")
    locked = page.locator(".peek").get_by_role("button", name="Settings")
    expect(locked).to_have_attribute("aria-disabled", "true")
    page.get_by_role("button", name="Close the preview").click()
    expect(page.locator(".peek")).to_have_count(0)


@pytest.fixture
def _closed_again(world: Practice) -> Iterator[None]:
    yield
    with world.unit_of_work() as session:
        session.execute(
            text(
                "UPDATE partner_breaker SET standing = 'closed', opened_at = NULL,"
                " until = NULL, code = ''"
            )
        )


def stop(world: Practice, code: str, until: str) -> None:
    """Let the breaker stand open."""
    with world.unit_of_work() as session:
        session.execute(
            text(
                "INSERT INTO partner_breaker (partner_id, standing, last, openings, opened_at,"
                f" until, code) SELECT id, 'open', 'xxxxx', 1, now(), {until}, :code"
                " FROM trading_partner ON CONFLICT (partner_id) DO UPDATE SET standing = 'open',"
                " last = 'xxxxx', opened_at = now(), until = excluded.until, code = excluded.code"
            ),
            {"code": code},
        )


@pytest.mark.usefixtures("_closed_again")
def test_a_partner_that_is_not_reached_says_until_when_and_what_is_safe(
    sign_in: SignIn, world: Practice
) -> None:
    stop(world, "SFTP-TIMEOUT", "now() + interval '4 minutes'")
    page = sign_in(Role.ADMIN).open("/partners")
    expect(page.locator("tbody tr").first).to_contain_text("Not reachedNext try")
    peek = page.locator(".peek")
    expect(peek.locator(".next")).to_contain_text("Nothing to do: it is tried again by itself")
    expect(peek.locator(".next")).to_contain_text("5 meetings in a row failed.")
    expect(peek.locator(".next")).to_contain_text("Nothing is lost:")
    expect(peek.get_by_role("button", name="Exchange now")).to_have_count(0)
    facts = peek.locator("dl.facts")
    expect(facts).to_contain_text("Last file out")
    expect(facts).not_to_contain_text("Oldest ready")  # Nothing is.
    assert flaws(page) == []


@pytest.mark.usefixtures("_closed_again")
def test_a_partner_that_shows_another_key_is_started_again_with_a_reason(
    sign_in: SignIn, world: Practice
) -> None:
    stop(world, "SFTP-HOST-KEY", "NULL::timestamptz")
    page = sign_in(Role.ADMIN).open("/partners")
    row = page.locator("tbody tr").first
    expect(row).to_contain_text("StoppedThe server shows another key")
    expect(row).to_contain_text("Waits for you")
    dialog = act(page, "Start again")
    send = dialog.get_by_role("button", name="Start again")
    expect(send).to_have_attribute("aria-disabled", "true")
    dialog.get_by_label("Reason").fill("They read us the new fingerprint.")
    assert axe_violations(page) == []
    send.click()
    expect(page.get_by_text("what waited is tried now")).to_be_visible()
    expect(page.locator("tbody tr").first).not_to_contain_text("Stopped")
    expect(page.locator(".peek")).to_contain_text("Started again: “They read us the new")
    assert world.rows("SELECT standing FROM partner_breaker") == [("closed",)]


@pytest.mark.usefixtures("_closed_again")
def test_my_day_tells_of_an_open_breaker(sign_in: SignIn, world: Practice) -> None:
    stop(world, "SFTP-LOGIN", "NULL::timestamptz")
    page = sign_in(Role.MANAGER).open("/")
    page.get_by_role("link", name=re.compile("is not met any more")).click()
    expect(page).to_have_url(re.compile("/partners"))

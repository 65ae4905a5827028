"""Users, keys, one's own account, and the audit log, as an administrator and others see them."""

import re
from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from rcm.access import Role
from tests.browser.conftest import Desk, SignIn, module, settle
from tests.browser.rig import axe_violations
from tests.browser.visitors import PASSWORD, come_in, forget_attempts, set_roles, visitor
from tests.browser.world import PEOPLE
from tests.harness import Practice
from tests.serving import Served

CANARY_NAME = "<img src=x onerror=alert(1)>"


@pytest.fixture
def users(sign_in: SignIn) -> Desk:
    """The page of users, as an administrator has it; a refusal by the rules is expected."""
    desk = sign_in(Role.ADMIN, expected=(409,))
    desk.open("/users")
    return desk


def row(page: Page, words: str) -> Locator:
    """Return the line that holds these words."""
    return page.get_by_role("row").filter(has_text=words)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


def test_a_person_is_added_and_the_link_is_shown_once(users: Desk, sign_in: SignIn) -> None:
    page, email = users.page, f"{uuid4().hex[:12]}@harbor.example"
    press(page, "Add a user")
    assert axe_violations(page) == []
    add = dialog(page).get_by_role("button", name="Add", exact=True)
    expect(add).to_have_attribute("aria-disabled", "true")
    page.get_by_label("Name").fill(CANARY_NAME)
    page.get_by_label("Email").fill(email)
    page.get_by_role("checkbox", name="Auditor").check()
    add.click()
    expect(dialog(page)).to_contain_text("It is not shown again.")
    expect(dialog(page)).to_contain_text("It works once, until ")
    link = dialog(page).locator("p.mono").inner_text().strip()
    assert "/#/invite/" in link
    dialog(page).locator("footer").get_by_role("button", name="Close").click()
    expect(row(page, email)).to_contain_text(CANARY_NAME)
    expect(row(page, email)).to_contain_text("Invited")
    assert page.locator("#main img").count() == 0
    assert link.rpartition("/")[2] not in page.content()

    guest = sign_in(None).page
    guest.goto(link)
    expect(guest.get_by_role("heading", name="Choose a password")).to_be_visible()


def test_the_same_email_again_is_refused_in_the_dialog(users: Desk) -> None:
    page = users.page
    press(page, "Add a user")
    page.get_by_label("Name").fill("Dana again")
    page.get_by_label("Email").fill(PEOPLE[Role.BILLER].email)
    page.get_by_role("checkbox", name=re.compile("^Biller")).check()
    dialog(page).get_by_role("button", name="Add", exact=True).click()
    expect(dialog(page).get_by_role("alert")).to_contain_text("Somebody has this email already.")
    expect(page.get_by_label("Name")).to_have_value("Dana again")


def test_roles_are_changed_and_somebody_is_disabled_enabled_and_invited_again(
    world: Practice, users: Desk
) -> None:
    who = visitor(world, name=f"Noor {uuid4().hex[:6]}")
    page = users.page
    page.reload()
    settle(page)
    line = row(page, who.email)
    name = line.locator(".strong").inner_text()
    expect(line).to_contain_text("Active")
    press(page, f"Change {name}")
    page.get_by_role("checkbox", name="Payment poster").check()
    press(page, "Save")
    expect(line).to_contain_text("Biller, Payment poster")
    press(page, f"Disable {name}")
    expect(dialog(page)).to_contain_text("Their sessions end at once.")
    dialog(page).get_by_role("button", name="Disable").click()
    expect(line).to_contain_text("Disabled")
    press(page, f"Enable {name}")
    dialog(page).get_by_role("button", name="Enable").click()
    expect(line).to_contain_text("Active")
    press(page, f"New link for {name}")
    press(page, "Make it")
    expect(dialog(page).locator("p.mono")).to_contain_text("/#/invite/")
    dialog(page).locator("footer").get_by_role("button", name="Close").click()
    expect(line).to_contain_text("Invited")


@pytest.fixture
def _one_administrator(world: Practice) -> Iterator[None]:
    """Only Alex administers, for a while."""
    morgan = PEOPLE[Role.MANAGER]
    set_roles(world, morgan.id, [Role.MANAGER])
    yield
    set_roles(world, morgan.id, list(morgan.roles))


@pytest.mark.usefixtures("_one_administrator")
def test_the_last_administrator_stays_one(users: Desk) -> None:
    page = users.page
    press(page, "Change Alex Stone")
    page.get_by_role("checkbox", name="Integration engineer").check()
    page.get_by_role("checkbox", name="Administrator").uncheck()
    press(page, "Save")
    expect(dialog(page).get_by_role("alert")).to_contain_text("Nobody else is an administrator.")
    expect(dialog(page).get_by_role("alert")).to_contain_text("Make somebody else one first")
    assert page.get_by_role("button", name="Disable Alex Stone").count() == 0


def test_a_key_is_made_shown_once_used_and_revoked(users: Desk, site: Served) -> None:
    page, name = users.page, f"{CANARY_NAME} {uuid4().hex[:6]}"
    press(page, "Make a key")
    assert axe_violations(page) == []
    page.get_by_label("For which system").fill(name)
    dialog(page).get_by_role("button", name="Make it").click()
    expect(dialog(page)).to_contain_text("It is not shown again.")
    secret = dialog(page).locator("p.mono").inner_text().strip()
    assert secret.startswith("rcm_")
    dialog(page).locator("footer").get_by_role("button", name="Close").click()
    expect(row(page, name)).to_contain_text("EHR system")
    assert secret not in page.content()
    assert page.locator("#main img").count() == 0

    bearer = {"Authorization": f"Bearer {secret}"}
    assert httpx.get(f"{site.url}/api/v1/me", headers=bearer).json()["name"] == name
    press(page, f"Revoke {name}")
    expect(dialog(page)).to_contain_text("This cannot be undone")
    dialog(page).get_by_role("button", name="Revoke").click()
    expect(row(page, name)).to_contain_text("Revoked")
    assert httpx.get(f"{site.url}/api/v1/me", headers=bearer).status_code == 401


def test_who_only_reads_sees_what_is_locked_and_whom_to_ask(sign_in: SignIn) -> None:
    page = sign_in(Role.AUDITOR).open("/users")
    for name, why in (
        ("Add a user", "An administrator adds users."),
        ("Make a key", "An administrator makes keys."),
    ):
        locked = page.get_by_role("button", name=name)
        expect(locked).to_have_attribute("aria-disabled", "true")
        expect(locked).to_have_attribute("title", why)
        locked.click(force=True)
    assert page.get_by_role("dialog").count() == 0
    assert (
        page.get_by_role("button", name=re.compile("^(Change|Disable|New link|Revoke)")).count()
        == 0
    )


def test_the_audit_log_is_filtered_by_person_and_action_and_cannot_be_changed(
    sign_in: SignIn,
) -> None:
    seen = sign_in(Role.MANAGER).page
    seen.goto("/account")
    settle(seen)
    told = seen.evaluate(
        f"async () => (await {module('http.js')}.post('/search', {{ q: 'zzz' }})).as_of"
    )
    assert told
    page = sign_in(Role.AUDITOR).open("/audit")
    expect(page.locator("#main")).to_contain_text(re.compile("Not chained yet|hash chain up to"))
    assert axe_violations(page) == []
    page.get_by_label("What was done").select_option("search")
    expect(page).to_have_url(re.compile(r"action=search"))
    settle(page)
    expect(page.locator("tbody tr").first).to_contain_text("search")
    page.get_by_role("button", name="Morgan Lee").first.click()
    expect(page).to_have_url(re.compile(r"actor="))
    settle(page)
    for line in page.locator("tbody tr").all():
        expect(line).to_contain_text("Morgan Lee")
        expect(line).to_contain_text("search")
    page.get_by_role("button", name="Remove filter: Morgan Lee").click()
    expect(page).not_to_have_url(re.compile(r"actor="))
    words = [each.inner_text() for each in page.locator("#main button").all()]
    assert not [
        each for each in words if re.search("delete|remove|edit|change", each, re.IGNORECASE)
    ]


def test_a_password_is_changed_with_the_old_one(sign_in: SignIn, world: Practice) -> None:
    forget_attempts(world)
    who = visitor(world)
    page = sign_in(None, expected=(403,)).page
    page.goto("/account")
    come_in(page, world, who)
    settle(page)
    expect(page.locator("#main")).to_contain_text("Biller")
    press(page, "Change your password")
    page.get_by_label("Password now").fill("not the one")
    page.get_by_label("New password").fill("nine herons sleep beside the mill")
    press(page, "Change it")
    expect(dialog(page).get_by_role("alert")).to_contain_text("The email or the password")
    page.get_by_label("Password now").fill(PASSWORD)
    press(page, "Change it")
    expect(page.get_by_role("status")).to_contain_text("Your password is changed.")
    page.reload()
    settle(page)
    expect(page.get_by_role("heading", name="Account")).to_be_visible()

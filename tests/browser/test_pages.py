"""Every page, for whoever may see it: nothing for axe or the console to say, nothing sideways."""

import pytest

from rcm.access import Role
from tests.browser.conftest import Desk, SignIn, settle
from tests.browser.rig import flaws

PAGES = (
    "/",
    "/worklists",
    "/claims",
    "/payments",
    "/eligibility",
    "/analytics",
    "/files",
    "/partners",
    "/jobs",
    "/users",
    "/audit",
    "/account",
)
#: Lists, and the first row's page.
DETAILS = ("/claims", "/payments", "/eligibility", "/files")


def open_first(desk: Desk, path: str, query: str = "") -> None:
    """Open the page of the first row of a list."""
    page = desk.open(path + query)
    page.locator("tbody tr th a").first.click()
    page.wait_for_url(f"**{path}/*")
    settle(page)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_for_everybody(desk: Desk, path: str) -> None:
    assert flaws(desk.open(path)) == []


@pytest.mark.parametrize("path", DETAILS)
def test_a_detail_is_for_everybody(desk: Desk, path: str) -> None:
    open_first(desk, path)
    assert flaws(desk.page) == []


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.EHR])
def test_a_role_sees_only_rooms_it_may_enter(sign_in: SignIn, role: Role) -> None:
    desk = sign_in(role)
    desk.page.goto("/account")
    settle(desk.page)
    for link in desk.page.locator("nav.rail a").all():
        link.click()
        settle(desk.page)
        assert desk.page.get_by_text("You may not see this page").count() == 0
        assert desk.page.locator("[role=alert]").count() == 0

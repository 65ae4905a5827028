"""Chromium on the real API: one practice with a day's work, for all tests here."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import Engine

from api.app import make_app
from rcm.access import Role
from rcm.access.sessions import Stage, begin_session
from rcm.db import make_unit_of_work
from rcm.settings import Settings
from rcm.tools import Tools, make_tools
from tests.browser.rig import Complaints, find_chromium, running_chromium
from tests.browser.world import PEOPLE, reach_world
from tests.harness import Practice
from tests.serving import Served, serving
from tests.stages import Stages, empty_database


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The system's Chromium. Nothing is downloaded; where there is none, only CI insists."""
    path = find_chromium()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is not installed, and CI tests the pages")
        pytest.skip("the pages need Chromium: install it, for example `apt-get install chromium`")
    with running_chromium(path) as browser:
        yield browser


@pytest.fixture(scope="package")
def live_tools(settings: Settings) -> Tools:
    """The tools of the served process: its clock goes, as the browser's does."""
    return make_tools(settings)


@pytest.fixture(scope="package")
def world(
    owner: Engine,
    engine: Engine,
    live_tools: Tools,
    tmp_path_factory: pytest.TempPathFactory,
    stages: Stages,
) -> Practice:
    """The practice, seeded once."""
    empty_database(owner)
    folder = tmp_path_factory.mktemp("world")
    return reach_world(make_unit_of_work(engine), live_tools, folder, stages)


@pytest.fixture(scope="package")
def site(settings: Settings, world: Practice) -> Iterator[Served]:  # noqa: ARG001  # First.
    """The API with its dashboard."""
    with serving(make_app(settings)) as running:
        yield running


@dataclass(frozen=True, slots=True)
class Desk:
    """A browser window of somebody, and what it complained of."""

    page: Page
    context: BrowserContext
    complaints: Complaints

    def open(self, path: str) -> Page:
        """Go to a page and wait until its data is there."""
        self.page.goto(path)
        settle(self.page)
        return self.page


def settle(page: Page) -> None:
    """Wait until nothing on the page is still loading."""
    page.wait_for_function(
        "() => document.querySelector('#main h1') && !document.querySelector('[aria-busy=true]')"
    )


def module(name: str) -> str:
    """Return JavaScript that imports a module of the page: the one it runs, not a second one."""
    return f"(await import(new URL('{name}', document.querySelector('script[type=module]').src)))"


SignIn = Callable[..., Desk]


@pytest.fixture
def sign_in(
    chromium: Browser, site: Served, world: Practice, live_tools: Tools
) -> Iterator[SignIn]:
    """Open a window as somebody of a role; with `role=None` as a stranger. Clean when it closes."""
    desks: list[Desk] = []

    def begin(
        role: Role | None = Role.MANAGER, *, scheme: str = "light", expected: tuple[int, ...] = ()
    ) -> Desk:
        context = chromium.new_context(
            base_url=site.url,
            color_scheme=scheme,  # type: ignore[arg-type]  # A literal of Playwright's.
            viewport={"width": 1440, "height": 900},
            reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)
        if role is not None:
            with world.unit_of_work() as session:
                secret = begin_session(session, live_tools, PEOPLE[role].id, Stage.FULL)
            context.add_cookies(
                [
                    {
                        "name": "__Host-rcm",
                        "value": secret,
                        "url": site.url.replace("http:", "https:"),
                        "secure": True,
                        "httpOnly": True,
                        "sameSite": "Lax",
                    }
                ]
            )
        page = context.new_page()
        desk = Desk(page, context, Complaints(expected=expected))
        desk.complaints.listen(page)
        desks.append(desk)
        return desk

    yield begin
    for desk in desks:
        desk.context.close()
    assert [told for desk in desks for told in desk.complaints.told] == []


@pytest.fixture
def desk(sign_in: SignIn) -> Desk:
    """The window of a manager."""
    return sign_in()

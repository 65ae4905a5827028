"""How long the claims list takes to be seen, in Chromium: the first paint, and the first rows."""

from collections.abc import Iterator

from playwright.sync_api import Browser, BrowserContext

from benchmarks.timing import Figure
from rcm.access import Role
from rcm.access.tickets import Purpose, make_ticket
from rcm.access.users import invite_user
from rcm.db import UnitOfWork
from rcm.tools import Tools
from tests.browser.rig import find_chromium, running_chromium

_TIMES = 9
_GOAL_MS = 1_000
_FIRST_PAINT = (
    "() => Math.round(performance.getEntriesByName('first-contentful-paint')[0].startTime * 1000)"
)


def enter_link(unit_of_work: UnitOfWork, tools: Tools) -> str:
    """Return the fragment of an address that signs a new manager in, once."""
    with unit_of_work() as session:
        invited = invite_user(
            session,
            tools,
            email=f"bench-{tools.randomness.uuid()}@example.org",
            name="Bench",
            roles=[Role.MANAGER],
            practices=None,
            by=None,
        )
        ticket, _ = make_ticket(session, tools, invited.user_id, Purpose.ENTER)
    return f"/#/enter/{ticket}"


def paint_figures(url: str, link: str) -> Iterator[Figure]:
    """Open the list in fresh windows; nothing where there is no Chromium."""
    path = find_chromium()
    if path is None:
        return
    with running_chromium(path) as browser:
        first = browser.new_context(base_url=url)
        page = first.new_page()
        page.goto(link)
        page.get_by_role("heading", name="My day").wait_for()
        taken = [_open(browser, first, url) for _ in range(_TIMES)]
    for name, at in (("first paint", 0), ("first rows", 1)):
        times = sorted(each[at] for each in taken)
        yield Figure(
            name=f"claims page in a browser: {name}",
            unit="us",
            middle=times[len(times) // 2],
            worst=times[-1],
            goal=_GOAL_MS * 1000,
        )


def _open(browser: Browser, signed_in: BrowserContext, url: str) -> tuple[int, int]:
    """Return the first paint and the first rows, in microseconds after the navigation began."""
    context = browser.new_context(base_url=url, storage_state=signed_in.storage_state())
    page = context.new_page()
    page.goto("/claims")
    page.wait_for_selector("tbody:not([aria-busy]) tr")
    rows = page.evaluate("() => Math.round(performance.now() * 1000)")
    paint = page.evaluate(_FIRST_PAINT)
    context.close()
    return int(paint), int(rows)

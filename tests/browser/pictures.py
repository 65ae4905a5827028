"""`make pictures`: every page as it is, into docs/images. Not a test; it uses what tests use."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import SignIn
from tests.browser.test_pages import DETAILS, PAGES, open_first

FOLDER = Path(__file__).parents[2] / "docs/images"
_DARK = ("/", "/claims")
_NARROW = ("/", "/claims")
_MOST = {"/payments": "?sort=-amount"}  #: The first by time may be of no money.


def _save(page: Page, name: str) -> None:
    """Keep what a window of the usual size shows."""
    page.screenshot(path=FOLDER / f"{name}.png")


def _name(path: str) -> str:
    return path.strip("/").replace("/", "-") or "my-day"


@pytest.mark.parametrize("path", PAGES)
def test_picture(sign_in: SignIn, path: str) -> None:
    _save(sign_in().open(path), _name(path))


@pytest.mark.parametrize("path", DETAILS)
def test_picture_of_a_detail(sign_in: SignIn, path: str) -> None:
    desk = sign_in()
    open_first(desk, path, _MOST.get(path, ""))
    _save(desk.page, f"{_name(path)}-one")


@pytest.mark.parametrize("path", _DARK)
def test_picture_in_the_dark(sign_in: SignIn, path: str) -> None:
    _save(sign_in(scheme="dark").open(path), f"{_name(path)}-dark")


@pytest.mark.parametrize("path", _NARROW)
def test_picture_of_a_phone(sign_in: SignIn, path: str) -> None:
    desk = sign_in()
    desk.page.set_viewport_size({"width": 390, "height": 844})
    page = desk.open(path)
    page.screenshot(path=FOLDER / f"{_name(path)}-390.png")


def test_picture_of_signing_in(sign_in: SignIn) -> None:
    page = sign_in(None).page
    page.goto("/")
    page.get_by_role("heading", name="Sign in").wait_for()
    _save(page, "sign-in")

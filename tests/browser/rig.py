"""Chromium, what it complains of, and what axe finds."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

AXE = (Path(__file__).parent / "vendor/axe.min.js").read_text(encoding="utf-8")
#: Nothing of this asks any network: Chromium's own calls home are off.
_QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-sandbox",
)
_WIDTHS = (320, 768, 1440)
_OF_COLOURS = ("color-contrast", "link-in-text-block")  #: All that a colour scheme can change.


def find_chromium() -> str | None:
    """Return the path of the system's Chromium."""
    names = (
        "chromium-headless-shell",  # The same without windows: a third less work.
        "chromium",
        "chromium-browser",
        "google-chrome-stable",
        "google-chrome",
    )
    return next((path for name in names if (path := shutil.which(name))), None)


@contextmanager
def running_chromium(path: str) -> Iterator[Browser]:
    """Run Chromium without a screen."""
    expect.set_options(timeout=20_000)  # A busy machine draws late, which is no fault of a page.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_QUIET))
        yield browser
        browser.close()


@dataclass(slots=True)
class Complaints:
    """What the console of a page said that it should not, and what its policy refused."""

    told: list[str] = field(default_factory=list)
    expected: tuple[int, ...] = ()  #: Statuses of answers that a test provokes.
    expected_words: tuple[str, ...] = ()  #: Of what else it provokes.

    def listen(self, page: Page) -> None:
        """Note every error, warning and uncaught exception of `page`."""
        page.on("pageerror", lambda error: self.told.append(f"uncaught: {error}"))
        page.on("console", lambda message: self._note(message.type, message.text))

    def _note(self, kind: str, text: str) -> None:
        if kind not in {"error", "warning"}:
            return
        if any(f"status of {status} " in text for status in self.expected):
            return
        if any(words in text for words in self.expected_words):
            return
        self.told.append(f"{kind}: {text}")


def axe_violations(page: Page, rules: Sequence[str] = ()) -> list[str]:
    """Run axe on `page`, all of it or some rules; return what is serious or critical, each with
    its first place."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    options = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    found: dict[str, Any] = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{each['id']} ({each['impact']}): {each['nodes'][0]['html'][:160]}"
        for each in found["violations"]
        if each["impact"] in {"serious", "critical"}
    ]


def sideways(page: Page) -> list[str]:
    """Return the widths at which the page, or something on it, scrolls or sticks out sideways."""
    before = page.viewport_size
    wrong = []
    for width in _WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(80)
        over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if over > 0:
            wrong.append(f"{width} px: {over} too wide")
    if before:
        page.set_viewport_size(before)
    return wrong


def flaws(page: Page) -> list[str]:
    """Return what axe finds in light and in the dark, and what scrolls sideways at any width."""
    found = axe_violations(page)
    page.emulate_media(color_scheme="dark")
    found += [f"in the dark: {each}" for each in axe_violations(page, _OF_COLOURS)]
    page.emulate_media(color_scheme="light")
    return found + sideways(page)


def ask_now(page: Page) -> None:
    """Press "Ask now", unless the page, which asks every 5 seconds, has just asked by itself."""
    page.evaluate(
        "() => [...document.querySelectorAll('button')]"
        ".find((each) => each.textContent === 'Ask now')?.click()"
    )

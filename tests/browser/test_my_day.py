"""My day: numbers that are the lists behind them, what comes first, and parts that fail."""

import json
import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, Route, expect

from rcm.access import Role
from tests.browser.conftest import Desk, SignIn, module, settle

_OLD = "2026-01-05T08:00:00Z"
Change = Callable[[dict[str, Any]], None]


def tell(page: Page, change: Change) -> None:
    """Let the summary be what the server says, changed."""

    def answer(route: Route) -> None:
        told = route.fetch().json()
        change(told)
        route.fulfill(json=told)

    page.route("**/api/v1/dashboard/summary*", answer)


def cents(text: str) -> int:
    """Return the cents of an amount as pages write it."""
    return int(re.sub(r"[^0-9−]", "", text).replace("−", "-") or 0)


def test_a_counter_is_the_list_behind_it(desk: Desk) -> None:
    desk.open("/")
    for n in range(6):
        counter = desk.page.locator(".counter").nth(n)
        count, _, money = counter.locator(".value").inner_text().partition(" ")
        counter.click()
        desk.page.wait_for_url("**/worklists?kind=*")
        settle(desk.page)
        expect(desk.page.locator(".page-head p").first).to_have_text(re.compile(f"^{count} item"))
        assert desk.page.locator("tbody tr").count() == int(count)
        if int(count):
            assert cents(desk.page.locator("tfoot td").last.inner_text()) == cents(money)
        desk.page.go_back()
        settle(desk.page)


def test_start_here_is_by_day_then_by_money(desk: Desk) -> None:
    desk.open("/")
    summary = desk.page.request.get("/api/v1/dashboard/summary").json()
    order = [(each["due_on"], -each["amount_cents"]) for each in summary["start_here"]]
    assert len(order) == 6
    assert order == sorted(order)
    shown = desk.page.locator("section[aria-label='Start here'] tbody tr th a").all_inner_texts()
    assert shown == [each["message"] for each in summary["start_here"]]


def test_a_dot_goes_to_the_next_item(desk: Desk) -> None:
    page = desk.open("/")
    first = page.locator("section[aria-label='Start here'] tbody tr th a").first
    href = first.get_attribute("href")
    page.keyboard.press(".")
    page.wait_for_url(f"**{href}")


def test_mine_and_the_teams(desk: Desk) -> None:
    page = desk.open("/")
    with page.expect_response("**/dashboard/summary?scope=me"):
        page.get_by_role("button", name="Mine").click()
    expect(page.get_by_role("button", name="Mine")).to_have_attribute("aria-pressed", "true")
    mine = re.compile("assignee=me")
    expect(page.locator(".counter").first).to_have_attribute("href", mine)
    page.reload()
    settle(page)
    expect(page.locator(".counter").first).to_have_attribute("href", mine)


def test_an_alert_leads_to_what_it_is_about(desk: Desk) -> None:
    page = desk.open("/")
    page.get_by_role("link", name=re.compile("kept aside: we could")).click()
    page.wait_for_url("**/files?state=quarantined")
    settle(page)
    told = page.request.get("/api/v1/files?state=quarantined").json()
    assert page.locator("tbody tr").count() == told["total"] > 0


def test_an_empty_practice_reads_well(desk: Desk) -> None:
    def empty(told: dict[str, Any]) -> None:
        for counter in told["counters"].values():
            counter.update(count=0, amount_cents=0, oldest_at=None)
        told.update(start_here=[], alerts=[], open_items=0, due_today=0)

    tell(desk.page, empty)
    page = desk.open("/")
    assert page.get_by_text("Nothing waits", exact=True).count() == 5
    expect(page.get_by_text("None is due in 7 days")).to_be_visible()
    expect(page.get_by_text("Nothing waits for you")).to_be_visible()
    expect(page.get_by_text("All connections and jobs are well.")).to_be_visible()
    assert page.get_by_role("link", name="Work next").count() == 0


def test_old_counts_say_so(desk: Desk) -> None:
    tell(desk.page, lambda told: told.update(as_of=_OLD))
    expect(desk.open("/").get_by_text("These counts are old.")).to_be_visible()


def test_one_part_that_fails_leaves_the_others_alive(sign_in: SignIn) -> None:
    desk = sign_in(expected=(500,))
    problem = json.dumps({"type": "about:blank", "title": "Something broke here.", "status": 500})
    desk.page.route(
        "**/api/v1/analytics/ar-aging*",
        lambda route: route.fulfill(
            status=500, content_type="application/problem+json", body=problem
        ),
    )
    page = desk.open("/")
    aging = page.locator("section[aria-label='Open receivables by age']")
    expect(aging.get_by_role("alert")).to_be_visible()
    assert aging.locator("[aria-busy]").count() == 0
    assert page.locator("section[aria-label='Start here'] tbody tr").count() == 6
    expect(page.locator("section[aria-label='Cash per week'] svg.chart")).to_be_visible()
    page.unroute("**/api/v1/analytics/ar-aging*")
    aging.get_by_role("button", name="Try again").click()
    expect(aging.locator("svg.chart")).to_be_visible()


def test_a_counter_follows_what_another_window_does(sign_in: SignIn) -> None:
    here, there = sign_in(), sign_in(Role.BILLER)
    held = here.open("/").locator(".counter", has_text="Held").locator(".value")
    before = int(held.inner_text().split()[0])
    here.page.wait_for_function(f"async () => {module('changes.js')}.asOf.value")  # The feed began.
    other = there.open("/worklists?kind=held")
    close_first(other)
    expect(held).to_have_text(re.compile(f"^{before - 1} "))
    other.get_by_role("button", name="Undo").click()
    expect(held).to_have_text(re.compile(f"^{before} "))


def close_first(page: Page) -> None:
    """Close the first item of a worklist with a reason."""
    page.locator("tbody input[type=checkbox]").first.check()
    page.locator(".bulkbar").get_by_role("button", name="Close").click()
    page.get_by_label("Reason").fill("Settled by telephone")
    page.get_by_role("dialog").get_by_role("button", name="Close the item").click()
    expect(page.get_by_text("1 item closed.")).to_be_visible()

"""Charts: a bar is the list behind it, the table is the chart, and the keyboard walks it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Desk, settle
from tests.browser.test_my_day import cents

_AGING = "section[aria-label='Open receivables by age']"


@pytest.mark.parametrize(
    ("chart", "page_name"),
    [("Open receivables by payer and age", "claims"), ("Cash per week", "payments")],
)
def test_a_bar_is_the_list_behind_it(desk: Desk, chart: str, page_name: str) -> None:
    page = desk.open("/analytics")
    bars = page.locator("svg.chart", has=page.locator(f"title:text-is('{chart}')")).locator("a")
    told = re.search(r"\$[\d,.]*\d", bars.first.get_attribute("aria-label") or "")
    query = (bars.first.get_attribute("href") or "").partition("?")[2]
    bars.first.click()
    page.wait_for_url(f"**/{page_name}?*")
    settle(page)
    assert page.get_by_role("alert").count() == 0
    path = {"claims": "claims", "payments": "remittances"}[page_name]
    totals = page.request.get(f"/api/v1/{path}?{query}").json()["totals"]
    listed = (
        totals["balance_cents"] - totals["patient_cents"]
        if page_name == "claims"
        else totals["payment_cents"]
    )
    assert told is not None
    assert cents(told[0]) == listed


def test_the_table_is_the_chart(desk: Desk) -> None:
    page = desk.open("/analytics")
    figures = page.request.get("/api/v1/analytics/ar-aging").json()
    page.locator(_AGING).get_by_text("View as table").click()
    rows = page.locator(f"{_AGING} .table-view tbody tr")
    assert rows.count() == len(figures["rows"])
    for n, row in enumerate(figures["rows"]):
        shown = [cents(each) for each in rows.nth(n).locator("td").all_inner_texts()]
        assert shown == [*(part["amount_cents"] for part in row["buckets"]), row["total_cents"]]


def test_a_chart_is_one_tab_stop_with_arrows_inside(desk: Desk) -> None:
    page = desk.open("/analytics")
    for chart in page.locator("svg.chart").all():
        assert chart.locator("a[tabindex='0']").count() == 1
    bars = page.locator(f"{_AGING} svg.chart a")
    bars.first.focus()
    page.keyboard.press("ArrowRight")
    expect(bars.nth(1)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(bars.last).to_be_focused()


def test_codes_stay_capitals_and_the_groups_have_their_words(desk: Desk) -> None:
    page = desk.open("/analytics")
    expect(page.get_by_role("heading", name=re.compile(r"^CO-\d+ costs most$"))).to_be_visible()
    assert page.locator("svg.chart text", has_text=re.compile(r"^CO-\d+")).count() > 0
    page.get_by_role("button", name="Payer", exact=True).click()
    expect(page.get_by_role("heading", name="Sandbox Commercial refuses most")).to_be_visible()
    page.get_by_role("button", name="Since first sent").click()
    expect(page.get_by_text("days since first sent")).to_be_visible()

"""The claims list: filters, order, sums, pages, keys, and what is done with many at once."""

import csv
import io
import re
import zipfile

import pytest
from playwright.sync_api import Page, expect

from rcm.access import Role
from tests.browser.claims_here import (
    asked,
    assignee,
    cents,
    claim_ids,
    counted,
    equation,
    listed,
    number,
    row,
    status,
)
from tests.browser.conftest import Desk, SignIn, settle
from tests.browser.rig import sideways
from tests.harness import Practice

_NEWEST = "/claims?sort=-created_at"


def _pills(page: Page) -> list[str]:
    names = page.locator(".filters").first.locator("button").all_inner_texts()
    return [re.sub(r"\s*[\d,]+$", "", name).strip() for name in names]


def _press(page: Page, name: str) -> int:
    """Press a pill, wait for its list; return the count that the pill promised."""
    pill = page.locator(".filters").first.get_by_role("button", name=re.compile(f"^{name} "))
    promised = int(pill.locator(".count").inner_text().replace(",", ""))
    pill.click()
    settle(page)
    return promised


def _pick(page: Page, name: str) -> None:
    page.get_by_role("checkbox", name=f"Select claim {name}").check()


def test_each_pill_lists_what_it_counts_and_what_the_api_counts(desk: Desk) -> None:
    page = desk.open("/claims")
    everything = counted(page)
    for name in _pills(page)[1:]:
        promised = _press(page, name)
        query = page.evaluate("location.search")
        assert counted(page) == promised == asked(page, f"/claims{query}")["total"], name
        assert 0 < promised < everything
        _press(page, name)
        assert page.evaluate("location.search") == ""


def test_filters_combine_survive_a_reload_and_come_back(desk: Desk) -> None:
    page = desk.open("/claims")
    both = _press(page, "Held") + _press(page, "Denied")
    expect(page.locator("main [role=status]").first).to_contain_text(f"{both} claims")
    page.get_by_role("button", name="Filter", exact=True).click()
    page.get_by_label("Billed from, $").fill("150")
    page.get_by_role("button", name="Show them").click()
    settle(page)
    query = page.evaluate("location.search")
    assert "charge_min=15000" in query
    wanted = asked(page, f"/claims{query}")["total"]
    assert counted(page) == wanted < both
    page.reload()
    settle(page)
    assert counted(page) == wanted
    page.locator("tbody th a").first.click()
    page.wait_for_url("**/claims/*")
    page.go_back()
    settle(page)
    assert (page.evaluate("location.search"), counted(page)) == (query, wanted)
    page.get_by_role("button", name="Remove filter: Billed from $150.00").click()
    settle(page)
    assert counted(page) == both


def test_a_payer_and_a_practice_are_filtered_by_their_names(desk: Desk) -> None:
    page = desk.open("/claims")
    page.get_by_role("button", name="Filter", exact=True).click()
    page.get_by_label("Payer", exact=True).select_option(
        value=next(iter(asked(page, "/claims")["facets"]["payer"]))
    )
    chosen = page.get_by_label("Payer", exact=True).locator("option:checked").inner_text()
    assert chosen.startswith("Sandbox ")
    page.get_by_label("Payer’s reason").fill("CO 45")
    expect(page.get_by_text("Write it like CO-16.")).to_be_visible()
    page.get_by_label("Payer’s reason").fill("CO-45")
    page.get_by_role("button", name="Show them").click()
    settle(page)
    assert counted(page) == asked(page, f"/claims{page.evaluate('location.search')}")["total"] > 0


@pytest.mark.parametrize(("label", "column"), [("Billed", 5), ("Open", 9), ("Served", 4)])
def test_a_heading_sorts_and_turns(desk: Desk, label: str, column: int) -> None:
    page = desk.open("/claims")
    heading = page.locator("thead th", has_text=label)
    for order in ("descending", "ascending"):
        heading.get_by_role("button").click()
        settle(page)
        expect(heading).to_have_attribute("aria-sort", order)
        assert page.locator("thead th[aria-sort]").count() == 1
        cells = page.locator(f"tbody tr > :nth-child({column + 1})").all_inner_texts()
        values = [cell.split("\n")[0] for cell in cells]
        keys = values if label == "Served" else [cents(value) for value in values]
        assert keys == sorted(keys, reverse=order == "descending")


def test_the_totals_state_the_equation_of_what_is_filtered(desk: Desk) -> None:
    page = desk.open("/claims")
    seen = []
    for name in (None, "Denied", "Paid"):
        if name:
            _press(page, name)
        billed, *parts = equation(page)
        query = page.evaluate("location.search")
        totals = asked(page, f"/claims{query}")["totals"]
        names = ("charge", "paid", "adjusted", "patient", "open")
        assert [billed, *parts] == [totals[f"{each}_cents"] for each in names]
        assert billed == sum(parts)
        seen.append(billed)
    assert len(set(seen)) == 3


def test_more_rows_bring_no_row_twice_while_others_arrive(desk: Desk, world: Practice) -> None:
    page = desk.open(_NEWEST)
    before = listed(page)
    claim_ids(world, 2)
    while (more := page.get_by_role("button", name="Show more")).count():
        count = len(listed(page))
        more.click()
        expect(page.locator("tbody th a")).not_to_have_count(count)
    after = listed(page)
    assert len(after) == len(set(after)) > len(before)
    assert after[: len(before)] == before


def test_keys_alone_move_choose_preview_and_open(desk: Desk) -> None:
    page = desk.open("/claims")
    ids = listed(page)
    keys = page.keyboard
    for key in ("j", "j", "j", "k"):
        keys.press(key)
    current = page.locator("tr.is-current a")
    expect(current).to_have_attribute("href", f"/claims/{ids[1]}")
    peek = page.get_by_role("complementary", name="Preview")
    expect(peek).to_be_visible()
    keys.press(" ")
    expect(peek).to_have_count(0)
    keys.press(" ")
    expect(peek).to_be_visible()
    keys.press("x")
    expect(page.get_by_role("region", name="With the selected claims")).to_contain_text(
        "1 selected"
    )
    keys.press("Escape")
    expect(page.get_by_role("region", name="With the selected claims")).to_have_count(0)
    for _ in range(25):
        keys.press("j")
    expect(current).to_have_attribute("href", f"/claims/{ids[26]}")
    box = page.locator("tr.is-current").bounding_box()
    assert box is not None
    assert 0 < box["y"] < 900 - box["height"]
    keys.press("k")
    keys.press("Enter")
    page.wait_for_url(f"**/claims/{ids[25]}")
    page.go_back()
    settle(page)
    expect(current).to_have_attribute("href", f"/claims/{ids[25]}")


def test_many_are_held_noted_and_resent_and_what_is_skipped_says_why(
    desk: Desk, world: Practice
) -> None:
    first, second = claim_ids(world, 2)
    page = desk.open(_NEWEST)
    names = [number(world, each) for each in (first, second)]
    bar = page.get_by_role("region", name="With the selected claims")
    _pick(page, names[0])
    bar.get_by_role("button", name="Hold").click()
    submit = page.get_by_role("dialog").get_by_role("button", name="Hold")
    expect(submit).to_have_attribute("aria-disabled", "true")
    page.get_by_label("Reason").fill("The clinic looks for the referral.")
    submit.click()
    expect(page.locator(".toast")).to_contain_text("1 claim held.")
    expect(row(page, names[0])).to_contain_text("On hold")
    assert status(world, first) == "on_hold"

    for name in names:
        _pick(page, name)
    page.keyboard.press("n")
    page.get_by_label("Reason").fill("Ask the front desk.")
    page.get_by_role("button", name="Add the note").click()
    expect(page.locator(".toast").last).to_contain_text("2 claims noted.")
    expect(bar).to_have_count(0)

    for name in names:
        _pick(page, name)
    bar.get_by_role("button", name="Check and resend").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("1 claim can go.")
    expect(dialog).to_contain_text("A person holds it back: release it first.")
    expect(dialog).to_contain_text(names[0])
    dialog.get_by_role("button", name="Check and resend 1").click()
    expect(page.locator(".toast").last).to_contain_text("1 claim checked.")
    assert [status(world, each) for each in (first, second)] == ["on_hold", "ready"]


def test_work_is_assigned_and_the_toast_takes_it_back(desk: Desk, world: Practice) -> None:
    (held,) = claim_ids(world, 1, rendering_provider__npi="1193000515")
    page = desk.open(_NEWEST)
    _pick(page, number(world, held))
    page.keyboard.press("a")
    page.get_by_label("To").select_option(label="Dana Reyes")
    page.get_by_role("button", name="Assign", exact=True).click()
    toast = page.locator(".toast")
    expect(toast).to_contain_text("1 task assigned.")
    assert assignee(world, held) == "Dana Reyes"
    toast.get_by_role("button", name="Undo").click()
    expect(toast).to_contain_text("Undone.")
    assert assignee(world, held) is None


@pytest.mark.parametrize("form", ["CSV", "Excel"])
def test_an_export_has_a_row_for_each_claim(desk: Desk, form: str) -> None:
    page = desk.open("/claims")
    _press(page, "Denied")
    with page.expect_download() as waiting:
        page.get_by_role("button", name=form).click()
    body = waiting.value.path().read_bytes()
    if form == "CSV":
        rows = list(csv.DictReader(body.decode("utf-8-sig").splitlines()))
        assert len(rows) == counted(page)
        assert {each["Status"] for each in rows} == {"denied"}
        assert "canary" not in body.decode().lower()
    else:
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert sheet.count("<row ") - 1 == counted(page)


def test_all_rows_are_selected_page_first(desk: Desk) -> None:
    page = desk.open("/claims")
    total = counted(page)
    page.get_by_role("checkbox", name="Select all on this page").check()
    bar = page.get_by_role("region", name="With the selected claims")
    expect(bar).to_contain_text("50 selected")
    bar.get_by_role("button", name=f"Select all {total}").click()
    expect(bar).to_contain_text(f"{total} selected")
    _press(page, "Denied")
    expect(bar).to_have_count(0)


def test_a_filter_that_hides_all_offers_to_show_all(desk: Desk) -> None:
    page = desk.open("/claims?q=ZZZZ")
    expect(page.get_by_text("No claim fits these filters")).to_be_visible()
    page.get_by_role("button", name="Show all claims").click()
    settle(page)
    assert counted(page) > 0


def test_on_a_phone_rows_are_cards(desk: Desk) -> None:
    page = desk.open("/claims")
    assert sideways(page) == []
    page.set_viewport_size({"width": 320, "height": 800})
    line = page.locator("tbody tr").first
    assert line.evaluate("each => getComputedStyle(each).display") != "table-row"
    expect(page.locator("thead th").first).not_to_be_in_viewport()
    expect(line.locator("[data-label=Open]")).to_be_visible()
    expect(line.locator(".chip")).to_be_visible()


def test_roles_get_what_they_may_do(sign_in: SignIn) -> None:
    auditor = sign_in(Role.AUDITOR).open("/claims")
    assert auditor.get_by_role("checkbox").count() == 0
    assert auditor.get_by_role("button", name="CSV").count() == 0
    poster = sign_in(Role.POSTER).open("/claims")
    poster.locator("tbody input").first.check()
    bar = poster.get_by_role("region", name="With the selected claims")
    expect(bar.get_by_role("button", name="Assign")).to_be_visible()
    locked = bar.get_by_role("button", name="Check and resend")
    expect(locked).to_have_attribute("aria-disabled", "true")
    expect(locked).to_contain_text("A biller can send them again.")
    assert bar.get_by_role("button", name="Hold").count() == 0

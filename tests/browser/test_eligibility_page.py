"""Eligibility: why a payer refuses in plain words, what to do, and what was known before."""

from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Desk, settle
from tests.browser.rig import flaws


def check_of(page: Page, outcome: str) -> dict[str, Any]:
    """Return the newest check with an outcome."""
    found: dict[str, Any] = page.request.get(
        f"/api/v1/eligibility-checks?outcome={outcome}&limit=1"
    ).json()["items"][0]
    return found


def test_a_refusal_is_in_plain_words_with_what_to_do(desk: Desk) -> None:
    page = desk.open("/eligibility?outcome=not_found")
    row = page.locator("tbody tr").first
    expect(row).to_contain_text("Subscriber not found.")
    expect(row).to_contain_text("Compare with the insurance card, letter by letter.")
    expect(row).to_contain_text("Ca••••")
    row.locator("th a").click()
    page.wait_for_url("**/eligibility/*")
    settle(page)
    action = page.get_by_role("region", name="Next action")
    expect(action).to_contain_text("Compare with the insurance card, letter by letter.")
    expect(action).to_contain_text("AAA 75")
    assert page.get_by_text("The payer told no benefits").count() == 0
    assert flaws(page) == []
    patient = page.locator("h1").inner_text()
    action.get_by_role("link", name="Their claims").click()  # What has to be corrected.
    page.wait_for_url("**/claims?patient=*")
    settle(page)
    expect(page.locator("tbody tr").first).to_contain_text(patient)


def test_a_payer_that_is_down_is_asked_again(desk: Desk) -> None:
    page = desk.open("/eligibility?outcome=payer_down&sort=-created")
    check = check_of(page, "payer_down")
    assert check["retry_at"]
    expect(page.locator("tbody tr").first).to_contain_text("Asked again")
    page = desk.open(f"/eligibility/{check['id']}")
    expect(page.get_by_text("The payer could not answer.")).to_be_visible()
    expect(page.get_by_text("attempt 2")).to_be_visible()


def test_the_last_known_answer_stands_with_its_time(desk: Desk) -> None:
    page = desk.page
    page.goto("/account")
    settle(page)
    check, known = check_of(page, "payer_down"), check_of(page, "active")

    def answer(route: Route) -> None:
        told = route.fetch().json()
        told["last_known"] = {
            "check_id": known["id"],
            "outcome": "active",
            "service_date": "2026-11-02",
            "answered_at": "2026-11-02T15:04:00Z",
        }
        route.fulfill(json=told)

    page.route(f"**/api/v1/eligibility-checks/{check['id']}", answer)
    desk.open(f"/eligibility/{check['id']}")
    card = page.locator("section[aria-label='Last known answer']")
    expect(card).to_contain_text("Active")
    expect(card).to_contain_text("told 2 Nov")
    card.get_by_role("link", name="Open it").click()
    page.wait_for_url(f"**/eligibility/{known['id']}")


def test_a_coverage_that_ended_says_so(desk: Desk) -> None:
    page = desk.page
    page.goto("/account")
    settle(page)
    check = check_of(page, "inactive")
    desk.open(f"/eligibility/{check['id']}")
    expect(page.get_by_text(f"Not covered on {check['service_date']}.")).to_be_visible()


def test_a_check_without_an_answer_is_not_called_one(desk: Desk) -> None:
    page = desk.page
    page.goto("/account")
    settle(page)
    check = check_of(page, "active")
    desk.open(f"/eligibility/{check['id']}")
    page.get_by_role("button", name="Ask again").click()
    expect(page.get_by_text("The question goes out now.")).to_be_visible()
    page.wait_for_url(lambda url: url.endswith(check["id"]) is False)
    settle(page)
    expect(page.locator(".chip").first).to_have_text("Waits")
    expect(page.get_by_text("The payer has not answered")).to_be_visible()

"""Sending what is ready, for who bills and sees no partners."""

from playwright.sync_api import expect

from rcm.access import Role
from tests.browser.claims_here import asked, claim_ids
from tests.browser.conftest import SignIn
from tests.harness import Practice


def test_who_bills_sends_what_is_ready_without_looking_after_partners(
    sign_in: SignIn, world: Practice
) -> None:
    claim_ids(world, 1)
    page = sign_in(Role.BILLER).open("/claims")
    ready = asked(page, "/claims")["facets"]["status"].get("ready", 0)
    send = page.get_by_role("button", name="Send what is ready")
    assert ready
    expect(send).to_have_count(1)
    with page.expect_response("**/api/v1/exchange") as answer:
        send.click()
    assert answer.value.status == 202
    expect(page.get_by_text("What is ready goes with the next file.")).to_be_visible()
    auditor = sign_in(Role.AUDITOR).open("/claims")
    expect(auditor.get_by_role("button", name="Send what is ready")).to_have_count(0)

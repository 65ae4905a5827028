"""Files as lists and pages show them: filters, facets, what became of each, and its chain."""

from datetime import timedelta
from typing import Any

import pytest
from httpx import Client
from sqlalchemy import text

from edi.acknowledgment_999 import SetAcknowledgment
from tests.harness import Practice
from tests.rcm.answer_files import file_277ca, said
from tests.rcm.intake import encounter
from tests.rcm.partner_files import (
    Sent,
    adjust,
    file_835,
    file_999,
    payment,
    receive,
    remit,
    send,
    send_first,
    service,
)


def get(api: Client, url: str, **query: Any) -> Any:  # noqa: ANN401 - JSON
    answer = api.get(f"/api/v1/{url}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
def sent(practice: Practice) -> list[Sent]:
    """Three claims in one file."""
    return send_first(practice, *(encounter(external_id=f"E{n}") for n in range(3)))


def accepted(practice: Practice) -> None:
    """Let a 999 accept the first file."""
    receive(
        practice, file_999(1, "A", SetAcknowledgment(set_id="837", control_number="0001", code="A"))
    )


def sent_ago(practice: Practice, age: timedelta) -> None:
    """Let every file be sent so long before what the API takes for now."""
    with practice.unit_of_work() as session:
        session.execute(text("UPDATE file SET sent_at = now() - :age"), {"age": age})


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("end", ["received_from", "received_to"])
def test_files_may_be_asked_for_by_any_day(api: Client, day: str, end: str) -> None:
    assert get(api, "files", **{end: day})["total"] == 0


def test_files_are_filtered_counted_and_sorted(
    api: Client, practice: Practice, sent: list[Sent]
) -> None:
    accepted(practice)
    receive(practice, b"no X12 at all", name="first.txt")
    receive(practice, b"none either", name="SECOND_.txt")
    page = get(api, "files")
    assert page["total"] == 4
    assert page["facets"]["type"] == {"837P": 1, "999": 1, "unknown": 2}
    assert page["facets"]["direction"] == {"inbound": 3, "outbound": 1}
    assert page["facets"]["partner_id"] == {str(practice.partner_id): 4}
    some = get(api, "files", type=["999", "unknown"], state="quarantined")
    assert some["total"] == 2
    assert some["facets"]["state"] == {"quarantined": 2, "read": 1}
    ours = get(api, f"files/{sent[0].file_id}")["name"]
    for query, names in (
        ({"q": "second_"}, ["SECOND_.txt"]),
        ({"q": "000000001", "direction": "outbound"}, [ours]),
        ({"q": "%"}, []),
        ({"has_findings": True}, ["SECOND_.txt", "first.txt"]),
        ({"received_from": "2030-01-01"}, []),
    ):  # fmt: skip
        assert sorted(each["name"] for each in get(api, "files", **query)["items"]) == names
    sizes = [each["size_bytes"] for each in get(api, "files", sort="-size")["items"]]
    assert sizes == sorted(sizes, reverse=True)
    first = get(api, "files", sort="number", limit=2)
    rest = get(api, "files", sort="number", limit=2, cursor=first["next_cursor"])
    assert len({each["id"] for each in first["items"] + rest["items"]}) == 4
    assert rest["items"][-1]["interchange_number"] is None
    assert api.get("/api/v1/files", params={"partner": "x"}).status_code == 422


def test_a_missing_answer_is_said_and_found(
    api: Client, practice: Practice, sent: list[Sent]
) -> None:
    file_id = str(sent[0].file_id)
    sent_ago(practice, timedelta(minutes=5))
    assert get(api, f"files/{file_id}")["ack"]["words"] == "999 awaited"
    assert get(api, "files", missing_ack=True)["total"] == 0
    sent_ago(practice, timedelta(hours=26, minutes=5))
    (found,) = get(api, "files", missing_ack=True)["items"]
    assert found["ack"] == {
        "tone": "late",
        "words": "999 missing for 26 h",
        "said": "Due within 24 h. Ask the partner whether the file arrived.",
        "is_missing": True,
    }
    shown = get(api, f"files/{file_id}")
    assert [each["words"] for each in shown["chain"]] == ["837P sent", "999 missing for 26 h"]
    accepted(practice)
    assert get(api, "files", missing_ack=True)["total"] == 0
    assert get(api, f"files/{file_id}")["ack"]["words"] == "999 accepted"


def test_a_file_shows_each_answer_with_its_claims_and_money(
    api: Client, practice: Practice, sent: list[Sent]
) -> None:
    accepted(practice)
    one, two, three = sent
    receive(
        practice,
        file_277ca(
            said(one.number, "A2:20:PR"),
            said(two.number, "A2:20:PR"),
            said(three.number, "A7:164:IL"),
            is_payer=True,
            number=2,
        ),
    )
    line = service(10_000, 7_000, adjust("CO", "45", 3_000), line=f"{one.number}01")
    paid_one = payment(one.number, 10_000, 7_000, services=(line,))
    receive(practice, file_835(remit(paid_one), number=3))
    shown = get(api, f"files/{one.file_id}")
    assert shown["claims"] == 3
    assert [each["words"] for each in shown["chain"]] == [
        "837P sent",
        "999 accepted",
        "277CA, 2 accepted, 1 rejected",
        "835 for 1 claim",
    ]
    assert [each["state"] for each in shown["chain"]] == ["done", "done", "some", "done"]
    assert shown["chain"][0]["said"] == "3 claims, 300.00"
    assert all(each["at"] for each in shown["chain"])
    assert shown["chain"][2]["said"] == "payer, 200.00 + 100.00"
    assert shown["ack"]["words"] == "1 of 3 rejected"
    assert {each["id"] for each in shown["claims_in"]} == {str(each.id) for each in sent}
    answer = get(api, f"files/{shown['chain'][2]['file_id']}")
    assert [each["words"] for each in answer["chain"]] == [
        "277CA received", "Answers 837P 000000001",
    ]  # fmt: skip
    paid = get(api, f"files/{shown['chain'][3]['file_id']}")
    assert [each["payment_cents"] for each in paid["remittances"]] == [7_000]
    assert [each["id"] for each in paid["claims_in"]] == [str(one.id)]


def test_what_was_sent_adds_up(api: Client, practice: Practice, sent: list[Sent]) -> None:
    accepted(practice)
    one, _, three = sent
    receive(
        practice,
        file_277ca(
            said(one.number, "A2:20:PR"), said(three.number, "A7:164:IL"), is_payer=True, number=2
        ),
    )
    page = get(api, "exchange/sent")
    (found,) = page["items"]
    assert (found["claims"], found["accepted"], found["rejected"], found["waiting"]) == (3, 1, 1, 1)
    assert found["billed_cents"] == 30_000
    for sums in (found, page["totals"]):
        assert sums["claims"] == sums["accepted"] + sums["rejected"] + sums["waiting"]
        assert sums["billed_cents"] == sum(
            sums[f"{name}_cents"] for name in ("accepted", "rejected", "waiting")
        )
    assert api.post(f"/api/v1/claims/{three.id}/resubmit").status_code == 200
    send(practice)
    again = get(api, "exchange/sent", partner_id=str(practice.partner_id))
    by_number = sorted(again["items"], key=lambda each: str(each["number"]))
    assert [(each["claims"], each["waiting"]) for each in by_number] == [(3, 1), (1, 1)]
    newest = get(api, f"files/{by_number[-1]['id']}")
    assert newest["previous_id"] == str(one.file_id)


def test_a_payment_counts_as_accepted_without_a_277ca(
    api: Client, practice: Practice, sent: list[Sent]
) -> None:
    line = service(10_000, 10_000, line=f"{sent[0].number}01")
    paid = payment(sent[0].number, 10_000, 10_000, services=(line,))
    receive(practice, file_835(remit(paid)))
    (found,) = get(api, "exchange/sent")["items"]
    assert (found["accepted"], found["waiting"]) == (1, 2)

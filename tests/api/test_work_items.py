"""Work items by API: who does what until when, one by one and many at once, and what was done."""

from typing import Any
from uuid import uuid4

import pytest
from httpx import Client, Response

from rcm.access import Role
from tests.api.people import add_person
from tests.api.test_reading import get
from tests.harness import Practice
from tests.rcm.intake import encounter
from tests.rcm.partner_files import (
    Sent,
    adjust,
    file_835,
    file_999,
    payment,
    receive,
    remit,
    send_first,
)

REASON = "Canary, Ada paid by cheque."


def do(api: Client, path: str, **body: Any) -> Response:  # noqa: ANN401 - any JSON
    return api.post(f"/api/v1/work-items/{path}", json=body)


def problem(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


@pytest.fixture
def claims(practice: Practice) -> list[Sent]:
    return send_first(practice, encounter(), encounter(external_id="two"))


def deny(practice: Practice, *claims: Sent, trace: str = "A", number: int = 1) -> None:
    payments = [
        payment(each.number, each.charge_cents, 0, adjust("CO", "197", each.charge_cents))
        for each in claims
    ]
    receive(practice, file_835(remit(*payments, trace=trace), number=number))


@pytest.fixture
def denied(practice: Practice, claims: list[Sent]) -> Sent:
    deny(practice, claims[0])
    return claims[0]


def test_an_item_says_what_until_when_and_for_whom_without_naming_anybody(
    api: Client, denied: Sent
) -> None:
    page = get(api, "work-items")
    (item,) = page["items"]
    assert item["due_on"] == "2026-12-23"
    assert item["assignee"] is None
    assert item["claim"]["id"] == str(denied.id)
    assert item["claim"]["patient"] == item["patient"]
    assert item["patient"].startswith("Ca••••, ")
    assert "canary" not in str(page).lower()
    assert page["totals"] == {"amount_cents": denied.charge_cents}
    assert page["facets"]["assignee"] == {"nobody": 1}
    assert page["facets"]["reason"] == {"CO-197": 1}
    assert page["facets"]["payer"] == {item["payer"]["identifier"]: 1}


def test_the_most_urgent_comes_first_and_pages_go_on_after_it(
    api: Client, practice: Practice, claims: list[Sent]
) -> None:
    receive(practice, file_835(remit(payment("NOBODYS1", 900, 900), payment("NOBODYS2", 950, 950))))
    deny(practice, claims[0], trace="B", number=2)
    receive(practice, b"not X12 at all")
    whole = get(api, "work-items")["items"]
    assert [(each["kind"], each["amount_cents"]) for each in whole] == [
        ("file", 0),
        ("suspense", 950),
        ("suspense", 900),
        ("denied", claims[0].charge_cents),
    ]
    for sort in ("due", "-due", "amount", "-amount", "opened", "kind", "-kind"):
        paged, cursor = [], None
        while True:
            page = get(
                api, "work-items", limit=1, sort=sort, **({"cursor": cursor} if cursor else {})
            )
            paged += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert sorted(each["id"] for each in paged) == sorted(each["id"] for each in whole)
    assert get(api, "work-items", sort="-amount")["items"][0]["kind"] == "denied"


def test_money_in_suspense_says_who_paid_it_and_for_which_claim(
    api: Client, practice: Practice, claims: list[Sent]
) -> None:
    ours = claims[0]
    off = payment(ours.number, ours.charge_cents, 700)  # Nothing says where the rest went.
    receive(practice, file_835(remit(payment("NOBODYS1", 900, 900), off)))
    nobodys, unbalanced = get(api, "work-items", kind="suspense", sort="-amount")["items"]
    for item in (nobodys, unbalanced):
        assert item["payer"]["name"]
        assert item["payer_control_number"].startswith("••••"), "it may name a person"
        assert "remittance" in item["links"]
        detail = get(api, f"work-items/{item['id']}")
        assert detail["payer_control_number"] == item["payer_control_number"]
    assert (nobodys["remittance_position"], unbalanced["remittance_position"]) == (1, 2)
    assert nobodys["payer_control_number"] == "••••1"
    assert nobodys["claim"] is None
    assert nobodys["payer"]["identifier"] == ""
    assert unbalanced["claim"]["id"] == str(ours.id)
    assert unbalanced["patient"].startswith("Ca••••, ")
    for value, count in get(api, "work-items")["facets"]["payer"].items():
        assert not value or get(api, "work-items", payer=value)["total"] == count
    sheet = api.get("/api/v1/work-items/export?format=csv").text
    assert nobodys["payer_control_number"] in sheet


def test_each_filter_chooses_what_its_facet_counts(
    api: Client, practice: Practice, claims: list[Sent]
) -> None:
    receive(practice, file_999(claims[0].group_number, "R"))
    receive(practice, file_835(remit(payment("NOBODYS1", 900, 900)), number=2))
    page = get(api, "work-items")
    assert page["total"] == 3
    for name in ("kind", "assignee", "payer", "reason"):
        for value, count in page["facets"][name].items():
            if value:
                assert get(api, "work-items", **{name: value})["total"] == count, (name, value)
    assert get(api, "work-items", due_before="2026-11-25")["facets"]["kind"] == {"rejected": 2}
    assert get(api, "work-items", claim_id=str(claims[0].id))["total"] == 1
    assert api.get("/api/v1/work-items?kind=held&kind=suspense").json()["total"] == 1
    assert api.get("/api/v1/work-items?assigned=me").status_code == 422
    assert api.get("/api/v1/work-items", params={"reason": "a\0b"}).status_code == 422


def test_an_item_is_given_to_a_person_and_what_happened_is_kept(
    api: Client, practice: Practice, claims: list[Sent]
) -> None:
    deny(practice, claims[0])
    ngozi = add_person(practice, "ngozi", Role.BILLER)
    add_person(practice, "ida", Role.AUDITOR)
    assert get(api, "users/assignable") == {"items": [{"id": str(ngozi), "name": "ngozi"}]}
    (item,) = get(api, "work-items")["items"]
    path = item["id"]
    given = do(api, f"{path}/assign", user_id=str(ngozi))
    assert given.json()["assignee"] == {"id": str(ngozi), "name": "ngozi"}
    assert get(api, "work-items", assignee=str(ngozi))["total"] == 1
    assert get(api, "work-items", assignee="me")["total"] == 0
    assert api.get("/api/v1/work-items?assignee=me&assignee=nobody").json()["total"] == 0
    assert problem(do(api, f"{path}/assign", user_id=str(uuid4()))) == (422, "NOT-ASSIGNABLE")
    assert problem(do(api, f"{path}/assign", user_id=str(practice.actor_id)))[0] == 422
    assert problem(do(api, f"{path}/assign")) == (422, "DECISION-REFUSED")
    assert problem(do(api, f"{uuid4()}/assign", user_id=None)) == (404, "UNKNOWN-ID")
    assert do(api, f"{path}/assign", user_id=None).json()["assignee"] is None
    do(api, f"{path}/close", reason=REASON)
    do(api, f"{path}/open")
    told = api.get(f"/api/v1/work-items/{path}").json()  # It shows a reason that names somebody.
    assert [(each["what"], each["who"]) for each in told["events"]] == [
        ("opened", "answer"),
        ("assigned", "ehr"),
        ("assigned", "ehr"),
        ("closed", "ehr"),
        ("reopened", "ehr"),
    ]
    assert [each["reason"] for each in told["events"]] == ["", "", "", REASON, ""]
    assert told["events"][1]["assignee"]["name"] == "ngozi"
    audited = practice.rows(
        "SELECT action FROM audit_event WHERE about_id = :id ORDER BY id", id=path
    )
    assert [row[0].removeprefix("work_item.") for row in audited] == [
        "assign",
        "assign",
        "close",
        "open",
        "view",
    ]


def test_a_reason_lies_sealed(api: Client, practice: Practice, claims: list[Sent]) -> None:
    deny(practice, claims[0])
    (item,) = get(api, "work-items")["items"]
    closed = do(api, f"{item['id']}/close", reason=REASON)
    assert "Canary" not in closed.text, "answers are kept for a day, unsealed"
    ((sealed,),) = practice.rows("SELECT reason_sealed FROM work_item_event WHERE what = 'closed'")
    assert b"Canary" not in bytes(sealed)


def test_what_a_person_closed_no_answer_opens(
    api: Client, practice: Practice, denied: Sent
) -> None:
    """A later reversal and denial bring a denial back that an answer had closed; not this one."""
    (item,) = get(api, "work-items")["items"]
    closed = do(api, f"{item['id']}/close", reason="Written off by hand.").json()
    assert (closed["state"], closed["closed_by"]) == ("done", "ehr")
    paid = payment(denied.number, denied.charge_cents, denied.charge_cents)
    receive(practice, file_835(remit(paid, trace="B"), number=2))
    assert get(api, f"work-items/{item['id']}")["state"] == "done"
    assert problem(do(api, f"{item['id']}/close", reason="Again.")) == (409, "WORK-ITEM-DONE")
    assert problem(do(api, f"{item['id']}/assign", user_id=None)) == (409, "WORK-ITEM-DONE")
    opened = do(api, f"{item['id']}/open").json()
    assert (opened["state"], opened["closed_by"], opened["due_on"]) == ("open", "", item["due_on"])
    assert problem(do(api, f"{item['id']}/open")) == (409, "WORK-ITEM-OPEN")


def test_a_person_who_is_called_answer_is_no_answer(
    api: Client, practice: Practice, denied: Sent
) -> None:
    (item,) = get(api, "work-items")["items"]
    do(api, f"{item['id']}/close", reason="Done.")
    with practice.unit_of_work() as session:
        session.connection().exec_driver_sql("UPDATE work_item SET closed_by = 'answer'")
    paid = payment(denied.number, denied.charge_cents, denied.charge_cents)
    receive(practice, file_835(remit(paid, trace="B"), number=2))
    assert get(api, f"work-items/{item['id']}")["state"] == "done"


def test_what_waits_for_a_decision_is_not_closed_by_hand(
    api: Client, practice: Practice, claims: list[Sent]
) -> None:
    receive(practice, b"not X12 at all")
    receive(practice, file_835(remit(payment(claims[0].number, 1, 1), paid=2)))
    for kind in ("file", "remittance"):
        (item,) = get(api, "work-items", kind=kind)["items"]
        refused = do(api, f"{item['id']}/close", reason="Seen.")
        assert problem(refused) == (409, "WORK-ITEM-WAITS"), kind


def test_many_are_changed_at_once_and_what_is_skipped_is_said(
    api: Client, practice: Practice, claims: list[Sent]
) -> None:
    ngozi = add_person(practice, "ngozi", Role.BILLER)
    deny(practice, *claims)
    receive(practice, b"not X12 at all")
    ids = [each["id"] for each in get(api, "work-items", sort="kind")["items"]]
    do(api, f"{ids[0]}/close", reason="Done.")
    stranger = str(uuid4())
    asked: dict[str, Any] = {
        "action": "close",
        "ids": [*ids, stranger],
        "params": {"reason": "All done."},
    }
    dry = do(api, "bulk", **asked, dry_run=True).json()
    assert (dry["count"], dry["amount_cents"]) == (1, claims[0].charge_cents)
    assert {each["id"]: each["reason"] for each in dry["skipped"]} == {
        ids[0]: "done",
        ids[2]: "settles_itself",
        stranger: "unknown",
    }
    assert get(api, "work-items")["total"] == 2, "a dry run changes nothing"
    assert do(api, "bulk", **asked).json() == dry | {"dry_run": False}
    assert get(api, "work-items")["total"] == 1
    everything = {"action": "open", "filter": {"kind": ["denied"], "state": "done"}}
    assert do(api, "bulk", **everything).json()["count"] == 2
    give = {"action": "assign", "filter": {}, "params": {"user_id": str(ngozi)}}
    assert do(api, "bulk", **give).json()["count"] == 3
    again = do(api, "bulk", **give).json()
    assert (again["count"], {each["reason"] for each in again["skipped"]}) == (0, {"same_person"})
    back = do(api, "bulk", action="assign", ids=ids, params={"user_id": None}).json()
    assert {each["was_assigned_to"] for each in back["changed"]} == {str(ngozi)}
    assert get(api, "work-items", assignee="nobody")["total"] == 3


@pytest.mark.parametrize(
    "body",
    [
        {"action": "close", "ids": [], "params": {}},
        {"action": "assign", "ids": []},
        {"action": "open"},
        {"action": "open", "ids": [], "filter": {}},
        {"action": "forget", "ids": []},
        {"action": "open", "filter": {"colour": "red"}},
    ],
)
def test_a_bulk_that_does_not_say_what_is_refused(api: Client, body: dict[str, Any]) -> None:
    assert problem(do(api, "bulk", **body)) == (422, "DECISION-REFUSED")

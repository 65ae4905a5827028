"""What TA1 and 277CA say of our claims, at every level and in any order of arrival."""

from itertools import permutations

import pytest

from tests.harness import Practice
from tests.rcm.answer_files import file_277ca, file_ta1, said
from tests.rcm.intake import encounter
from tests.rcm.partner_files import Sent, adjust, file_835, file_999, payment, receive, remit, send


def statuses(practice: Practice) -> list[str]:
    assert practice.rows("SELECT kind, last_error_code FROM job WHERE state <> 'done'") == []
    rows = practice.rows(
        "SELECT status FROM claim JOIN submission ON claim_id = claim.id ORDER BY position"
    )
    return [row.status for row in rows]


def work(practice: Practice) -> list[str]:
    rows = practice.rows("SELECT kind || ' ' || reason AS text FROM work_item WHERE state = 'open'")
    return sorted(row.text for row in rows)


def codes(practice: Practice) -> set[str]:
    found = practice.rows("SELECT findings FROM file")
    return {each["code"] for (findings,) in found for each in findings}


@pytest.mark.parametrize(
    ("code", "is_payer", "expected"),
    [
        ("A1:20", False, "acknowledged"),
        ("A0:19", True, "acknowledged"),
        ("A2:20", False, "accepted"),
        ("A2:20", True, "accepted_by_payer"),
        ("A3:21", False, "rejected"),
        ("A7:164:IL", True, "rejected_by_payer"),
        ("A8:178", True, "rejected_by_payer"),
        ("A4:35", True, "submitted"),  # Not found: a 276 has to ask first.
        ("P1:20", True, "submitted"),  # Of a 277, not of an acknowledgment.
    ],
)
def test_a_claim_is_told_what_is_said_of_it(
    practice: Practice, claims: list[Sent], code: str, expected: str, *, is_payer: bool
) -> None:
    one, two = claims
    receive(practice, file_277ca(said(one.number, code), is_payer=is_payer))
    assert statuses(practice) == [expected, "submitted"]
    assert two.number != one.number


def test_any_rejection_among_several_statuses_wins(practice: Practice, claims: list[Sent]) -> None:
    body = file_277ca(said(claims[0].number, "A2:20"), is_payer=True)
    receive(practice, body.replace(b"STC*A2:20*20261123", b"STC*A2:20*20261123********A7:164:IL"))
    assert statuses(practice)[0] == "rejected_by_payer"
    items = practice.rows("SELECT reason, pointer, action FROM work_item")
    assert [row[:2] for row in items] == [("A7:164:IL", "/coverages/0/member_id")]
    assert items[0].action.startswith("Correct the member id")


def test_a_rejection_is_work_in_plain_words_that_points_into_the_encounter(
    practice: Practice, claims: list[Sent]
) -> None:
    receive(practice, file_277ca(said(claims[0].number, "A7:164:IL"), is_payer=True))
    ((item,),) = [practice.rows("SELECT * FROM work_item")]
    assert (item.kind, item.reason, item.pointer) == (
        "rejected",
        "A7:164:IL",
        "/coverages/0/member_id",
    )
    assert item.message == "The payer rejected the claim: the payer does not know this member ID."
    assert item.action.startswith("Correct the member id; then send the claim again")
    assert item.amount_cents == claims[0].charge_cents


def test_a_rejected_batch_rejects_all_its_claims(practice: Practice, claims: list[Sent]) -> None:
    receive(practice, file_277ca(batch_code="A3:21", has_provider=False))
    assert statuses(practice) == ["rejected"] * len(claims)
    assert practice.rows("SELECT count(*)::int FROM work_item") == [(2,)]


def test_a_batch_is_known_without_the_zeros_of_its_number(
    practice: Practice, claims: list[Sent]
) -> None:
    body = file_277ca(batch_code="A3:21", has_provider=False)
    receive(practice, body.replace(b"TRN*2*000000001", b"TRN*2*1"))
    assert statuses(practice) == ["rejected"] * len(claims)


def test_a_provider_of_whom_nothing_is_said_is_rejected_with_its_batch(
    practice: Practice, claims: list[Sent]
) -> None:
    receive(practice, file_277ca(batch_code="A3:21"))
    assert statuses(practice) == ["rejected"] * len(claims)


def test_a_rejected_batch_spares_those_of_whom_more_is_said(
    practice: Practice, claims: list[Sent]
) -> None:
    receive(practice, file_277ca(said(claims[0].number, "A2:20"), batch_code="A3:21"))
    assert statuses(practice) == ["accepted", "submitted"]


def test_a_rejected_provider_rejects_its_claims_only(practice: Practice) -> None:
    other = encounter(external_id="two", billing_provider={"npi": "1193000423"})
    send(practice, encounter(), other)
    rows = "SELECT npi, status FROM claim JOIN billing_provider b ON b.id = billing_provider_id"
    receive(practice, file_277ca(provider_code="A8:562:85"))
    assert dict(tuple(row) for row in practice.rows(rows)) == {
        "1234567893": "rejected",
        "1193000423": "submitted",
    }


def test_a_batch_of_somebody_else_changes_nothing(practice: Practice, claims: list[Sent]) -> None:
    receive(practice, file_277ca(batch=77, batch_code="A3:21", has_provider=False))
    receive(practice, file_277ca(said("UNKNOWN", "A7:164:IL"), batch=77, number=2))
    assert statuses(practice) == ["submitted"] * len(claims)
    assert "277CA-UNKNOWN-CLAIMS" in codes(practice)


def test_the_payers_number_is_remembered_and_finds_the_claim_again(
    practice: Practice, claims: list[Sent]
) -> None:
    claim = claims[0]
    body = file_277ca(said(claim.number, "A2:20", payer_number="ICN77"), is_payer=True)
    receive(practice, body)
    rest = adjust("CO", "45", 1_000)
    lost = payment(
        "0LOST0", claim.charge_cents, claim.charge_cents - 1_000, rest, payer_claim_number="ICN77"
    )
    receive(practice, file_835(remit(lost), number=2))
    assert statuses(practice)[0] == "paid"


def test_a_number_on_a_rejection_is_none_the_payer_will_know(
    practice: Practice, claims: list[Sent]
) -> None:
    body = file_277ca(said(claims[0].number, "A7:164:IL", payer_number="ICN77"), is_payer=True)
    receive(practice, body)
    assert (
        practice.rows("SELECT payer_control_number FROM claim WHERE payer_control_number <> ''")
        == []
    )


def test_answers_may_come_in_any_order(practice: Practice) -> None:
    orders = list(permutations(range(3)))
    sent = send(practice, *(encounter(external_id=f"e{n}") for n in range(len(orders))))
    group = sent[0].group_number
    number = 0
    for claim, order in zip(sent, orders, strict=True):
        for which in order:
            number += 1
            receive(
                practice,
                (
                    file_999(group, "A", number=number),
                    file_277ca(said(claim.number, "A2:20"), number=number),
                    file_277ca(said(claim.number, "A2:20"), is_payer=True, number=number),
                )[which],
            )
    assert statuses(practice) == ["accepted_by_payer"] * len(orders)


def test_a_late_acceptance_of_the_clearinghouse_revives_no_rejection_of_the_payer(
    practice: Practice, claims: list[Sent]
) -> None:
    number = claims[0].number
    receive(practice, file_277ca(said(number, "A7:164:IL"), is_payer=True, number=1))
    receive(practice, file_277ca(said(number, "A2:20"), number=2))
    assert statuses(practice)[0] == "rejected_by_payer"


@pytest.mark.parametrize(
    ("code", "expected", "state"),
    [("A", "submitted", "sent"), ("E", "submitted", "sent"), ("R", "refused", "rejected")],
)
def test_a_ta1_speaks_of_the_whole_interchange(
    practice: Practice, claims: list[Sent], code: str, expected: str, state: str
) -> None:
    receive(practice, file_ta1(1, code, "000" if code == "A" else "020"))
    assert statuses(practice) == [expected] * len(claims)
    assert practice.rows("SELECT state FROM file WHERE direction = 'outbound'") == [(state,)]
    items = practice.rows("SELECT reason FROM work_item")
    assert [item.reason for item in items] == (["TA1-020"] * 2 if code == "R" else [])


def test_a_ta1_for_nothing_we_sent_is_told(practice: Practice, claims: list[Sent]) -> None:
    receive(practice, file_ta1(77, "R", "020"))
    assert statuses(practice) == ["submitted"] * len(claims)
    assert "TA1-UNKNOWN-INTERCHANGE" in codes(practice)
    ((file_type,),) = practice.rows("SELECT file_type FROM file WHERE direction = 'inbound'")
    assert file_type == "TA1"


def test_a_rejection_after_payment_is_no_work(practice: Practice, claims: list[Sent]) -> None:
    number = claims[0].number
    receive(practice, file_835(remit(payment(number, 10_000, 10_000)), number=1))
    receive(practice, file_277ca(said(number, "A3:21"), number=2))
    assert (statuses(practice)[0], work(practice)) == ("paid", [])


def test_a_rejection_that_the_payer_overrules_is_no_work(
    practice: Practice, claims: list[Sent]
) -> None:
    number = claims[0].number
    receive(practice, file_277ca(said(number, "A3:21"), number=1))
    assert work(practice) == ["rejected A3:21"]
    receive(practice, file_277ca(said(number, "A2:20"), is_payer=True, number=2))
    assert (statuses(practice)[0], work(practice)) == ("accepted_by_payer", [])


def test_a_weaker_reporter_rejects_nothing_that_the_payer_took(
    practice: Practice, claims: list[Sent]
) -> None:
    group, number = claims[0].group_number, claims[0].number
    receive(practice, file_277ca(said(number, "A2:20"), is_payer=True, number=1))
    receive(practice, file_277ca(said(number, "A3:21"), number=2))
    assert work(practice) == []
    receive(practice, file_999(group, "R", number=3))
    receive(practice, file_ta1(1, "R", "020", number=4))
    assert statuses(practice) == ["accepted_by_payer", "refused"]
    assert work(practice) == ["rejected 999"]  # Of the second claim only, and only once.


def test_an_acknowledgment_replaces_no_number_that_came_with_the_money(
    practice: Practice, claims: list[Sent]
) -> None:
    one, two = claims
    paid = payment(one.number, 10_000, 10_000, payer_claim_number="ICN1")
    receive(practice, file_835(remit(paid), number=1))
    told = said(one.number, "A1:20", "OTHER"), said(two.number, "A1:20", "ICN2")
    receive(practice, file_277ca(*told, number=2))
    rows = practice.rows("SELECT id, payer_control_number FROM claim")
    assert dict(tuple(row) for row in rows) == {one.id: "ICN1", two.id: "ICN2"}

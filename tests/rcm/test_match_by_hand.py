"""Payments in suspense that a person gives to a claim: money, status and work, and all proven."""

from dataclasses import replace
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from edi.remittance_835.model import ClaimPayment
from rcm.access import Actor
from rcm.claims.event_store import FollowedError
from rcm.decisions.model import MatchIn, UnknownSubjectError, What
from rcm.decisions.store import decisions_about
from rcm.remittance.by_hand import (
    NotByHandError,
    NotInSuspenseError,
    OtherPartyError,
    dismiss_payment,
    match_payment,
    unmatch_payment,
)
from tests.harness import Practice
from tests.rcm.kept_aside import STRANGER, add_practice
from tests.rcm.partner_files import (
    Sent,
    adjust,
    file_835,
    payment,
    plb,
    receive,
    remit,
    service,
)
from tests.rcm.test_reversals import back, bare, denied, let_arrive, money, paid, work

LOST = "NOT-OUR-NUMBER"
LEDGER = """
    SELECT account, coalesce(line, 0) AS line, sum(amount_cents)::int AS cents FROM posting
    WHERE claim_id = :i GROUP BY 1, 2 HAVING sum(amount_cents) <> 0 ORDER BY 1, 2
"""


def lost(told: ClaimPayment) -> ClaimPayment:
    """The same under a number that tells nothing."""
    lines = tuple(replace(each, line_control_number="") for each in told.services)
    return replace(told, patient_control_number=LOST, payer_claim_number="ICN-LOST", services=lines)


def place(practice: Practice, n: int = 0) -> tuple[UUID, int]:
    rows = practice.rows(
        "SELECT c.remittance_id, c.position FROM remittance_claim c JOIN remittance r"
        " ON r.id = c.remittance_id WHERE c.patient_control_number = '' OR c.match_rule = 'BY-HAND'"
        " ORDER BY r.received_at, r.trace, c.position"
    )
    return rows[n][0], rows[n][1]


def match(
    practice: Practice,
    client: Actor,
    claim: Sent,
    at: tuple[UUID, int],
    **more: Any,  # noqa: ANN401
) -> None:
    asked = MatchIn(claim_id=claim.id, reason="the letter says so", **more)
    with practice.unit_of_work() as session:
        match_payment(session, practice.tools, *at, asked, client)


def unmatch(practice: Practice, client: Actor, at: tuple[UUID, int]) -> None:
    with practice.unit_of_work() as session:
        unmatch_payment(session, practice.tools, *at, "it was another", client)


def status(practice: Practice, claim: Sent) -> tuple[str, str]:
    ((found, by),) = practice.rows("SELECT status, status_by FROM claim WHERE id = :i", i=claim.id)
    return found, by


def books(practice: Practice, claim: Sent) -> list[tuple[str, int, int]]:
    return [tuple(row) for row in practice.rows(LEDGER, i=claim.id)]


def test_a_match_posts_what_would_have_been_posted(
    practice: Practice, claims: list[Sent], client: Actor
) -> None:
    found, other = claims
    receive(practice, file_835(remit(paid(found, 7_000), trace="T1"), number=1))
    receive(practice, file_835(remit(lost(paid(other, 7_000)), trace="T2"), number=2))
    assert money(practice)["suspense:unmatched"] == -7_000
    assert work(practice) == ["suspense unmatched"]
    match(practice, client, other, place(practice))
    assert "suspense:unmatched" not in money(practice)
    assert books(practice, other) == books(practice, found)
    assert status(practice, other) == status(practice, found) == ("paid", "payer, 835")
    assert work(practice) == []
    ((kind, closed_by),) = practice.rows("SELECT kind, closed_by FROM work_item")
    assert (kind, closed_by) == ("suspense", client.name)
    ((detail,),) = practice.rows(
        "SELECT detail FROM claim_event WHERE claim_id = :i ORDER BY id DESC LIMIT 1", i=other.id
    )
    assert detail["matched_by"] == client.name
    with practice.unit_of_work() as session:
        (decided,) = decisions_about(session, practice.tools.keys, remittance_id=place(practice)[0])
    assert (decided.what, decided.reason) == (What.MATCH_PAYMENT, "the letter says so")
    assert decided.before == ("unmatched", "CLP-1")


def test_matching_twice_posts_once(practice: Practice, claims: list[Sent], client: Actor) -> None:
    let_arrive(practice, lost(paid(claims[0], 7_000)))
    at = place(practice)
    match(practice, client, claims[0], at)
    before = practice.rows("SELECT count(*) FROM posting")
    match(practice, client, claims[0], at)
    assert practice.rows("SELECT count(*) FROM posting") == before
    with pytest.raises(NotInSuspenseError):
        match(practice, client, claims[1], at)
    money(practice)


def test_a_denial_that_is_matched_is_work(
    practice: Practice, claims: list[Sent], client: Actor
) -> None:
    let_arrive(practice, lost(denied(claims[0])))
    match(practice, client, claims[0], place(practice))
    assert work(practice) == ["denied CO-16"]
    assert status(practice, claims[0])[0] == "denied"
    assert money(practice)["receivable:denied"] == 10_000


def test_a_match_is_undone_without_a_trace_in_any_balance(
    practice: Practice, claims: list[Sent], client: Actor
) -> None:
    let_arrive(practice, lost(denied(claims[0])), lost(paid(claims[1], 7_000)))
    before = (money(practice), work(practice), status(practice, claims[0]))
    number = practice.rows("SELECT payer_control_number FROM claim WHERE id = :i", i=claims[0].id)
    match(practice, client, claims[0], place(practice))
    unmatch(practice, client, place(practice))
    assert (money(practice), work(practice), status(practice, claims[0])) == before
    assert number == practice.rows(
        "SELECT payer_control_number FROM claim WHERE id = :i", i=claims[0].id
    )
    unmatch(practice, client, place(practice))  # Twice is once.
    match(practice, client, claims[1], place(practice))
    assert work(practice) == ["denied CO-16", "suspense unmatched"]
    assert practice.rows(
        "SELECT claim_id FROM work_item WHERE kind = 'denied' AND state = 'open'"
    ) == [(claims[1].id,)]
    assert status(practice, claims[1])[0] == "denied"
    money(practice)


def test_what_was_followed_cannot_be_undone(
    practice: Practice, claims: list[Sent], client: Actor
) -> None:
    first = paid(claims[0], 7_000)
    let_arrive(practice, lost(first))
    match(practice, client, claims[0], place(practice))
    carried = [plb("FB", -7_000)]
    receive(practice, file_835(remit(back(first), plbs=carried, trace="T9"), number=9))
    with pytest.raises(FollowedError):
        unmatch(practice, client, place(practice))
    money(practice)


PARTS = ("payment", "match", "reversal", "fix")


@pytest.mark.parametrize("is_bare", [False, True])
@pytest.mark.parametrize(
    "order",
    [each for each in permutations(PARTS) if each.index("payment") < each.index("match")],
    ids="-".join,
)
def test_a_match_survives_reversals_and_corrections_in_any_order(
    practice: Practice,
    claim: Sent,
    client: Actor,
    order: tuple[str, ...],
    is_bare: bool,  # noqa: FBT001
) -> None:
    first = paid(claim, 7_000)
    reversal = replace(back(first), payer_claim_number="ICN-LOST")
    told = {
        "payment": lost(first),
        "reversal": bare(reversal) if is_bare else reversal,
        "fix": paid(claim, 8_000, payer_claim_number="ICN-NEW"),
    }
    for number, name in enumerate(order, start=1):
        if name == "match":
            # Where its reversal was the last to come, its number finds the payment by itself.
            if practice.rows("SELECT 1 FROM remittance_claim WHERE match_rule = 'CLP07'"):
                continue
            match(practice, client, claim, place(practice))
        else:
            each = told[name]
            carried = [plb("FB", each.paid_cents)] if each.paid_cents < 0 else []
            said = remit(each, plbs=carried, trace=f"T{number}")
            receive(practice, file_835(said, number=number))
        money(practice)
    assert money(practice) == {
        "adjustment:contractual": 2_000,
        "cash:in-transit": 15_000,
        "recoupment:payer": -7_000,
        "revenue:charges": -10_000,
    }
    assert status(practice, claim)[0] == "paid"
    assert work(practice) == []


def test_what_comes_with_the_numbers_of_a_match_goes_the_same_way(
    practice: Practice, claims: list[Sent], client: Actor
) -> None:
    first = lost(paid(claims[0], 7_000))
    let_arrive(practice, first)
    match(practice, client, claims[0], place(practice))
    carried = [plb("FB", -7_000)]
    receive(practice, file_835(remit(back(first), plbs=carried, trace="T2"), number=2))
    assert status(practice, claims[0])[0] == "reversed"
    assert "suspense:unmatched" not in money(practice)
    assert work(practice) == ["follow_up REVERSED"]


def test_a_payment_and_its_reversal_in_suspense_are_matched_each(
    practice: Practice, claims: list[Sent], client: Actor
) -> None:
    first = lost(paid(claims[0], 7_000))
    let_arrive(practice, first, bare(back(first)))
    match(practice, client, claims[0], place(practice, 0))
    match(practice, client, claims[0], place(practice, 1))
    assert "suspense:unmatched" not in money(practice)
    assert status(practice, claims[0])[0] == "reversed"


def test_a_part_of_a_remittance_is_matched_beside_what_was_found(
    practice: Practice, claim: Sent, client: Actor
) -> None:
    first = paid(claim, 7_000)
    said = remit(first, lost(back(first)), lost(paid(claim, 8_000)))
    receive(practice, file_835(said))
    match(practice, client, claim, place(practice, 1))
    match(practice, client, claim, place(practice, 0))
    assert money(practice) == {
        "adjustment:contractual": 2_000, "cash:in-transit": 8_000, "revenue:charges": -10_000,
    }  # fmt: skip
    assert status(practice, claim)[0] == "paid"


def test_what_is_not_in_suspense_is_refused(
    practice: Practice, claims: list[Sent], client: Actor
) -> None:
    unbalanced = payment(LOST, 10_000, 9_000)
    same = payment("X-1", 10_000, 0, services=(service(10_000, 0, adjust("CO", "18", 10_000)),))
    receive(practice, file_835(remit(paid(claims[0], 7_000), unbalanced, same)))
    ((remittance_id,),) = practice.rows("SELECT id FROM remittance")
    for position in (1, 2, 3):
        with pytest.raises(NotInSuspenseError):
            match(practice, client, claims[1], (remittance_id, position))
    with pytest.raises(UnknownSubjectError):
        match(practice, client, claims[1], (remittance_id, 4))
    with pytest.raises(NotByHandError):
        unmatch(practice, client, (remittance_id, 1))
    money(practice)


def test_a_claim_of_another_practice_needs_an_override(
    practice: Practice, claims: list[Sent], client: Actor
) -> None:
    add_practice(practice, STRANGER)
    said = remit(lost(paid(claims[0], 7_000)))
    assert said.payee is not None
    receive(practice, file_835(replace(said, payee=replace(said.payee, id=STRANGER))))
    with pytest.raises(OtherPartyError):
        match(practice, client, claims[0], place(practice))
    match(practice, client, claims[0], place(practice), override=True)
    assert status(practice, claims[0])[0] == "paid"
    money(practice)


def test_what_is_not_ours_stays_in_suspense_and_is_no_work(
    practice: Practice, claims: list[Sent], client: Actor
) -> None:
    let_arrive(practice, lost(paid(claims[0], 7_000)))
    for _ in range(2):
        with practice.unit_of_work() as session:
            dismiss_payment(session, practice.tools, *place(practice), "another clinic's", client)
    assert work(practice) == []
    assert money(practice)["suspense:unmatched"] == -7_000
    match(practice, client, claims[0], place(practice))  # A later word counts.
    assert "suspense:unmatched" not in money(practice)
    assert practice.rows("SELECT count(*) FROM decision") == [(2,)]


def test_the_lines_of_a_match_are_found_as_those_of_any_payment(
    practice: Practice, claim: Sent, client: Actor
) -> None:
    let_arrive(practice, lost(paid(claim, 7_000)))
    match(practice, client, claim, place(practice))
    assert {line for _, line, _ in books(practice, claim)} == {1}

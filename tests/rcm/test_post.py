"""What a remittance becomes in the ledger: laws over any remittance, and a table of cases."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edi.money import Cents
from edi.remittance_835.balance import check_balance
from edi.remittance_835.model import AdjustmentGroup, ClaimPayment, Remittance
from rcm.ledger.accounts import Account
from rcm.ledger.entry import JournalEntry
from rcm.remittance.decide import ClaimState, decide_claims
from rcm.remittance.match import Match
from rcm.remittance.match_line import match_lines
from rcm.remittance.post import Decisions, Source, post_remittance
from rcm.remittance.settle import is_denied, is_secondary
from tests.rcm.partner_files import NUMBER, adjust, known, payment, plb, remit, service
from tests.strategies import remittances

SOURCE = Source(
    remittance_id=UUID(int=7),
    file_id=UUID(int=8),
    received_on=date(2026, 11, 23),
    content=b"\x01" * 32,
)
A = Account
CASH, PAYER, DENIED, PATIENT = (
    A.CASH_IN_TRANSIT, A.RECEIVABLE_PAYER, A.RECEIVABLE_DENIED, A.RECEIVABLE_PATIENT,
)  # fmt: skip
laws = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def post(remittance: Remittance, positions: Iterable[int]) -> tuple[JournalEntry, ...]:
    matches = matched(positions)
    decisions = Decisions(
        states=decide(remittance, positions),
        matches=matches,
        lines={
            payment.position: tuple(
                found.line for found in match_lines(payment, matches[payment.position].claim)
            )
            for payment in remittance.claims
            if payment.position in matches
        },
        practices={},
        others=frozenset(p.position for p in remittance.claims if is_secondary(p)),
    )
    return post_remittance(remittance, decisions, SOURCE)


def decide(remittance: Remittance, positions: Iterable[int]) -> dict[int, ClaimState]:
    balance = check_balance(remittance)
    return decide_claims(remittance, balance, matched(positions))


def matched(positions: Iterable[int]) -> dict[int, Match]:
    return {n: Match(claim=known(n=n), rule="CLP01", confidence="certain") for n in positions}


def balances(entries: Iterable[JournalEntry]) -> dict[Account, int]:
    total: Counter[Account] = Counter()
    for entry in entries:
        assert sum(posting.amount_cents for posting in entry.postings) == 0
        for posting in entry.postings:
            total[posting.account] += posting.amount_cents
    return {account: cents for account, cents in total.items() if cents}


@st.composite
def posted_remittances(draw: st.DrawFn) -> tuple[Remittance, set[int], set[int]]:
    """A set that balances, with the positions that are ours and those that do not add up."""
    remittance = draw(remittances())
    positions = [claim.position for claim in remittance.claims]
    some = st.sets(st.sampled_from(positions)) if positions else st.just(set[int]())
    ours, broken = draw(some), draw(some)
    claims = [
        replace(claim, charge_cents=Cents(claim.charge_cents + 1)) if n in broken else claim
        for n, claim in enumerate(remittance.claims, start=1)
    ]
    return replace(remittance, claims=tuple(claims)), ours, broken


@laws
@given(posted_remittances())
def test_in_transit_grows_by_the_payment_of_the_835(
    case: tuple[Remittance, set[int], set[int]],
) -> None:
    remittance, ours, _ = case
    assert check_balance(remittance).is_set_balanced
    assert balances(post(remittance, ours)).get(CASH, 0) == remittance.payment_cents


@laws
@given(posted_remittances())
def test_money_of_others_waits_in_suspense(case: tuple[Remittance, set[int], set[int]]) -> None:
    remittance, ours, broken = case
    entries = {entry.key.partition("/clp/")[2]: entry for entry in post(remittance, ours)}
    for claim in remittance.claims:
        entry = entries.get(str(claim.position))
        state = decide(remittance, ours)[claim.position]
        if state is ClaimState.POSTED:
            assert claim.position in ours - broken
            continue
        wrong = claim.position in broken
        suspense = A.SUSPENSE_UNBALANCED if wrong else A.SUSPENSE_UNMATCHED
        moves = claim.paid_cents and state is not ClaimState.RECORDED
        expected = {CASH: claim.paid_cents, suspense: -claim.paid_cents} if moves else {}
        assert balances([entry] if entry else []) == expected
        assert all(posting.claim_id is None for posting in (entry.postings if entry else ()))


@laws
@given(remittances())
def test_a_matched_claim_is_settled_by_all_that_is_said_of_it(remittance: Remittance) -> None:
    positions = [claim.position for claim in remittance.claims]
    for claim in remittance.claims:
        if decide(remittance, positions)[claim.position] is not ClaimState.POSTED:
            continue
        entries = [
            e for e in post(remittance, positions) if e.key.endswith(f"/clp/{claim.position}")
        ]
        said = [*claim.adjustments, *(a for s in claim.services for a in s.adjustments)]
        if is_secondary(claim):  # What the first payer left to the patient.
            said = [a for a in said if a.group is not AdjustmentGroup.PATIENT]
        settled = claim.paid_cents + sum(a.amount_cents for a in said)
        owed = PATIENT if is_secondary(claim) else PAYER
        assert balances(entries).get(owed, 0) == -settled


@laws
@given(posted_remittances())
def test_the_same_remittance_gives_the_same_entries(
    case: tuple[Remittance, set[int], set[int]],
) -> None:
    remittance, ours, _ = case
    entries = post(remittance, ours)
    assert post(remittance, ours) == entries
    assert len({entry.key for entry in entries}) == len(entries)


def test_a_remittance_and_its_reversal_leave_every_balance_as_it_was() -> None:
    claim = payment(
        NUMBER, 10_000, 5_000, services=(service(10_000, 5_000, adjust("CO", "45", 5_000)),)
    )
    back = payment(
        NUMBER, -10_000, -5_000, status_code="22",
        services=(service(-10_000, -5_000, adjust("CO", "45", -5_000)),),
    )  # fmt: skip
    assert balances(post(remit(claim, back), [1, 2])) == {}


def test_a_predetermination_is_a_price_and_never_money() -> None:
    paid = payment(NUMBER, 10_000, 10_000)
    price = payment("OTHER", 5_000, 5_000, status_code="25")
    for ours in ([1], [1, 2]):
        assert balances(post(remit(paid, price), ours)) == {CASH: 10_000, PAYER: -10_000}


@pytest.mark.parametrize(
    ("adjustment", "account"),
    [
        (("CO", "45"), A.ADJUSTMENT_CONTRACTUAL),
        (("CO", "253"), A.ADJUSTMENT_CONTRACTUAL),  # By this payer's contract.
        (("CO", "16"), DENIED),
        (("CO", "97"), DENIED),
        (("PR", "1"), PATIENT),
        (("PR", "3"), PATIENT),
        (("PR", "45"), PATIENT),
        (("OA", "94"), DENIED),
        (("PI", "45"), DENIED),
        (("CR", "45"), DENIED),
    ],
)
def test_an_adjustment_goes_to_its_account(adjustment: tuple[str, str], account: Account) -> None:
    said = adjust(*adjustment, 2_000)
    expected = {CASH: 8_000, account: 2_000, PAYER: -10_000}
    at_line = payment(NUMBER, 10_000, 8_000, services=(service(10_000, 8_000, said),))
    at_claim = payment(NUMBER, 10_000, 8_000, said)
    for claim in (at_line, at_claim):
        (entry,) = post(remit(claim), [1])
        assert balances([entry]) == expected
        assert {p.reason for p in entry.postings if p.account is account} == {"-".join(adjustment)}


def test_what_a_prior_payer_did_is_not_posted_again() -> None:
    claim = payment(NUMBER, 10_000, 2_000, adjust("OA", "23", 8_000))
    assert balances(post(remit(claim), [1])) == {CASH: 2_000, PAYER: -2_000}


FIRST = payment(NUMBER, 10_000, 7_000, adjust("CO", "45", 1_000), adjust("PR", "2", 2_000))
SECOND = payment(
    NUMBER, 10_000, 1_200, adjust("OA", "23", 8_000), adjust("PR", "2", 300),
    adjust("CO", "45", 500), status_code="2",
)  # fmt: skip
SECOND_BACK = payment(
    NUMBER, -10_000, -1_200, adjust("OA", "23", -8_000), adjust("PR", "2", -300),
    adjust("CO", "45", -500), status_code="22",
)  # fmt: skip


@pytest.mark.parametrize("order", [*permutations([FIRST, SECOND])])
def test_a_second_payer_pays_what_the_first_left_to_the_patient(
    order: tuple[ClaimPayment, ...],
) -> None:
    entries = [entry for each in order for entry in post(remit(each), [1])]
    assert balances(entries) == {
        CASH: 8_200, A.ADJUSTMENT_CONTRACTUAL: 1_500, PATIENT: 300, PAYER: -10_000,
    }  # fmt: skip


def test_a_second_payers_reversal_leaves_what_the_first_one_did() -> None:
    entries = [e for each in (SECOND_BACK, FIRST, SECOND) for e in post(remit(each), [1])]
    assert balances(entries) == balances(post(remit(FIRST), [1]))


@pytest.mark.parametrize("group", ["CO", "OA", "PI"])
def test_what_a_payer_has_not_decided_stays_with_it(group: str) -> None:
    claim = payment(NUMBER, 10_000, 4_000, adjust(group, "133", 6_000))
    assert balances(post(remit(claim), [1])) == {CASH: 4_000, PAYER: -4_000}


@pytest.mark.parametrize("group", ["OA", "PR", "CO"])
def test_what_a_payer_sent_to_the_patient_is_owed_by_the_patient(group: str) -> None:
    claim = payment(NUMBER, 10_000, 0, adjust(group, "100", 10_000))
    assert balances(post(remit(claim), [1])) == {PATIENT: 10_000, PAYER: -10_000}


def lines_of(claim: ClaimPayment) -> dict[tuple[Account, int | None], int]:
    total: Counter[tuple[Account, int | None]] = Counter()
    for entry in post(remit(claim), [1]):
        for posting in entry.postings:
            total[posting.account, posting.line] += posting.amount_cents
    return dict(total)


def test_what_no_line_carries_is_posted_to_the_claim_as_a_whole() -> None:
    line = service(10_000, 9_000, adjust("CO", "45", 1_000), line=f"{NUMBER}01")
    both = payment(NUMBER, 10_000, 8_500, adjust("PR", "1", 500), services=(line,))
    assert lines_of(both) == {
        (CASH, 1): 9_000, (PAYER, 1): -10_000, (A.ADJUSTMENT_CONTRACTUAL, 1): 1_000,
        (CASH, None): -500, (PATIENT, None): 500, (PAYER, None): 0,
    }  # fmt: skip
    without = payment(NUMBER, 10_000, 9_000, adjust("CO", "45", 1_000))
    assert {line for _, line in lines_of(without)} == {None}


@pytest.mark.parametrize(
    ("reason", "cents", "account"),
    [
        ("WO", 5_000, A.RECOUPMENT_PAYER),  # The payer takes money back.
        ("WO", -5_000, A.RECOUPMENT_PAYER),  # It gives first, and will take later.
        ("FB", -2_500, A.RECOUPMENT_PAYER),
        ("72", -1_000, A.RECOUPMENT_PAYER),
        ("L6", -123, A.INCOME_INTEREST),  # Interest paid to us.
        ("IR", 400, A.WITHHOLDING),
        ("LE", 400, A.WITHHOLDING),
        ("PI", -9_000, A.ADVANCE_PAYER),  # Paid ahead of claims (M25).
        ("CT", -9_000, A.INCOME_OTHER),
        ("L3", 50, A.EXPENSE_PAYER),
        ("J1", 50, A.ADJUSTMENT_OTHER),
        ("CS", 777, A.SUSPENSE_UNMATCHED),
        ("ZZ", -777, A.SUSPENSE_UNMATCHED),  # Unknown: for a person.
    ],
)
def test_a_provider_adjustment_is_posted_with_its_sign(
    reason: str, cents: int, account: Account
) -> None:
    remittance = remit(payment(NUMBER, 10_000, 10_000), plbs=[plb(reason, cents)])
    entries = post(remittance, [1])
    assert balances(entries) == {CASH: 10_000 - cents, PAYER: -10_000, account: cents}
    assert {p.reference for p in entries[1].postings} == {"FCN1"}
    assert {p.claim_id for p in entries[1].postings} == {None}


@pytest.mark.parametrize(
    ("paid", "adjustments", "denied"),
    [
        (0, [("CO", "16", 10_000)], True),
        (0, [("CO", "45", 4_000), ("CO", "97", 6_000)], True),
        (0, [("CO", "45", 4_000), ("PR", "1", 6_000)], False),  # All to the deductible.
        (0, [("OA", "23", 10_000)], False),
        (1, [("CO", "16", 9_999)], False),
        (0, [], False),
    ],
)
def test_a_denial_is_told_by_amounts(
    paid: int, adjustments: list[tuple[str, str, int]], *, denied: bool
) -> None:
    claim = payment(NUMBER, 10_000, paid, *(adjust(*each) for each in adjustments))
    assert is_denied(claim, frozenset({"253"})) is denied

"""Every kind of answer balances by line and by claim, for any charges."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi.remittance_835.model import AdjustmentGroup
from sandbox.adjudicate import RULES, adjudicate, choose, correct, price, settle, supplement
from sandbox.decision import Column, Decision, Kind, reverse
from tests.claims import claim, lines

CHARGES = st.lists(st.integers(0, 99_999_999), min_size=1, max_size=50)
ORDINARY = (
    Kind.PAID_REDUCED, Kind.PATIENT_SHARE, Kind.PAID_IN_FULL, Kind.DENIED_MISSING,
    Kind.DENIED_TIMELY, Kind.DENIED_BUNDLED, Kind.DENIED_AUTHORIZATION, Kind.DEDUCTIBLE,
)  # fmt: skip
ADJUDICATED = [kind for kind in Kind if adjudicate(claim(), kind).lines]


def decide(kind: Kind, *charges_cents: int) -> Decision:
    return adjudicate(claim(lines=lines(*charges_cents)), kind)


def reasons(decision: Decision) -> list[list[tuple[str, str, int]]]:
    return [
        [(each.group.value, each.reason, each.amount_cents) for each in line.adjustments]
        for line in decision.lines
    ]


@pytest.mark.parametrize("kind", ADJUDICATED)
@given(charges=CHARGES)
def test_every_line_and_claim_is_paid_reduced_owed_or_denied_to_the_cent(
    kind: Kind, charges: list[int]
) -> None:
    decision = decide(kind, *charges)
    assert [line.line.charge_cents for line in decision.lines] == charges
    for line in decision.lines:
        parts = (line.paid_cents, *(line.in_column(each) for each in Column))
        assert min(parts) >= 0
        assert sum(parts) == line.line.charge_cents
        assert all(adjustment.amount_cents > 0 for adjustment in line.adjustments)
    whole = (decision.paid_cents, *(decision.in_column(each) for each in Column))
    assert sum(whole) == sum(charges)


@given(charges=CHARGES)
def test_a_share_never_takes_more_copay_or_deductible_than_the_claim_has(
    charges: list[int],
) -> None:
    decision = decide(Kind.PATIENT_SHARE, *charges)
    taken: Counter[str] = Counter()
    for line in decision.lines:
        for each in line.adjustments:
            if each.group is AdjustmentGroup.PATIENT:
                taken[each.reason] += each.amount_cents
    allowed = sum(charges) - decision.in_column(Column.CONTRACTUAL)
    assert taken["1"] <= allowed // 10
    assert taken["3"] <= min(2500, allowed // 10)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Kind.PAID_REDUCED, [[("CO", "45", 3003)], [("CO", "45", 299)]]),
        (
            Kind.PATIENT_SHARE,
            [
                [("CO", "45", 3003), ("PR", "1", 770), ("PR", "2", 1247), ("PR", "3", 770)],
                [("CO", "45", 299), ("PR", "2", 140)],
            ],
        ),
        (Kind.PAID_IN_FULL, [[], []]),
        (Kind.DENIED_MISSING, [[("CO", "16", 10010)], [("CO", "16", 999)]]),
        (Kind.DENIED_TIMELY, [[("CO", "29", 10010)], [("CO", "29", 999)]]),
        (Kind.DENIED_BUNDLED, [[("CO", "45", 3003)], [("CO", "97", 999)]]),
        (Kind.DENIED_AUTHORIZATION, [[("CO", "197", 10010)], [("CO", "197", 999)]]),
        (
            Kind.DEDUCTIBLE,
            [[("CO", "45", 3003), ("PR", "1", 7007)], [("CO", "45", 299), ("PR", "1", 700)]],
        ),
        (Kind.DENIED_NECESSITY, [[("CO", "50", 10010)], [("CO", "50", 999)]]),
        (Kind.ZERO_PAY, [[("CO", "45", 10010)], [("CO", "45", 999)]]),
        (Kind.REJECTED_999, []),
        (Kind.REJECTED_277CA, []),
        (Kind.REJECTED_277CA_BATCH, []),
        (Kind.REJECTED_277CA_PROVIDER, []),
        (Kind.NEVER_ANSWERED, []),
        (Kind.PENDING_LINE, [[("CO", "45", 3003)], [("PI", "133", 999)]]),
        (
            Kind.PAID_TO_PATIENT,
            [[("CO", "45", 3003), ("OA", "100", 7007)], [("CO", "45", 299), ("OA", "100", 700)]],
        ),
        (Kind.UNPROCESSABLE, [[("CO", "16", 10010)], [("CO", "16", 999)]]),
        (
            Kind.SECONDARY,
            [[("CO", "45", 3003), ("PR", "2", 1401)], [("CO", "45", 299), ("PR", "2", 140)]],
        ),
        (Kind.MEDICARE_ADVANTAGE, [[("CO", "24", 10010)], [("CO", "24", 999)]]),
    ],
)
def test_each_kind_adjusts_as_its_name_says(
    kind: Kind, expected: list[list[tuple[str, str, int]]]
) -> None:
    assert reasons(decide(kind, 10010, 999)) == expected


def test_a_reversal_takes_back_every_amount_and_a_correction_pays_more() -> None:
    visit = claim(lines=lines(10010, 999))
    decision = adjudicate(visit, Kind.REVERSED_LATER)
    reversed_claim, reversed_decision = reverse(visit, decision)
    assert reversed_claim.charge_cents == -11009
    assert [line.charge_cents for line in reversed_claim.lines] == [-10010, -999]
    assert reasons(reversed_decision) == [[("CO", "45", -3003)], [("CO", "45", -299)]]
    assert reversed_decision.paid_cents == -decision.paid_cents
    assert reasons(correct(visit, decision)) == [[("CO", "45", 2002)], [("CO", "45", 199)]]


def test_what_waits_is_paid_reduced_when_it_waits_no_more() -> None:
    visit = claim(lines=lines(10010, 999))
    decision = adjudicate(visit, Kind.PENDING_LINE)
    assert decision.in_column(Column.PENDING) == 999
    assert decision.in_column(Column.DENIED) == 0
    settled = settle(visit, decision)
    assert settled.kind is Kind.PENDING_LINE
    assert reasons(settled) == [[("CO", "45", 3003)], [("CO", "45", 299)]]


def test_what_the_patient_was_paid_is_the_patients_and_not_responsibility() -> None:
    decision = decide(Kind.PAID_TO_PATIENT, 10010, 999)
    assert (decision.paid_cents, decision.responsibility_cents) == (0, 0)
    assert decision.in_column(Column.PATIENT) == 7707
    assert [line.allowed_cents for line in decision.lines] == [7007, 700]


def test_a_price_is_allowed_and_not_paid() -> None:
    visit = claim(lines=lines(10010))
    priced = price(visit, adjudicate(visit, Kind.FULL_PREDETERMINATION))
    assert reasons(priced) == [[("CO", "45", 3003), ("OA", "101", 7007)]]
    assert [(line.paid_cents, line.allowed_cents) for line in priced.lines] == [(0, 7007)]


@given(charges=CHARGES)
def test_a_second_payer_pays_half_of_what_was_left_and_nothing_twice(charges: list[int]) -> None:
    first = decide(Kind.SECONDARY, *charges)
    second = supplement(first)
    for before, after in zip(first.lines, second.lines, strict=True):
        left = before.in_column(Column.PATIENT)
        assert after.paid_cents == left // 2
        assert after.in_column(Column.PATIENT) == left - left // 2
        assert after.in_column(Column.PRIOR) == before.line.charge_cents - left
        assert before.in_column(Column.CONTRACTUAL) + before.paid_cents + left == (
            before.line.charge_cents
        )
        assert after.in_column(Column.DENIED) == 0


def test_what_cannot_be_processed_says_so_at_the_claim() -> None:
    decision = decide(Kind.UNPROCESSABLE, 1)
    assert (decision.remark_codes, decision.lines[0].remark_codes) == (("MA130",), ("N290",))


def test_a_denial_for_missing_data_says_what_is_missing() -> None:
    assert [line.remark_codes for line in decide(Kind.DENIED_MISSING, 1).lines] == [("M76",)]


def test_a_claim_of_one_line_can_be_bundled() -> None:
    assert reasons(decide(Kind.DENIED_BUNDLED, 100)) == [[("CO", "97", 100)]]


def test_every_kind_has_one_rule_and_a_code_of_its_own() -> None:
    assert set(RULES) == set(Kind)
    codes = [rule.code for rule in RULES.values()]
    assert len(set(codes)) == len(codes)
    assert sum(rule.weight for rule in RULES.values()) == 100


@pytest.mark.parametrize("kind", list(Kind))
def test_a_member_id_asks_for_its_kind(kind: Kind) -> None:
    assert choose(claim(member_id=f"SBX{RULES[kind].code}000123")) is kind


def test_an_ordinary_member_is_answered_by_the_mix_and_always_alike() -> None:
    numbers = [f"PCN{number:05d}" for number in range(4000)]
    chosen = [choose(claim(patient_control_number=number)) for number in numbers]
    assert chosen == [
        choose(claim(patient_control_number=number, member_id="SBX99")) for number in numbers
    ]
    counts = Counter(chosen)
    for kind, rule in RULES.items():
        assert abs(counts[kind] - 40 * rule.weight) <= 100, kind
    assert set(counts) == {kind for kind, rule in RULES.items() if rule.weight} == set(ORDINARY)

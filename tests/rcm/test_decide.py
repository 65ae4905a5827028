"""What becomes of a remittance and of each claim in it: a table of cases, each decided."""

from dataclasses import replace

import pytest

from edi.remittance_835.balance import check_balance
from edi.remittance_835.model import Remittance
from rcm.remittance.decide import ClaimState, decide_claims, judge
from rcm.remittance.match import Match
from tests.rcm.partner_files import NUMBER, adjust, known, payment, plb, remit

OURS = {1: Match(claim=known(), rule="CLP01", confidence="certain")}


@pytest.mark.parametrize(
    ("status", "paid", "is_ours", "expected"),
    [
        ("1", 100, True, ClaimState.POSTED),
        ("4", 0, True, ClaimState.POSTED),
        ("19", 100, True, ClaimState.POSTED),
        ("22", -100, True, ClaimState.POSTED),
        ("1", 100, False, ClaimState.UNMATCHED),
        ("2", 100, True, ClaimState.POSTED),
        ("3", 100, True, ClaimState.POSTED),
        ("20", 100, True, ClaimState.POSTED),
        ("21", 100, True, ClaimState.POSTED),
        ("23", 0, True, ClaimState.RECORDED),
        ("23", 100, True, ClaimState.UNMATCHED),  # Money we do not know whose it is.
        ("25", 0, True, ClaimState.RECORDED),
        ("5", 0, True, ClaimState.RECORDED),  # Pended, by a payer that still speaks 004010.
        ("13", 100, True, ClaimState.POSTED),  # Money is money.
        ("ZZ", 0, True, ClaimState.POSTED),  # The amounts decide.
    ],
)
def test_what_the_payer_is_decides_where_the_money_goes(
    status: str, paid: int, expected: ClaimState, *, is_ours: bool
) -> None:
    rest = adjust("CO", "45", 100 - paid if status != "22" else -100 - paid)
    charge = -100 if status == "22" else 100
    claim = payment(NUMBER, charge, paid, rest, status_code=status)
    remittance = remit(claim)
    matches = OURS if is_ours else {}
    decided = decide_claims(remittance, check_balance(remittance), matches)
    assert decided == {1: expected}


def test_a_denial_as_a_duplicate_moves_nothing_whatever_came_before() -> None:
    duplicate = payment(NUMBER, 100, 0, adjust("CO", "18", 100))
    taken_back = payment(NUMBER, -100, 0, adjust("CO", "18", -100), status_code="22")
    other = payment(NUMBER, 100, 0, adjust("CO", "16", 100))
    for told, expected in (
        (duplicate, ClaimState.RECORDED),
        (taken_back, ClaimState.RECORDED),
        (other, ClaimState.POSTED),
    ):
        remittance = remit(told)
        assert decide_claims(remittance, check_balance(remittance), OURS) == {1: expected}


ORDINARY = remit(payment(NUMBER, 100, 60, adjust("CO", "45", 40)))
NOTHING = remit(payment(NUMBER, 100, 0, adjust("CO", "16", 100)))
DEBIT = replace(ORDINARY, payment=replace(ORDINARY.payment, credit_debit="D"))
NEGATIVE = remit(paid=-5, plbs=[plb("WO", 5)])
OFF = remit(payment(NUMBER, 100, 60, adjust("CO", "45", 40)), paid=61)


@pytest.mark.parametrize(
    ("remittance", "same", "other", "ours", "expected"),
    [
        (ORDINARY, False, False, True, ("posted", [])),
        (ORDINARY, True, False, True, ("duplicate", ["835-SAME-PAYMENT"])),
        (ORDINARY, False, True, True, ("held", ["835-PAYMENT-CONFLICT"])),
        (NOTHING, False, True, True, ("posted", [])),
        (ORDINARY, False, False, False, ("held", ["835-PAYEE-UNKNOWN"])),
        (DEBIT, False, False, True, ("held", ["835-DEBIT"])),
        (NEGATIVE, False, False, True, ("held", ["835-DEBIT"])),
        (OFF, False, False, True, ("held", ["835-HELD"])),
        (OFF, True, False, True, ("duplicate", ["835-SAME-PAYMENT"])),
        (remit(handling="P"), False, False, True, ("recorded", [])),
        (remit(handling="D"), False, False, True, ("recorded", [])),
    ],
)
def test_a_remittance_is_posted_or_it_is_said_why_not(
    remittance: Remittance, expected: tuple[str, list[str]], *, same: bool, other: bool, ours: bool
) -> None:
    state, why = judge(
        remittance,
        check_balance(remittance),
        same_is_posted=same,
        other_is_posted=other,
        payee_is_ours=ours,
    )
    assert (state, [found.code for found in why]) == expected

"""What payers keep and give beside claims: only what is settled some day is open."""

import pytest

from rcm.reading.recoupments import recoupments
from tests.harness import Practice
from tests.rcm.partner_files import file_835, plb, receive, remit


def accounts(practice: Practice, *, only_open: bool) -> list[str]:
    with practice.unit_of_work() as session:
        found = recoupments(session, only_open=only_open, limit=10)
    return [each.account for each in found]


@pytest.mark.parametrize(
    ("reason", "account"),
    [
        ("L6", "income:interest"),
        ("BN", "income:other"),
        ("50", "expense:payer"),
        ("J1", "adjustment:other"),
    ],
)
def test_what_is_final_when_it_is_told_is_no_open_recoupment(
    practice: Practice, reason: str, account: str
) -> None:
    receive(practice, file_835(remit(plbs=[plb(reason, -500, "ICN9")])))
    assert accounts(practice, only_open=False) == [account]
    assert accounts(practice, only_open=True) == []


@pytest.mark.parametrize(
    ("reason", "account"),
    [
        ("WO", "recoupment:payer"),
        ("AP", "advance:payer"),
        ("IR", "withholding"),
        ("ZZ", "suspense:unmatched"),
    ],
)
def test_what_is_settled_later_is_open_until_then(
    practice: Practice, reason: str, account: str
) -> None:
    receive(practice, file_835(remit(plbs=[plb(reason, -500)]), number=1))
    assert accounts(practice, only_open=True) == [account]
    back = remit(plbs=[plb(reason, 500), plb("L6", -500)], trace="T2")
    receive(practice, file_835(back, number=2))
    assert accounts(practice, only_open=True) == []

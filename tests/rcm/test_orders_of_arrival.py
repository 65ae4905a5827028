"""Every order of arrival of a few answers gives the same balances, status and work (ADR 0018)."""

from collections.abc import Callable
from itertools import permutations

import pytest

from edi.remittance_835.model import ClaimPayment
from tests.harness import Practice
from tests.rcm.intake import encounter
from tests.rcm.partner_files import Sent, file_835, plb, receive, remit, send
from tests.rcm.test_reversals import back, bare, denied, money, paid
from tests.rcm.test_what_stands import LEDGER, first, second

PARTS: dict[str, Callable[[Sent], ClaimPayment]] = {
    "first": first,
    "back": lambda c: back(first(c)),
    "bare": lambda c: bare(back(first(c))),
    "fix": lambda c: paid(c, 7_000, payer_claim_number="ICN1"),
    "fix8": lambda c: paid(c, 8_000, payer_claim_number="ICN2"),
    "denied": lambda c: denied(c, payer_claim_number="ICN1"),
    "second": second,
    "secback": lambda c: back(second(c)),
    "fixback": lambda c: back(paid(c, 7_000, payer_claim_number="ICN1")),
}
SETS = [
    ("back", "fix"),
    ("first", "back", "fix"),
    ("first", "back", "denied"),
    ("first", "second", "secback"),
    ("first", "back", "second"),
    ("first", "back", "fix", "second"),
    ("first", "back", "fix", "fixback"),
    ("first", "back", "second", "secback"),
    ("first", "back", "back"),
    ("denied", "first", "back", "second"),
    ("first", "first", "back"),
]


_WORK = """
    SELECT kind || ' ' || reason || ' ' || amount_cents FROM work_item
    WHERE claim_id = :i AND state = 'open' ORDER BY 1
"""


@pytest.mark.parametrize("names", SETS, ids="-".join)
def test_every_order_of_arrival_gives_the_same_balances_status_and_work(
    practice: Practice, names: tuple[str, ...]
) -> None:
    orders = [*permutations(range(len(names)))]
    claims = send(practice, *(encounter(external_id=f"e{n}") for n in range(len(orders))))
    for k in range(len(names)):
        told = []
        for c, order in zip(claims, orders, strict=True):
            p = PARTS[names[order[k]]](c)
            told.append(p)
        total = sum(p.paid_cents for p in told)
        plbs = [plb("FB", total)] if total < 0 else []
        receive(practice, file_835(remit(*told, plbs=plbs, trace=f"T{k}"), number=k + 1))
    money(practice)
    seen: dict[object, list[list[str]]] = {}
    for c, order in zip(claims, orders, strict=True):
        ledger = tuple(tuple(r) for r in practice.rows(LEDGER, i=c.id))
        ((stands,),) = practice.rows("SELECT status FROM claim WHERE id=:i", i=c.id)
        to_do = tuple(row[0] for row in practice.rows(_WORK, i=c.id))
        seen.setdefault((ledger, stands, to_do), []).append([names[n] for n in order])
    assert len(seen) == 1, "\n" + "\n".join(f"{v}: {k}" for k, v in seen.items())

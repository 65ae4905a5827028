"""Random postings by the service's own code: zero sums, and balances added up beside it."""

import os
from collections import Counter
from collections.abc import Sequence
from random import Random

import pytest
from sqlalchemy import text

from edi.money import Cents
from rcm.ledger.accounts import Account
from rcm.ledger.entry import JournalEntry, Posting, UnbalancedEntryError
from rcm.ledger.store import append, balances
from tests.faults.evidence import Evidence
from tests.faults.invariants import INVARIANTS
from tests.harness import Practice
from tests.rcm.intake import encounter
from tests.rcm.partner_files import send
from tests.scale import scaled

SEED = int(os.environ.get("RCM_FAULT_SEED", "2026"))
ENTRIES_PER_TRANSACTION = 500
CENTS_MAX = 10**9  #: Ten million dollars a posting.


def post_at_random(practice: Practice, postings: int) -> None:
    """Append so many postings in entries of 2 to 9; some are first tried off by a cent."""
    (claim,) = send(practice, encounter())
    before = Counter[str]()
    with practice.unit_of_work() as session:
        before.update(balances(session))
    random = Random(SEED)
    today = practice.tools.today()
    accounts = sorted(Account)
    made = 0

    def entry(key: str, lines: Sequence[Posting]) -> JournalEntry:
        return JournalEntry(
            key=key, kind="charge", file_id=claim.file_id, set_number="0001", effective_on=today,
            postings=tuple(lines),
        )  # fmt: skip

    def line(cents: int) -> Posting:
        return Posting(account=random.choice(accounts), amount_cents=Cents(cents), reason="random")

    while made < postings:
        entries = []
        for n in range(ENTRIES_PER_TRANSACTION):
            amounts = [random.randint(-CENTS_MAX, CENTS_MAX) for _ in range(random.randint(1, 8))]
            lines = [line(cents) for cents in (*amounts, -sum(amounts))]
            if n % 100 == 0:
                with pytest.raises(UnbalancedEntryError):
                    entry("off", [*lines, line(1)])
            entries.append(entry(f"random/{made}/{n}", lines))
            for each in lines:
                before[str(each.account)] += each.amount_cents
        with practice.unit_of_work() as session:
            append(
                session, practice.tools.keys, practice.tools.randomness, entries,
                now=practice.tools.clock(),
            )  # fmt: skip
        made += sum(len(each.postings) for each in entries)
    with practice.unit_of_work() as session:
        assert {name: cents for name, cents in balances(session).items() if cents} == {
            name: cents for name, cents in before.items() if cents
        }
        assert session.execute(text("SELECT sum(amount_cents) FROM posting")).scalar_one() == 0
        evidence = Evidence(
            session=session,
            tools=practice.tools,
            account=practice.account,
            private=practice.account.with_name("private"),
        )
        for name in ("I2", "I4", "I5"):
            assert not list(INVARIANTS[name](evidence)), name
    print(f"{made} random postings, seed {SEED}: 0 cents")


def test_two_thousand_random_postings(practice: Practice) -> None:
    post_at_random(practice, 2_000)


@pytest.mark.long
def test_a_million_random_postings(practice: Practice) -> None:
    post_at_random(practice, scaled(1_000_000))

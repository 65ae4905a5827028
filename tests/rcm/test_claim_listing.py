"""What lists read of a claim is what the claim and the ledger say, whoever writes."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from edi.money import Cents
from rcm.claims.status import ClaimStatus
from rcm.clock import SystemRandomness
from rcm.ledger.accounts import Account
from rcm.ledger.entry import JournalEntry, Posting, transfer
from rcm.ledger.store import append
from rcm.proof.listings import listing_differences
from rcm.reading.amounts import AMOUNTS
from tests.conftest import NOW
from tests.harness import Practice
from tests.rcm.intake import encounter
from tests.rcm.partner_files import Sent, adjust, file_835, payment, receive, remit

MIGRATION = Path("rcm/migrations/versions/0007_lists.sql")


def differences(practice: Practice) -> list[str]:
    with practice.unit_of_work() as session:
        return list(listing_differences(session))


def listed(practice: Practice, claim_id: UUID) -> dict[str, int]:
    ((row),) = practice.rows("SELECT * FROM claim_listing WHERE claim_id = :c", c=claim_id)
    return {name: value for name, value in row._asdict().items() if name.endswith("_cents")}


def test_a_claim_is_listed_as_it_is_built_charged_paid_and_denied(
    practice: Practice, claims: list[Sent]
) -> None:
    one, two = claims
    assert listed(practice, one.id) == {
        "charge_cents": 10_000,
        "billed_cents": 10_000,
        "paid_cents": 0,
        "adjusted_cents": 0,
        "patient_cents": 0,
        "denied_cents": 0,
    }
    paid = payment(one.number, 10_000, 6_000, adjust("CO", "45", 2_500), adjust("PR", "2", 1_500))
    denied = payment(two.number, 10_000, 0, adjust("CO", "16", 10_000))
    receive(practice, file_835(remit(paid, denied)))
    assert listed(practice, one.id) == {
        "charge_cents": 10_000,
        "billed_cents": 10_000,
        "paid_cents": 6_000,
        "adjusted_cents": 2_500,
        "patient_cents": 1_500,
        "denied_cents": 0,
    }
    assert listed(practice, two.id)["denied_cents"] == 10_000
    assert dict(map(tuple, practice.rows("SELECT claim_id, status FROM claim_listing"))) == {
        one.id: ClaimStatus.PAID,
        two.id: ClaimStatus.DENIED,
    }
    assert differences(practice) == []


def test_a_claim_that_was_not_sent_is_not_billed(practice: Practice) -> None:
    practice.post(encounter())
    practice.drain()
    ((claim_id,),) = practice.rows("SELECT id FROM claim")
    assert listed(practice, claim_id) | {"charge_cents": 0} == dict.fromkeys(
        listed(practice, claim_id), 0
    )
    assert listed(practice, claim_id)["charge_cents"] == 10_000
    assert differences(practice) == []


@pytest.mark.parametrize("account", Account)
def test_every_account_counts_where_the_amounts_say(
    practice: Practice, claim: Sent, account: Account
) -> None:
    """The trigger knows accounts by text: this is what binds it to the enum."""
    before = listed(practice, claim.id)
    ((file_id,),) = practice.rows("SELECT id FROM file WHERE direction = 'outbound'")
    debit = Posting(account=account, amount_cents=Cents(7), claim_id=claim.id)
    post = JournalEntry(
        key="test",
        kind="claim_payment",
        file_id=file_id,
        set_number="0001",
        effective_on=NOW.date(),
        postings=transfer(debit, credit=Account.EXPENSE_PAYER),
    )
    with practice.unit_of_work() as session:
        append(session, practice.tools.keys, SystemRandomness(), [post], now=NOW)
    after = listed(practice, claim.id)
    moved = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    wanted = {
        name: 7
        for name in ("paid_cents", "adjusted_cents", "patient_cents", "denied_cents")
        if account in AMOUNTS[name]
    }
    if account is Account.REVENUE_CHARGES:
        wanted = {"billed_cents": -7}
    assert moved == wanted
    # The other side of this entry is no amount of a claim: what is one does not add up.
    counts = account in {Account.REVENUE_CHARGES, *itertools.chain(*AMOUNTS.values())}
    assert len(differences(practice)) == int(counts)


@pytest.mark.parametrize(
    "change",
    ["paid_cents = 1", "charge_cents = 1", "status = 'held'", "created_at = now()"],
)
def test_a_listing_that_differs_is_named(
    practice: Practice, owner: Engine, claims: list[Sent], change: str
) -> None:
    wrong = claims[0].id
    assert differences(practice) == []
    with owner.begin() as connection:
        connection.execute(
            text(f"UPDATE claim_listing SET {change} WHERE claim_id = :c"), {"c": wrong}
        )
    assert differences(practice) == [f"lists differ from the ledger: claim {wrong}"]


def test_a_claim_without_a_listing_is_named(practice: Practice, owner: Engine, claim: Sent) -> None:
    with owner.begin() as connection:
        connection.execute(text("DELETE FROM claim_listing"))
    assert differences(practice) == [f"lists differ from the ledger: claim {claim.id}"]


@pytest.mark.usefixtures("claim")
def test_totals_that_differ_are_named(practice: Practice, owner: Engine) -> None:
    with owner.begin() as connection:
        connection.execute(text("UPDATE claim_sum SET paid_cents = paid_cents + 1"))
    assert differences(practice) == ["totals of lists differ from their claims: submitted"]


def test_totals_stay_exact_and_small_while_many_change_claims(
    practice: Practice, owner: Engine, claims: list[Sent]
) -> None:
    """Rows are merged now and then, at random: in so many changes, surely."""
    ids = [claim.id for claim in claims]

    def change(n: int) -> None:
        with owner.begin() as connection:
            for status in ("held", "ready", "paid"):
                connection.execute(
                    text("UPDATE claim SET status = :s, charge_cents = :n WHERE id = :c"),
                    {"s": status, "n": n, "c": ids[n % 2]},
                )

    with ThreadPoolExecutor(4) as changing:
        list(changing.map(change, range(400)))
    assert differences(practice) == []
    ((rows,),) = practice.rows("SELECT count(*) FROM claim_sum")
    assert rows < 1_000
    ((paid,),) = practice.rows("SELECT sum(claims) FROM claim_sum WHERE status = 'paid'")
    assert paid == 2
    with owner.begin() as connection:
        connection.execute(text("DELETE FROM claim_listing"))
    ((left,),) = practice.rows("SELECT coalesce(sum(claims), 0) FROM claim_sum")
    assert left == 0


def test_the_migration_lists_the_claims_of_before(
    practice: Practice, owner: Engine, claims: list[Sent]
) -> None:
    paid = payment(claims[0].number, 10_000, 8_000, adjust("CO", "45", 2_000))
    receive(practice, file_835(remit(paid)))
    before = practice.rows("SELECT * FROM claim_listing ORDER BY claim_id")
    script = MIGRATION.read_text(encoding="utf-8").partition("-- What there is already.")[2]
    with owner.begin() as connection:
        connection.execute(text("DELETE FROM claim_listing"))
        connection.exec_driver_sql(script.partition(";")[0])
    assert practice.rows("SELECT * FROM claim_listing ORDER BY claim_id") == before
    assert differences(practice) == []


@pytest.mark.parametrize(
    "verb",
    [
        "INSERT INTO {} (paid_cents) VALUES (0)",
        "UPDATE {} SET paid_cents = 0",
        "DELETE FROM {}",
        "TRUNCATE {}",
    ],
)
@pytest.mark.parametrize("table", ["claim_listing", "claim_sum"])
def test_the_service_cannot_write_what_lists_read(engine: Engine, table: str, verb: str) -> None:
    with engine.connect() as connection, pytest.raises(DBAPIError, match="permission denied"):
        connection.execute(text(verb.replace("{}", table)))

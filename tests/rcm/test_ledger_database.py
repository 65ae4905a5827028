"""The database guards the ledger, and what gets past it is found by the files."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from edi.money import Cents
from rcm.clock import SystemRandomness
from rcm.ledger.accounts import Account
from rcm.ledger.entry import JournalEntry, Posting, UnbalancedEntryError, transfer
from rcm.ledger.store import append
from rcm.proof import verify
from tests.harness import Practice
from tests.rcm.intake import encounter
from tests.rcm.partner_files import adjust, file_835, payment, plb, receive, remit, send

TABLES = ("ledger_entry", "posting")
POSTINGS = transfer(
    Posting(account=Account.CASH_IN_TRANSIT, amount_cents=Cents(500)),
    credit=Account.RECEIVABLE_PAYER,
)


@pytest.fixture
def file_id(practice: Practice) -> UUID:
    """A ledger of two charges, a payment, a denial and an interest; the file that was paid by."""
    one, two = send(practice, encounter(), encounter(external_id="two"))
    paid = payment(one.number, 10_000, 8_000, adjust("CO", "45", 2_000))
    denied = payment(two.number, 10_000, 0, adjust("CO", "16", 10_000))
    return receive(practice, file_835(remit(paid, denied, plbs=[plb("L6", -50)])))


def entry(file_id: UUID, key: str = "test/1") -> JournalEntry:
    return JournalEntry(
        key=key,
        kind="claim_payment",
        file_id=file_id,
        set_number="0001",
        effective_on=date(2026, 11, 23),
        postings=POSTINGS,
    )


def differences(practice: Practice) -> tuple[str, ...]:
    with practice.unit_of_work() as session:
        return verify(session, practice.tools).differences


def rewrite(owner: Engine, sql: str, **values: Any) -> None:  # noqa: ANN401 - SQL values
    """Change the ledger as only its owner can, who first lifts the triggers."""
    with owner.begin() as connection:
        for table in TABLES:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        connection.execute(text(sql), values)
        for table in TABLES:
            connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))


def put(practice: Practice, session: Session, entry: JournalEntry) -> None:
    tools = practice.tools
    append(session, tools.keys, SystemRandomness(), [entry], now=tools.clock())


def test_an_unbalanced_entry_cannot_even_be_made(file_id: UUID) -> None:
    with pytest.raises(UnbalancedEntryError):
        JournalEntry(
            key="test/1", kind="charge", file_id=file_id, set_number="1",
            effective_on=date(2026, 1, 1), postings=POSTINGS[:1],
        )  # fmt: skip


def test_the_database_refuses_an_unbalanced_entry_when_it_is_committed(
    practice: Practice, file_id: UUID
) -> None:
    before = practice.rows("SELECT count(*) FROM posting")

    def add_a_third_posting() -> None:
        with practice.unit_of_work() as session:
            append(
                session,
                practice.tools.keys,
                SystemRandomness(),
                [entry(file_id)],
                now=practice.tools.clock(),
            )
            session.execute(
                text(
                    "INSERT INTO posting (entry_id, n, account, amount_cents, reason, reference,"
                    " segment_number, element) SELECT entry_id, 3, account, 1, '', '', 0, 0"
                    " FROM posting WHERE n = 1 AND entry_id ="
                    " (SELECT id FROM ledger_entry WHERE key = 'test/1')"
                )
            )

    with pytest.raises(DBAPIError, match="does not sum to zero"):
        add_a_third_posting()
    assert practice.rows("SELECT count(*) FROM posting") == before


def test_the_database_refuses_to_post_the_same_twice(practice: Practice, file_id: UUID) -> None:
    def post() -> None:
        with practice.unit_of_work() as session:
            append(
                session,
                practice.tools.keys,
                SystemRandomness(),
                [entry(file_id)],
                now=practice.tools.clock(),
            )

    post()
    with pytest.raises(IntegrityError, match="ledger_entry_key_key"):
        post()
    ((count,),) = practice.rows("SELECT count(*) FROM ledger_entry WHERE key = 'test/1'")
    assert count == 1


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("verb", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_nobody_changes_or_removes_what_is_posted(
    engine: Engine, owner: Engine, paid_key: str, table: str, verb: str
) -> None:
    assert paid_key
    column = {"ledger_entry": "key", "posting": "amount_cents"}[table]
    for who, refusal in ((engine, "permission denied"), (owner, "append-only")):
        with who.connect() as connection, pytest.raises(DBAPIError, match=refusal):
            connection.execute(text(verb.format(table, column, column)))


def test_the_ledger_is_proven_by_the_files(practice: Practice, file_id: UUID) -> None:
    with practice.unit_of_work() as session:
        proof = verify(session, practice.tools)
    assert proof.is_true
    assert proof.files == len(practice.rows("SELECT id FROM file")) == 2, file_id
    assert (proof.entries, proof.postings) == (5, 12)
    assert (proof.payments_cents, proof.in_transit_cents) == (8_050, 8_050)
    assert proof.balances["income:interest"] == -50


CHANGES = {
    "account": "'adjustment:other'",
    "amount_cents": "amount_cents + (CASE n WHEN 1 THEN 1 ELSE -1 END)",
    "billing_provider_id": "NULL",
    "claim_id": "NULL",
    "payer_id": "NULL",
    "remittance_id": "NULL",
    "line": "2",
    "reason": "'CO-253'",
    "reference": "'FCN2'",
    "segment_number": "segment_number + 1",
    "element": "element + 1",
}


@pytest.fixture
def paid_key(practice: Practice, file_id: UUID) -> str:
    """The key of the entry that posts the first claim's payment."""
    ((key,),) = practice.rows(
        "SELECT key FROM ledger_entry WHERE file_id = :f AND key LIKE '%/clp/1'", f=file_id
    )
    assert differences(practice) == ()
    return str(key)


@pytest.mark.parametrize(("column", "value"), CHANGES.items())
def test_a_changed_posting_is_named(
    practice: Practice, owner: Engine, paid_key: str, column: str, value: str
) -> None:
    rewrite(
        owner,
        f"UPDATE posting SET {column} = {value} WHERE n < 3 AND entry_id ="
        " (SELECT id FROM ledger_entry WHERE key = :key)",
        key=paid_key,
    )
    assert f"differs from the file: {paid_key}" in differences(practice)


@pytest.mark.parametrize(
    ("column", "value"),
    [("kind", "'charge'"), ("set_number", "'0002'"), ("effective_on", "effective_on + 1")],
)
def test_a_changed_entry_is_named(
    practice: Practice, owner: Engine, paid_key: str, column: str, value: str
) -> None:
    rewrite(owner, f"UPDATE ledger_entry SET {column} = {value} WHERE key = :k", k=paid_key)
    assert differences(practice) == (f"differs from the file: {paid_key}",)


def test_an_entry_of_another_file_is_named(
    practice: Practice, owner: Engine, paid_key: str
) -> None:
    rewrite(
        owner,
        "UPDATE ledger_entry SET file_id = (SELECT id FROM file WHERE direction = 'outbound')"
        " WHERE key = :k",
        k=paid_key,
    )
    assert set(differences(practice)) == {
        f"missing in the ledger: {paid_key}",
        f"in the ledger, but not in the files: {paid_key}",
    }


@pytest.mark.parametrize("postings", ["true", "n IN (1, 2)"])
def test_removed_postings_are_named(
    practice: Practice, owner: Engine, paid_key: str, postings: str
) -> None:
    rewrite(
        owner,
        f"DELETE FROM posting WHERE {postings} AND entry_id ="
        " (SELECT id FROM ledger_entry WHERE key = :k)",
        k=paid_key,
    )
    assert any(paid_key in difference for difference in differences(practice))
    assert "cash differs from the sum of BPR02" in differences(practice)


def test_a_removed_entry_is_named(practice: Practice, owner: Engine, paid_key: str) -> None:
    of_entry = "(SELECT id FROM ledger_entry WHERE key = :k)"
    rewrite(owner, f"DELETE FROM posting WHERE entry_id = {of_entry}", k=paid_key)
    rewrite(owner, "DELETE FROM ledger_entry WHERE key = :k", k=paid_key)
    assert f"missing in the ledger: {paid_key}" in differences(practice)


def test_an_inserted_posting_is_named(practice: Practice, owner: Engine, paid_key: str) -> None:
    rewrite(
        owner,
        "INSERT INTO posting (entry_id, n, account, amount_cents, reason, reference,"
        " segment_number, element) SELECT entry_id, n + 10, account, 0, '', '', 0, 0 FROM posting"
        " WHERE entry_id = (SELECT id FROM ledger_entry WHERE key = :k)",
        k=paid_key,
    )
    assert differences(practice) == (f"differs from the file: {paid_key}",)


def test_an_inserted_entry_is_named(practice: Practice, file_id: UUID) -> None:
    with practice.unit_of_work() as session:
        now = practice.tools.clock()
        append(
            session,
            practice.tools.keys,
            SystemRandomness(),
            [entry(file_id, f"test/{uuid4()}")],
            now=now,
        )
    found = differences(practice)
    assert any(each.startswith("in the ledger, but not in the files: test/") for each in found)
    assert "cash differs from the sum of BPR02" in found


def test_an_entry_that_does_not_sum_to_zero_is_named(
    practice: Practice, owner: Engine, paid_key: str
) -> None:
    rewrite(
        owner,
        "UPDATE posting SET amount_cents = amount_cents + 1 WHERE n = 1 AND entry_id ="
        " (SELECT id FROM ledger_entry WHERE key = :k)",
        k=paid_key,
    )
    found = differences(practice)
    assert f"does not sum to zero, or has no posting: {paid_key}" in found
    assert "the ledger does not sum to zero" in found


def test_a_key_there_twice_is_named(practice: Practice, owner: Engine, paid_key: str) -> None:
    again, rule = uuid4(), "ALTER TABLE ledger_entry {} CONSTRAINT ledger_entry_key_key {}"
    rewrite(owner, rule.format("DROP", ""))
    try:
        rewrite(
            owner,
            "INSERT INTO ledger_entry (id, key, kind, file_id, set_number, effective_on, posted_at)"
            " SELECT :id, key, kind, file_id, set_number, effective_on, posted_at"
            " FROM ledger_entry WHERE key = :k",
            id=again, k=paid_key,
        )  # fmt: skip
        assert f"in the ledger more than once: {paid_key}" in differences(practice)
    finally:
        rewrite(owner, "DELETE FROM ledger_entry WHERE id = :id", id=again)
        rewrite(owner, rule.format("ADD", "UNIQUE (key)"))


def test_postings_without_their_entry_are_named(
    practice: Practice, owner: Engine, paid_key: str
) -> None:
    rule = "ALTER TABLE posting {} CONSTRAINT posting_entry_id_fkey {}"
    ((entry_id,),) = practice.rows("SELECT id FROM ledger_entry WHERE key = :k", k=paid_key)
    rewrite(owner, rule.format("DROP", ""))
    try:
        rewrite(owner, "DELETE FROM ledger_entry WHERE id = :id", id=entry_id)
        assert f"postings of an entry that is not there: {entry_id}" in differences(practice)
    finally:
        rewrite(owner, "DELETE FROM posting WHERE entry_id = :id", id=entry_id)
        rewrite(owner, rule.format("ADD", "FOREIGN KEY (entry_id) REFERENCES ledger_entry"))

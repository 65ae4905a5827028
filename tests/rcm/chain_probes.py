"""Ledger and audit log with a chain of several links, and what an intruder can do to them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from edi.money import Cents
from rcm.access.audit import record_operator
from rcm.chains import store
from rcm.chains.checkpoints import CheckpointWriter, Witness
from rcm.chains.model import ROOT, Chain, ChainedRow, digest, hash_of, statement
from rcm.chains.service import chain_rows
from rcm.chains.verify import ChainProof, verify_chain
from rcm.clock import SystemRandomness
from rcm.db import UnitOfWork, snapshot
from rcm.ledger.accounts import Account
from rcm.ledger.entry import JournalEntry, Posting, transfer
from rcm.ledger.store import append
from rcm.signing import SigningKey, load_signing_key, make_signing_key_file
from rcm.tools import Tools

TABLES = (
    "ledger_entry", "posting", "audit_event", "chain_link", "chained_entry", "chained_event",
)  # fmt: skip
ROWS = {Chain.LEDGER: "ledger_entry", Chain.AUDIT: "audit_event"}
CHAINED = {Chain.LEDGER: "chained_entry", Chain.AUDIT: "chained_event"}
AT = {Chain.LEDGER: "posted_at", Chain.AUDIT: "at"}
KIND = {Chain.LEDGER: "kind", Chain.AUDIT: "action"}


@dataclass(slots=True)
class Books:
    """What is posted and recorded, and a clock that goes on."""

    unit_of_work: UnitOfWork
    tools: Tools
    file_id: UUID
    folder: Path
    key: SigningKey
    posted: int = 0

    def clock(self) -> datetime:
        return self.tools.clock()

    def wait(self, **span: int) -> None:
        now = self.tools.clock() + timedelta(**span)
        self.tools = replace(self.tools, clock=lambda: now)

    def add(self, session: Session, count: int = 1) -> None:
        """Post an entry and record an event, `count` times."""
        for _ in range(count):
            self.posted += 1
            key = f"test/{self.posted}"
            debit = Posting(
                account=Account.CASH_IN_TRANSIT, amount_cents=Cents(self.posted), reason="CO-45"
            )
            entry = JournalEntry(
                key=key,
                kind=("charge", "claim_payment")[self.posted % 2],
                file_id=self.file_id,
                set_number="0001",
                effective_on=date(2026, 11, 23),
                postings=transfer(debit, credit=Account.RECEIVABLE_PAYER),
            )
            keys = self.tools.keys
            append(session, keys, SystemRandomness(), [entry], now=self.tools.clock())
            about = {"about": "claim", "about_id": UUID(int=self.posted)}
            detail = f"row {self.posted}"
            record_operator(session, self.tools, "claim.view", detail=detail, **about)  # type: ignore[arg-type]  # Of two types.

    def link(self, *, is_signed: bool = True) -> None:
        """Run the job."""
        chain_rows(
            self.unit_of_work,
            self.clock,
            CheckpointWriter(self.folder, self.key) if is_signed else None,
        )

    def fill(self, links: int = 6, rows: int = 7) -> None:
        """Make a chain of several links, an hour apart."""
        for _ in range(links):
            with self.unit_of_work() as session:
                self.add(session, rows)
            self.link()
            self.wait(hours=1)

    def verify(self, chain: Chain, *, is_signed: bool = True) -> ChainProof:
        witness = Witness(self.folder, chain) if is_signed else None
        with snapshot(self.unit_of_work) as session:
            return verify_chain(session, chain, witness)

    def rows(self, sql: str, **values: object) -> list[Any]:
        with self.unit_of_work() as session:
            return list(session.execute(text(sql), values))

    def ids(self, chain: Chain) -> list[str]:
        """The rows of a chain in their order."""
        return [str(row.id) for row in self.rows(f"SELECT id FROM {CHAINED[chain]} ORDER BY place")]


def make_books(unit_of_work: UnitOfWork, tools: Tools, file_id: UUID, folder: Path) -> Books:
    """Books with a signing key and a folder of checkpoints."""
    key_file = folder / "signing.key"
    make_signing_key_file(key_file)
    return Books(
        unit_of_work=unit_of_work,
        tools=tools,
        file_id=file_id,
        folder=folder / "checkpoints",
        key=load_signing_key(key_file),
    )


def intrude(owner: Engine, *statements: str, **values: object) -> None:
    """Do as only the owner can, who first lifts the triggers."""
    with owner.begin() as connection:
        for table in TABLES:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        for statement_ in statements:
            connection.execute(text(statement_), values)
        for table in TABLES:
            connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))


class Intruder:
    """Who owns the database and has lifted the triggers: in one transaction that is thrown away."""

    def __init__(self, books: Books, session: Session, chain: Chain) -> None:
        self.books, self.session, self.chain = books, session, chain
        self.rows, self.chained = ROWS[chain], CHAINED[chain]
        for table in TABLES:
            self.do(f"ALTER TABLE {table} DISABLE TRIGGER USER")

    def do(self, statement_: str, **values: object) -> list[Any]:
        done = self.session.execute(text(statement_), values)
        return list(done) if done.returns_rows else []  # type: ignore[attr-defined]  # A cursor result.

    def ids(self) -> list[str]:
        """The rows of the chain in their order."""
        return [str(row.id) for row in self.do(f"SELECT id FROM {self.chained} ORDER BY place")]

    def known(self, row_id: str) -> tuple[datetime, str]:
        """When a row is of, and of what kind."""
        (row,) = self.do(
            f"SELECT {AT[self.chain]} AS at, {KIND[self.chain]} AS kind FROM {self.rows}"
            " WHERE id::text = :id",
            id=row_id,
        )
        return row.at, row.kind

    def verify(self, *, is_signed: bool = True, folder: Path | None = None) -> ChainProof:
        self.session.flush()
        self.session.expunge_all()
        witness = Witness(folder or self.books.folder, self.chain) if is_signed else None
        return verify_chain(self.session, self.chain, witness)

    def link(self) -> None:
        """Let the job run, in this transaction."""

        @contextmanager
        def transaction() -> Iterator[Session]:
            yield self.session

        chain_rows(transaction, self.books.clock, None)

    def edit(self, row_id: str, random: Random) -> None:
        changes = {
            Chain.AUDIT: (
                "UPDATE audit_event SET detail = 'x' WHERE id = :id",
                "UPDATE audit_event SET actor_name = 'x' WHERE id = :id",
                "UPDATE audit_event SET at = at + interval '1 us' WHERE id = :id",
                "UPDATE audit_event SET outcome = 'refused' WHERE id = :id",
                "UPDATE audit_event SET address = '\\x00' WHERE id = :id",
                "UPDATE audit_event SET roles = '{admin}' WHERE id = :id",
            ),
            Chain.LEDGER: (
                "UPDATE ledger_entry SET effective_on = effective_on + 1 WHERE id = :id",
                "UPDATE ledger_entry SET kind = 'match' WHERE id = :id",
                "UPDATE posting SET reason = 'CO-50' WHERE entry_id = :id AND n = 2",
                "UPDATE posting SET amount_cents = amount_cents * 2 WHERE entry_id = :id",
                "DELETE FROM posting WHERE entry_id = :id",
            ),
        }
        self.do(random.choice(changes[self.chain]), id=row_id)

    def remove(self, row_id: str) -> None:
        if self.chain is Chain.LEDGER:
            self.do("DELETE FROM posting WHERE entry_id = :id", id=row_id)
        self.do(f"DELETE FROM {self.rows} WHERE id = :id", id=row_id)

    def insert_beside(self, row_id: str, *, keeps_xid: bool) -> str:
        """Insert a copy of a row, as old as itself; returns its id."""
        xid = "xid" if keeps_xid else "pg_current_xact_id()::text::bigint"
        if self.chain is Chain.AUDIT:
            new_id = "9007199254"
            columns = "at, actor_id, actor_name, action, about, about_id, detail, roles, outcome"
            override, more, said = "OVERRIDING SYSTEM VALUE", "", ""
        else:
            new_id = str(UUID(int=7))
            columns = "kind, file_id, set_number, effective_on, posted_at"
            override, more, said = "", ", key", ", key || '/again'"
        self.do(
            f"INSERT INTO {self.rows} (id, {columns}, xid{more}) {override}"
            f" SELECT '{new_id}', {columns}, {xid}{said} FROM {self.rows} WHERE id = :id",
            id=row_id,
        )
        with self.books.unit_of_work() as later:  # So that this transaction is not the newest.
            later.execute(text("SELECT pg_current_xact_id()"))
        return new_id

    def exchange(self, one: str, two: str) -> None:
        """Let two rows change their places: each says what the other said."""
        columns = [
            name
            for name in (store.EVENT if self.chain is Chain.AUDIT else store.ENTRY)
            if name != "key"
        ]
        here, there = ", ".join(columns), ", ".join(f"other.{name}" for name in columns)
        pair: dict[str, object] = {"one": one, "two": two}
        self.do(
            f"UPDATE {self.rows} AS row SET ({here}) = ROW({there}) FROM {self.rows} AS other"
            " WHERE (row.id::text, other.id::text) IN ((:one, :two), (:two, :one))",
            **pair,
        )
        if self.chain is Chain.AUDIT:
            return
        keys = dict(self.do("SELECT id::text, key FROM ledger_entry"))
        self.do("UPDATE ledger_entry SET key = '/moving' WHERE id::text = :one", one=one)
        for row_id, other in ((two, one), (one, two)):
            named_ = "UPDATE ledger_entry SET key = :key WHERE id::text = :id"
            self.do(named_, id=row_id, key=keys[other])
        self.do(
            "UPDATE posting SET n = n + 100,"
            " entry_id = (CASE entry_id::text WHEN :one THEN :two ELSE :one END)::uuid"
            " WHERE entry_id::text IN (:one, :two)",
            **pair,
        )
        self.do("UPDATE posting SET n = n - 100 WHERE n > 100")

    def cut(self, first_lost: int) -> None:
        """Take the end away: links from a number on, what they cover, and the rows themselves."""
        ((place,),) = self.do(
            "SELECT from_place FROM chain_link WHERE chain = :chain AND n = :n",
            chain=self.chain.value, n=first_lost,
        )  # fmt: skip
        lost = f"(SELECT id FROM {self.chained} WHERE place >= :place)"
        if self.chain is Chain.LEDGER:
            self.do(f"DELETE FROM posting WHERE entry_id IN {lost}", place=place)
        self.do(f"DELETE FROM {self.rows} WHERE id IN {lost}", place=place)
        self.do(f"DELETE FROM {self.chained} WHERE place >= :place", place=place)
        self.do(
            "DELETE FROM chain_link WHERE chain = :chain AND n >= :n",
            chain=self.chain.value, n=first_lost,
        )  # fmt: skip

    def forget(self) -> None:
        """Take the chain away, and leave the rows."""
        self.do(f"DELETE FROM {self.chained}")
        self.do("DELETE FROM chain_link WHERE chain = :chain", chain=self.chain.value)

    def rewrite(self) -> None:
        """Forge the chain whole: same links, every digest and hash as if rows had always been so.

        Rows that are gone are left out, and rows that came are put in where their date belongs.
        """
        store.fix_output(self.session)
        links = [link for link, _ in store.links_from(self.session, self.chain, 1, limit=100_000)]
        covered = store.COVERED[self.chain]
        said = self.session.execute(
            select(covered.id, covered.at, covered.kind, covered.content).order_by(
                covered.at, covered.xid, covered.id
            )
        )
        rows = [
            ChainedRow(place=place, id=str(row_id), at=at, kind=kind, digest=digest(content))
            for place, (row_id, at, kind, content) in enumerate(said, start=1)
        ]
        self.forget()
        previous, place = ROOT, 1
        for link in links:
            to_place = len(rows) if link is links[-1] else min(link.to_place, len(rows))
            forged = replace(link, from_place=place, to_place=to_place, previous_hash=previous)
            mine = rows[forged.from_place - 1 : forged.to_place]
            forged = replace(forged, hash=hash_of(statement(forged, mine)))
            store.add(self.session, forged, mine)
            previous, place = forged.hash, to_place + 1


def named(proof: ChainProof, what: str) -> list[str]:
    """The rows that were named for one thing."""
    return [breach.id for breach in proof.breaches if breach.what == what and breach.id]

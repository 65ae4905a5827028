"""What a link of a chain says, and how it is hashed. Pure.

A link covers up to ROWS_PER_LINK rows in their order, each by the digest of what it says, and the
link before. So no row can be changed, removed, put in or moved without changing every later hash.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

ROWS_PER_LINK = 1_000
ROOT = bytes(32)  #: What the first link names as the hash before it.
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Chain(StrEnum):
    """What is chained."""

    LEDGER = "ledger"  #: Entries, each with its postings.
    AUDIT = "audit"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainedRow:
    """A row that a link covers: which, of when, of what kind, and the digest of what it said."""

    place: int  #: In the chain, from 1.
    id: str
    at: datetime
    kind: str
    digest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """From where on rows are looked for: a transaction number, good in one life of the server."""

    next_xid: int = 0
    server_started_at: datetime = _NEVER


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A step of a chain. Without rows it only marks a new life of the server."""

    chain: Chain
    n: int  #: From 1.
    from_place: int
    to_place: int
    cursor: Cursor
    is_caught_up: bool  #: No row that was there was left out.
    made_at: datetime
    previous_hash: bytes
    hash: bytes = b""


def digest(content: str) -> bytes:
    """Return the SHA-256 of what a row says, in the canonical form of `rcm.chains.store`."""
    return hashlib.sha256(content.encode()).digest()


def statement(link: Link, rows: Sequence[ChainedRow]) -> dict[str, Any]:
    """Return what a link says, as JSON: this is what is hashed, and what a checkpoint repeats."""
    return {
        "chain": link.chain.value,
        "n": link.n,
        "from_place": link.from_place,
        "to_place": link.to_place,
        "next_xid": link.cursor.next_xid,
        "server_started_at": link.cursor.server_started_at.isoformat(),
        "is_caught_up": link.is_caught_up,
        "made_at": link.made_at.isoformat(),
        "previous_hash": link.previous_hash.hex(),
        "rows": [[row.id, row.at.isoformat(), row.kind, row.digest.hex()] for row in rows],
    }


def read_link(told: Mapping[str, Any]) -> Link:
    """Return the link of a statement. Raises KeyError, TypeError or ValueError."""
    return Link(
        chain=Chain(told["chain"]),
        n=int(told["n"]),
        from_place=int(told["from_place"]),
        to_place=int(told["to_place"]),
        cursor=Cursor(
            next_xid=int(told["next_xid"]),
            server_started_at=datetime.fromisoformat(told["server_started_at"]),
        ),
        is_caught_up=bool(told["is_caught_up"]),
        made_at=datetime.fromisoformat(told["made_at"]),
        previous_hash=bytes.fromhex(told["previous_hash"]),
        hash=hash_of(told),
    )


def read_rows(told: Mapping[str, Any]) -> tuple[ChainedRow, ...]:
    """Return the rows of a statement. Raises KeyError, TypeError or ValueError."""
    return tuple(
        ChainedRow(
            place=place,
            id=str(row_id),
            at=datetime.fromisoformat(at),
            kind=str(kind),
            digest=bytes.fromhex(hexadecimal),
        )
        for place, (row_id, at, kind, hexadecimal) in enumerate(told["rows"], told["from_place"])
    )


def hash_of(told: Mapping[str, Any]) -> bytes:
    """Return the hash of a statement.

    >>> hash_of({"n": 1}) == hash_of({"n": 1}), hash_of({"n": 1}) == hash_of({"n": 2})
    (True, False)
    """
    body = json.dumps(told, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(b"rcm chain 1\n" + body.encode()).digest()


def link_after(
    last: Link | None,
    rows: Sequence[ChainedRow],
    *,
    chain: Chain,
    cursor: Cursor,
    is_caught_up: bool,
    made_at: datetime,
) -> Link:
    """Return the link that follows `last` and covers `rows`, whose places follow its own."""
    from_place = last.to_place + 1 if last else 1
    facts: dict[str, Any] = {
        "chain": chain,
        "n": last.n + 1 if last else 1,
        "from_place": from_place,
        "to_place": from_place + len(rows) - 1,
        "cursor": cursor,
        "is_caught_up": is_caught_up,
        "made_at": made_at,
        "previous_hash": last.hash if last else ROOT,
    }
    return Link(**facts, hash=hash_of(statement(Link(**facts), rows)))

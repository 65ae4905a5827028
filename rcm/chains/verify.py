"""Proof of a chain: every row as it was chained, every link as it was made and signed.

Where a checkpoint of a link is there, it decides what was chained: it lies outside the database.
"""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rcm.chains import proof_store
from rcm.chains.breaches import Breach, Breaches, What
from rcm.chains.checkpoints import BadLine, Checkpoint, Witness
from rcm.chains.model import ROOT, Chain, ChainedRow, Link, digest, hash_of, statement
from rcm.chains.store import StrayRow, fix_output, last_link, moment
from rcm.db import ReadSession

#: No transaction is open for so long: a job ends after 15 minutes (docs/data-flow.md).
LATE = timedelta(minutes=30)

Told = Callable[[int, int], None]  #: Rows looked at, of how many.


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainProof:
    """What was found of a chain."""

    chain: Chain
    rows: int  #: Chained.
    links: int
    unchained: int  #: Rows that the next link will cover.
    chained_at: datetime | None  #: When the newest link was made.
    checkpoints: int | None  #: None: no folder was named.
    checkpoint_at: datetime | None
    unsigned_links: int  #: That no checkpoint covers yet.
    breaches: tuple[Breach, ...]  #: What is not as it was; the first of them, named.
    breaches_total: int

    @property
    def is_true(self) -> bool:
        """Tell whether nothing was changed, removed, put in or moved."""
        return not self.breaches_total


@dataclass(slots=True)
class _Walk:
    """Where a walk along the chain is."""

    chain: Chain
    breaches: Breaches
    previous: Link | None = None
    looked_at: datetime | None = None  #: When every row that was there was last chained.
    links: int = 0
    unsigned: int = 0
    checkpoints: int = 0
    checkpoint_at: datetime | None = None
    next_checkpoint: int = 0  #: The number that the next line has to have; 0: any.
    is_rewritten: bool = False
    waiting: list[Checkpoint] = field(default_factory=list)  #: Read, and of a later link.


_Row = tuple[ChainedRow, str | None]


def verify_chain(
    session: ReadSession, chain: Chain, witness: Witness | None, told: Told = lambda _, __: None
) -> ChainProof:
    """Look at every row, link and checkpoint of a chain. Give it a `snapshot`.

    Memory stays flat: rows, links and checkpoints are streamed beside each other.
    """
    fix_output(session)
    total = proof_store.count_chained(session, chain)
    walk = _Walk(chain=chain, breaches=Breaches(chain))
    rows = _Rows(proof_store.chained_and_now(session, chain), told, total)
    signed = _signed_ones(walk, witness)
    for link in proof_store.links(session, chain):
        checkpoint = _checkpoint_of(walk, signed, link.n)
        _check_link(walk, link, rows.until(link.to_place), checkpoint)
    for row, _ in rows.rest():
        walk.breaches.name(What.BROKEN, row, "no link covers it any more")
    for lost in itertools.chain(walk.waiting, signed):
        _lose(walk, lost)
    unchained = _check_strays(walk, session)
    breaches = walk.breaches.settled()
    return ChainProof(
        chain=chain,
        rows=total,
        links=walk.links,
        unchained=unchained,
        chained_at=walk.previous.made_at if walk.previous else None,
        checkpoints=None if witness is None else walk.checkpoints,
        checkpoint_at=walk.checkpoint_at,
        unsigned_links=walk.unsigned,
        breaches=breaches,
        breaches_total=walk.breaches.total,
    )


class _Rows:
    """The stream of chained rows, taken link by link."""

    def __init__(self, stream: Iterator[_Row], told: Told, total: int) -> None:
        self._stream = stream
        self._next = next(stream, None)
        self._told = told
        self._total = total
        self._count = 0

    def until(self, place: int) -> list[_Row]:
        """The rows that come next, up to a place."""
        found = []
        while self._next is not None and self._next[0].place <= place:
            found.append(self._next)
            self._next = next(self._stream, None)
        self._count += len(found)
        self._told(self._count, self._total)
        return found

    def rest(self) -> Iterator[_Row]:
        """What is left."""
        while self._next is not None:
            yield self._next
            self._next = next(self._stream, None)


def _signed_ones(walk: _Walk, witness: Witness | None) -> Iterator[Checkpoint]:
    """Stream the checkpoints that are ours and whole; tell of every other line."""
    for line in witness or ():
        if isinstance(line, BadLine):
            walk.breaches.say(What.BAD_CHECKPOINT, f"line {line.number} is no checkpoint")
            continue
        n = line.link.n
        if walk.next_checkpoint not in (0, n):
            walk.breaches.say(
                What.BAD_CHECKPOINT, f"link {n} follows where {walk.next_checkpoint} should"
            )
        walk.next_checkpoint = n + 1
        if not line.is_signed:
            walk.breaches.say(
                What.BAD_CHECKPOINT, f"that of link {n} bears no signature of a key that is known"
            )
            continue
        walk.checkpoints += 1
        walk.checkpoint_at = line.written_at
        yield line


def _checkpoint_of(walk: _Walk, signed: Iterator[Checkpoint], n: int) -> Checkpoint | None:
    """The checkpoint of a link; those before it are of links that are gone."""
    while True:
        found = walk.waiting.pop() if walk.waiting else next(signed, None)
        if found is None:
            return None
        if found.link.n == n:
            return found
        if found.link.n > n:
            walk.waiting.append(found)
            return None
        _lose(walk, found)


def _lose(walk: _Walk, lost: Checkpoint) -> None:
    """Name a link that was signed and is not in the database, and its rows."""
    is_end = walk.previous is None or lost.link.n > walk.previous.n
    what = What.CUT if is_end else What.REMOVED
    signed = f"{lost.written_at:%Y-%m-%d %H:%M:%S} UTC"
    walk.breaches.say(what, f"link {lost.link.n}, signed {signed}, is gone")
    for row in lost.rows:
        if is_end:
            walk.breaches.lose(row)
        else:
            walk.breaches.miss(row)


def _check_link(walk: _Walk, link: Link, rows: list[_Row], checkpoint: Checkpoint | None) -> None:
    walk.links += 1
    noted = [row for row, _ in rows]
    computed = hash_of(statement(link, noted))
    is_whole = computed == link.hash
    if checkpoint is None:
        walk.unsigned += 1
    elif checkpoint.link.hash != link.hash or not is_whole:
        known = walk.breaches.total
        _compare(walk, checkpoint, rows)
        if not is_whole and walk.breaches.total == known:
            walk.breaches.say(What.BROKEN, _range(link, noted))
        if checkpoint.link.hash != link.hash and not walk.is_rewritten:
            walk.is_rewritten = True
            walk.breaches.say(
                What.REWRITTEN,
                f"from link {link.n} on the chain is not the one that was signed"
                f" {checkpoint.written_at:%Y-%m-%d %H:%M:%S} UTC",
            )
    if checkpoint is None or (is_whole and checkpoint.link.hash == link.hash):
        _check_rows(walk, rows)
        if not is_whole:
            walk.breaches.say(What.BROKEN, _range(link, noted))
    _check_order(walk, link, noted)
    for row in noted:
        if walk.looked_at and row.at < walk.looked_at - LATE:
            walk.breaches.name(What.INSERTED, row, "it bears a date from before its neighbours'")
    if link.is_caught_up:
        walk.looked_at = link.made_at
    walk.previous = link


def _check_order(walk: _Walk, link: Link, noted: list[ChainedRow]) -> None:
    """Whether a link follows the one before, and its rows stand where it says."""
    before = walk.previous
    expected = (before.n + 1, before.to_place + 1, before.hash) if before else (1, 1, ROOT)
    if (link.n, link.from_place, link.previous_hash) != expected:
        walk.breaches.say(What.BROKEN, f"link {link.n} does not follow the link before it")
    if [row.place for row in noted] != list(range(link.from_place, link.to_place + 1)):
        walk.breaches.say(
            What.BROKEN, f"places {link.from_place} to {link.to_place} are not all there, once"
        )


def _check_rows(walk: _Walk, rows: list[_Row]) -> None:
    """Whether each row still says what was chained."""
    for row, content in rows:
        if content is None:
            walk.breaches.name(What.REMOVED, row)
            continue
        found = digest(content)
        if found != row.digest:
            walk.breaches.change(row, found)


def _compare(walk: _Walk, checkpoint: Checkpoint, rows: list[_Row]) -> None:
    """Compare rows with what was signed of them, whatever the database notes of them now."""
    signed = {row.id: row for row in checkpoint.rows}
    for noted, content in rows:
        row = signed.pop(noted.id, None)
        if row is None:
            walk.breaches.put_in(noted, digest(content) if content is not None else b"")
        elif content is None:
            walk.breaches.name(What.REMOVED, row)
        elif (found := digest(content)) != row.digest:
            walk.breaches.change(row, found)
        elif (noted.at, noted.kind, noted.digest) != (row.at, row.kind, row.digest):
            walk.breaches.name(What.BROKEN, row, "the row is as it was, its note in the chain not")
    for row in signed.values():
        walk.breaches.miss(row)
    here = {noted.id for noted, _ in rows}
    order = [row for row in checkpoint.rows if row.id in here]
    ids = {row.id for row in order}
    now = [noted.id for noted, _ in rows if noted.id in ids]
    for row, row_id in zip(order, now, strict=False):
        if row.id != row_id:
            walk.breaches.name(What.REORDERED, row)


def _range(link: Link, noted: list[ChainedRow]) -> str:
    rows = f"its rows {noted[0].id} to {noted[-1].id}" if noted else "it"
    return (
        f"link {link.n} of {link.made_at:%Y-%m-%d %H:%M:%S} UTC does not bear its own hash:"
        f" {rows} or the link were changed together with the chain"
    )


def _check_strays(walk: _Walk, session: ReadSession) -> int:
    """Count rows that wait for a link; name those for which it is too late."""
    last = last_link(session, walk.chain)
    now = moment(session)
    is_same_life = last is not None and last.cursor.server_started_at == now.server_started_at
    unchained = 0
    for stray in proof_store.strays(session, walk.chain):
        reason = ""
        if last and is_same_life and not last.cursor.next_xid <= stray.xid < now.begun_below:
            reason = "no link will ever cover it"
        elif walk.looked_at and stray.at < walk.looked_at - LATE:
            reason = "it bears a date from before what is chained"
        if reason:
            walk.breaches.name(What.INSERTED, _row_of(stray), reason)
        else:
            unchained += 1
    return unchained


def _row_of(stray: StrayRow) -> ChainedRow:
    return ChainedRow(place=0, id=stray.id, at=stray.at, kind=stray.kind, digest=b"")

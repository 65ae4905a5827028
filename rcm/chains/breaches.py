"""What is not as it was chained: named row by row, in words."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from rcm.chains.model import Chain, ChainedRow

NAMED_MAX = 1_000  #: What is more is counted; a chain rewritten whole has a million.
_HELD_MAX = 100_000  #: Rows that may still turn up in another link.
_NOUNS = {Chain.LEDGER: "ledger entry", Chain.AUDIT: "audit event"}


class What(StrEnum):
    """What was done to a row, a link or a checkpoint."""

    CHANGED = "changed"
    REMOVED = "removed"
    INSERTED = "inserted"
    REORDERED = "reordered"
    CUT = "cut"  #: The end of the chain, with its rows.
    REWRITTEN = "rewritten"  #: The chain is one in itself, and not the one that was signed.
    BROKEN = "broken"  #: The chain does not fit together.
    BAD_CHECKPOINT = "bad checkpoint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One thing that is not as it was. Of a row: which, of when, of what kind."""

    what: What
    said: str
    id: str = ""
    at: datetime | None = None
    kind: str = ""


class Breaches:
    """What a walk found; names the first NAMED_MAX, counts all."""

    def __init__(self, chain: Chain) -> None:
        self._noun = _NOUNS[chain]
        self.total = 0
        self._found: list[Breach] = []
        self._changed: list[tuple[ChainedRow, bytes]] = []
        self._missed: dict[str, ChainedRow] = {}
        self._extra: dict[str, tuple[ChainedRow, bytes]] = {}
        self._moved: list[ChainedRow] = []
        self._is_cut = False

    def say(self, what: What, said: str) -> None:
        """Note what is about no single row."""
        said = f"checkpoints: {said}" if what is What.BAD_CHECKPOINT else said
        self._add(Breach(what=what, said=said))

    def name(self, what: What, row: ChainedRow, why: str = "") -> None:
        """Note what was done to a row."""
        self._add(self._breach(what, row, why))

    def change(self, row: ChainedRow, found: bytes) -> None:
        """Note a row that says something else now: `found` is the digest of that."""
        self.total += 1
        if len(self._changed) < NAMED_MAX:
            self._changed.append((row, found))

    def miss(self, row: ChainedRow) -> None:
        """Note a row that was signed and is not in its link; it may stand in another."""
        if row.id in self._extra:
            self._move(row, self._extra.pop(row.id)[1])
        elif len(self._missed) < _HELD_MAX:
            self._missed[row.id] = row
        else:
            self.name(What.REMOVED, row)

    def put_in(self, noted: ChainedRow, found: bytes) -> None:
        """Note a row in a link that was signed without it; it may stand in another.

        `found` is the digest of what it says; empty where it is gone.
        """
        if noted.id in self._missed:
            self._move(self._missed.pop(noted.id), found)
        elif len(self._extra) < _HELD_MAX:
            self._extra[noted.id] = (noted, found)
        else:
            self.name(What.INSERTED, noted)

    def lose(self, row: ChainedRow) -> None:
        """Note a row of a link that was cut off, unless it stands in an earlier link now."""
        if row.id in self._extra:
            self._move(row, self._extra.pop(row.id)[1])
        else:
            self._is_cut = True
            self.name(What.CUT, row)

    def settled(self) -> tuple[Breach, ...]:
        """Return what was found, when all was seen.

        Rows that only moved up because another was removed or put in are not named; without such
        a reason they were moved. Rows of which each says what another said were exchanged.
        """
        for row in self._missed.values():
            self.name(What.REMOVED, row)
        for row, _ in self._extra.values():
            self.name(What.INSERTED, row)
        if not (self._missed or self._extra or self._is_cut):
            for row in self._moved:
                self.name(What.REORDERED, row)
        digests = {row.digest for row, _ in self._changed}
        rows = [
            self._breach(What.REORDERED if found in digests else What.CHANGED, row)
            for row, found in self._changed
        ]
        return tuple([*rows, *self._found][:NAMED_MAX])

    def _move(self, row: ChainedRow, found: bytes) -> None:
        if not found:
            self.name(What.REMOVED, row)
        elif found != row.digest:
            self.change(row, found)
        elif len(self._moved) < NAMED_MAX:
            self._moved.append(row)

    def _add(self, breach: Breach) -> None:
        self.total += 1
        if len(self._found) < NAMED_MAX:
            self._found.append(breach)

    def _breach(self, what: What, row: ChainedRow, why: str = "") -> Breach:
        when = f"{row.at:%Y-%m-%d %H:%M:%S} UTC"
        said = f"{self._noun} {row.id} ({row.kind}, {when})"
        breach = Breach(what=what, said=said, id=row.id, at=row.at, kind=row.kind)
        return replace(breach, said=f"{said}: {why}" if why else said)

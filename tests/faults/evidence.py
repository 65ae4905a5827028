"""Where the invariants look: the tables, the partner's folders, logs and broker."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from rcm.chains.checkpoints import Witness
from rcm.chains.model import Chain
from rcm.crypto import SealError
from rcm.files import read_bytes
from rcm.tools import Tools
from tests.faults.raw_payments import RawPayment, raw_payments


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Where the invariants look."""

    session: Session  #: It should see one moment.
    tools: Tools
    account: Path  #: The partner's folders, as the partner sees them.
    private: Path  #: Where the sandbox keeps how many answers it has given.
    posted: frozenset[str] = frozenset()  #: External ids of the encounters that were accepted.
    is_drained: bool = True  #: Nothing should wait any more.
    lease_seconds: int = 60
    logs: Sequence[Path] = ()  #: Folders.
    redis_url: str = ""
    damaged: frozenset[UUID] = frozenset()  #: Files whose stored bytes a test has spoilt.
    witnesses: Mapping[Chain, Witness] = field(default_factory=dict)  #: Made before the session.
    delays: Mapping[str, Sequence[int]] = field(default_factory=dict)  #: Milliseconds; see I11.

    def rows(self, sql: str, **values: object) -> list[Any]:
        """The rows of a query."""
        return list(self.session.execute(text(sql), values))

    def bytes_of(self, file_id: UUID) -> bytes | None:
        """The stored bytes of a file; None where they do not open."""
        try:
            return read_bytes(self.session, self.tools.keys, file_id)
        except SealError:
            return None

    def folder(self, name: str) -> list[Path]:
        """The files of a folder of the partner, without uploads in progress."""
        return [each for each in self._files(name) if ".tmp-" not in each.name]

    def temporary(self) -> list[Path]:
        """Uploads in progress."""
        return [each for each in self._files("to_payer") if ".tmp-" in each.name]

    def _files(self, name: str) -> list[Path]:
        found = (self.account / name).iterdir() if (self.account / name).exists() else ()
        return sorted(each for each in found if each.is_file())

    def payments(self) -> dict[UUID, list[RawPayment]]:
        """What each file that was read pays, by its stored bytes."""
        read = self.rows("SELECT id FROM file WHERE direction = 'inbound' AND state = 'read'")
        bodies = {row.id: self.bytes_of(row.id) for row in read}
        return {key: raw_payments(body) for key, body in bodies.items() if body is not None}

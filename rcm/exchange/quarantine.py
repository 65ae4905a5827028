"""SQL of files and remittances that were kept aside: what a person may decide about."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from rcm.rows import FileRow, RemittanceRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Something in the state it was left in, and the codes that say why."""

    state: str
    codes: tuple[str, ...]

    @property
    def before(self) -> tuple[str, ...]:
        """What a decision about it remembers."""
        return (self.state, *self.codes)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRemittance(Kept):
    """A remittance and its place in its file."""

    file_id: UUID
    set_index: int


def locked_file(session: Session, file_id: UUID) -> Kept | None:
    """The file with this id, locked until the transaction ends."""
    row = session.scalars(
        select(FileRow).where(FileRow.id == file_id).with_for_update()
    ).one_or_none()
    return Kept(state=row.state, codes=_codes(row)) if row else None


def locked_remittance(session: Session, remittance_id: UUID) -> KeptRemittance | None:
    """The remittance with this id, locked until the transaction ends."""
    row = session.scalars(
        select(RemittanceRow).where(RemittanceRow.id == remittance_id).with_for_update()
    ).one_or_none()
    if row is None:
        return None
    return KeptRemittance(
        state=row.state, codes=_codes(row), file_id=row.file_id, set_index=row.set_index
    )


def set_remittance_state(session: Session, remittance_id: UUID, state: str) -> None:
    """Set what became of a remittance that posted nothing."""
    session.execute(
        update(RemittanceRow).where(RemittanceRow.id == remittance_id).values(state=state)
    )


def _codes(row: FileRow | RemittanceRow) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found["code"] for found in row.findings))

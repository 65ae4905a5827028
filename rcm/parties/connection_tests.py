"""SQL of connection tests: asked for by a person, done by a worker, shown step by step."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from rcm.db import ReadSession
from rcm.rows import ConnectionTestRow

Outcome = Literal["ok", "failed", "not_reached"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult:
    """What became of one step. Message and cure name no file, no user, no text of the partner."""

    step: str
    outcome: Outcome
    milliseconds: int = 0
    message: str = ""
    cure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionTest:
    """One test of a partner's connection."""

    id: UUID
    partner_id: UUID
    asked_by: str
    asked_at: datetime
    finished_at: datetime | None
    steps: tuple[StepResult, ...]  #: None before it is finished.

    @property
    def state(self) -> Literal["waiting", "passed", "failed"]:
        """What is known so far."""
        if self.finished_at is None:
            return "waiting"
        return "passed" if all(step.outcome == "ok" for step in self.steps) else "failed"


def add_test(
    session: Session, test_id: UUID, partner_id: UUID, *, asked_by: str, now: datetime
) -> None:
    """Remember that a test was asked for."""
    session.execute(
        insert(ConnectionTestRow).values(
            id=test_id, partner_id=partner_id, asked_by=asked_by, asked_at=now
        )
    )


def finish_test(
    session: Session, test_id: UUID, steps: Sequence[StepResult], *, now: datetime
) -> None:
    """Store what was found."""
    session.execute(
        update(ConnectionTestRow)
        .where(ConnectionTestRow.id == test_id)
        .values(steps=[asdict(step) for step in steps], finished_at=now)
    )


def find_test(session: ReadSession, test_id: UUID) -> ConnectionTest | None:
    """The test with this id."""
    row = session.get(ConnectionTestRow, test_id)
    return _test(row) if row else None


def last_test(session: ReadSession, partner_id: UUID) -> ConnectionTest | None:
    """The test of a partner that was asked for last."""
    row = session.scalars(
        select(ConnectionTestRow)
        .where(ConnectionTestRow.partner_id == partner_id)
        .order_by(ConnectionTestRow.asked_at.desc(), ConnectionTestRow.id.desc())
        .limit(1)
    ).one_or_none()
    return _test(row) if row else None


def _test(row: ConnectionTestRow) -> ConnectionTest:
    return ConnectionTest(
        id=row.id,
        partner_id=row.partner_id,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        finished_at=row.finished_at,
        steps=tuple(StepResult(**step) for step in row.steps),
    )

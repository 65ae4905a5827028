"""One eligibility check with its answer."""

from dataclasses import dataclass, fields
from uuid import UUID

from rcm.crypto import Keys
from rcm.db import ReadSession
from rcm.eligibility.answer_store import open_answer
from rcm.eligibility.model import Answer
from rcm.reading.check_list import CheckSummary, checked, summary_of
from rcm.reading.coverages import LastKnown, last_known_of
from rcm.rows import EligibilityCheckRow


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckDetail(CheckSummary):
    """One check with its answer."""

    retries_id: UUID | None
    outbound_file_id: UUID | None
    inbound_file_id: UUID | None
    answer: Answer | None
    last_known: LastKnown | None


def check(session: ReadSession, keys: Keys, check_id: UUID) -> CheckDetail | None:
    """The check with this id, its answer opened. Raises SealError."""
    row = session.execute(checked().where(EligibilityCheckRow.id == check_id)).one_or_none()
    if row is None:
        return None
    stored: EligibilityCheckRow = row[0]
    sealed = stored.answer_sealed
    summary = summary_of(session, keys, [row])[0]
    return CheckDetail(
        **{each.name: getattr(summary, each.name) for each in fields(summary)},
        retries_id=stored.retries_id,
        outbound_file_id=stored.outbound_file_id,
        inbound_file_id=stored.inbound_file_id,
        answer=open_answer(keys, check_id, sealed) if sealed else None,
        last_known=last_known_of(session, keys, [stored.coverage_id]).get(stored.coverage_id),
    )

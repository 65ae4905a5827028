"""SQL of checks: what is asked, and what became of the file that asks it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from rcm.claims.status import ClaimStatus
from rcm.clock import Randomness
from rcm.crypto import Keys, SealError
from rcm.db import ReadSession
from rcm.eligibility.inquiry import Question
from rcm.eligibility.model import Cause, CheckEvent, CheckState, Outcome, states_before
from rcm.encounters.model import CoverageIn, PatientIn
from rcm.parties.store import payers, practices
from rcm.rows import (
    ClaimRow,
    CoverageRow,
    EligibilityCheckRow,
    EncounterRow,
    PatientRow,
    PayerRow,
)

_UNSENT = (ClaimStatus.READY, ClaimStatus.HELD)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCheck:
    """A question about to be stored."""

    coverage_id: UUID
    trace: str
    service_date: date
    service_types: tuple[str, ...]
    cause: Cause
    tries: int = 1
    retries_id: UUID | None = None  #: The check that is asked again.


def partners_of(session: ReadSession, coverage_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """The trading partner of each of these coverages that there is."""
    rows = session.execute(
        select(CoverageRow.id, PayerRow.partner_id)
        .join(PayerRow, PayerRow.id == CoverageRow.payer_id)
        .where(CoverageRow.id.in_(set(coverage_ids)))
    )
    return {row.id: row.partner_id for row in rows}


def first_unsent(
    session: ReadSession, coverage_ids: Iterable[UUID], *, since: date
) -> dict[UUID, date]:
    """The first date of service, from `since` on, of the unsent claims of these coverages."""
    rows = session.execute(
        select(ClaimRow.coverage_id, func.min(ClaimRow.service_from))
        .where(
            ClaimRow.coverage_id.in_(set(coverage_ids)),
            ClaimRow.status.in_(_UNSENT),
            ClaimRow.service_from >= since,
        )
        .group_by(ClaimRow.coverage_id)
    )
    return {coverage_id: day for coverage_id, day in rows}  # noqa: C416  # dict(rows) is untyped.


def claimed(session: ReadSession, encounter_id: UUID) -> tuple[bool, UUID | None, date | None]:
    """Tell whether the encounter is there; coverage and first date of service of its claim."""
    row = session.execute(
        select(ClaimRow.coverage_id, ClaimRow.service_from)
        .select_from(EncounterRow)
        .outerjoin(ClaimRow, ClaimRow.encounter_id == EncounterRow.id)
        .where(EncounterRow.id == encounter_id)
    ).one_or_none()
    return (False, None, None) if row is None else (True, row.coverage_id, row.service_from)


def add_checks(
    session: Session, randomness: Randomness, wanted: Sequence[NewCheck], *, now: datetime
) -> dict[tuple[UUID, date], UUID]:
    """Store questions; returns the ids of those that are new, by coverage and day.

    One that already waits is not asked a second time.
    """
    if not wanted:
        return {}
    parties = {
        row.id: row
        for row in session.execute(
            select(
                CoverageRow.id,
                CoverageRow.payer_id,
                PayerRow.partner_id,
                PatientRow.billing_provider_id,
            )
            .join(PayerRow, PayerRow.id == CoverageRow.payer_id)
            .join(PatientRow, PatientRow.id == CoverageRow.patient_id)
            .where(CoverageRow.id.in_({each.coverage_id for each in wanted}))
        )
    }
    values = [
        {
            "id": randomness.uuid(),
            "coverage_id": each.coverage_id,
            "payer_id": parties[each.coverage_id].payer_id,
            "billing_provider_id": parties[each.coverage_id].billing_provider_id,
            "partner_id": parties[each.coverage_id].partner_id,
            "trace": each.trace,
            "service_date": each.service_date,
            "service_types": list(each.service_types),
            "cause": each.cause,
            "state": CheckState.WAITING,
            "tries": each.tries,
            "retries_id": each.retries_id,
            "created_at": now,
        }
        # In one order, so that two batches wait for each other and never block each other.
        for each in sorted(wanted, key=lambda each: (each.coverage_id, each.service_date))
    ]
    statement = insert(EligibilityCheckRow).on_conflict_do_nothing(
        index_elements=["coverage_id", "service_date", "service_types"],
        # As text: a parameter would match no index once the statement is prepared.
        index_where=text("state = 'waiting'"),
    )
    returning = statement.returning(
        EligibilityCheckRow.id, EligibilityCheckRow.coverage_id, EligibilityCheckRow.service_date
    )
    added = session.execute(returning, values)
    return {(row.coverage_id, row.service_date): row.id for row in added}


def waiting_check(
    session: ReadSession, coverage_id: UUID, service_date: date, service_types: Sequence[str]
) -> UUID | None:
    """The check that asks just this and waits for its file."""
    return session.scalar(
        select(EligibilityCheckRow.id).where(
            EligibilityCheckRow.state == CheckState.WAITING,
            EligibilityCheckRow.coverage_id == coverage_id,
            EligibilityCheckRow.service_date == service_date,
            EligibilityCheckRow.service_types == list(service_types),
        )
    )


def unchecked(
    session: ReadSession, *, partner_id: UUID | None, since: datetime, limit: int
) -> list[UUID]:
    """Coverages that were not checked since then and do not wait for it, those changed last first.

    One that its payer did not find is left out until an encounter tells of it again: the same
    question has the same answer.
    """
    check = EligibilityCheckRow
    is_checked = or_(
        check.created_at >= since,
        check.state.in_((CheckState.WAITING, CheckState.FROZEN)),
        (check.outcome == Outcome.NOT_FOUND) & (check.created_at >= CoverageRow.updated_at),
    )
    query = (
        select(CoverageRow.id)
        .join(PayerRow, PayerRow.id == CoverageRow.payer_id)
        .where(~select(check.id).where(check.coverage_id == CoverageRow.id, is_checked).exists())
    )
    if partner_id is not None:
        query = query.where(PayerRow.partner_id == partner_id)
    newest = query.order_by(CoverageRow.updated_at.desc(), CoverageRow.id)
    return list(session.scalars(newest.limit(limit)))


def take_waiting(
    session: Session, keys: Keys, partner_id: UUID, *, limit: int
) -> list[tuple[UUID, Question | None]]:
    """Lock the oldest checks that wait; the question is None where it does not open."""
    rows = session.execute(
        select(
            EligibilityCheckRow,
            PatientRow.id.label("patient_id"),
            PatientRow.identity.label("patient"),
            CoverageRow.identity.label("coverage"),
        )
        .join(CoverageRow, CoverageRow.id == EligibilityCheckRow.coverage_id)
        .join(PatientRow, PatientRow.id == CoverageRow.patient_id)
        .where(
            EligibilityCheckRow.state == CheckState.WAITING,
            EligibilityCheckRow.partner_id == partner_id,
        )
        .order_by(EligibilityCheckRow.created_at, EligibilityCheckRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=EligibilityCheckRow)
    ).all()
    if not rows:
        return []
    by_practice = {each.id: each for each in practices(session).values()}
    by_payer = {each.id: each for each in payers(session).values()}
    found: list[tuple[UUID, Question | None]] = []
    for check, patient_id, patient, coverage in rows:
        try:
            question = Question(
                check_id=check.id,
                trace=check.trace,
                service_date=check.service_date,
                service_types=tuple(check.service_types),
                practice=by_practice[check.billing_provider_id],
                payer=by_payer[check.payer_id],
                patient=PatientIn.model_validate_json(
                    keys.open(patient, table="patient", row=patient_id, column="identity")
                ),
                coverage=CoverageIn.model_validate_json(
                    keys.open(coverage, table="coverage", row=check.coverage_id, column="identity")
                ),
            )
        except (SealError, ValueError):  # Another key, or the shape of another version.
            found.append((check.id, None))
        else:
            found.append((check.id, question))
    return found


def record_frozen(session: Session, check_ids: Sequence[UUID], file_id: UUID) -> None:
    """Remember in which file these checks are asked."""
    _advance(
        session,
        EligibilityCheckRow.id.in_(check_ids),
        CheckEvent.FROZEN,
        {"state": CheckState.FROZEN, "outbound_file_id": file_id},
    )


def record_delivered(session: Session, file_id: UUID, *, now: datetime) -> None:
    """The file is at the partner: what it asks is sent, unless it was answered already."""
    in_file = EligibilityCheckRow.outbound_file_id == file_id
    _advance(session, in_file, CheckEvent.DELIVERED, {"state": CheckState.SENT})
    _set(session, in_file & EligibilityCheckRow.sent_at.is_(None), {"sent_at": now})


def record_failed(session: Session, reasons: Mapping[UUID, str]) -> None:
    """These checks could not be asked; the reason is a finding's code."""
    for check_id, reason in reasons.items():
        values = {"state": CheckState.FAILED, "reason": reason}
        _advance(session, EligibilityCheckRow.id == check_id, CheckEvent.REFUSED, values)


def record_refused(session: Session, file_id: UUID, reason: str) -> list[UUID]:
    """The whole file was refused: returns the checks that fail by it."""
    values = {"state": CheckState.FAILED, "reason": reason}
    in_file = EligibilityCheckRow.outbound_file_id == file_id
    return _advance(session, in_file, CheckEvent.REFUSED, values)


def _advance(
    session: Session,
    which: ColumnElement[bool],
    event: CheckEvent,
    values: Mapping[str, object],
) -> list[UUID]:
    in_time = EligibilityCheckRow.state.in_(states_before(event))
    return _set(session, which & in_time, values)


def _set(session: Session, which: ColumnElement[bool], values: Mapping[str, object]) -> list[UUID]:
    statement = update(EligibilityCheckRow).where(which).values(**values)
    return list(
        session.scalars(
            statement.returning(EligibilityCheckRow.id),
            execution_options={"synchronize_session": False},
        )
    )

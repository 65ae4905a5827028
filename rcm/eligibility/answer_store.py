"""SQL of answers: whom they are about, the last word on a coverage, the claims it concerns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import (
    ColumnElement,
    Date,
    ScalarSelect,
    SQLColumnExpression,
    Uuid,
    column,
    select,
    update,
    values,
)
from sqlalchemy.orm import Session, aliased

from edi.money import Cents
from rcm.claims.status import ClaimStatus
from rcm.crypto import Keys
from rcm.db import ReadSession
from rcm.eligibility.model import (
    SETTLED,
    Answer,
    CheckEvent,
    CheckState,
    Outcome,
    states_before,
)
from rcm.rows import (
    BillingProviderRow,
    ClaimRow,
    CoverageRow,
    EligibilityCheckRow,
    PayerRow,
)

_ANSWER = TypeAdapter(Answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedCheck:
    """A check that an answer may be about."""

    id: UUID
    coverage_id: UUID
    payer_identifier: str
    npi: str
    trace: str
    service_date: date
    tries: int
    outcome: Outcome | None  #: Of the answer that came before.
    member_id_index: bytes  #: Of the member id that was asked with.


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsentClaim:
    """A claim that was not sent, and the last word on its coverage for its first day."""

    id: UUID
    charge_cents: Cents
    status: ClaimStatus
    findings: Sequence[dict[str, Any]]
    last_word: Outcome | None
    check_id: UUID | None  #: Whose answer that is.


def take_by_trace(session: Session, partner_id: UUID, traces: Iterable[str]) -> list[AskedCheck]:
    """Lock the checks of a partner that asked with these traces."""
    return _take(
        session,
        EligibilityCheckRow.trace.in_(set(traces)),
        EligibilityCheckRow.partner_id == partner_id,
    )


def take_by_file(session: Session, file_id: UUID) -> list[AskedCheck]:
    """Lock the checks that were asked in a file."""
    return _take(session, EligibilityCheckRow.outbound_file_id == file_id)


def _take(session: Session, *which: ColumnElement[bool]) -> list[AskedCheck]:
    rows = session.execute(
        select(
            EligibilityCheckRow,
            PayerRow.identifier,
            BillingProviderRow.npi,
            CoverageRow.member_id_index,
        )
        .join(PayerRow, PayerRow.id == EligibilityCheckRow.payer_id)
        .join(BillingProviderRow, BillingProviderRow.id == EligibilityCheckRow.billing_provider_id)
        .join(CoverageRow, CoverageRow.id == EligibilityCheckRow.coverage_id)
        .where(*which, EligibilityCheckRow.state.in_(states_before(CheckEvent.ANSWERED)))
        .order_by(EligibilityCheckRow.id)
        .with_for_update(of=EligibilityCheckRow)
    )
    return [
        AskedCheck(
            id=check.id,
            coverage_id=check.coverage_id,
            payer_identifier=identifier,
            npi=npi,
            trace=check.trace,
            service_date=check.service_date,
            tries=check.tries,
            outcome=Outcome(check.outcome) if check.outcome else None,
            member_id_index=member_id_index,
        )
        for check, identifier, npi, member_id_index in rows
    ]


def record_answer(
    session: Session,
    keys: Keys,
    check_id: UUID,
    answer: Answer,
    *,
    file_id: UUID,
    retry_at: datetime | None,
    now: datetime,
) -> None:
    """Keep what was answered; benefits and the payer's number of the person are sealed."""
    sealed = keys.seal(
        answer_to_json(answer),
        table="eligibility_check",
        row=check_id,
        column="answer",
    )
    session.execute(
        update(EligibilityCheckRow)
        .where(EligibilityCheckRow.id == check_id)
        .values(
            state=CheckState.ANSWERED,
            reason="",
            outcome=answer.outcome,
            told_from=answer.told_from,
            told_to=answer.told_to,
            retry_at=retry_at,
            inbound_file_id=file_id,
            answered_at=now,
            answer_sealed=sealed,
        )
    )


def open_answer(keys: Keys, check_id: UUID, sealed: bytes) -> Answer:
    """Return the answer of a check. Raises SealError."""
    body = keys.open(sealed, table="eligibility_check", row=check_id, column="answer")
    return answer_from_json(body)


def answer_to_json(answer: Answer) -> bytes:
    """Return an answer as JSON bytes, to be sealed."""
    return _ANSWER.dump_json(answer, exclude_defaults=True)


def answer_from_json(body: bytes) -> Answer:
    """Return the answer of `answer_to_json`."""
    return _ANSWER.validate_json(body)


def lock_coverages(session: Session, coverage_ids: Iterable[UUID]) -> None:
    """Let no sweep make a claim of these coverages until this transaction ends.

    In the order in which a sweep locks them: neither blocks the other.
    """
    session.execute(
        select(CoverageRow.id)
        .where(CoverageRow.id.in_(set(coverage_ids)))
        .order_by(CoverageRow.patient_id, CoverageRow.payer_id, CoverageRow.member_id_index)
        .with_for_update(key_share=True)
    ).all()


def _last_word(
    coverage_id: SQLColumnExpression[UUID], day: SQLColumnExpression[date]
) -> ScalarSelect[UUID]:
    """The check whose answer is the newest that speaks of this coverage on this day."""
    check = aliased(EligibilityCheckRow)
    return (
        select(check.id)
        .where(
            check.coverage_id == coverage_id,
            check.outcome.in_(SETTLED),
            check.told_from <= day,
            check.told_to.is_(None) | (check.told_to >= day),
        )
        # Of two in one file, the one that was asked about the nearer day.
        .order_by(check.answered_at.desc(), check.told_from.desc(), check.created_at.desc())
        .limit(1)
        .scalar_subquery()
    )


def inactive_on(session: ReadSession, days: Iterable[tuple[UUID, date]]) -> set[tuple[UUID, date]]:
    """Those of these coverages and days of which the last word is inactive."""
    asked = set(days)
    if not asked:
        return set()
    seen = values(column("coverage_id", Uuid()), column("day", Date()), name="seen").data(
        sorted(asked)
    )
    rows = session.execute(
        select(seen.c.coverage_id, seen.c.day)
        .join(EligibilityCheckRow, EligibilityCheckRow.id == _last_word(*seen.c))
        .where(EligibilityCheckRow.outcome == Outcome.INACTIVE)
    )
    return {(row.coverage_id, row.day) for row in rows}


def take_unsent(session: Session, coverage_ids: Iterable[UUID]) -> list[UnsentClaim]:
    """Lock the claims of these coverages that were not sent."""
    return _take_claims(
        session,
        ClaimRow.coverage_id.in_(set(coverage_ids)),
        ClaimRow.status.in_((ClaimStatus.READY, ClaimStatus.HELD)),
    )


def take_inactive(session: Session, claim_ids: Iterable[UUID]) -> list[UnsentClaim]:
    """Lock those of these claims whose coverage is inactive, by the last word on their day."""
    return _take_claims(
        session,
        ClaimRow.id.in_(set(claim_ids)),
        EligibilityCheckRow.outcome == Outcome.INACTIVE,
    )


def _take_claims(session: Session, *which: ColumnElement[bool]) -> list[UnsentClaim]:
    word = _last_word(ClaimRow.coverage_id, ClaimRow.service_from)
    rows = session.execute(
        select(
            ClaimRow.id,
            ClaimRow.charge_cents,
            ClaimRow.status,
            ClaimRow.findings,
            EligibilityCheckRow.outcome,
            EligibilityCheckRow.id.label("check_id"),
        )
        .outerjoin(EligibilityCheckRow, EligibilityCheckRow.id == word)
        .where(*which)
        .order_by(ClaimRow.id)
        .with_for_update(key_share=True, of=ClaimRow)
    )
    return [
        UnsentClaim(
            id=row.id,
            charge_cents=Cents(row.charge_cents),
            status=ClaimStatus(row.status),
            findings=row.findings,
            last_word=Outcome(row.outcome) if row.outcome else None,
            check_id=row.check_id,
        )
        for row in rows
    ]

"""Queries of a file's chain: what was sent, and each answer with what it said."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, cast, func, select, tuple_
from sqlalchemy.orm import aliased

from edi.annotation.codes import amount_words
from rcm.claims.status import ClaimEvent
from rcm.db import ReadSession
from rcm.reading.ack import Ack, Counts
from rcm.rows import (
    ClaimEventRow,
    ClaimRow,
    EligibilityCheckRow,
    FileRow,
    RemittanceClaimRow,
    RemittanceRow,
    SubmissionRow,
)

_WORDS = {
    ClaimEvent.ACKNOWLEDGED: "received",
    ClaimEvent.REFUSED: "refused",
    ClaimEvent.ACCEPTED_BY_CLEARINGHOUSE: "accepted",
    ClaimEvent.ACCEPTED_BY_PAYER: "accepted",
    ClaimEvent.REJECTED_BY_CLEARINGHOUSE: "rejected",
    ClaimEvent.REJECTED_BY_PAYER: "rejected",
}
_BAD = frozenset({"refused", "rejected"})
_CLAIMS_MAX = 500  #: Of one file, as the detail names them; the viewer links them all.


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One step of a file's way."""

    state: str  #: done, some, wait.
    words: str
    said: str  #: By whom, how much; `at` says when.
    file_id: UUID | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One of our claims in a file."""

    id: UUID
    patient_control_number: str  #: As it travelled.
    status: str
    charge_cents: int


def chain_of(session: ReadSession, row: FileRow, ack: Ack, counts: Counts | None) -> list[Link]:
    """What was sent and each answer, in order; of an answer, what it answers."""
    if row.direction == "inbound":
        return [_itself(row), *_answered(session, row)]
    links = [_sent(row, counts), *_answers(session, row.id)]
    links.extend(_inquiry_answers(session, row.id))
    links.extend(_payments(session, row))
    if row.state in {"sent", "frozen", "uncertain"} and len(links) == 1 and ack.words != "Sent":
        links.append(
            Link(state="some" if ack.is_missing else "wait", words=ack.words, said=ack.said)
        )
    return links


def _sent(row: FileRow, counts: Counts | None) -> Link:
    said = [] if row.sent_at else ["not yet"]
    if counts and counts.claims:
        plural = "" if counts.claims == 1 else "s"
        said += [f"{counts.claims} claim{plural}", amount_words(counts.billed_cents)]
    words = f"{row.file_type} {'sent' if row.sent_at else 'made'}"
    state = "done" if row.sent_at else "wait"
    return Link(state=state, words=words, said=", ".join(said), file_id=row.id, at=row.sent_at)


def _itself(row: FileRow) -> Link:
    words = f"{row.file_type} received"
    return Link(state="done", words=words, said="", file_id=row.id, at=row.created_at)


def _answers(session: ReadSession, file_id: UUID) -> Iterator[Link]:
    """TA1, 999 and 277CA, from what they said of our claims."""
    answer = aliased(FileRow)
    rows = session.execute(
        select(
            answer.id,
            answer.file_type,
            answer.created_at,
            ClaimEventRow.reporter,
            ClaimEventRow.event,
            func.count().label("claims"),
            cast(func.sum(ClaimRow.charge_cents), BigInteger).label("cents"),
        )
        .select_from(SubmissionRow)
        .join(
            ClaimEventRow,
            (ClaimEventRow.claim_id == SubmissionRow.claim_id)
            & (ClaimEventRow.outbound_id == SubmissionRow.file_id),
        )
        .join(answer, answer.id == ClaimEventRow.file_id)
        .join(ClaimRow, ClaimRow.id == SubmissionRow.claim_id)
        .where(SubmissionRow.file_id == file_id, answer.direction == "inbound")
        .group_by(
            answer.id,
            answer.file_type,
            answer.created_at,
            ClaimEventRow.reporter,
            ClaimEventRow.event,
        )
        .order_by(func.min(ClaimEventRow.id))
    ).all()
    by_file: dict[tuple[UUID, str], list[tuple[str, int, int]]] = {}
    heads = {}
    for row in rows:
        who, _, kind = row.reporter.partition(", ")
        key = (row.id, kind or row.file_type)
        heads[key] = (who, row.created_at)
        word = _WORDS.get(ClaimEvent(row.event), row.event)
        by_file.setdefault(key, []).append((word, row.claims, row.cents))
    for (answer_id, kind), told in by_file.items():
        who, at = heads[answer_id, kind]
        is_bad = any(word in _BAD for word, _, _ in told)
        if kind == "277CA":
            words = f"277CA, {', '.join(f'{claims} {word}' for word, claims, _ in told)}"
        else:
            words = f"{kind} {'rejected' if is_bad else 'accepted'}"
        money = " + ".join(amount_words(cents) for _, _, cents in told)
        said = f"{who}, {money}"
        state = "some" if is_bad else "done"
        yield Link(state=state, words=words, said=said, file_id=answer_id, at=at)


def _inquiry_answers(session: ReadSession, file_id: UUID) -> Iterator[Link]:
    """The 271s that answered a 270 of ours."""
    rows = session.execute(
        select(FileRow.id, FileRow.file_type, FileRow.created_at, func.count().label("checks"))
        .join(EligibilityCheckRow, EligibilityCheckRow.inbound_file_id == FileRow.id)
        .where(EligibilityCheckRow.outbound_file_id == file_id)
        .group_by(FileRow.id)
        .order_by(FileRow.created_at)
    )
    for row in rows:
        plural = "" if row.checks == 1 else "s"
        words = f"{row.file_type}, {row.checks} check{plural} answered"
        yield Link(state="done", words=words, said="", file_id=row.id, at=row.created_at)


def _payments(session: ReadSession, row: FileRow) -> Iterator[Link]:
    """The 835s that came after the file and speak of its claims."""
    found = session.execute(
        select(
            FileRow.id,
            FileRow.created_at,
            RemittanceRow.payer_name,
            func.count(RemittanceClaimRow.claim_id.distinct()).label("claims"),
            cast(func.sum(RemittanceClaimRow.paid_cents), BigInteger).label("paid"),
        )
        .join(RemittanceRow, RemittanceRow.file_id == FileRow.id)
        .join(RemittanceClaimRow, RemittanceClaimRow.remittance_id == RemittanceRow.id)
        .join(
            SubmissionRow,
            (SubmissionRow.claim_id == RemittanceClaimRow.claim_id)
            & (SubmissionRow.file_id == row.id),
        )
        .where(FileRow.created_at >= row.created_at, RemittanceClaimRow.state == "posted")
        .group_by(FileRow.id, RemittanceRow.payer_name)
        .order_by(FileRow.created_at)
    )
    for each in found:
        plural = "" if each.claims == 1 else "s"
        said = f"{each.payer_name}, {amount_words(each.paid)} paid"
        words = f"835 for {each.claims} claim{plural}"
        yield Link(state="done", words=words, said=said, file_id=each.id, at=each.created_at)


def _answered(session: ReadSession, row: FileRow) -> Iterator[Link]:
    """What a file that came in answers: the files of ours that it speaks of."""
    sent = aliased(FileRow)
    claims = (
        select(ClaimEventRow.claim_id).where(ClaimEventRow.file_id == row.id).limit(_CLAIMS_MAX)
    )
    found = session.execute(
        select(sent.id, sent.file_type, sent.interchange_number, sent.sent_at)
        .join(ClaimEventRow, ClaimEventRow.outbound_id == sent.id)
        .where(ClaimEventRow.file_id == row.id, ClaimEventRow.claim_id.in_(claims))
        .distinct()
        .order_by(sent.interchange_number)
        .limit(20)
    )
    for each in found:
        words = f"Answers {each.file_type} {each.interchange_number or 0:09d}"
        yield Link(state="done", words=words, said="", file_id=each.id, at=each.sent_at)


def claims_in(session: ReadSession, file_id: UUID) -> list[Claim]:
    """Our claims in a file, in its order; at most as many as a page can show."""
    rows = (
        session.execute(
            select(
                ClaimRow.id,
                SubmissionRow.patient_control_number,
                ClaimRow.status,
                ClaimRow.charge_cents,
            )
            .join(ClaimRow, ClaimRow.id == SubmissionRow.claim_id)
            .where(SubmissionRow.file_id == file_id)
            .order_by(SubmissionRow.set_number, SubmissionRow.position)
            .limit(_CLAIMS_MAX)
        ).all()
        or session.execute(
            select(
                ClaimRow.id,
                RemittanceClaimRow.patient_control_number,
                ClaimRow.status,
                RemittanceClaimRow.charge_cents,
            )
            .join(ClaimRow, ClaimRow.id == RemittanceClaimRow.claim_id)
            .join(RemittanceRow, RemittanceRow.id == RemittanceClaimRow.remittance_id)
            .where(RemittanceRow.file_id == file_id)
            .order_by(RemittanceRow.set_index, RemittanceClaimRow.position)
            .limit(_CLAIMS_MAX)
        ).all()
    )
    return [Claim(**row._asdict()) for row in rows]


def previous_of(session: ReadSession, row: FileRow) -> UUID | None:
    """The last file before this one in which one of its claims travelled."""
    earlier, before = aliased(FileRow), aliased(SubmissionRow)
    return session.scalar(
        select(earlier.id)
        .join(before, before.file_id == earlier.id)
        .join(SubmissionRow, SubmissionRow.claim_id == before.claim_id)
        .where(
            SubmissionRow.file_id == row.id,
            tuple_(earlier.created_at, earlier.interchange_number)
            < tuple_(row.created_at, row.interchange_number),
        )
        .order_by(earlier.created_at.desc(), earlier.interchange_number.desc())
        .limit(1)
    )

"""What was said about a file, pinned to its segments: by us, by a 999, by a 277CA."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from edi.annotation import Index
from edi.annotation.pins import (
    Pinned,
    element_error_words,
    place_of_status,
    segment_at,
    segment_error_words,
    segment_of_set,
    status_words,
)
from edi.findings import Finding
from rcm.claims.acknowledge import REPORTER
from rcm.claims.claim_acknowledgment import REJECTED_CATEGORIES
from rcm.db import ReadSession
from rcm.encode import findings_to_json
from rcm.rows import ClaimEventRow, FileRow, RemittanceClaimRow, RemittanceRow, SubmissionRow

_SAID_MAX = 5_000  #: Events about one file: a file holds as many claims.


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """Something that is wrong at a place of a file, and who said so."""

    segment: int  #: Of this file; 0: of the file as a whole.
    element: int
    component: int
    severity: str
    code: str
    message: str
    cure: str
    said: str  #: By whom: "clearinghouse, 999"; "" by us.
    at: datetime | None = None
    file_id: UUID | None = None  #: The file that says so.
    segment_number: int | None = None  #: In that file, where it says so.


def own_pins(index: Index, stored: Sequence[Mapping[str, Any]]) -> Iterator[Pin]:
    """Yield our own findings: those kept with the file, and why the viewer stopped."""
    for found in (*stored, *findings_to_json(index.findings)):
        place = found.get("place", {})
        number = segment_at(index, place.get("byte_offset", -1)) or place.get("segment_number", 0)
        yield Pin(
            segment=min(number, index.segments),
            element=place.get("element", 0),
            component=place.get("component", 0),
            severity=found["severity"],
            code=found["code"],
            message=found["message"],
            cure=found["cure"],
            said="",
        )


def found_at(index: Index, findings: Sequence[Finding]) -> list[Pin]:
    """Return findings that are not kept anywhere, and those of the index, at their places."""
    return list(own_pins(index, findings_to_json(findings)))


def answered_pins(session: ReadSession, index: Index, file_id: UUID) -> list[Pin]:
    """What others said about a file that we sent: errors of its 999, rejections of its claims."""
    rows = session.execute(
        select(
            ClaimEventRow.reporter,
            ClaimEventRow.detail,
            ClaimEventRow.file_id,
            ClaimEventRow.segment_number,
            ClaimEventRow.recorded_at,
            SubmissionRow.patient_control_number,
        )
        .join(
            SubmissionRow,
            (SubmissionRow.claim_id == ClaimEventRow.claim_id)
            & (SubmissionRow.file_id == ClaimEventRow.outbound_id),
        )
        .where(ClaimEventRow.outbound_id == file_id, ClaimEventRow.file_id.is_not(None))
        .order_by(ClaimEventRow.id)
        .limit(_SAID_MAX)
    ).all()
    claims = dict(index.claims)
    pins: list[Pin] = []
    told: set[UUID] = set()
    for row in rows:
        said = Pin(
            segment=0, element=0, component=0, severity="error", code="", message="", cure="",
            said=row.reporter, at=row.recorded_at, file_id=row.file_id,
            segment_number=row.segment_number,
        )  # fmt: skip
        if row.reporter == REPORTER:
            if row.file_id not in told:  # Kept with each claim of the set.
                told.add(row.file_id)
                pins.extend(_translator_pins(index, row.detail, said))
        elif "statuses" in row.detail:
            claim = claims.get(row.patient_control_number, 0)
            pins.extend(_status_pins(index, claim, row.detail["statuses"], said))
    return pins


def _translator_pins(index: Index, detail: Mapping[str, Any], said: Pin) -> Iterator[Pin]:
    for fault in detail.get("errors", ()):
        number = segment_of_set(index, "", fault["position"])
        whole = replace(said, segment=number, cure="Correct it, and send its claims again.")
        if not fault["elements"]:
            yield replace(
                whole,
                code=f"IK304 {fault['code']}",
                message=f"{segment_error_words(fault['code'])}: {fault['segment'] or 'segment'}",
            )
        for each in fault["elements"]:
            yield replace(
                whole,
                element=each["element"],
                component=each["component"],
                code=f"IK403 {each['code']}",
                message=element_error_words(each["code"]),
            )


def _status_pins(index: Index, claim: int, statuses: Sequence[str], said: Pin) -> Iterator[Pin]:
    for text in statuses:
        category, status, entity = (*text.split(":"), "", "")[:3]
        if category not in REJECTED_CATEGORIES:
            continue
        place = place_of_status(index, claim, status, entity) if claim else Pinned(0)
        yield replace(
            said,
            segment=place.segment,
            element=place.element,
            component=place.component,
            code=text,
            message=status_words(category, status),
            cure="Correct the claim and send it again.",
        )


def claims_of(
    session: ReadSession, index: Index, file_id: UUID, partner_id: UUID
) -> dict[int, UUID]:
    """Our claims in a file, by the number of the segment that begins each."""
    ours = _numbers(
        session,
        select(SubmissionRow.patient_control_number, SubmissionRow.claim_id).where(
            SubmissionRow.file_id == file_id
        ),
    )
    ours |= _numbers(
        session,
        select(RemittanceClaimRow.patient_control_number, RemittanceClaimRow.claim_id)
        .join(RemittanceRow, RemittanceRow.id == RemittanceClaimRow.remittance_id)
        .where(RemittanceRow.file_id == file_id, RemittanceClaimRow.claim_id.is_not(None)),
    )
    unknown = sorted({number for number, _ in index.claims} - ours.keys())
    ours |= _numbers(
        session,
        select(SubmissionRow.patient_control_number, SubmissionRow.claim_id)
        .join(FileRow, FileRow.id == SubmissionRow.file_id)
        .where(
            SubmissionRow.patient_control_number.in_(unknown[:_SAID_MAX]),
            FileRow.partner_id == partner_id,
        ),
    )
    return {at: ours[number] for number, at in index.claims if number in ours}


def _numbers(session: ReadSession, query: Select[str, UUID | None]) -> dict[str, UUID]:
    return {number: claim_id for number, claim_id in session.execute(query) if claim_id}

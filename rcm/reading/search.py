"""One search over everything: numbers by their beginning, patients by keyed digests of their names.

What was typed may name a patient. It is compared and forgotten: nothing of it is logged or stored.
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from edi.elements import fold_text
from rcm.access.masking import masked_name
from rcm.claims.timeline_words import dollars
from rcm.crypto import Keys
from rcm.db import ReadSession
from rcm.limits import SEARCH_HITS_MAX
from rcm.reading.claim_filter import starts_with
from rcm.reading.patient_search import find_patients
from rcm.rows import (
    ClaimRow,
    FileRow,
    InterchangeRow,
    PayerRow,
    RemittanceRow,
    SubmissionRow,
)

_LETTERS_MIN = 3  #: Of a file's name.
_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9._/-]{2,49}")
_DIGITS = re.compile(r"[0-9]{1,9}")


class HitKind(StrEnum):
    """What was found."""

    CLAIM = "claim"
    PATIENT = "patient"
    REMITTANCE = "remittance"
    FILE = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Something that was found. Patients are masked."""

    kind: HitKind
    id: UUID
    label: str
    said: str  #: What it is, in few words.
    is_exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What was typed, as each kind compares it."""

    text: str = field(repr=False)  #: As typed, without spaces around it.
    folded: str = field(repr=False)  #: As X12 carries names and numbers.


def search(
    session: ReadSession, keys: Keys, text: str, kinds: Collection[HitKind]
) -> dict[HitKind, tuple[Hit, ...]]:
    """What fits `text`, at most SEARCH_HITS_MAX of each kind, exact hits first."""
    asked = _Asked(text=text.strip(), folded=fold_text(text))
    found: dict[HitKind, tuple[Hit, ...]] = {}
    for kind, find in _FINDERS.items():
        if kind not in kinds:
            continue
        unique: dict[UUID, Hit] = {}
        for hit in find(session, keys, asked):
            unique.setdefault(hit.id, hit)
        ranked = sorted(unique.values(), key=lambda hit: not hit.is_exact)
        if ranked:
            found[kind] = tuple(ranked[:SEARCH_HITS_MAX])
    return found


def _claims(session: ReadSession, _keys: Keys, asked: _Asked) -> Iterable[Hit]:
    """By our control number, one of an earlier journey, or the payer's."""
    if not _NUMBER.fullmatch(asked.folded):
        return
    ours, theirs = ClaimRow.patient_control_number, ClaimRow.payer_control_number
    earlier = select(SubmissionRow.claim_id).where(
        SubmissionRow.patient_control_number == asked.folded
    )
    numbered: Sequence[tuple[ColumnElement[bool], Any, bool]] = (
        (starts_with(ours.expression, asked.folded), ours, False),
        (starts_with(theirs.expression, asked.folded) & (theirs != ""), theirs, False),
        (ClaimRow.id.in_(earlier), ours, True),
    )
    for condition, number, is_whole in numbered:
        rows = session.execute(
            select(
                ClaimRow.id, ours, ClaimRow.status, ClaimRow.service_from, PayerRow.name,
                number.label("number"),
            )
            .join(PayerRow, PayerRow.id == ClaimRow.payer_id)
            .where(condition)
            .order_by(number)
            .limit(SEARCH_HITS_MAX)
        )  # fmt: skip
        for row in rows:
            yield Hit(
                kind=HitKind.CLAIM,
                id=row.id,
                label=row.patient_control_number,
                said=f"{row.status.replace('_', ' ')}, {row.name}, {row.service_from}",
                is_exact=is_whole or row.number == asked.folded,
            )


def _patients(session: ReadSession, keys: Keys, asked: _Asked) -> Iterable[Hit]:
    """By record number, member id, family name or birth date."""
    found = find_patients(session, keys, asked.text)[:SEARCH_HITS_MAX]
    claims = _claims_of(session, [patient.id for patient in found])
    for patient in found:
        yield Hit(
            kind=HitKind.PATIENT,
            id=patient.id,
            label=masked_name(patient.name.last_name, patient.name.first_name),
            said=claims.get(patient.id, "no claims"),
            is_exact=patient.is_exact,
        )


def _claims_of(session: ReadSession, patient_ids: Sequence[UUID]) -> dict[UUID, str]:
    """How many claims each of these patients has, and when the last was served."""
    rows = session.execute(
        select(
            ClaimRow.patient_id,
            func.count().label("claims"),
            func.max(ClaimRow.service_from).label("last"),
        )
        .where(ClaimRow.patient_id.in_(patient_ids))
        .group_by(ClaimRow.patient_id)
    )
    return {
        row.patient_id: f"{row.claims} claim{'s' * (row.claims != 1)}, last served {row.last}"
        for row in rows
    }


def _remittances(session: ReadSession, _keys: Keys, asked: _Asked) -> Iterable[Hit]:
    """By the number of the cheque or transfer."""
    if not _NUMBER.fullmatch(asked.folded):
        return
    rows = session.scalars(
        select(RemittanceRow)
        .where(starts_with(RemittanceRow.trace.expression, asked.folded))
        .order_by(RemittanceRow.trace, RemittanceRow.id)
        .limit(SEARCH_HITS_MAX)
    )
    for row in rows:
        yield Hit(
            kind=HitKind.REMITTANCE,
            id=row.id,
            label=row.trace,
            said=_paid(row),
            is_exact=row.trace == asked.folded,
        )


def _paid(row: RemittanceRow) -> str:
    day = f", {row.payment_date}" if row.payment_date else ""
    return f"{row.payer_name}, {dollars(row.payment_cents)}{day}"


def _files(session: ReadSession, _keys: Keys, asked: _Asked) -> Iterable[Hit]:
    """By interchange control number, or by the beginning of a name."""
    wanted: list[tuple[bool, ColumnElement[bool]]] = []
    if _DIGITS.fullmatch(asked.text):
        number = int(asked.text)
        told = select(InterchangeRow.file_id).where(
            InterchangeRow.control_number.in_({f"{number:09d}", asked.text})
        )
        numbered = or_(FileRow.interchange_number == number, FileRow.id.in_(told))
        wanted.append((True, numbered))
    if len(asked.text) >= _LETTERS_MIN:
        wanted.append((False, starts_with(func.lower(FileRow.name), asked.text.lower())))
    for is_number, condition in wanted:
        rows = session.scalars(
            select(FileRow)
            .where(condition)
            .order_by(FileRow.created_at.desc(), FileRow.id)
            .limit(SEARCH_HITS_MAX)
        )
        for row in rows:
            yield Hit(
                kind=HitKind.FILE,
                id=row.id,
                label=row.name,
                said=f"{row.file_type}, {row.direction}, {row.created_at:%Y-%m-%d}",
                is_exact=is_number or row.name.lower() == asked.text.lower(),
            )


_FINDERS: dict[HitKind, Callable[[ReadSession, Keys, _Asked], Iterable[Hit]]] = {
    HitKind.CLAIM: _claims,
    HitKind.PATIENT: _patients,
    HitKind.REMITTANCE: _remittances,
    HitKind.FILE: _files,
}

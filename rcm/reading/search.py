"""One search over everything: numbers by their beginning, patients by keyed digests of their names.

What was typed may name a patient. It is compared and forgotten: nothing of it is logged or stored.
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, LargeBinary, Row, func, literal, or_, select

from edi.elements import fold_text
from rcm.access.masking import masked_name
from rcm.claims.timeline_words import dollars
from rcm.crypto import Keys
from rcm.db import ReadSession
from rcm.limits import SEARCH_HITS_MAX
from rcm.reading.claim_filter import starts_with
from rcm.reading.patient_names import open_name
from rcm.rows import (
    ClaimRow,
    CoverageRow,
    FileRow,
    InterchangeRow,
    PatientRow,
    PayerRow,
    RemittanceRow,
    SubmissionRow,
)

_PREFIX_LENGTHS = range(3, 9)  #: Of family names, as rcm.matching.store keeps them.
_NAMESAKES_MAX = 200  #: Opened to rank them.
_WORDS_MAX = 5  #: Of a name.
_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9._/-]{2,49}")
_DIGITS = re.compile(r"[0-9]{1,9}")
_NAME = re.compile(r"[A-Z][A-Z ,.'-]+")


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
    """By record number or member id, whole; by family name, whole or its first letters."""
    by_member = select(CoverageRow.patient_id).where(
        CoverageRow.member_id_index == keys.index("member_id", asked.folded)
    )
    numbered = or_(
        PatientRow.record_number_index == keys.index("record_number", asked.text),
        PatientRow.id.in_(by_member),
    )
    query = select(PatientRow.id, PatientRow.identity)
    exact = session.execute(query.where(numbered).limit(SEARCH_HITS_MAX)).all()
    named: Sequence[Row[UUID, bytes]] = ()
    readings = _read_as_names(asked.folded)
    if readings:
        anybody = or_(*(_is_named(keys, last) for last in {last for last, _ in readings}))
        named = session.execute(query.where(anybody).limit(_NAMESAKES_MAX)).all()
    ranked = []
    for row in named:
        name = open_name(keys, row.id, row.identity)
        known = fold_text(name.last_name), fold_text(name.first_name)
        fits = [
            last
            for last, first in readings
            if known[0].startswith(last) and known[1].startswith(first)
        ]
        if fits:
            ranked.append((known[0] not in fits, known, row))
    ranked.sort(key=lambda each: each[:2])
    both = [*((True, row) for row in exact), *((not off, row) for off, _, row in ranked)]
    shown = both[:SEARCH_HITS_MAX]
    claims = _claims_of(session, [row.id for _, row in shown])
    for is_exact, row in shown:
        name = open_name(keys, row.id, row.identity)
        yield Hit(
            kind=HitKind.PATIENT,
            id=row.id,
            label=masked_name(name.last_name, name.first_name),
            said=claims.get(row.id, "no claims"),
            is_exact=is_exact,
        )


def _read_as_names(folded: str) -> list[tuple[str, str]]:
    """Return each (family name, first name) that somebody may have meant.

    >>> _read_as_names("CANARY, ADA")
    [('CANARY', 'ADA')]
    >>> _read_as_names("ADA CANARY")
    [('ADA CANARY', ''), ('CANARY', 'ADA'), ('ADA', 'CANARY')]
    """
    last_name, comma, first_name = (part.strip() for part in folded.partition(","))
    readings = [(last_name, first_name)]
    words = last_name.split()[:_WORDS_MAX]
    if not comma:
        for n in range(1, len(words)):
            one, other = " ".join(words[:n]), " ".join(words[n:])
            readings += [(other, one), (one, other)]
    return [(last, first) for last, first in readings if _NAME.fullmatch(last)]


def _is_named(keys: Keys, last_name: str) -> ColumnElement[bool]:
    whole = PatientRow.last_name_index == keys.index("last_name", last_name)
    letters = min(len(last_name), _PREFIX_LENGTHS[-1])
    if letters not in _PREFIX_LENGTHS:
        return whole
    prefix = keys.index("last_name_prefix", last_name[:letters])
    holds = PatientRow.last_name_prefix_indexes.bool_op("@>")
    return or_(whole, holds(literal([prefix], ARRAY(LargeBinary))))


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
    if len(asked.text) >= _PREFIX_LENGTHS[0]:
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

"""Names of patients: opened for a page, to be masked; or for a whole list, to sort by them."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Select, select

from edi.elements import fold_text
from rcm.crypto import Keys
from rcm.db import ReadSession
from rcm.limits import SORT_BY_NAME_MAX
from rcm.reading.pages import CursorMisfitError, Position
from rcm.rows import ClaimRow, PatientRow


class TooManyToSortError(Exception):
    """More claims than names may be opened for one answer (design.md 2, rule 10)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientName:
    """PHI: it is masked, or only sorted by."""

    last_name: str = field(repr=False)
    first_name: str = field(repr=False)


def open_name(keys: Keys, patient_id: UUID, sealed: bytes) -> PatientName:
    """Return the name in a patient's sealed identity. Raises SealError."""
    told = json.loads(keys.open(sealed, table="patient", row=patient_id, column="identity"))
    return PatientName(last_name=told["last_name"], first_name=told["first_name"])


def names_of(
    session: ReadSession, keys: Keys, patient_ids: Collection[UUID]
) -> dict[UUID, PatientName]:
    """The names of these patients."""
    rows = session.execute(
        select(PatientRow.id, PatientRow.identity).where(PatientRow.id.in_(patient_ids))
    )
    return {row.id: open_name(keys, row.id, row.identity) for row in rows}


def page_by_name(
    session: ReadSession,
    keys: Keys,
    claim_ids: Select[UUID],
    *,
    sort: str,
    after: Position | None,
    limit: int,
) -> tuple[Sequence[UUID], Position | None]:
    """The ids of a page of claims sorted by their patients' names, and where the next one begins.

    The position holds an id and no name; its claim need not be in the list any more. Raises
    CursorMisfitError, TooManyToSortError.
    """
    named = _named(session, keys, claim_ids.limit(SORT_BY_NAME_MAX + 1))
    if len(named) > SORT_BY_NAME_MAX:
        raise TooManyToSortError
    if after is not None:
        if after.sort != sort or after.value is not None:
            raise CursorMisfitError
        named |= _named(session, keys, select(ClaimRow.id).where(ClaimRow.id == after.id))
        if after.id not in named:
            raise CursorMisfitError
    order = sorted(named, key=lambda claim_id: (named[claim_id], claim_id))
    if sort.startswith("-"):
        order.reverse()
    begin = 0 if after is None else order.index(after.id) + 1
    page = order[begin : begin + limit]
    is_last = begin + limit >= len(order)
    return page, None if is_last else Position(value=None, id=page[-1], sort=sort)


def _named(
    session: ReadSession, keys: Keys, claim_ids: Select[UUID]
) -> dict[UUID, tuple[str, str]]:
    """What claims are sorted by: the names of their patients, each opened once."""
    ids = claim_ids.subquery()
    rows = session.execute(
        select(ClaimRow.id, ClaimRow.patient_id, PatientRow.identity)
        .join(ids, ids.c[0] == ClaimRow.id)
        .join(PatientRow, PatientRow.id == ClaimRow.patient_id)
    ).all()
    sealed = {row.patient_id: row.identity for row in rows}
    names = {patient_id: open_name(keys, patient_id, body) for patient_id, body in sealed.items()}
    texts = {text for name in names.values() for text in (name.last_name, name.first_name)}
    folded = {text: fold_text(text) for text in texts}
    by_patient = {
        patient_id: (folded[name.last_name], folded[name.first_name])
        for patient_id, name in names.items()
    }
    return {row.id: by_patient[row.patient_id] for row in rows}

"""Patients and coverages: found by the source's record number, sealed, searched by HMAC.

They are saved many at a time, locked and inserted in the order of their keys, so that two sweeps
that meet the same people wait for each other and never block each other.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute, Session

from edi.elements import fold_text
from rcm.bulk import arrays, given_rows, table_of, update_rows
from rcm.clock import Randomness
from rcm.crypto import Keys
from rcm.encounters.model import CoverageIn, PatientIn
from rcm.rows import CoverageRow, PatientRow

_PREFIX_LENGTHS = range(3, 9)

PatientKey = tuple[UUID, str, bytes]  #: Billing provider, source, HMAC of the record number.
CoverageKey = tuple[UUID, UUID, bytes]  #: Patient, payer, HMAC of the member id.
_Key = tuple[UUID, Any, bytes]
_Values = Callable[[UUID], dict[str, Any]]  #: What a row with this id says; sealing needs the id.


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPatient:
    """A patient as one encounter of a practice shows them."""

    billing_provider_id: UUID
    source: str
    patient: PatientIn = field(repr=False)

    def key(self, keys: Keys) -> PatientKey:
        """Return what makes it the same patient."""
        record_number = keys.index("record_number", self.patient.external_id)
        return self.billing_provider_id, self.source, record_number


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenCoverage:
    """A coverage of a saved patient."""

    patient_id: UUID
    payer_id: UUID
    coverage: CoverageIn = field(repr=False)

    def key(self, keys: Keys) -> CoverageKey:
        """Return what makes it the same coverage."""
        member_id = keys.index("member_id", fold_text(self.coverage.member_id))
        return self.patient_id, self.payer_id, member_id


def save_patients(
    session: Session,
    keys: Keys,
    randomness: Randomness,
    seen: Iterable[SeenPatient],
    *,
    now: datetime,
) -> dict[PatientKey, UUID]:
    """Return the ids of these patients, new or brought up to date; the last one of a key counts."""

    def values_of(patient: PatientIn) -> _Values:
        last_name = fold_text(patient.last_name)
        body = patient.model_dump_json().encode()
        return lambda row_id: {
            "last_name_index": keys.index("last_name", last_name),
            "last_name_prefix_indexes": [
                keys.index("last_name_prefix", last_name[:length])
                for length in _PREFIX_LENGTHS
                if len(last_name) >= length
            ],
            "birth_date_index": keys.index("birth_date", patient.date_of_birth.isoformat()),
            "identity": keys.seal(body, table="patient", row=row_id, column="identity"),
            "updated_at": now,
        }

    wanted = {each.key(keys): values_of(each.patient) for each in seen}
    columns = (PatientRow.billing_provider_id, PatientRow.source, PatientRow.record_number_index)
    return _save(session, randomness, PatientRow, columns, wanted)


def save_coverages(
    session: Session,
    keys: Keys,
    randomness: Randomness,
    seen: Iterable[SeenCoverage],
    *,
    now: datetime,
) -> dict[CoverageKey, UUID]:
    """Return the ids of these coverages, new or brought up to date; the last of a key counts."""

    def values_of(coverage: CoverageIn) -> _Values:
        body = coverage.model_dump_json().encode()
        return lambda row_id: {
            "responsibility": "PST"[coverage.order - 1],
            "identity": keys.seal(body, table="coverage", row=row_id, column="identity"),
            "updated_at": now,
        }

    wanted = {each.key(keys): values_of(each.coverage) for each in seen}
    columns = (CoverageRow.patient_id, CoverageRow.payer_id, CoverageRow.member_id_index)
    return _save(session, randomness, CoverageRow, columns, wanted)


def _save(
    session: Session,
    randomness: Randomness,
    row_type: type[PatientRow | CoverageRow],
    columns: Sequence[InstrumentedAttribute[Any]],
    wanted: Mapping[_Key, _Values],
) -> dict[_Key, UUID]:
    """Insert the new rows and lock the others, in one pass; then bring the others up to date."""
    if not wanted:
        return {}
    names = [column.key for column in columns]
    new_ids = {key: randomness.uuid() for key in sorted(wanted)}
    rows = [
        {"id": row_id, **dict(zip(names, key, strict=True)), **wanted[key](row_id)}
        for key, row_id in new_ids.items()
    ]
    told = tuple(rows[0])
    table = table_of(row_type)
    statement = insert(table).from_select(told, given_rows(row_type, told))
    statement = statement.on_conflict_do_update(
        index_elements=columns, set_={"updated_at": statement.excluded.updated_at}
    )
    keyed = (table.c[name] for name in names)
    saved = session.execute(statement.returning(table.c.id, *keyed), arrays(row_type, rows))
    found = {(a, b, c): row_id for row_id, a, b, c in saved}
    changes = [
        {"id": row_id, **wanted[key](row_id)}
        for key, row_id in found.items()
        if row_id != new_ids[key]
    ]
    update_rows(session, row_type, changes)
    return found

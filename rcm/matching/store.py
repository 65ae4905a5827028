"""Patients and coverages: found by the source's record number, sealed, searched by HMAC."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from edi.elements import fold_text
from rcm.clock import Randomness
from rcm.crypto import Keys
from rcm.encounters.model import CoverageIn, PatientIn
from rcm.rows import CoverageRow, PatientRow

_PREFIX_LENGTHS = range(3, 9)


def save_patient(  # Who, where from, and the tools.
    session: Session,
    keys: Keys,
    randomness: Randomness,
    patient: PatientIn,
    *,
    billing_provider_id: UUID,
    source: str,
    now: datetime,
) -> UUID:
    """Return the patient with this source's record number, new or brought up to date."""
    record_number = keys.index("record_number", patient.external_id)
    where = (
        PatientRow.billing_provider_id == billing_provider_id,
        PatientRow.source == source,
        PatientRow.record_number_index == record_number,
    )
    found = session.scalars(select(PatientRow.id).where(*where).with_for_update()).one_or_none()
    patient_id = found or randomness.uuid()
    last_name = fold_text(patient.last_name)
    values = {
        "last_name_index": keys.index("last_name", last_name),
        "last_name_prefix_indexes": [
            keys.index("last_name_prefix", last_name[:length])
            for length in _PREFIX_LENGTHS
            if len(last_name) >= length
        ],
        "birth_date_index": keys.index("birth_date", patient.date_of_birth.isoformat()),
        "identity": keys.seal(
            patient.model_dump_json().encode(), table="patient", row=patient_id, column="identity"
        ),
        "updated_at": now,
    }
    statement = insert(PatientRow).values(
        id=patient_id,
        billing_provider_id=billing_provider_id,
        source=source,
        record_number_index=record_number,
        **values,
    )
    if found:
        session.execute(
            statement.on_conflict_do_update(index_elements=[PatientRow.id], set_=values)
        )
        return found
    inserted = session.scalar(statement.on_conflict_do_nothing().returning(PatientRow.id))
    # Another sweep may have met the same new patient at this moment: then theirs counts.
    return inserted or session.scalars(select(PatientRow.id).where(*where)).one()


def save_coverage(  # Whose, with whom, and the tools.
    session: Session,
    keys: Keys,
    randomness: Randomness,
    coverage: CoverageIn,
    *,
    patient_id: UUID,
    payer_id: UUID,
    now: datetime,
) -> UUID:
    """Return this coverage of a patient, new or brought up to date."""
    member_id = keys.index("member_id", fold_text(coverage.member_id))
    key = tuple_(CoverageRow.patient_id, CoverageRow.payer_id, CoverageRow.member_id_index)
    where = key == (patient_id, payer_id, member_id)
    found = session.scalars(select(CoverageRow.id).where(where).with_for_update()).one_or_none()
    coverage_id = found or randomness.uuid()
    values = {
        "responsibility": "PST"[coverage.order - 1],
        "identity": keys.seal(
            coverage.model_dump_json().encode(),
            table="coverage",
            row=coverage_id,
            column="identity",
        ),
        "updated_at": now,
    }
    statement = insert(CoverageRow).values(
        id=coverage_id,
        patient_id=patient_id,
        payer_id=payer_id,
        member_id_index=member_id,
        **values,
    )
    if found:
        session.execute(
            statement.on_conflict_do_update(index_elements=[CoverageRow.id], set_=values)
        )
        return found
    inserted = session.scalar(statement.on_conflict_do_nothing().returning(CoverageRow.id))
    return inserted or session.scalars(select(CoverageRow.id).where(where)).one()

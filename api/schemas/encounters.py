"""Encounters as the API answers them, and one to copy from."""

from datetime import datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, computed_field

from api.schemas.problem import FINDING_EXAMPLE, FindingOut
from rcm.encounters.model import EncounterIn
from rcm.encounters.store import StoredEncounter


class EncounterOut(BaseModel):
    """What became of an encounter. Nothing of the patient is repeated."""

    model_config = ConfigDict(from_attributes=True)

    encounter_id: UUID
    source: str
    external_id: str
    status: str = Field(
        description="received: its claim is being built; claimed: it has a claim; "
        "held: the findings stop it, and a person must act."
    )
    findings: list[FindingOut] = Field(description="What is wrong with it, all at once.")
    claim_id: UUID | None = Field(description="Null until its claim is built.")
    received_at: datetime

    @computed_field  # type: ignore[prop-decorator]  # mypy does not know decorated properties.
    @property
    def links(self) -> dict[str, str]:
        """Where to look next."""
        links = {"self": f"/api/v1/encounters/{self.encounter_id}"}
        if self.claim_id:
            links["claim"] = f"/api/v1/claims/{self.claim_id}"
        return links

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "encounter_id": "0b6d4a26-2f5e-4d06-8d0f-6f0f6e3f7a11",
        "source": "harbor-ehr",
        "external_id": "V20261102-00017",
        "status": "received",
        "findings": [],
        "claim_id": None,
        "received_at": "2026-11-02T15:04:05Z",
        "links": {"self": "/api/v1/encounters/0b6d4a26-2f5e-4d06-8d0f-6f0f6e3f7a11"},
    }


def encounter_out(stored: StoredEncounter) -> EncounterOut:
    """Return what the API says of a stored encounter."""
    return EncounterOut(
        encounter_id=stored.id,
        source=stored.source,
        external_id=stored.external_id,
        status=stored.status,
        findings=[FindingOut.model_validate(finding) for finding in stored.findings],
        claim_id=stored.claim_id,
        received_at=stored.received_at,
    )


class EncounterLineOut(BaseModel):
    """What became of one line of a batch."""

    line: int = Field(description="Counted from 1, as lines were sent; empty ones count too.")
    outcome: Literal["received", "known", "refused"] = Field(
        description="known: the same encounter was posted before. refused: nothing of it is stored."
    )
    encounter: EncounterOut | None = Field(description="Null where it was refused.")
    code: str = Field(description="Why it was refused, as the problem of a single post says it.")
    findings: list[FindingOut] = Field(description="What is wrong with a line that was refused.")


class EncounterBatchOut(BaseModel):
    """What became of every line of a batch."""

    received: int
    known: int
    refused: int
    items: list[EncounterLineOut]

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "received": 1,
        "known": 0,
        "refused": 1,
        "items": [
            {
                "line": 1,
                "outcome": "received",
                "encounter": EncounterOut.EXAMPLE,
                "code": "",
                "findings": [],
            },
            {
                "line": 2,
                "outcome": "refused",
                "encounter": None,
                "code": "ENCOUNTER-REFUSED",
                "findings": [FINDING_EXAMPLE],
            },
        ],
    }


_ADDRESS = {"line1": "12 Harbor Way", "city": "Austin", "state": "TX", "zip": "787010001"}

#: Shows every part that an encounter may have; a synthetic patient, as all of ours.
ENCOUNTER_EXAMPLE: dict[str, Any] = {
    "source": "harbor-ehr",
    "external_id": "V20261102-00017",
    "claim_type": "professional",
    "source_updated_at": "2026-11-02T15:00:00Z",
    "patient": {
        "external_id": "MRN000017",
        "first_name": "Ada",
        "middle_name": "M",
        "last_name": "Canary",
        "date_of_birth": "2015-05-04",
        "gender": "female",
        "address": _ADDRESS,
    },
    "coverages": [
        {
            "order": 1,
            "payer": {"id": "60054", "name": "Sandbox Commercial"},
            "member_id": "SBX021234567",
            "relationship": "child",
            "subscriber": {
                "first_name": "Grace",
                "last_name": "Canary",
                "date_of_birth": "1980-01-31",
                "gender": "female",
                "address": _ADDRESS,
            },
            "group_number": "G1234",
            "plan_name": "Choice",
        }
    ],
    "billing_provider": {"npi": "1234567893"},
    "rendering_provider": {
        "npi": "1193000514",
        "first_name": "Maria",
        "last_name": "Okafor",
        "taxonomy": "207Q00000X",
    },
    "referring_provider": {"npi": "1193000605", "first_name": "Sam", "last_name": "Lindqvist"},
    "place_of_service": "11",
    "diagnoses": [{"code": "J06.9"}, {"code": "R05.1"}],
    "lines": [
        {
            "external_id": "1",
            "procedure_code": "99213",
            "modifiers": ["25"],
            "charge_cents": 12500,
            "quantity": "1",
            "unit": "UN",
            "date_of_service": "2026-11-02",
            "diagnosis_pointers": [1, 2],
        },
        {
            "external_id": "2",
            "procedure_code": "87880",
            "modifiers": ["QW"],
            "description": "Strep test",
            "charge_cents": 2575,
            "date_of_service": "2026-11-02",
            "diagnosis_pointers": [1],
        },
    ],
    "total_charge_cents": 15075,
    "clia_number": "45D0000001",
    "dates": {"onset": "2026-10-30"},
    "amount_paid_cents": 2000,
    "claim_note": "SEEN AS AN URGENT VISIT",
}


class EncounterContent(EncounterIn):
    """An encounter as it is stored, patient and all."""

    EXAMPLE: ClassVar[dict[str, Any]] = EncounterIn.model_validate(ENCOUNTER_EXAMPLE).model_dump(
        mode="json"
    )

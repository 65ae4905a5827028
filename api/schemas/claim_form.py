"""A claim as the paper form, and what of it is shown unmasked."""

from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.schemas.problem import FINDING_EXAMPLE, FindingOut


class _Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class RevealIn(BaseModel):
    """Which masked fields to show."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    fields: Annotated[
        list[Annotated[str, StringConstraints(pattern=r"^/", max_length=200)]],
        Field(min_length=1, max_length=50, description="Pointers as `patient.reveal` or the form."),
    ]


class RevealOut(BaseModel):
    """What stands there, unmasked."""

    values: dict[str, Any] = Field(repr=False)

    EXAMPLE: ClassVar[dict[str, Any]] = {"values": {"/patient/date_of_birth": "2015-05-04"}}


class FormFieldOut(_Shown):
    """One field of the form."""

    label: str
    box: str = Field(description="Of the paper form; empty where it has none.")
    kind: str = Field(description="text, day, cents, number, code, list, flag, gender, ...")
    pointer: str
    value: Any
    is_masked: bool
    findings: list[FindingOut]


class FormSectionOut(_Shown):
    """Fields that belong together."""

    id: str
    title: str
    fields: list[FormFieldOut]
    findings: list[FindingOut]


class FormOut(_Shown):
    """A claim as the paper form."""

    encounter_id: UUID
    sections: list[FormSectionOut]
    findings: list[FindingOut] = Field(description="Of no single field.")

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "encounter_id": "0b6d4a26-2f5e-4d06-8d0f-6f0f6e3f7a11",
        "sections": [
            {
                "id": "line-1",
                "title": "Line 1",
                "fields": [
                    {
                        "label": "Procedure",
                        "box": "24D",
                        "kind": "code",
                        "pointer": "/lines/0/procedure_code",
                        "value": "99213",
                        "is_masked": False,
                        "findings": [FINDING_EXAMPLE],
                    }
                ],
                "findings": [],
            }
        ],
        "findings": [],
    }

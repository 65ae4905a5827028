"""The global search: what is asked, and what was found."""

from datetime import datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.schemas.text import ONE_LINE
from rcm.reading.search import HitKind


class SearchIn(BaseModel):
    """What to look for. It may name a patient, so it comes in the body and never in an address."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    q: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=2, max_length=80, pattern=ONE_LINE),
    ] = Field(
        repr=False,
        description="A number or its beginning, a name, a birth date, an id, a file.",
    )


class HitOut(BaseModel):
    """Something that was found; a patient's name is masked."""

    kind: HitKind
    id: UUID
    label: str
    said: str = Field(description="What it is, in few words.")
    href: str = Field(description="Its page in the dashboard.")
    is_exact: bool


class HitGroup(BaseModel):
    """What was found of one kind, at most five, exact hits first."""

    kind: HitKind
    label: str
    items: list[HitOut]


class SearchOut(BaseModel):
    """What was found, groups with exact hits first. What does not fit is left out."""

    groups: list[HitGroup]
    as_of: datetime

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "groups": [
            {
                "kind": "claim",
                "label": "Claims",
                "items": [
                    {
                        "kind": "claim",
                        "id": "6a1d8a9e-1f1c-4f1e-9a55-2f0d4a4b8c01",
                        "label": "H7QK2M4TZB8XW5RD9",
                        "said": "paid, Sandbox Commercial, 2026-11-02",
                        "href": "/claims/6a1d8a9e-1f1c-4f1e-9a55-2f0d4a4b8c01",
                        "is_exact": True,
                    }
                ],
            },
            {
                "kind": "patient",
                "label": "Patients",
                "items": [
                    {
                        "kind": "patient",
                        "id": "5b1d8a9e-1f1c-4f1e-9a55-2f0d4a4b8c02",
                        "label": "Ca••••, A.",
                        "said": "3 claims, last served 2026-11-02",
                        "href": "/claims?patient=5b1d8a9e-1f1c-4f1e-9a55-2f0d4a4b8c02",
                        "is_exact": False,
                    }
                ],
            },
        ],
        "as_of": "2026-11-17T08:00:00Z",
    }


SEARCH_EXAMPLE = {"q": "H7QK2M"}

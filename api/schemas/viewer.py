"""A file as the viewer shows it: segments with names and meanings, and what is wrong with them."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.problem import FindingOut

SEGMENTS_USUAL, SEGMENTS_MAX = 400, 2_000


class AnnotatedElementOut(BaseModel):
    """One element, one of its repetitions, or one component."""

    position: str = Field(description="NM109; SV101-2 for a component.")
    element: int
    component: int = Field(description="From 1; 0 for a whole element.")
    repetition: int
    name: str = Field(description="From the guide; empty where nobody names it.")
    shown: str = Field(description="The value; dots where it is private and not revealed.")
    meaning: str = Field(description="Of a code, a date or an amount.")
    is_private: bool = Field(description="It tells of a patient.")


class PinOut(BaseModel):
    """What is wrong at a place, and who said so."""

    model_config = ConfigDict(from_attributes=True)

    element: int = Field(description="From 1; 0: the whole segment.")
    component: int
    severity: str
    code: str
    message: str
    cure: str
    said: str = Field(description="By whom; empty: by us.")
    at: datetime | None
    file_id: UUID | None = Field(description="The file that says so.")
    segment_number: int | None = Field(description="In that file.")


class AnnotatedSegmentOut(BaseModel):
    """One segment."""

    number: int = Field(description="In the file, from 1.")
    id: str = Field(description="Empty where the bytes are no segment.")
    start: int = Field(description="Offset of its first byte.")
    end: int = Field(description="Of the byte behind it, line end included.")
    loop: int = Field(description="Number of its loop.")
    name: str = Field(description="From the guide.")
    gloss: str = Field(description="What it says, in short.")
    is_placed: bool = Field(description="The guide has it in this loop.")
    delimiters: "DelimitersShownOut"
    elements: list[AnnotatedElementOut]
    pins: list[PinOut]
    claim_id: UUID | None = Field(description="Our claim that begins here.")


class DelimitersShownOut(BaseModel):
    """By which a segment is split."""

    model_config = ConfigDict(from_attributes=True)

    element: str
    component: str
    repetition: str
    terminator: str


class LoopOut(BaseModel):
    """A loop of the outline."""

    number: int
    parent: int | None
    depth: int
    id: str
    words: str
    first: int = Field(description="Number of its first segment.")
    errors: int = Field(description="Pins in it, and not in a loop below it.")


class AnnotatedOut(BaseModel):
    """A window of a file."""

    segments: list[AnnotatedSegmentOut]
    total: int = Field(description="Segments of the whole file.")
    offset: int
    delimiters: DelimitersShownOut
    loops: list[LoopOut] = Field(
        description="The outline of the whole file; of a large one without the inner loops."
    )
    errors: list[int] = Field(description="Numbers of the segments with pins, in order.")
    findings: list[FindingOut] = Field(description="What is wrong with the file as a whole.")
    is_revealed: bool

    EXAMPLE: ClassVar[dict[str, Any]]


class DifferenceOut(BaseModel):
    """A segment that both files have, or one of them."""

    model_config = ConfigDict(from_attributes=True)

    change: str = Field(description="same, removed or added.")
    number: int = Field(description="In the first file where it was removed, else in the second.")
    text: str = Field(description="Masked.")
    gloss: str


class DiffOut(BaseModel):
    """Two files, segment by segment."""

    segments: list[DifferenceOut]

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "segments": [
            {"change": "same", "number": 22, "text": "LX*1", "gloss": "Line 1"},
            {"change": "removed", "number": 24, "text": "HI*ABK:M171", "gloss": "Diagnosis"},
            {"change": "added", "number": 24, "text": "HI*ABK:M1711", "gloss": "Diagnosis"},
        ]
    }  # fmt: skip


class InspectIn(BaseModel):
    """A text to explain. It is not stored."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    text: str = Field(min_length=1, description="Any X12. It is read, answered and forgotten.")


INSPECT_EXAMPLE = {"text": "ISA*00*          *00*          *ZZ*US             *ZZ*THEM  ..."}


_DELIMITERS = {"element": "*", "component": ":", "repetition": "^", "terminator": "~"}
AnnotatedOut.EXAMPLE = {
    "segments": [
        {
            "number": 31,
            "id": "NM1",
            "start": 842,
            "end": 878,
            "loop": 9,
            "name": "Subscriber Name",
            "gloss": "Who is insured",
            "is_placed": True,
            "delimiters": _DELIMITERS,
            "elements": [
                {
                    "position": "NM109",
                    "element": 9,
                    "component": 0,
                    "repetition": 1,
                    "name": "Subscriber Primary Identifier",
                    "shown": "••••",
                    "meaning": "",
                    "is_private": True,
                }
            ],
            "pins": [
                {
                    "element": 9,
                    "component": 0,
                    "severity": "error",
                    "code": "A7:164:IL",
                    "message": "The payer does not know this member ID",
                    "cure": "Correct the claim and send it again.",
                    "said": "payer, 277CA",
                    "at": "2026-11-16T05:30:00Z",
                    "file_id": "3f7b1f0a-8a39-4c55-bb0a-0d8f6f1f9e33",
                    "segment_number": 31,
                }
            ],
            "claim_id": None,
        }
    ],
    "total": 75,
    "offset": 30,
    "delimiters": _DELIMITERS,
    "loops": [
        {
            "number": 9,
            "parent": 8,
            "depth": 5,
            "id": "2010BA",
            "words": "Subscriber",
            "first": 31,
            "errors": 1,
        }
    ],
    "errors": [31],
    "findings": [],
    "is_revealed": False,
}

"""One claim as its page shows it at once."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.claims import ClaimDetailOut, LineOut
from api.schemas.payer_codes import SAID, ReasonOut, RemarkOut
from rcm.access.masking import masked_name
from rcm.encounters.fields import field_of
from rcm.encounters.form import masked_at
from rcm.reading.claim_page import ClaimPage, place_words
from rcm.reading.claims import Line
from rcm.reading.payer_reasons import PayerReasons
from rcm.reading.told import Said


class _Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class PatientOut(BaseModel):
    """Whose claim it is. The name is in full for those who may see it; the rest is masked."""

    name: str
    is_masked: bool = Field(description="The name too: the caller may not reveal.")
    birth_date: str | None
    member_id: str | None
    reveal: list[str] = Field(description="Pointers to ask `reveal` for.")


class PartyOut(BaseModel):
    """A provider."""

    name: str
    npi: str


class ClaimLineOut(LineOut):
    """A line: charge = paid + adjusted + patient + open."""

    allowed_cents: int | None = Field(
        description="As the payer tells it (AMT*B6), else paid and patient; null: not known."
    )
    payer_reasons: list[ReasonOut] = Field(description="Of the decisions that stand.")
    payer_remarks: list[RemarkOut]
    open_cents: int


class NextActionOut(_Shown):
    """What to do next."""

    item_id: UUID
    kind: str
    wrong: str = Field(description="What is wrong.")
    action: str = Field(description="What to do.")
    code: str = Field(description="By which code it was said.")
    pointer: str = Field(description="JSON pointer of the field to correct; empty where none is.")
    field: str
    amount_cents: int
    due_on: date
    days_left: int
    opened_at: datetime
    assignee: str | None


class LastCheckOut(_Shown):
    """What the payer said last of the coverage."""

    check_id: UUID
    outcome: str
    service_date: date
    answered_at: datetime


class CoverageFactOut(BaseModel):
    """One insurance, in order of payment."""

    order: int
    payer: str
    plan: str
    last_check: LastCheckOut | None = Field(description="Of the first coverage only.")


class ClaimPageOut(ClaimDetailOut):
    """One claim, all that its page shows at once. Its ETag is that of its encounter."""

    status_words: str
    said: str = Field(description="Who brought it to this status, in what, and when.")
    open_cents: int = Field(description="charge = paid + adjusted + patient + open.")
    patient: PatientOut | None = Field(description="Null where the encounter does not open.")
    billing: PartyOut
    rendering: PartyOut | None
    partner: dict[str, str]
    place: str
    diagnoses: list[str]
    coverages: list[CoverageFactOut]
    next_actions: list[NextActionOut] = Field(description="What is due first stands first.")
    payer_reasons: list[ReasonOut] = Field(description="Of the claim as a whole, not of a line.")
    payer_remarks: list[RemarkOut]
    may: dict[str, str] = Field(description="What can be done, and why not: empty where it can.")
    lines: list[ClaimLineOut]  # type: ignore[assignment]  # Each says more than in the list.

    EXAMPLE: ClassVar[dict[str, Any]]


def page_out(page: ClaimPage, reasons: PayerReasons, *, may_reveal: bool) -> ClaimPageOut:
    """Return a page as the API shows it; without the right to reveal, the name is masked too."""
    base = {each.name: getattr(page.claim, each.name) for each in fields(page.claim)}
    encounter = page.encounter
    rendering = encounter.rendering_provider if encounter else None
    values = base | {
        "open_cents": _open(base),
        "status_words": page.status_words,
        "said": page.said,
        "patient": _patient(page, may_reveal=may_reveal),
        "billing": page.billing,
        "rendering": rendering
        and {
            "name": ", ".join(filter(None, (rendering.last_name, rendering.first_name))),
            "npi": rendering.npi,
        },
        "partner": page.partner,
        "place": place_words(encounter) if encounter else "",
        "diagnoses": [each.code for each in encounter.diagnoses] if encounter else [],
        "coverages": _coverages(page),
        "next_actions": page.next_actions,
        "may": page.may,
        "payer_reasons": reasons.claim.adjustments,
        "payer_remarks": reasons.claim.remarks,
        "lines": [_line(line, reasons.of_line(line.line)) for line in page.claim.lines],
    }
    return ClaimPageOut.model_validate(values)


def _open(amounts: Mapping[str, Any]) -> int:
    told = ("paid_cents", "adjusted_cents", "patient_cents")
    return int(amounts["charge_cents"]) - sum(int(amounts[name]) for name in told)


def _line(line: Line, said: Said) -> dict[str, Any]:
    values = {each.name: getattr(line, each.name) for each in fields(line)}
    known = values["paid_cents"] + values["patient_cents"]
    return values | {
        "allowed_cents": known or None if said.allowed_cents is None else said.allowed_cents,
        "payer_reasons": said.adjustments,
        "payer_remarks": said.remarks,
        "open_cents": _open(values),
    }


def _patient(page: ClaimPage, *, may_reveal: bool) -> PatientOut | None:
    patient, encounter = page.patient, page.encounter
    if patient is None or encounter is None:
        return None
    last, first = patient.last_name, patient.first_name
    name = ", ".join(filter(None, (last, first))) if may_reveal else masked_name(last, first)
    born, member = "/patient/date_of_birth", "/coverages/0/member_id"
    values = {born: patient.date_of_birth, member: encounter.coverages[0].member_id}
    shown = {}
    for pointer, value in values.items():
        known = field_of(pointer)
        assert known is not None
        shown[pointer] = masked_at(known, value)
    return PatientOut(
        name=name,
        is_masked=not may_reveal,
        birth_date=shown[born],
        member_id=shown[member],
        reveal=[born, member] if may_reveal else [],
    )


def _coverages(page: ClaimPage) -> list[dict[str, Any]]:
    if page.encounter is None:
        return []
    return [
        {
            "order": each.order,
            "payer": page.claim.payer.name if n == 0 else each.payer.name or each.payer.id,
            "plan": each.plan_name,
            "last_check": page.last_check if n == 0 else None,
        }
        for n, each in enumerate(page.encounter.coverages)
    ]


_LINE = {
    **ClaimDetailOut.EXAMPLE["lines"][0],
    "allowed_cents": 12000,
    "payer_reasons": SAID["adjustments"],
    "payer_remarks": [{"code": "N130", "words": "Look into the plan for its limits"}],
    "open_cents": 0,
}
ClaimPageOut.EXAMPLE = {
    **ClaimDetailOut.EXAMPLE,
    "lines": [_LINE],
    "status_words": "Paid",
    "said": "Sandbox Commercial, 835, 16 Nov",
    "open_cents": 0,
    "patient": {
        "name": "Canary, Ada",
        "is_masked": False,
        "birth_date": "••••-••-••",
        "member_id": "SB•••••••",
        "reveal": ["/patient/date_of_birth", "/coverages/0/member_id"],
    },
    "billing": {"name": "Harbor Family Medicine", "npi": "1234567893"},
    "rendering": {"name": "Okafor, Maria", "npi": "1193000514"},
    "partner": {"id": "9c8c3c55-5d3f-5c8a-8a59-7e2f3a0d1b22", "name": "Sandbox clearinghouse"},
    "place": "11, office",
    "diagnoses": ["J06.9", "R05.1"],
    "coverages": [
        {"order": 1, "payer": "Sandbox Commercial", "plan": "Choice", "last_check": None}
    ],
    "next_actions": [],
    "payer_reasons": [],
    "payer_remarks": [],
    "may": {
        "correct": "The payer has decided it.",
        "resubmit": "The payer has decided it.",
        "hold": "It does not wait to be sent.",
        "release": "No person holds it back.",
        "note": "",
    },
}

"""The evidence of a claim: its money from the ledger, its place in a file, its audit."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from rcm.reading.amounts import AMOUNTS
from rcm.reading.claim_proof import ProofEntry
from rcm.reading.claims import ClaimDetail

_FILE_ID = "3f7b1f0a-8a39-4c55-bb0a-0d8f6f1f9e33"
_SHOWN = ("paid_cents", "adjusted_cents", "patient_cents")


class _Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ProofEntryOut(_Shown):
    """One amount on one account, and the place that it is from."""

    account: str
    amount_cents: int = Field(description="A debit is positive.")
    reason: str
    kind: str
    effective_on: date
    posted_at: datetime
    file_id: UUID
    file_name: str
    segment_number: int
    element: int
    remittance_id: UUID | None


class ProofLineOut(BaseModel):
    """A line, or the claim as a whole, with every amount behind it."""

    line: int | None = Field(description="Null: what was said of the claim as a whole.")
    charge_cents: int
    paid_cents: int
    adjusted_cents: int
    patient_cents: int
    open_cents: int
    entries: list[ProofEntryOut]


class ProofOut(BaseModel):
    """charge = paid + adjusted + patient + open, line by line, from the ledger."""

    lines: list[ProofLineOut]
    holds: bool = Field(description="The ledger adds up to what the claim shows.")

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "lines": [
            {
                "line": 1,
                "charge_cents": 12500,
                "paid_cents": 0,
                "adjusted_cents": 0,
                "patient_cents": 0,
                "open_cents": 12500,
                "entries": [
                    {
                        "account": "receivable:payer",
                        "amount_cents": 12500,
                        "reason": "",
                        "kind": "charge",
                        "effective_on": "2026-11-02",
                        "posted_at": "2026-11-03T11:00:02Z",
                        "file_id": _FILE_ID,
                        "file_name": "000000007_837P.x12",
                        "segment_number": 31,
                        "element": 2,
                        "remittance_id": None,
                    }
                ],
            }
        ],
        "holds": True,
    }


class ClaimEdiOut(_Shown):
    """Where the claim stands in the file it traveled in last. Segments count from 1 at ISA."""

    file_id: UUID
    file_name: str
    created_at: datetime
    patient_control_number: str
    first_segment: int
    last_segment: int

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "file_id": _FILE_ID,
        "file_name": "000000007_837P.x12",
        "created_at": "2026-11-03T11:00:02Z",
        "patient_control_number": "H7QK2M4TZB8XW5RD9",
        "first_segment": 21,
        "last_segment": 35,
    }


class AuditedOut(_Shown):
    """Who did or saw what of the claim."""

    at: datetime
    by: str
    action: str
    detail: str = Field(description="Names of fields, codes and counts: never a value.")


class ClaimAuditOut(BaseModel):
    """Who did and saw what, the newest first."""

    items: list[AuditedOut]
    total: int

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "items": [
            {
                "at": "2026-11-16T20:02:11Z",
                "by": "D. Reyes",
                "action": "claim.reveal",
                "detail": "/patient/date_of_birth",
            }
        ],
        "total": 1,
    }


def proof_out(claim: ClaimDetail, entries: Sequence[ProofEntry]) -> ProofOut:
    """Return the proof: what is of no line stands last, where anything is."""
    charges: dict[int | None, int] = {line.line: line.charge_cents for line in claim.lines}
    beyond = {each.line for each in entries} - set(charges)
    places = [*charges, *sorted(beyond, key=lambda line: (line is None, line or 0))]
    lines = [_line(place, charges.get(place, 0), entries) for place in places]
    amounts = {name: getattr(claim, name) for name in _SHOWN}
    holds = sum(each.charge_cents for each in lines) == claim.charge_cents and all(
        sum(getattr(each, name) for each in lines) == shown for name, shown in amounts.items()
    )
    return ProofOut(lines=lines, holds=holds)


def _line(line: int | None, charge_cents: int, entries: Sequence[ProofEntry]) -> ProofLineOut:
    own = [each for each in entries if each.line == line]
    amounts = {
        name: sum(each.amount_cents for each in own if each.account in AMOUNTS[name])
        for name in _SHOWN
    }
    return ProofLineOut(
        line=line,
        charge_cents=charge_cents,
        paid_cents=amounts["paid_cents"],
        adjusted_cents=amounts["adjusted_cents"],
        patient_cents=amounts["patient_cents"],
        open_cents=charge_cents - sum(amounts.values()),
        entries=[ProofEntryOut.model_validate(each) for each in own],
    )

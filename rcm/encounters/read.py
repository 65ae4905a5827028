"""The door: JSON bytes to an EncounterIn, or every finding of a bad one at once."""

from collections.abc import Sequence

from edi.findings import Finding, error
from rcm.document import BadDocumentError, Refusal, read_document
from rcm.encounters.model import EncounterIn
from rcm.limits import ENCOUNTERS_PER_CALL_MAX


class BadEncounterError(BadDocumentError):
    """The body is not an encounter. Carries findings; never the values."""


_REFUSAL = Refusal(
    error=BadEncounterError,
    not_json="ENCOUNTER-NOT-JSON",
    missing="ENCOUNTER-MISSING",
    unknown_field="ENCOUNTER-UNKNOWN-FIELD",
    invalid="ENCOUNTER-INVALID",
)


def read_encounter(body: bytes) -> EncounterIn:
    """Return the encounter in `body`. Raises BadEncounterError with all findings."""
    try:
        return read_document(body, EncounterIn, _REFUSAL)
    except BadEncounterError as refused:
        if standard := _standard(body, refused.findings):
            raise BadEncounterError([_other(standard)]) from None
        raise


_BEGINNINGS = {b"MSH|": "HL7 v2", b"ISA": "X12"}


def _standard(body: bytes, findings: Sequence[Finding]) -> str:
    """Return the standard that a refused body follows, "" where it follows none that is known."""
    if any(found.place.pointer == "/resourceType" for found in findings):
        return "FHIR"
    text = body.lstrip()
    return next((name for start, name in _BEGINNINGS.items() if text.startswith(start)), "")


def _other(standard: str) -> Finding:
    return error(
        "ENCOUNTER-OTHER-STANDARD",
        f"This is {standard}: only the service's own JSON is read here.",
        cure="Send the visit in the form that /docs shows for `POST encounters`.",
    )


_NONE = error("ENCOUNTER-LINES-NONE", "No line holds anything.", cure="Send an encounter a line.")
_MANY = error(
    "ENCOUNTER-LINES-MANY",
    "The body has more lines than one call takes.",
    cure=f"Send {ENCOUNTERS_PER_CALL_MAX} at a time.",
)


def read_lines(body: bytes) -> list[tuple[int, bytes]]:
    """Return the lines that hold anything, with their numbers from 1. Raises BadEncounterError."""
    lines = [(n, line) for n, line in enumerate(body.split(b"\n"), start=1) if line.strip()]
    if not lines:
        raise BadEncounterError([_NONE])
    if len(lines) > ENCOUNTERS_PER_CALL_MAX:
        raise BadEncounterError([_MANY])
    return lines

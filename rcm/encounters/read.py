"""The door: JSON bytes to an EncounterIn, or every finding of a bad one at once."""

from edi.findings import error
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
    return read_document(body, EncounterIn, _REFUSAL)


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

"""The door: JSON bytes to an EncounterIn, or every finding of a bad one at once."""

from rcm.document import BadDocumentError, Refusal, read_document
from rcm.encounters.model import EncounterIn


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

"""The door: JSON bytes to an EncounterIn, or every finding of a bad one at once."""

import json
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from edi.findings import Finding, Place, error
from rcm.encounters.model import EncounterIn

DEPTH_MAX = 64  #: Of nested JSON (reliability.md 4): deeper is refused before it is parsed.


class BadEncounterError(Exception):
    """The body is not an encounter. Carries findings; never the values."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(f"{len(findings)} findings")
        self.findings = tuple(findings)


def read_encounter(body: bytes) -> EncounterIn:
    """Return the encounter in `body`. Raises BadEncounterError with all findings."""
    try:
        document = json.loads(
            _shallow(body), object_pairs_hook=_no_twins, parse_constant=_no_constant
        )
    except (ValueError, RecursionError):
        cure = "Send one JSON object in UTF-8, without duplicate keys, NaN or Infinity."
        found = error("ENCOUNTER-NOT-JSON", "The body is not strict JSON.", cure=cure)
        raise BadEncounterError([found]) from None
    try:
        return EncounterIn.model_validate(document)
    except ValidationError as refusal:
        refused = refusal.errors(include_url=False, include_context=False, include_input=False)
        own = [each for each in refused if not _follows(each, refused)]
        raise BadEncounterError([_finding(each) for each in own]) from None


def _shallow(body: bytes) -> str:
    text = body.decode("utf-8")
    depth = deepest = 0
    for character in text:
        if character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    if deepest > DEPTH_MAX:
        raise ValueError("too deep")
    return text


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("duplicate key")
    return members


def _no_constant(_: str) -> None:
    raise ValueError("NaN and Infinity are not JSON")


_CODES = {
    "missing": ("ENCOUNTER-MISSING", "This field is required."),
    "extra_forbidden": ("ENCOUNTER-UNKNOWN-FIELD", "There is no such field."),
}
_CURES = {
    "missing": "Send it.",
    "extra_forbidden": "Remove it, or correct its name: /docs lists the fields.",
    "string_pattern_mismatch": "See the pattern of this field in /docs.",
}


def _finding(refusal: Any) -> Finding:  # noqa: ANN401  # pydantic's ErrorDetails.
    """Translate one pydantic error: its place and its rule, never its input."""
    kind = str(refusal["type"])
    code, message = _CODES.get(kind, ("ENCOUNTER-INVALID", f"{refusal['msg']}."))
    pointer = "".join(f"/{_escape(str(step))}" for step in refusal["loc"])
    cure = _CURES.get(kind, "Correct this field and post again.")
    return error(code, message, cure=cure, place=Place(pointer=pointer))


def _follows(refusal: Any, refused: Sequence[Any]) -> bool:  # noqa: ANN401  # ErrorDetails.
    """Tell whether pydantic only counts the items that it refused as missing from their list."""
    place = refusal["loc"]
    return refusal["type"] == "too_short" and any(
        len(each["loc"]) > len(place) and each["loc"][: len(place)] == place for each in refused
    )


def _escape(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")

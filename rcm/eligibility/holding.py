"""What an inactive coverage does to a claim: one finding, put on it and taken off again. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from edi.findings import Place, error
from rcm.encode import findings_to_json

INACTIVE = error(
    "CLAIM-COVERAGE-INACTIVE",
    "The payer says that the coverage is not active on the date of service.",
    cure="Ask the patient for another insurance; an active answer for the date releases the claim.",
    place=Place(pointer="/coverages/0"),
)

Findings = Sequence[Mapping[str, Any]]  #: As rows hold them.


def with_inactive(findings: Findings) -> list[Mapping[str, Any]]:
    """Return the findings of a claim whose coverage is inactive."""
    return [*without_inactive(findings), *findings_to_json([INACTIVE])]


def without_inactive(findings: Findings) -> list[Mapping[str, Any]]:
    """Return the findings of a claim whose coverage is no longer known to be inactive."""
    return [found for found in findings if found["code"] != INACTIVE.code]


def is_free(findings: Findings) -> bool:
    """Tell whether nothing else holds the claim."""
    return all(found["severity"] != "error" for found in without_inactive(findings))

"""Values as JSON for the database: findings as rows show them, snapshots as they are sealed."""

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import TypeAdapter

from edi.claim_837 import Claim
from edi.findings import Finding, Severity
from edi.room import FINDINGS_MAX, more_findings

_CLAIM = TypeAdapter(Claim)


def claim_to_json(claim: Claim) -> bytes:
    """Return a claim as JSON bytes, to be sealed."""
    return _CLAIM.dump_json(claim, exclude_defaults=True)


def claim_from_json(body: bytes) -> Claim:
    """Return the claim of `claim_to_json`."""
    return _CLAIM.validate_json(body)


def findings_to_json(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return findings as the database and the API show them: only what is known of the place.

    Of more than FINDINGS_MAX the first are shown, and one more that counts the others.
    """
    every = list(findings)
    shown, others = every[:FINDINGS_MAX], every[FINDINGS_MAX:]
    if others:
        severities = {finding.severity for finding in others}
        worst = next(severity for severity in Severity if severity in severities)
        shown.append(more_findings(len(others), worst))
    return [_finding(finding) for finding in shown]


def _finding(finding: Finding) -> dict[str, Any]:
    place = finding.place
    known: Sequence[tuple[str, Any, Any]] = (
        ("transaction_set", place.transaction_set, ""),
        ("loop", place.loop, ""),
        ("segment_number", place.segment_number, 0),
        ("segment", place.segment_id, ""),
        ("element", place.element, 0),
        ("component", place.component, 0),
        ("byte_offset", place.byte_offset, -1),
        ("pointer", place.pointer, ""),
    )
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "message": finding.message,
        "cure": finding.cure,
        "place": {name: value for name, value, absent in known if value != absent},
    }

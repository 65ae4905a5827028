"""What the API says of each line of a batch of encounters."""

from collections import Counter
from collections.abc import Sequence

from api.kinds import KINDS
from api.schemas.encounters import EncounterBatchOut, EncounterLineOut, encounter_out
from api.schemas.problem import FindingOut
from rcm.encode import findings_to_json
from rcm.encounters.read import BadEncounterError
from rcm.encounters.receive import REFUSALS, Outcome


def batch_out(outcomes: Sequence[tuple[int, Outcome]]) -> EncounterBatchOut:
    """Return what the API says of the outcome of each line."""
    items = [_line_out(line, outcome) for line, outcome in outcomes]
    counts = Counter(item.outcome for item in items)
    return EncounterBatchOut(
        received=counts["received"], known=counts["known"], refused=counts["refused"], items=items
    )


def _line_out(line: int, outcome: Outcome) -> EncounterLineOut:
    if isinstance(outcome, REFUSALS):
        found = outcome.findings if isinstance(outcome, BadEncounterError) else ()
        return EncounterLineOut(
            line=line,
            outcome="refused",
            encounter=None,
            code=KINDS[type(outcome)].code,
            findings=[FindingOut.model_validate(each) for each in findings_to_json(found)],
        )
    return EncounterLineOut(
        line=line,
        outcome="received" if outcome.is_new else "known",
        encounter=encounter_out(outcome),
        code="",
        findings=[],
    )

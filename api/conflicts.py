"""What two people changed of one claim, field by field: nothing of either is lost unseen."""

from typing import Any, Literal

from api.schemas.problem import ConflictOut
from rcm.access.masking import masked
from rcm.encounters.correct import SavedMeanwhileError
from rcm.encounters.fields import is_phi, label_of

_Who = Literal["them", "you", "both"]


def conflicts(raised: SavedMeanwhileError) -> list[ConflictOut]:
    """Return every field that either changed, in the order of the encounter."""
    theirs = {each.pointer: each for each in raised.theirs}
    yours = {each.pointer: each for each in raised.yours}
    found = []
    for pointer in sorted(theirs.keys() | yours.keys()):
        them, you = theirs.get(pointer), yours.get(pointer)
        either = them or you
        assert either is not None
        who: _Who = "both" if them and you else "them" if them else "you"
        found.append(
            ConflictOut(
                pointer=pointer,
                label=label_of(pointer),
                is_masked=is_phi(pointer),
                read=_shown(pointer, either.before),
                theirs=_shown(pointer, them.after if them else either.before),
                yours=_shown(pointer, you.after if you else either.before),
                changed_by=who,
            )
        )
    return found


def _shown(pointer: str, value: Any) -> Any:  # noqa: ANN401  # Any field of an encounter.
    return masked(value) if is_phi(pointer) else value

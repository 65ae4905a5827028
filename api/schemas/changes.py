"""The feed of what changed."""

import base64
import json
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from rcm.reading.changes import CHANGES_MAX, ChangesCursor

_BIGINT_MAX = 2**63 - 1
_MILLISECONDS_MAX = 253_402_300_799_000  #: The end of the year 9999.


def write_changes_cursor(cursor: ChangesCursor) -> str:
    """Return an opaque text that stands for `cursor`."""
    parts = [cursor.xid, cursor.id, int(cursor.at.timestamp() * 1000)]
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


def read_changes_cursor(text: object) -> ChangesCursor | None:
    """Return the cursor that a text stands for. Raises ValueError."""
    if text is None:
        return None
    try:
        xid, row_id, at = json.loads(base64.urlsafe_b64decode(str(text)))
    except (ValueError, TypeError, RecursionError):
        raise ValueError("no answer gave this cursor") from None
    for part, most in ((xid, _BIGINT_MAX), (row_id, _BIGINT_MAX), (at, _MILLISECONDS_MAX)):
        if type(part) is not int or not 0 <= part <= most:
            raise ValueError("no answer gave this cursor")
    return ChangesCursor(xid=xid, id=row_id, at=datetime.fromtimestamp(at // 1000, UTC))


Cursor = Annotated[
    ChangesCursor | None, BeforeValidator(read_changes_cursor), WithJsonSchema({"type": "string"})
]


class ChangesQuery(BaseModel):
    """Since when."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    after: Cursor = Field(
        default=None, description="`cursor` of the answer before; none: only where to begin."
    )


class ChangeOut(BaseModel):
    """That something changed: ask for it, or for the list it stands in."""

    model_config = ConfigDict(from_attributes=True)

    kind: Literal["claim", "work_item", "remittance", "file", "partner", "eligibility_check", "job"]
    id: UUID


class ChangesOut(BaseModel):
    """What changed, each thing once."""

    cursor: str = Field(description="To go on with.")
    changes: list[ChangeOut] = Field(description=f"At most {CHANGES_MAX}.")
    reset: bool = Field(description="The cursor is older than 24 hours: read everything again.")
    has_more: bool = Field(description="Ask again at once.")
    as_of: datetime

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "cursor": "WzEwMjQsIDAsIDE3OTUwMDAwMDAwMDBd",
        "changes": [{"kind": "claim", "id": "2f1b1f0a-8a39-4c55-bb0a-0d8f6f1f9e11"}],
        "reset": False,
        "has_more": False,
        "as_of": "2026-11-17T08:00:00Z",
    }

"""Control numbers: unique for each partner, for ever; gaps are allowed, reuse never."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from rcm.failpoint import failpoint

INTERCHANGE_NUMBER_MAX = 999_999_999


class NumbersExhaustedError(Exception):
    """A partner's nine digits are used up: starting again needs that partner's agreement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlNumbers:
    """Of one interchange with one group."""

    interchange: int  #: ISA13.
    group: int  #: GS06.


_NEXT = text("""
    INSERT INTO control_number (partner_id, kind, last) VALUES (:partner_id, :kind, 1)
    ON CONFLICT (partner_id, kind) DO UPDATE SET last = control_number.last + 1
    RETURNING last
""")


def allocate(session: Session, partner_id: UUID) -> ControlNumbers:
    """Take the next numbers, in the transaction that freezes the file they stand in."""

    def following(kind: str) -> int:
        number: int = session.execute(_NEXT, {"partner_id": partner_id, "kind": kind}).scalar_one()
        if number > INTERCHANGE_NUMBER_MAX:
            raise NumbersExhaustedError(kind)
        return number

    interchange = following("interchange")
    failpoint("number.taken")
    return ControlNumbers(interchange=interchange, group=following("group"))

"""The record of who did and saw what, written in the transaction of what was done."""

from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from rcm.access.actor import Actor
from rcm.rows import AuditEventRow
from rcm.tools import Tools

OPERATOR = "operator"  #: Who has a shell on the machine.


def record(
    session: Session,
    tools: Tools,
    actor: Actor,
    action: str,
    *,
    about: str = "",
    about_id: UUID | None = None,
    detail: str = "",
    is_refused: bool = False,
) -> None:
    """Append that `actor` did `action`, for example claim.view, to one thing. Names no patient.

    `about` is the kind of thing (claim, file, ...), `about_id` its id; `detail` holds codes and
    counts only.
    """
    _append(
        session,
        tools,
        actor_id=actor.id,
        actor_name=actor.name,
        action=action,
        about=about,
        about_id=about_id,
        detail=detail,
        roles=sorted(actor.roles),
        address=actor.address,
        outcome="refused" if is_refused else "done",
    )


def record_stranger(session: Session, tools: Tools, action: str, *, address: bytes) -> None:
    """Append that somebody whom we do not know was refused. What they typed is not kept."""
    _append(session, tools, action=action, address=address, outcome="refused")


def record_operator(
    session: Session, tools: Tools, action: str, *, about: str, about_id: UUID, detail: str = ""
) -> None:
    """Append what was done by a command on the machine: by nobody who signs in."""
    _append(
        session,
        tools,
        actor_name=OPERATOR,
        action=action,
        about=about,
        about_id=about_id,
        detail=detail,
    )


def _append(session: Session, tools: Tools, **values: object) -> None:
    nobody = {"actor_id": None, "actor_name": "", "about": "", "about_id": None, "detail": ""}
    session.execute(insert(AuditEventRow).values({"at": tools.clock(), **nobody, **values}))

"""The four people of a demo, and the link that signs one of them in."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from cli.people import link_of
from rcm.access import Role, users
from rcm.access.tickets import Purpose, make_ticket
from rcm.access.user_store import find_by_email, practice_names
from rcm.db import UnitOfWork
from rcm.tools import Tools


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPerson:
    """Somebody who works at the demo's billing office."""

    email: str
    name: str
    roles: tuple[Role, ...]
    has_one_practice: bool = False  #: Else every practice.
    what: str


PEOPLE = (
    DemoPerson(
        email="maria@demo.example",
        name="Maria Delgado",
        roles=(Role.MANAGER, Role.ADMIN),
        what="manager and administrator",
    ),
    DemoPerson(email="ben@demo.example", name="Ben Okafor", roles=(Role.BILLER,), what="biller"),
    DemoPerson(
        email="priya@demo.example", name="Priya Raman", roles=(Role.POSTER,), what="payment poster"
    ),
    DemoPerson(
        email="joan@demo.example",
        name="Joan Whitfield",
        roles=(Role.BILLER,),
        has_one_practice=True,
        what="biller of one practice",
    ),
)


def add_people(session: Session, tools: Tools) -> None:
    """Add those who are not there yet."""
    first = next(iter(practice_names(session)), None)
    for person in PEOPLE:
        if find_by_email(session, person.email) is None:
            practices = [first.id] if person.has_one_practice and first else None
            users.invite_user(
                session,
                tools,
                email=person.email,
                name=person.name,
                roles=person.roles,
                practices=practices,
                by=None,
            )


def sign_in_link(unit_of_work: UnitOfWork, tools: Tools, url: str) -> str:
    """Return a link that signs the manager in, once. It is for the terminal, never for a log."""
    with unit_of_work() as session:
        ticket, _ = make_ticket(session, tools, _id_of(session, PEOPLE[0].email), Purpose.ENTER)
    return link_of(ticket, Purpose.ENTER, url)


def _id_of(session: Session, email: str) -> UUID:
    found = find_by_email(session, email)
    assert found is not None
    return found[0].id

"""A practice with a day's work behind it: claims of every kind, their answers, what is left."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid5

from sqlalchemy import insert
from sqlalchemy.orm import Session

from rcm.access import Role
from rcm.db import UnitOfWork
from rcm.eligibility.service import check_unchecked
from rcm.rows import ActorRow, UserRow
from rcm.tools import Tools
from samples.encounters import encounters
from samples.hostile import hostile, inquiries
from tests.harness import Practice, make_practice, practice_at
from tests.stages import Stages

ORDINARY = 84  #: Each of the 42 kinds of sample twice.
SERVED_DAYS_AGO = 20
_NAMES = UUID("5d6f2b7e-4a0f-4f7e-9c57-2f5d3a1b0c11")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works here."""

    id: UUID
    name: str
    email: str
    roles: tuple[Role, ...]


def _person(name: str, *roles: Role) -> Person:
    email = f"{name.split(maxsplit=1)[0].lower()}@harbor.example"
    return Person(uuid5(_NAMES, name), name, email, roles)


#: One for each role; the manager of a small practice administers it too.
PEOPLE = {
    Role.BILLER: _person("Dana Reyes", Role.BILLER),
    Role.POSTER: _person("Priya Shah", Role.POSTER),
    Role.MANAGER: _person("Morgan Lee", Role.MANAGER, Role.ADMIN),
    Role.ADMIN: _person("Alex Stone", Role.ADMIN),
    Role.INTEGRATION: _person("Jordan Wells", Role.INTEGRATION),
    Role.AUDITOR: _person("Casey Quinn", Role.AUDITOR),
}


def reach_world(unit_of_work: UnitOfWork, tools: Tools, folder: Path, stages: Stages) -> Practice:
    """Return the practice; its day's work is done once for all processes of a run."""

    def make() -> tuple[UUID, UUID]:
        made = make_world(unit_of_work, tools, folder)
        return made.partner_id, made.actor_id

    ids = stages.reach("world", make, folder)
    return practice_at(unit_of_work, tools, folder, *ids)


def make_world(unit_of_work: UnitOfWork, tools: Tools, folder: Path) -> Practice:
    """Seed, post, exchange until the payer has said all that it says at once."""
    practice = make_practice(unit_of_work, tools, folder)
    with unit_of_work() as session:
        for person in PEOPLE.values():
            _add(session, tools, person)
    day = tools.today() - timedelta(days=SERVED_DAYS_AGO)
    practice.post(*(each for _, each in encounters(ORDINARY, seed=7, today=day)))
    practice.exchange(rounds=2)
    for batch in hostile(seed=7, today=day):
        practice.post(*(each for _, each in batch))
        practice.exchange(rounds=1)
    practice.post(*(each for _, each in inquiries(seed=7, today=tools.today())))
    practice.drain()
    with unit_of_work() as session:
        check_unchecked(session, tools, days=30, partner_id=None)
    practice.exchange(rounds=2)
    # This morning: some that wait for the next batch.
    later = encounters(12, seed=11, today=tools.today(), source="walk-in")
    practice.post(*(each for _, each in later))
    practice.drain()
    return practice


def _add(session: Session, tools: Tools, person: Person) -> None:
    """Store somebody as if they had taken their invitation."""
    session.execute(
        insert(ActorRow).values(
            id=person.id,
            kind="person",
            name=person.name,
            roles=sorted(person.roles),
            created_at=tools.clock(),
        )
    )
    session.execute(insert(UserRow).values(id=person.id, email=person.email))

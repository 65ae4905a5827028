"""The rows of synthetic claims, as the service would have written them."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID

from benchmarks.answered import Exchange, Made, Office, new_id
from benchmarks.courses import DENIALS, Course, Move, adjudicate, choose_course
from benchmarks.people import (
    NUMBER_LENGTH,
    NUMBER_LETTERS,
    Person,
    Template,
    claim_body,
    coverage_body,
    encounter_body,
    patient_body,
)
from benchmarks.tables import Rows
from edi.elements import fold_text
from rcm.worklists.items import ItemKind

CLAIMS_PER_FILE = 100
DAYS = 400  #: How far back claims go.
_PREFIXES = range(3, 9)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """A patient who has been seen."""

    patient_id: UUID
    coverage_id: UUID


@dataclass(slots=True, kw_only=True)
class Writer:
    """Makes the rows of claims, oldest first."""

    office: Office
    random: Random
    people: Sequence[Person]
    exchange: Exchange
    known: dict[int, _Known] = field(default_factory=dict)

    def batch(self, numbers: range) -> Rows:
        """Return the rows of these claims by table, with the files that tell of them."""
        rows: Rows = defaultdict(list)
        for first in range(numbers.start, numbers.stop, CLAIMS_PER_FILE):
            some = range(first, min(first + CLAIMS_PER_FILE, numbers.stop))
            made = [self._claim(rows, n) for n in some]
            self.exchange.send(rows, [claim for claim in made if claim.course.is_sent])
        return rows

    def _claim(self, rows: Rows, n: int) -> Made:
        """Make a claim, its patient, its encounter, and what is to be done about it."""
        office, random = self.office, self.random
        age = DAYS - 1 - n * DAYS // office.claims
        at = datetime.combine(office.today, time(15), UTC) - timedelta(
            days=age, seconds=random.randrange(20_000)
        )
        which = random.randrange(len(self.people))
        template = random.choice(office.templates)
        course = choose_course(random, age_days=age)
        charges = [random.randint(4_000, 60_000) for _ in template.procedures]
        made = Made(
            id=new_id(random),
            person=self.people[which],
            practice=office.practices[self.people[which].practice],
            payer=office.payers[self.people[which].payer],
            number="".join(random.choices(NUMBER_LETTERS, k=NUMBER_LENGTH)),
            payer_number=f"EX{n:012d}" if "payer" in course.by else "",
            charge_cents=sum(charges),
            course=course,
            moves=adjudicate(course, sum(charges), random),
            at=at,
        )
        known = self.known.get(which) or self._patient(rows, which, made, template)
        encounter_id = self._encounter(rows, made, template, f"V{n:08d}")
        day = at.date() - timedelta(days=random.randrange(1, 10))
        identity = office.keys.seal(
            claim_body(template, made.person, made.number),
            table="claim", row=made.id, column="identity",
        )  # fmt: skip
        said_at = min(at + timedelta(days=course.days), _noon(office.today))
        rows["claim"].append((
            made.id, encounter_id, known.patient_id, known.coverage_id, made.practice.id,
            made.payer.id, office.partner_id, made.number, made.payer_number, course.status,
            course.by, said_at, made.charge_cents, day, day, identity, _findings(course), at,
        ))  # fmt: skip
        rows["claim_line"].extend(
            (made.id, line, f"{made.number}{line:02d}", procedure, [], cents, day, 1000)
            for line, (procedure, cents) in enumerate(
                zip(template.procedures, charges, strict=True), start=1
            )
        )
        self._work(rows, made)
        if not course.is_sent:
            (event,) = course.events
            rows["claim_event"].append(
                (made.id, f"built/{made.id}", event, course.status, "us", None, "{}", at)
            )
        return made

    def _encounter(self, rows: Rows, made: Made, template: Template, external_id: str) -> UUID:
        encounter_id = new_id(self.random)
        body = encounter_body(template, made.person, external_id, made.practice.npi)
        sealed = self.office.keys.seal(body, table="encounter", row=encounter_id, column="body")
        rows["encounter"].append((
            encounter_id, "bench", external_id, self.office.actor_id,
            hashlib.sha256(body).digest(), sealed, "claimed", "[]", made.at,
        ))  # fmt: skip
        return encounter_id

    def _patient(self, rows: Rows, which: int, made: Made, template: Template) -> _Known:
        person, keys = made.person, self.office.keys
        known = _Known(patient_id=new_id(self.random), coverage_id=new_id(self.random))
        name = fold_text(person.last_name)
        prefixes = [
            keys.index("last_name_prefix", name[:length])
            for length in _PREFIXES
            if len(name) >= length
        ]
        identity = keys.seal(
            patient_body(template, person),
            table="patient", row=known.patient_id, column="identity",
        )  # fmt: skip
        rows["patient"].append((
            known.patient_id, made.practice.id, "bench",
            keys.index("record_number", person.record_number), keys.index("last_name", name),
            prefixes, keys.index("birth_date", person.birth_date), identity, made.at,
        ))  # fmt: skip
        coverage = keys.seal(
            coverage_body(template, person),
            table="coverage", row=known.coverage_id, column="identity",
        )  # fmt: skip
        rows["coverage"].append((
            known.coverage_id, known.patient_id, made.payer.id, "P",
            keys.index("member_id", fold_text(person.member_id)), coverage, made.at,
        ))  # fmt: skip
        self.known[which] = known
        return known

    def _work(self, rows: Rows, made: Made) -> None:
        """Open the work of a claim that needs a person; most of what is old is done."""
        kind = made.course.work
        if kind is None:
            return
        age = (self.office.today - made.at.date()).days
        is_open = self.random.randrange(90) > min(age, 85)
        assignee = self.office.actor_id if self.random.randrange(3) == 0 else None
        reason, message, action = _told(kind, made.moves)
        due_on = made.at.date() + timedelta(days=30 if kind is ItemKind.DENIED else 5)
        rows["work_item"].append((
            new_id(self.random), f"bench/{made.id}", kind, "open" if is_open else "done", reason,
            message, action, "", made.charge_cents, made.id, made.at, due_on, assignee, made.at,
            None if is_open else made.at, "" if is_open else "answer",
        ))  # fmt: skip


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def _findings(course: Course) -> str:
    if course.work is not ItemKind.HELD:
        return "[]"
    finding = {
        "code": "837P-DIAGNOSIS-MISSING",
        "severity": "error",
        "message": "A diagnosis is missing.",
        "cure": "Add it to the encounter.",
        "place": {"pointer": "/diagnoses"},
    }
    return json.dumps([finding])


def _told(kind: ItemKind, moves: Sequence[Move]) -> tuple[str, str, str]:
    """Return the reason, message and action of open work."""
    denied = {move.reason for move in moves}
    for told in DENIALS:
        if told[0] in denied:
            return told
    if kind is ItemKind.HELD:
        return "837P-DIAGNOSIS-MISSING", "A diagnosis is missing.", "Add it, and save."
    if kind is ItemKind.REJECTED:
        return "A7:164", "Rejected: member id not found.", "Correct the member id, and resend."
    return "CO-133", "The payer has not decided.", "Ask the payer when it will."

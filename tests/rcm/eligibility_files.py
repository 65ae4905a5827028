"""What a payer answers to our 270s: 271 files made of values, for the persons that were asked."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from edi.delimiters import STANDARD
from edi.eligibility_270 import BenefitInquiry, EligibilityInquiry, read_270
from edi.eligibility_271 import Benefit, EligibilityResponse, write_271
from edi.eligibility_tree import Aaa, Eligibility, Member, Receiver, Source
from edi.guides import Guide
from edi.party_segments import Beginning, Name, Period, Trace
from edi.reader import read_interchanges
from edi.writer import write_interchange
from rcm.db import UnitOfWork
from rcm.eligibility.model import Cause
from rcm.eligibility.service import check_coverages
from rcm.tools import Tools
from tests.conftest import NOW
from tests.harness import Practice, make_practice
from tests.rcm.intake import encounter
from tests.rcm.partner_files import NPI, envelope, receive
from tests.stages import Stages


class MovingClock:
    """A clock that stands still until a test moves it on."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def move(self, wait: timedelta) -> None:
        """Let time pass."""
        self.now += wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Office(Practice):
    """A practice in which time passes."""

    clock: MovingClock


def make_office(
    unit_of_work: UnitOfWork, tools: Tools, folder: Path, stages: Stages | None = None
) -> Office:
    """The sample organisation, with a clock of its own."""
    clock = MovingClock()
    practice = make_practice(unit_of_work, replace(tools, clock=clock), folder, stages)
    values = {each.name: getattr(practice, each.name) for each in fields(practice)}
    return Office(**values, clock=clock)


Person = Member[Benefit]
#: What is said of the person who was asked with this trace.
Say = Callable[[Person], Person]


def eb(code: str, *service_types: str, **more: object) -> Benefit:
    """One EB."""
    return Benefit(code=code, service_types=service_types or ("30",), **more)  # type: ignore[arg-type]  # Fields of the value.


def aaa(code: str, follow_up: str = "C", *, is_valid: bool = False) -> Aaa:
    """One AAA."""
    return Aaa(is_valid=is_valid, code=code, follow_up=follow_up)


def says(*benefits: Benefit, dates: tuple[Period, ...] = ()) -> Say:
    """The payer tells these benefits."""
    return lambda person: replace(person, benefits=benefits, dates=dates)


def refuses(code: str, follow_up: str = "C") -> Say:
    """The payer refuses the person."""
    return lambda person: replace(person, benefits=(), errors=(aaa(code, follow_up),))


ACTIVE, INACTIVE = says(eb("1", plan_description="GOLD PPO")), says(eb("6"))
NOT_FOUND, DOWN = refuses("75", "C"), refuses("42", "R")


def person(trace: str = "TRACE1", *benefits: Benefit, **more: object) -> Person:
    """A subscriber as the payer knows them."""
    return Member(
        traces=(Trace(kind="2", number=trace),) if trace else (),
        name=Name(
            entity="IL",
            entity_type="1",
            last_name="CANARY",
            first_name="ADA",
            id_qualifier="MI",
            id="M1",
        ),
        benefits=benefits,
        **more,  # type: ignore[arg-type]  # Fields of the value.
    )


def response(
    *persons: Person,
    errors: tuple[Aaa, ...] = (),
    reference: str = "000000001",
    payer_id: str = "60054",
) -> EligibilityResponse:
    """A 271 of one payer about these persons; of nobody where the payer refuses."""
    receiver = Receiver(
        name=Name(entity="1P", entity_type="2", last_name="H", id_qualifier="XX", id=NPI),
        subscribers=persons,
    )
    return Eligibility(
        beginning=Beginning(structure="0022", purpose="11", reference=reference),
        sources=(
            Source(
                name=Name(
                    entity="PR", entity_type="2", last_name="P", id_qualifier="PI", id=payer_id
                ),
                errors=errors,
                receivers=(receiver,) if persons else (),
            ),
        ),
    )


def file_271(said: EligibilityResponse, *, number: int = 1) -> bytes:
    """The file of one 271."""
    sets = [("271", write_271(said, STANDARD))]
    return write_interchange(envelope(Guide.ELIGIBILITY, number, "T"), sets)


def inquiries(practice: Practice) -> list[EligibilityInquiry]:
    """The 270s that lie in the partner's folder, oldest first."""
    folder = practice.account / "to_payer"
    return [
        read_270(transaction_set)
        for path in sorted(folder.glob("*_270.x12"))
        for interchange in read_interchanges(path.read_bytes())
        for transaction_set in interchange.sets()
    ]


def members(inquiry: EligibilityInquiry) -> Iterator[Member[BenefitInquiry]]:
    """Whom a 270 asks about."""
    for source in inquiry.sources:
        for receiver in source.receivers:
            for subscriber in receiver.subscribers:
                yield from subscriber.dependents or (subscriber,)


def reply(inquiry: EligibilityInquiry, say: Say) -> EligibilityResponse:
    """Answer each person of a 270 alike, each with the trace they were asked with."""

    def told(asked: Member[BenefitInquiry]) -> Person:
        same = Member[Benefit](
            traces=tuple(replace(trace, kind="2") for trace in asked.traces),
            name=asked.name,
            demographics=asked.demographics,
            insured=asked.insured,
            dependents=tuple(map(told, asked.dependents)),
        )
        return same if asked.dependents else say(same)

    return Eligibility(
        beginning=replace(inquiry.beginning, purpose="11"),
        sources=tuple(
            Source(
                name=source.name,
                receivers=tuple(
                    Receiver(name=each.name, subscribers=tuple(map(told, each.subscribers)))
                    for each in source.receivers
                ),
            )
            for source in inquiry.sources
        ),
    )


def check(practice: Office, **more: object) -> None:
    """Check every coverage, and let the 270 be delivered."""
    practice.clock.move(timedelta(minutes=1))
    ids: list[UUID] = [row.id for row in practice.rows("SELECT id FROM coverage ORDER BY id")]
    with practice.unit_of_work() as session:
        check_coverages(session, practice.tools, ids, cause=Cause.PERSON, **more)  # type: ignore[arg-type]  # Keywords of the use case.
    practice.drain()


def answer(practice: Office, say: Say, *, number: int = 1) -> UUID:
    """Let the payer answer the last 270, a minute later."""
    practice.clock.move(timedelta(minutes=1))
    return receive(practice, file_271(reply(inquiries(practice)[-1], say), number=number))


def done(practice: Office) -> None:
    """Every job has run, and none gave up."""
    assert practice.rows("SELECT kind, state, last_error_code FROM job WHERE state <> 'done'") == []


def checks(practice: Office) -> list[tuple[str, str | None]]:
    """State and outcome of every check."""
    rows = practice.rows("SELECT state, outcome FROM eligibility_check ORDER BY created_at, tries")
    return [tuple(row) for row in rows]


def claims(practice: Office) -> list[tuple[str, list[str]]]:
    """Status and findings of every claim."""
    rows = practice.rows("SELECT status, findings FROM claim ORDER BY service_from, id")
    return [(row.status, [found["code"] for found in row.findings]) for row in rows]


def work(practice: Office, state: str = "open") -> list[tuple[str, str, str]]:
    """What people have to do: kind, reason and pointer."""
    rows = practice.rows(
        "SELECT kind, reason, pointer FROM work_item WHERE state = :state ORDER BY 1, 2",
        state=state,
    )
    return [tuple(row) for row in rows]


def built(practice: Office, *encounters: dict[str, Any]) -> None:
    """Post encounters and build their claims; nothing is sent."""
    practice.post(*(encounters or (encounter(),)))
    practice.drain()

"""Use cases of asking: check coverages, and freeze what waits into a 270 that is proven."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from edi.envelope import Envelope
from edi.findings import Finding, error
from edi.guides import FileType, Guide
from rcm import jobs
from rcm.claims.build import new_control_number
from rcm.claims.prove import ProofUnfinishedError
from rcm.claims.service import refuse_wrong_usage
from rcm.eligibility import schedule_store, store
from rcm.eligibility.inquiry import Question, unaskable
from rcm.eligibility.model import WHOLE_PLAN, Cause
from rcm.eligibility.prove import UnsendableError, prove
from rcm.exchange.control import allocate
from rcm.exchange.store import add_outbound
from rcm.failpoint import failpoint
from rcm.limits import CHECKS_PER_CALL_MAX, CHECKS_PER_SWEEP, INQUIRIES_PER_SET_MAX
from rcm.parties.addressing import envelope_to, name_of, partner_time
from rcm.parties.model import TradingPartner
from rcm.parties.store import partner as find_partner
from rcm.tools import Tools
from rcm.worklists.eligibility import not_asked
from rcm.worklists.store import add_items

_UNREADABLE = error(
    "270-UNREADABLE",
    "Patient or coverage does not open as it is stored.",
    cure="Post the encounter again; if that does not help, tell the operator the check's id.",
)
_PLAN_ONLY = (WHOLE_PLAN,)
_ASKED_BACK = timedelta(days=365)  #: Payers answer no further back (AAA03 62).


class UnknownCoverageError(Exception):
    """No coverage, or no encounter, has this id."""


class NoClaimYetError(Exception):
    """No claim was built of the encounter: its coverage is not known yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What became of a request to check coverages."""

    check_ids: tuple[UUID, ...]  #: Of those that are new.
    waiting: int  #: How many were asked before and still wait for their file.


def check_coverages(
    session: Session,
    tools: Tools,
    coverage_ids: Collection[UUID],
    *,
    cause: Cause,
    service_date: date | None = None,
    service_types: Sequence[str] = _PLAN_ONLY,
) -> Asked:
    """Store a question for each coverage and promise the file that asks it.

    Without a day, that of the coverage's first unsent claim of the last year is asked about, or
    else today. Raises UnknownCoverageError where one of them is not there; then none is asked.
    """
    wanted = set(coverage_ids)
    partners = store.partners_of(session, wanted)
    if partners.keys() != wanted:
        raise UnknownCoverageError
    days = {} if service_date else _days(session, tools, wanted)
    checks = [
        store.NewCheck(
            coverage_id=coverage_id,
            trace=new_control_number(tools.randomness),
            service_date=service_date or days[coverage_id],
            service_types=tuple(service_types),
            cause=cause,
        )
        for coverage_id in wanted
    ]
    added = store.add_checks(session, tools.randomness, checks, now=tools.clock())
    for partner_id in sorted(set(partners.values())):
        jobs.add(session, "ask_eligibility", ref_id=partner_id)
    return Asked(check_ids=tuple(added.values()), waiting=len(checks) - len(added))


def _days(session: Session, tools: Tools, coverage_ids: Collection[UUID]) -> dict[UUID, date]:
    """Return the day to ask about, for each coverage."""
    since = tools.today() - _ASKED_BACK
    unsent = store.first_unsent(session, coverage_ids, since=since)
    return {each: unsent.get(each, tools.today()) for each in coverage_ids}


def check_one(
    session: Session,
    tools: Tools,
    coverage_id: UUID,
    *,
    service_date: date | None,
    service_types: Sequence[str],
) -> UUID:
    """Check one coverage; returns the new check, or the one that already asks the same.

    Raises UnknownCoverageError.
    """
    asked = check_coverages(
        session,
        tools,
        [coverage_id],
        cause=Cause.PERSON,
        service_date=service_date,
        service_types=service_types,
    )
    if asked.check_ids:
        return asked.check_ids[0]
    day = service_date or _days(session, tools, [coverage_id])[coverage_id]
    waiting = store.waiting_check(session, coverage_id, day, service_types)
    if waiting is None:  # Frozen at this very moment: its answer will do.
        return check_one(session, tools, coverage_id, service_date=day, service_types=service_types)
    return waiting


def coverage_of(session: Session, encounter_id: UUID) -> tuple[UUID, date]:
    """Return the coverage and the first date of service of an encounter's claim.

    Raises UnknownCoverageError, NoClaimYetError.
    """
    is_known, coverage_id, day = store.claimed(session, encounter_id)
    if not is_known:
        raise UnknownCoverageError
    if coverage_id is None or day is None:
        raise NoClaimYetError
    return coverage_id, day


def check_unchecked(
    session: Session, tools: Tools, *, days: int, partner_id: UUID | None
) -> tuple[Asked, bool]:
    """Check the coverages that were not checked in `days` days; tells whether more are left."""
    found = store.unchecked(
        session,
        partner_id=partner_id,
        since=_since(tools, days),
        limit=CHECKS_PER_CALL_MAX + 1,
    )
    some = found[:CHECKS_PER_CALL_MAX]
    asked = check_coverages(session, tools, some, cause=Cause.BATCH)
    return asked, len(found) > len(some)


def sweep_coverages(session: Session, tools: Tools, partner_id: UUID) -> int:
    """Check what a partner's schedule says is due; returns how many coverages it took.

    Where more are due, another sweep is promised. A schedule that was paused meanwhile does
    nothing.
    """
    schedule = next(iter(schedule_store.schedules(session, partner_id)), None)
    if schedule is None or schedule.is_paused:
        return 0
    due = store.unchecked(
        session,
        partner_id=partner_id,
        since=_since(tools, schedule.days),
        limit=CHECKS_PER_SWEEP,
    )
    check_coverages(session, tools, due, cause=Cause.SCHEDULE)
    if len(due) == CHECKS_PER_SWEEP:
        jobs.add(session, "check_coverages", ref_id=partner_id)
    return len(due)


def _since(tools: Tools, days: int) -> datetime:
    """Return when the last `days` days began, today among them: whole days of the organisation.

    So a daily schedule asks daily, whatever the second at which each question was stored.
    """
    first = tools.today() - timedelta(days=days - 1)
    return datetime.combine(first, time.min, ZoneInfo(tools.time_zone))


def ask_eligibility(session: Session, tools: Tools, partner_id: UUID) -> UUID | None:
    """Freeze one 270 of what waits and promise its delivery; None where nothing waits.

    A paused partner is asked nothing. What a payer lets us ask again by now is asked again. A
    check that nobody could answer as it stands, or that the proof finds wanting, fails with its
    work item; the others go. Raises WrongUsageError, and PermanentJobError where an operator must
    correct the partner first: the checks keep waiting.
    """
    partner = find_partner(session, tools.keys, partner_id)
    refuse_wrong_usage(partner, tools)
    if partner.is_paused:
        return None
    _ask_again(session, tools, partner_id)
    taken = store.take_waiting(session, tools.keys, partner_id, limit=INQUIRIES_PER_SET_MAX)
    failpoint("ask.taken")
    questions: list[Question] = []
    faults: dict[UUID, Finding] = {}
    for check_id, question in taken:
        if question is None:
            faults[check_id] = _UNREADABLE
        elif fault := unaskable(question):
            faults[check_id] = fault
        else:
            questions.append(question)
    _fail(session, tools, faults)
    file_id = _freeze(session, tools, partner, questions) if questions else None
    if file_id is None and taken:
        jobs.add(session, "ask_eligibility", ref_id=partner_id)  # Others may wait behind these.
    return file_id


def _ask_again(session: Session, tools: Tools, partner_id: UUID) -> None:
    if any(each.is_paused for each in schedule_store.schedules(session, partner_id)):
        return
    now = tools.clock()
    due = schedule_store.take_due_retries(session, partner_id, now=now, limit=CHECKS_PER_SWEEP)
    again = [
        store.NewCheck(
            coverage_id=each.coverage_id,
            trace=new_control_number(tools.randomness),
            service_date=each.service_date,
            service_types=each.service_types,
            cause=each.cause,
            tries=each.tries + 1,
            retries_id=each.id,
        )
        for each in due
    ]
    store.add_checks(session, tools.randomness, again, now=now)


def _fail(session: Session, tools: Tools, faults: dict[UUID, Finding]) -> None:
    store.record_failed(session, {check_id: fault.code for check_id, fault in faults.items()})
    items = [not_asked(check_id, fault) for check_id, fault in faults.items()]
    add_items(session, tools, items, now=tools.clock())


def _freeze(
    session: Session, tools: Tools, partner: TradingPartner, questions: Sequence[Question]
) -> UUID | None:
    """Freeze the file of those that the proof lets go; None where it lets none."""
    numbers = allocate(session, partner.id)
    written_at = partner_time(partner, tools.clock())
    envelope = envelope_to(
        partner,
        Guide.ELIGIBILITY,
        interchange=numbers.interchange,
        group=numbers.group,
        written_at=written_at,
    )
    while questions:
        try:
            refused, body = prove(
                questions,
                envelope,
                tools.conformance,
                reference=f"{numbers.interchange:09d}",
                written_at=written_at,
            )
        except (UnsendableError, ProofUnfinishedError) as reason:
            raise jobs.PermanentJobError(reason.code) from None
        if not refused:
            return _keep(session, tools, partner, envelope, questions, body)
        _fail(session, tools, refused)
        questions = [each for each in questions if each.check_id not in refused]
    return None


def _keep(
    session: Session,
    tools: Tools,
    partner: TradingPartner,
    envelope: Envelope,
    questions: Sequence[Question],
    body: bytes,
) -> UUID:
    file_id = tools.randomness.uuid()
    add_outbound(
        session,
        tools.keys,
        file_id,
        partner_id=partner.id,
        name=name_of(partner, envelope, FileType.ELIGIBILITY_INQUIRY),
        file_type=FileType.ELIGIBILITY_INQUIRY,
        body=body,
        interchange_number=envelope.interchange_number,
        group_number=envelope.group_number,
        now=tools.clock(),
    )
    failpoint("ask.frozen")
    store.record_frozen(session, [each.check_id for each in questions], file_id)
    jobs.add(session, "deliver_file", ref_id=file_id)
    return file_id

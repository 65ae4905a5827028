"""Use cases of answers: a 271 takes effect on checks, and on what hangs on them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from edi.elements import fold_text
from edi.eligibility_271 import EligibilityResponse, read_271
from edi.envelope import TransactionSet
from edi.findings import Finding, ReadError, Severity, warning
from rcm.eligibility import answer_store, store
from rcm.eligibility.answer_store import AskedCheck
from rcm.eligibility.hold import hold_and_release
from rcm.eligibility.interpret import Told, answer_of, read_told
from rcm.eligibility.model import SETTLED, Answer, Outcome
from rcm.eligibility.retry import retry_at
from rcm.exchange.store import StoredFile, outbound_by_number, record_arrived
from rcm.failpoint import failpoint
from rcm.tools import Tools
from rcm.worklists.eligibility import item_of, refused_file
from rcm.worklists.store import add_items, close_checked

_NUMBER_LENGTH = 9  #: Of our BHT03, which is our ISA13.
_PENDING = frozenset({Outcome.PAYER_DOWN, Outcome.REFUSED, Outcome.UNCLEAR})


def take_271(
    session: Session,
    tools: Tools,
    file: StoredFile,
    set_index: int,  # noqa: ARG001  # Use cases share one signature.
    transaction_set: TransactionSet,
) -> list[Finding]:
    """Let each answer of a set take effect once; what nobody asked is a warning."""
    if any(found.severity is Severity.ERROR for found in transaction_set.findings):
        return []  # Damaged: its findings say so.
    try:
        response = read_271(transaction_set)
    except ReadError as refusal:
        return [refusal.finding]
    told = read_told(response)
    matched, is_whole = _match(session, file.partner_id, response, told)
    coverage_ids = {check.coverage_id for check, _ in matched}
    answer_store.lock_coverages(session, coverage_ids)
    news: set[UUID] = set()
    for check, each in matched:
        if _is_news(check, answer := _answer(tools, check, each)):
            _record(session, tools, file.id, check, answer)
            news.add(check.coverage_id)
    if matched and (asked := _asked_file(session, file.partner_id, response.beginning.reference)):
        record_arrived(session, asked.id, now=tools.clock())
    failpoint("read.271")
    hold_and_release(session, tools, news, file_id=file.id)
    own = [found for found in response.findings if found not in transaction_set.findings]
    return own if is_whole else [*own, _unknown_trace(transaction_set)]


def _match(
    session: Session, partner_id: UUID, response: EligibilityResponse, told: Sequence[Told]
) -> tuple[list[tuple[AskedCheck, Told]], bool]:
    """Return who is meant by each part of the answer, and whether every part found somebody.

    By our trace. Where a payer does not repeat it, by the file that was asked (BHT03): all of it
    where the payer refused it whole, its only check where the answer is about one person.
    """
    traces = (trace for each in told for trace in each.traces)
    by_trace = {c.trace: c for c in answer_store.take_by_trace(session, partner_id, traces)}
    together: list[AskedCheck] | None = None
    found: dict[UUID, tuple[AskedCheck, Told]] = {}
    is_whole = bool(told)
    for each in told:
        checks = [by_trace[trace] for trace in each.traces if trace in by_trace][:1]
        if not checks and (each.is_for_all or (len(told) == 1 and not each.is_traced)):
            if together is None:
                together = _asked_together(session, partner_id, response.beginning.reference)
            checks = list(_meant(together, each))
        is_whole = is_whole and bool(checks)
        for check in checks:
            found.setdefault(check.id, (check, each))
    return [found[check_id] for check_id in sorted(found)], is_whole


def _asked_together(session: Session, partner_id: UUID, reference: str) -> list[AskedCheck]:
    asked = _asked_file(session, partner_id, reference)
    return answer_store.take_by_file(session, asked.id) if asked else []


def _asked_file(session: Session, partner_id: UUID, reference: str) -> StoredFile | None:
    """Return the 270 whose BHT03 an answer repeats."""
    if len(reference) != _NUMBER_LENGTH or not (reference.isascii() and reference.isdigit()):
        return None
    return outbound_by_number(session, partner_id, int(reference))


def _meant(together: Sequence[AskedCheck], told: Told) -> Iterator[AskedCheck]:
    if not told.is_for_all:
        yield from together if len(together) == 1 else ()
        return
    for check in together:
        if told.payer_id in ("", check.payer_identifier) and told.npi in ("", check.npi):
            yield check


def _answer(tools: Tools, check: AskedCheck, told: Told) -> Answer:
    answer = answer_of(told, service_date=check.service_date)
    if answer.outcome not in SETTLED or not answer.member_id:
        return answer
    index = tools.keys.index("member_id", fold_text(answer.member_id))
    return replace(answer, has_other_id=index != check.member_id_index)


def _is_news(check: AskedCheck, answer: Answer) -> bool:
    """Tell whether an answer takes effect: the first does, and one that settles what was open."""
    if check.outcome is None:
        return True
    return check.outcome in _PENDING and answer.outcome not in _PENDING


def _record(
    session: Session, tools: Tools, file_id: UUID, check: AskedCheck, answer: Answer
) -> None:
    now = tools.clock()
    again = retry_at(answer.refusals, tries=check.tries, now=now)
    answer_store.record_answer(
        session, tools.keys, check.id, answer, file_id=file_id, retry_at=again, now=now
    )
    if answer.outcome is not Outcome.PAYER_DOWN:
        close_checked(session, [check.coverage_id], now=now)
    item = item_of(check.id, answer, retry_at=again)
    if item is not None:
        add_items(session, tools, [replace(item, file_id=file_id)], now=now)


def refuse_inquiries(
    session: Session, tools: Tools, outbound_id: UUID, file_id: UUID, reason: str
) -> None:
    """Let the checks of a file fail that a 999 or TA1 refused: one work item tells of them all."""
    failed = store.record_refused(session, outbound_id, reason)
    if failed:
        item = refused_file(outbound_id, file_id, reason, len(failed))
        add_items(session, tools, [item], now=tools.clock())


def _unknown_trace(transaction_set: TransactionSet) -> Finding:
    return warning(
        "271-UNKNOWN-INQUIRY",
        "Something in the response answers no inquiry that we sent.",
        cure="Check whether the inquiry came from another system.",
        place=transaction_set.segments[0].place(transaction_set=transaction_set.control_number),
    )

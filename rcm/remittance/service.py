"""Use case: one transaction set 835 is proven, matched and posted, or held, in one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from sqlalchemy.orm import Session

from edi.codes.check import unknown_codes
from edi.envelope import TransactionSet
from edi.findings import Finding, Place
from edi.remittance_835.balance import Balance, check_balance
from edi.remittance_835.model import Remittance
from edi.remittance_835.read import read_835
from rcm.clock import today
from rcm.decisions.store import is_conflict_decided
from rcm.encode import findings_to_json
from rcm.exchange.store import StoredFile
from rcm.failpoint import failpoint
from rcm.ledger.store import append, hidden
from rcm.remittance import store
from rcm.remittance.decide import State, content_sha256, decide_claims, judge
from rcm.remittance.decided import Decided, settle_claims
from rcm.remittance.details import (
    claim_details,
    provider_adjustment_details,
    service_details,
)
from rcm.remittance.events import events_of
from rcm.remittance.find import find_matches
from rcm.remittance.history import History, reversal_findings
from rcm.remittance.known import lock_claims
from rcm.remittance.match import Match
from rcm.remittance.post import Decisions, Source, post_remittance
from rcm.remittance.recall import read_history
from rcm.remittance.reverse import expand
from rcm.tools import Tools
from rcm.worklists.items import ItemKind, unposted
from rcm.worklists.store import open_again, settle_items


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """A transaction set, and what becomes of it as a whole."""

    remittance: Remittance
    balance: Balance
    state: State
    why: tuple[Finding, ...]  #: Why it is not posted.
    findings: tuple[Finding, ...]
    source: Source


def post_transaction_set(
    session: Session,
    tools: Tools,
    file: StoredFile,
    set_index: int,
    transaction_set: TransactionSet,
) -> str:
    """Decide one 835: returns posted, held, recorded or duplicate; known ones stay as they are.

    Held: it does not balance or cannot be read; nothing of it is posted. Recorded: a prenote or
    the bank's copy. Duplicate: the same payment came before. Otherwise every cent of BPR02 is
    posted: to claims where they match and balance, else to suspense.
    """
    is_decided, waiting = store.waiting_for(session, file.id, set_index)
    if is_decided:
        return "known"
    # One that a person wants judged again keeps its id, and the time it was received.
    remittance_id, received_at = waiting or (tools.randomness.uuid(), tools.clock())
    source = Source(
        remittance_id=remittance_id,
        file_id=file.id,
        received_on=today(received_at, tools.time_zone),
        content=content_sha256(transaction_set),
    )
    remittance = read_835(transaction_set)
    unknown = unknown_codes(transaction_set, remittance.payment.payment_date or source.received_on)
    judged = _judge(session, source, remittance, unknown)
    failpoint("post.judged")

    def add(more: Sequence[Finding]) -> None:
        store.add_remittance(
            session,
            remittance_id,
            judged.remittance,
            source.content,
            file=file,
            set_index=set_index,
            state=judged.state,
            findings=findings_to_json([*judged.findings, *more]),
            now=received_at,
        )

    if judged.state == "posted":
        decided = _decide(session, tools, judged, file.partner_id)
        failpoint("post.matched")
        add(reversal_findings(judged.remittance, decided.history))
        failpoint("post.added")
        _post(session, tools, decided)
    else:
        add([])
    _tell(session, tools, judged)
    failpoint("post.settled")
    return judged.state


def _judge(
    session: Session, source: Source, remittance: Remittance, unknown: Iterable[Finding]
) -> _Judged:
    balance = check_balance(remittance)
    same, other = store.same_payment(session, remittance, source.content)
    state, why = judge(
        remittance,
        balance,
        same_is_posted=same,
        other_is_posted=other and not is_conflict_decided(session, source.remittance_id),
        payee_is_ours=store.is_payee_ours(session, remittance),
    )
    at = Place(transaction_set=remittance.set_control_number, segment_id="BPR")
    return _Judged(
        remittance=remittance,
        balance=balance,
        state=state,
        why=why,
        findings=(
            *remittance.findings,
            *balance.findings(),
            *unknown,
            *(replace(found, place=at) for found in why),
        ),
        source=source,
    )


def _tell(session: Session, tools: Tools, judged: _Judged) -> None:
    """Open the item of a remittance that is held, or close the one it had."""
    now, remittance_id = tools.clock(), judged.source.remittance_id
    if judged.state == "held":
        (reason,) = judged.why
        item = unposted(remittance_id, judged.remittance.payment_cents, reason)
        open_again(session, tools, item, now=now)
    else:
        settle_items(session, ItemKind.REMITTANCE, now=now, remittance_id=remittance_id)


def _decide(session: Session, tools: Tools, judged: _Judged, partner_id: UUID) -> Decided:
    """Match the claims of a remittance that may be posted, lock them, and decide about each."""
    remittance, source = judged.remittance, judged.source
    matches = _match(session, tools, remittance, partner_id)
    states = decide_claims(remittance, judged.balance, matches)
    history = read_history(session, tools.keys, remittance, matches, states, source.remittance_id)
    return Decided(
        remittance=remittance,
        whole=expand(remittance, history.payments),
        matches=matches,
        states=states,
        history=history,
        source=source,
    )


def _match(
    session: Session, tools: Tools, remittance: Remittance, partner_id: UUID
) -> dict[int, Match]:
    """Match and lock, before anything refers to a claim.

    What was read before a lock was granted may have changed: it is matched again until it stays.
    """
    locked: set[UUID] = set()
    while True:
        matches = find_matches(session, tools.keys, remittance, partner_id)
        found = {match.claim.id for match in matches.values()}
        if found <= locked:
            return matches
        lock_claims(session, found - locked)
        locked |= found


def _practices(session: Session, remittance: Remittance) -> dict[int, UUID]:
    """Whose each PLB pair is: it may name another payee than loop 1000B (rules-that-bite M26)."""
    if not remittance.provider_adjustments:
        return {}
    ours = store.practice_ids(session)
    payee = remittance.payee
    paid = ours.get(payee.id) or ours.get(payee.tax_id) if payee else None
    found = (
        (n, ours.get(each.provider_id) or paid)
        for n, each in enumerate(remittance.provider_adjustments, start=1)
    )
    return {n: practice_id for n, practice_id in found if practice_id is not None}


def _claims_of_references(
    session: Session, remittance: Remittance, history: History
) -> dict[str, UUID]:
    """The claims that PLB references name: by numbers of this remittance, or by known ones."""
    told = {
        payment.payer_claim_number: history.claims[payment.position]
        for payment in remittance.claims
        if payment.position in history.claims and payment.payer_claim_number
    }
    return store.claims_of_references(session, remittance) | told


def _post(session: Session, tools: Tools, decided: Decided) -> None:
    """Append the entries, the details and the events of a remittance that may be posted."""
    now = tools.clock()
    remittance, whole, history, source = (
        decided.remittance, decided.whole, decided.history, decided.source,
    )  # fmt: skip
    lines = decided.lines(session)
    decisions = Decisions(
        states=decided.states,
        matches=decided.matches,
        lines={position: tuple(each.line for each in found) for position, found in lines.items()},
        practices=_practices(session, remittance),
        others=frozenset(n for n, told in history.here.items() if told.is_other),
    )
    store.add_details(
        session,
        claims=claim_details(remittance, decisions, history, source),
        services=service_details(whole, lines, decided.states, source),
        provider_adjustments=provider_adjustment_details(
            remittance,
            decisions,
            source,
            hide=partial(hidden, tools.keys),
            claims=_claims_of_references(session, remittance, history),
        ),
    )
    failpoint("post.detailed")
    entries = post_remittance(whole, decisions, source)
    append(session, tools.keys, tools.randomness, entries, now=now)
    failpoint("post.posted")
    settle_claims(session, tools, decided, decisions, events_of(remittance, history, source))

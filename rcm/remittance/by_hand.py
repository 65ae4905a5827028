"""Use cases: a person says whose a payment in suspense is, takes that back, or says: not ours.

A match posts by new entries what would have been posted if it had been found at once; nothing is
edited in the ledger, and the proof builds the entries anew from the raw file (ADR 0025).
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from edi.remittance_835.balance import check_balance
from rcm.access import Actor
from rcm.claims.event_store import take_back
from rcm.claims.events import NewEvent
from rcm.claims.status import ClaimEvent
from rcm.crypto import Keys
from rcm.db import ReadSession
from rcm.decisions.model import MatchIn, UnknownSubjectError, What
from rcm.decisions.store import add_decision
from rcm.ledger.store import append
from rcm.remittance import hand_store, store
from rcm.remittance.decide import ClaimState, decide_claims
from rcm.remittance.decided import Decided, settle_claims
from rcm.remittance.details import claim_details, service_details
from rcm.remittance.events import events_of
from rcm.remittance.find import told_index
from rcm.remittance.hand_recall import hand_entries
from rcm.remittance.known import claims_by_id, lock_claims, set_payer_numbers
from rcm.remittance.match import BY_HAND, KnownClaim, Match
from rcm.remittance.post import Decisions
from rcm.remittance.recall import read_history
from rcm.remittance.reverse import expand
from rcm.remittance.said import SaidPayment, is_of_same_parties, read_payment
from rcm.rows import HandMatchRow, RemittanceClaimRow, RemittanceRow
from rcm.tools import Tools
from rcm.worklists.follow_up import FollowUp, follow_up_key
from rcm.worklists.items import denial_key
from rcm.worklists.store import close_suspense, open_suspense, undo_answer

#: Of a claim payment that nobody has found a claim for.
_UNMATCHED: dict[str, Any] = {
    "claim_id": None,
    "billing_provider_id": None,
    "payer_id": None,
    "patient_control_number": "",
    "payer_control_number": "",
    "match_rule": "",
    "match_confidence": "",
    "contractual_codes": [],
    "state": ClaimState.UNMATCHED,
    "verdict": "",
    "is_other_payer": False,
    "reverses_remittance_id": None,
    "reverses_position": None,
    "is_expanded": False,
}


class NotInSuspenseError(Exception):
    """The payment has a claim, does not add up, or moves nothing: there is nothing to match."""


class NeverSentError(Exception):
    """The claim was not sent to a payer: nobody can pay it."""


class OtherPartyError(Exception):
    """The claim is of another payer or practice than the payment."""


class NotByHandError(Exception):
    """No person matched this payment: there is nothing to take back."""


def match_payment(
    session: Session,
    tools: Tools,
    remittance_id: UUID,
    position: int,
    asked: MatchIn,
    actor: Actor,
) -> None:
    """Give a payment in suspense to a claim; asked again, nothing is done.

    Raises UnknownSubjectError, NotInSuspenseError, NeverSentError, OtherPartyError.
    """
    row, payment_row = _locked(session, remittance_id, position)
    if payment_row.match_rule == BY_HAND and payment_row.claim_id == asked.claim_id:
        return
    if payment_row.state != ClaimState.UNMATCHED:
        raise NotInSuspenseError
    lock_claims(session, [asked.claim_id])
    claim = claims_by_id(session, [asked.claim_id]).get(asked.claim_id)
    if claim is None:
        raise UnknownSubjectError
    if not claim.journeys:
        raise NeverSentError
    said = read_payment(session, tools, row, position)
    claim = claim.sent_as(said.payment.patient_control_number)
    if not asked.override and not is_of_same_parties(session, row, claim):
        raise OtherPartyError
    add_decision(
        session, tools, What.MATCH_PAYMENT, actor,
        reason=asked.reason, before=_before(payment_row), remittance_id=remittance_id,
    )  # fmt: skip
    _match(session, tools, said, claim, actor)
    close_suspense(session, remittance_id, position, now=tools.clock(), by=actor)


def _match(
    session: Session, tools: Tools, said: SaidPayment, claim: KnownClaim, actor: Actor
) -> None:
    decided = _decide(session, tools.keys, said, claim)
    position = said.payment.position
    lines = decided.lines(session)
    history = decided.history
    decisions = Decisions(
        states=decided.states,
        matches=decided.matches,
        lines={position: tuple(each.line for each in lines[position])},
        practices={},
        others=frozenset(n for n, told in history.here.items() if told.is_other),
    )
    (values,) = claim_details(decided.remittance, decisions, history, said.source)
    original = history.originals.get(position) if values["is_expanded"] else None
    n = len(hand_store.hand_rows(session, said.row.id, position)) + 1
    event_key = f"{said.key}/match/{n}"
    hand_row = hand_store.add_hand_row(
        session,
        {
            "remittance_id": said.row.id,
            "position": position,
            "n": n,
            "what": hand_store.MATCH,
            "claim_id": claim.id,
            "billing_provider_id": claim.billing_provider_id,
            "payer_id": claim.payer_id,
            "contractual_codes": sorted(claim.contractual_codes),
            "lines": list(decisions.lines[position]),
            "is_other_payer": position in decisions.others,
            "original_remittance_id": original.remittance_id if original else None,
            "original_position": original.position if original else None,
            "told_index": told_index(said.remittance, said.payment, tools.keys) or b"",
            "payer_number_before": claim.payer_control_number,
            "event_key": event_key,
            "actor_id": actor.id,
            "who": actor.name,
            "made_at": tools.clock(),
        },
    )
    hand_store.set_payment(session, said.row.id, position, values | {"is_dismissed": False})
    services = service_details(decided.whole, lines, decided.states, said.source)
    store.add_details(session, claims=[], services=services, provider_adjustments=[])
    _append(session, tools, said, [hand_row])
    told = events_of(decided.remittance, history, said.source)
    events = [
        replace(each, key=event_key, detail={**each.detail, "matched_by": actor.name})
        for each in told
    ]
    settle_claims(session, tools, decided, decisions, events)


def _decide(session: ReadSession, keys: Keys, said: SaidPayment, claim: KnownClaim) -> Decided:
    """Decide about one payment as if it had matched when it came. Raises NotInSuspenseError."""
    alone, position = said.alone, said.payment.position
    matches = {position: Match(claim=claim, rule=BY_HAND, confidence="certain")}
    states = decide_claims(alone, check_balance(alone), matches)
    if states[position] not in (ClaimState.POSTED, ClaimState.UNMATCHED):
        raise NotInSuspenseError  # It says nothing but duplicate: it moves nothing anywhere.
    states = {position: ClaimState.POSTED}
    history = read_history(session, keys, alone, matches, states, said.row.id, said=said.remittance)
    return Decided(
        remittance=alone,
        whole=expand(alone, history.payments),
        matches=matches,
        states=states,
        history=history,
        source=said.source,
    )


def unmatch_payment(
    session: Session, tools: Tools, remittance_id: UUID, position: int, reason: str, actor: Actor
) -> None:
    """Take a match by hand back: the payment is in suspense again, by entries that negate.

    Raises UnknownSubjectError, NotByHandError, FollowedError.
    """
    row, payment_row = _locked(session, remittance_id, position)
    rows = hand_store.hand_rows(session, remittance_id, position)
    if rows and rows[-1].what == hand_store.UNMATCH and payment_row.match_rule != BY_HAND:
        return
    if not rows or payment_row.match_rule != BY_HAND:
        raise NotByHandError
    last, now = rows[-1], tools.clock()
    lock_claims(session, [last.claim_id])
    said = read_payment(session, tools, row, position)
    undone = NewEvent(
        claim_id=last.claim_id,
        key=f"{said.key}/unmatch/{last.n + 1}",
        event=ClaimEvent.UNMATCHED,
        reporter=f"us, {actor.name}",
        file_id=row.file_id,
        segment_number=said.payment.segment_number,
        detail={"paid_cents": said.payment.paid_cents},
    )
    take_back(session, last.event_key, undone, now=now)
    add_decision(
        session, tools, What.UNMATCH_PAYMENT, actor,
        reason=reason, before=_before(payment_row), remittance_id=remittance_id,
    )  # fmt: skip
    kept = {name: getattr(last, name) for name in HandMatchRow.__mapper__.columns.keys()}  # noqa: SIM118
    hand_row = hand_store.add_hand_row(
        session,
        kept
        | {
            "n": last.n + 1,
            "what": hand_store.UNMATCH,
            "event_key": undone.key,
            "actor_id": actor.id,
            "who": actor.name,
            "made_at": now,
        },
    )
    _append(session, tools, said, [hand_row])
    hand_store.drop_services(session, remittance_id, position)
    hand_store.set_payment(session, remittance_id, position, _UNMATCHED)
    keys = [denial_key(remittance_id, position)]
    keys += [follow_up_key(why, last.claim_id, remittance_id) for why in FollowUp]
    undo_answer(
        session, last.claim_id, keys, at=last.made_at, mark=f"/undone/{hand_row.n}", now=now
    )
    open_suspense(session, remittance_id, position, now=now)
    set_payer_numbers(session, {last.claim_id: last.payer_number_before})


def dismiss_payment(
    session: Session, tools: Tools, remittance_id: UUID, position: int, reason: str, actor: Actor
) -> None:
    """Say that a payment in suspense is not ours: it stays there, and nobody is asked again.

    Raises UnknownSubjectError, NotInSuspenseError.
    """
    _, payment_row = _locked(session, remittance_id, position)
    if payment_row.is_dismissed:
        return
    if payment_row.state not in (ClaimState.UNMATCHED, ClaimState.UNBALANCED):
        raise NotInSuspenseError
    add_decision(
        session, tools, What.DISMISS_PAYMENT, actor,
        reason=reason, before=_before(payment_row), remittance_id=remittance_id,
    )  # fmt: skip
    hand_store.set_payment(session, remittance_id, position, {"is_dismissed": True})
    close_suspense(session, remittance_id, position, now=tools.clock(), by=actor)


def _locked(
    session: Session, remittance_id: UUID, position: int
) -> tuple[RemittanceRow, RemittanceClaimRow]:
    found = hand_store.locked_payment(session, remittance_id, position)
    if found is None:
        raise UnknownSubjectError
    return found


def _before(row: RemittanceClaimRow) -> tuple[str, str]:
    return row.state, f"CLP-{row.position}"


def _append(
    session: Session, tools: Tools, said: SaidPayment, rows: Sequence[HandMatchRow]
) -> None:
    entries = hand_entries(session, tools, said.remittance, said.source, rows)
    append(session, tools.keys, tools.randomness, entries, now=tools.clock())

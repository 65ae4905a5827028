"""Use case: one transaction set 835 is proven, matched and posted, or held, in one transaction."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from edi.envelope import TransactionSet
from edi.findings import Place
from edi.remittance_835.balance import Balance, check_balance
from edi.remittance_835.model import REVERSAL, ClaimPayment, Remittance
from edi.remittance_835.read import read_835
from rcm.claims.events import NewEvent
from rcm.claims.status import ClaimEvent
from rcm.claims.store import record_events
from rcm.clock import today
from rcm.encode import findings_to_json
from rcm.exchange.store import StoredFile
from rcm.failpoint import failpoint
from rcm.ledger.store import append
from rcm.remittance import store
from rcm.remittance.decide import (
    ClaimState,
    adjustments_of,
    content_sha256,
    decide_claims,
    judge,
)
from rcm.remittance.known import known_claims, lock_claims, set_payer_numbers, settled_claims
from rcm.remittance.match import Match, match_claims, plain
from rcm.remittance.post import Source, is_denied, payment_key, post_remittance
from rcm.tools import Tools
from rcm.worklists.items import ItemKind, unposted
from rcm.worklists.remittances import items_of, remarks_of
from rcm.worklists.store import add_items, close_items

REPORTER = "payer, 835"


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
    if store.is_known(session, file.id, set_index):
        return "known"
    remittance = read_835(transaction_set)
    balance = check_balance(remittance)
    content = content_sha256(transaction_set)
    same, other = store.same_payment(session, remittance, content)
    state, why = judge(
        remittance,
        balance,
        same_is_posted=same,
        other_is_posted=other,
        payee_is_ours=store.is_payee_ours(session, remittance),
    )
    at = Place(transaction_set=remittance.set_control_number, segment_id="BPR")
    findings = [*remittance.findings, *balance.findings(), *(replace(f, place=at) for f in why)]
    remittance_id = tools.randomness.uuid()
    now = tools.clock()
    matches = find_matches(session, remittance, file.partner_id) if state == "posted" else {}
    # Before anything refers to a claim: see lock_claims.
    lock_claims(session, [match.claim.id for match in matches.values()])
    store.add_remittance(
        session,
        remittance_id,
        remittance,
        content,
        file=file,
        set_index=set_index,
        state=state,
        findings=findings_to_json(findings),
        now=now,
    )
    if state == "held":
        (reason,) = why
        item = unposted(remittance_id, remittance.payment_cents, reason)
        add_items(session, tools.randomness, [item], now=now)
    if state == "posted":
        source = Source(
            remittance_id=remittance_id,
            file_id=file.id,
            received_on=today(now, tools.time_zone),
            content=content,
        )
        _post(session, tools, remittance, balance, matches, source)
    return state


def _post(
    session: Session,
    tools: Tools,
    remittance: Remittance,
    balance: Balance,
    matches: Mapping[int, Match],
    source: Source,
) -> None:
    """Append the entries, the claim rows and the events of a remittance that may be posted."""
    now = tools.clock()
    settled = settled_claims(session, [match.claim.id for match in matches.values()])
    states = decide_claims(remittance, balance, matches, settled)
    entries = post_remittance(remittance, states, matches, source)
    store.add_claims(session, _claim_rows(source.remittance_id, remittance, matches, states))
    append(session, tools.keys, tools.randomness, entries, now=now)
    failpoint("post_remittance: posted, not committed")
    events = _events(remittance, matches, states, source)
    record_events(session, events, now=now)
    answered = [event.claim_id for event in events]
    close_items(session, answered, [ItemKind.REJECTED, ItemKind.DENIED], now=now)
    items = list(items_of(remittance, states, matches, source))
    add_items(session, tools.randomness, items, now=now)
    set_payer_numbers(
        session,
        {
            matches[payment.position].claim.id: payment.payer_claim_number
            for payment in remittance.claims
            if payment.position in matches and payment.payer_claim_number
        },
    )


def find_matches(session: Session, remittance: Remittance, partner_id: UUID) -> dict[int, Match]:
    """Return which of our claims the remittance speaks of, by claim position."""
    numbers = {payment.patient_control_number for payment in remittance.claims}
    known = known_claims(
        session,
        control_numbers=sorted(numbers | {plain(number) for number in numbers}),
        payer_numbers=sorted({payment.payer_claim_number for payment in remittance.claims}),
    )
    return match_claims(remittance, known, partner_id=partner_id)


def _claim_rows(
    remittance_id: UUID,
    remittance: Remittance,
    matches: Mapping[int, Match],
    states: Mapping[int, ClaimState],
) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for payment in remittance.claims:
        match = matches.get(payment.position)
        rows.append(
            {
                "remittance_id": remittance_id,
                "position": payment.position,
                "claim_id": match.claim.id if match else None,
                # Numbers that are not ours may name a person: they stay in the sealed file.
                "patient_control_number": match.claim.patient_control_number if match else "",
                "payer_control_number": payment.payer_claim_number if match else "",
                "status_code": payment.status_code,
                "charge_cents": payment.charge_cents,
                "paid_cents": payment.paid_cents,
                "patient_cents": payment.patient_responsibility_cents or 0,
                "match_rule": match.rule if match else "",
                "match_confidence": match.confidence if match else "",
                # As they were: changing a payer's codes changes no old posting.
                "contractual_codes": sorted(match.claim.contractual_codes) if match else [],
                "state": states[payment.position],
                "segment_number": payment.segment_number,
            }
        )
    return rows


def _events(
    remittance: Remittance,
    matches: Mapping[int, Match],
    states: Mapping[int, ClaimState],
    source: Source,
) -> list[NewEvent]:
    """Return what the remittance says of each claim; a reversal alone settles nothing."""
    key = payment_key(remittance, source.content)
    events: list[NewEvent] = []
    for payment in remittance.claims:
        is_posted = states[payment.position] is ClaimState.POSTED
        if not is_posted or payment.status_code == REVERSAL:
            continue
        claim = matches[payment.position].claim
        denied = is_denied(payment, claim.contractual_codes)
        events.append(
            NewEvent(
                claim_id=claim.id,
                key=f"{key}/clp/{payment.position}",
                event=ClaimEvent.DENIED if denied else ClaimEvent.PAID,
                reporter=REPORTER,
                file_id=source.file_id,
                detail={
                    "paid_cents": payment.paid_cents,
                    "status_code": payment.status_code,
                    "reasons": _reasons(payment),
                    "remarks": list(remarks_of(payment)),
                },
            )
        )
    return events


def _reasons(payment: ClaimPayment) -> list[str]:
    return sorted({f"{each.group}-{each.reason}" for each in adjustments_of(payment)})

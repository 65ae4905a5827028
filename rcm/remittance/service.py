"""Use case: one transaction set 835 is proven, matched and posted, or held, in one transaction."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from edi.envelope import TransactionSet
from edi.findings import Finding, Severity, error, warning
from edi.remittance_835.balance import Balance, check_balance
from edi.remittance_835.model import REVERSAL, ClaimPayment, Remittance
from edi.remittance_835.read import read_835
from rcm.claims.events import NewEvent
from rcm.claims.status import ClaimEvent
from rcm.claims.store import known_claims, record_events, set_payer_numbers
from rcm.clock import today
from rcm.encode import findings_to_json
from rcm.exchange.store import StoredFile
from rcm.failpoint import failpoint
from rcm.ledger.store import append
from rcm.remittance import store
from rcm.remittance.match import Match, match_claims, plain
from rcm.remittance.post import (
    UNPOSTABLE_HANDLING,
    Source,
    claim_state,
    is_denied,
    payment_key,
    post_remittance,
)
from rcm.tools import Tools

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
    findings = [*remittance.findings, *balance.findings()]
    state = _state(session, remittance, balance, findings)
    remittance_id = tools.randomness.uuid()
    now = tools.clock()
    store.add_remittance(
        session,
        remittance_id,
        remittance,
        file_id=file.id,
        set_index=set_index,
        partner_id=file.partner_id,
        state=state,
        findings=findings_to_json(findings),
        now=now,
    )
    if state == "posted":
        matches = find_matches(session, remittance)
        source = Source(
            remittance_id=remittance_id,
            file_id=file.id,
            received_on=today(now, tools.time_zone),
        )
        entries = post_remittance(remittance, balance, matches, source)
        store.add_claims(session, _claim_rows(remittance_id, remittance, matches, balance))
        append(session, tools.randomness, entries, now=now)
        failpoint("post_remittance: posted, not committed")
        record_events(session, _events(remittance, matches, balance, file.id), now=now)
        set_payer_numbers(
            session,
            {
                matches[payment.position].claim.id: payment.payer_claim_number
                for payment in remittance.claims
                if payment.position in matches and payment.payer_claim_number
            },
        )
    return state


def _state(
    session: Session, remittance: Remittance, balance: Balance, findings: list[Finding]
) -> str:
    if store.same_payment(session, remittance) is not None:
        findings.append(
            warning(
                "835-SAME-PAYMENT",
                "This payment was already received in another file; it is not posted again.",
                cure="Nothing, unless the payer says that it is another payment.",
            )
        )
        return "duplicate"
    is_broken = any(
        found.severity is Severity.ERROR and found.code.startswith("X12-") for found in findings
    )
    if not remittance.is_readable or not balance.is_set_balanced or is_broken:
        findings.append(
            error(
                "835-HELD",
                "Nothing of this remittance is posted: it does not add up or is damaged.",
                cure="Ask the payer for a corrected remittance; the findings name the place.",
            )
        )
        return "held"
    if remittance.payment.handling_code in UNPOSTABLE_HANDLING:
        return "recorded"
    return "posted"


def find_matches(session: Session, remittance: Remittance) -> dict[int, Match]:
    """Return which of our claims the remittance speaks of, by claim position."""
    numbers = {payment.patient_control_number for payment in remittance.claims}
    known = known_claims(
        session,
        control_numbers=sorted(numbers | {plain(number) for number in numbers}),
        payer_numbers=sorted({payment.payer_claim_number for payment in remittance.claims}),
    )
    return match_claims(remittance, known)


def _claim_rows(
    remittance_id: UUID, remittance: Remittance, matches: Mapping[int, Match], balance: Balance
) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for payment in remittance.claims:
        match = matches.get(payment.position)
        rows.append(
            {
                "remittance_id": remittance_id,
                "position": payment.position,
                "claim_id": match.claim.id if match else None,
                # A number that is not ours may name a person: it stays in the sealed file.
                "patient_control_number": match.claim.patient_control_number if match else "",
                "payer_control_number": payment.payer_claim_number,
                "status_code": payment.status_code,
                "charge_cents": payment.charge_cents,
                "paid_cents": payment.paid_cents,
                "patient_cents": payment.patient_responsibility_cents or 0,
                "match_rule": match.rule if match else "",
                "match_confidence": match.confidence if match else "",
                "state": claim_state(payment, match, balance),
                "segment_number": payment.segment_number,
            }
        )
    return rows


def _events(
    remittance: Remittance, matches: Mapping[int, Match], balance: Balance, file_id: UUID
) -> list[NewEvent]:
    """Return what the remittance says of each claim; a reversal alone settles nothing."""
    key = payment_key(remittance)
    events: list[NewEvent] = []
    for payment in remittance.claims:
        match = matches.get(payment.position)
        is_posted = claim_state(payment, match, balance) == "posted"
        if match is None or not is_posted or payment.status_code == REVERSAL:
            continue
        denied = is_denied(payment, match.claim.contractual_codes)
        events.append(
            NewEvent(
                claim_id=match.claim.id,
                key=f"{key}/clp/{payment.position}",
                event=ClaimEvent.DENIED if denied else ClaimEvent.PAID,
                reporter=REPORTER,
                file_id=file_id,
                detail={
                    "paid_cents": payment.paid_cents,
                    "status_code": payment.status_code,
                    "reasons": _reasons(payment),
                    "remarks": _remarks(payment),
                },
            )
        )
    return events


def _reasons(payment: ClaimPayment) -> list[str]:
    adjustments = list(payment.adjustments)
    for service in payment.services:
        adjustments.extend(service.adjustments)
    return sorted({f"{each.group}-{each.reason}" for each in adjustments})


def _remarks(payment: ClaimPayment) -> list[str]:
    codes = set(payment.remark_codes)
    for service in payment.services:
        codes.update(service.remark_codes)
    return sorted(codes)

"""One remittance as people prove it: every decision with its codes and sums, and where it went."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from edi.codes import CodeList, words_of
from edi.money import Thousandths
from edi.remittance_835.model import ClaimPayment, Remittance, ServicePayment
from rcm.access.masking import masked_name
from rcm.crypto import Keys
from rcm.db import ReadSession
from rcm.ledger.accounts import Account
from rcm.reading import told
from rcm.reading.remittance_effects import Effects, LedgerSums, effects_of, ledger_of
from rcm.reading.remittance_words import account_words, decision_words
from rcm.reading.remittances import RemittanceSummary, needs_of, summary_of
from rcm.remittance.codes import provider_adjustment_account
from rcm.remittance.recall import read_payments, read_remittance
from rcm.remittance.reverse import expand
from rcm.rows import (
    ProviderAdjustmentRow,
    RemittanceClaimRow,
    RemittanceRow,
    RemittanceServiceRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One service as the payer decided it, and which line of ours we believe it to be."""

    service: int
    line: int | None
    match_rule: str
    match_confidence: str
    charge_cents: int
    paid_cents: int
    procedure: str
    modifiers: tuple[str, ...]
    billed_procedure: str  #: SVC06, where the payer changed the code.
    units: Thousandths
    service_from: date | None
    service_to: date | None
    said: told.Said
    sums: told.Sums
    segment_number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A claim of a remittance."""

    remittance_id: UUID
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RemittanceClaim:
    """What a remittance says of one claim, and which of ours we believe it to be."""

    position: int
    claim_id: UUID | None
    control_number: str  #: Ours; empty where no claim was found.
    payer_control_number: str
    patient: str  #: Masked.
    status_code: str
    decision: str
    charge_cents: int
    paid_cents: int
    patient_cents: int  #: CLP05.
    match_rule: str
    match_confidence: str
    state: str
    is_dismissed: bool
    verdict: str
    reverses: Place | None
    reversed_on: date | None  #: The payment date of what a reversal takes back.
    is_expanded: bool
    segment_number: int
    service_from: date | None
    service_to: date | None
    said: told.Said
    sums: told.Sums
    services: tuple[Service, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderAdjustment:
    """One pair of a PLB."""

    n: int
    reason: str
    words: str
    reference: str
    account: str
    account_words: str
    amount_cents: int
    claim_id: UUID | None
    segment_number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RemittanceDetail(RemittanceSummary):
    """One remittance with its claims; `in_transit_cents` is zero when its deposit is found."""

    set_number: str
    findings: Sequence[Mapping[str, Any]]
    levels: tuple[told.Level, ...]
    totals: told.Sums
    claim_payments: tuple[RemittanceClaim, ...]
    provider_adjustments: tuple[ProviderAdjustment, ...]
    ledger: LedgerSums
    started: Effects
    in_transit_cents: int


def remittance(session: ReadSession, keys: Keys, remittance_id: UUID) -> RemittanceDetail | None:
    """One remittance with its claims in file order; codes and sums are read from its raw file."""
    row = session.get(RemittanceRow, remittance_id)
    if row is None:
        return None
    read = read_remittance(session, keys, remittance_id)
    rows = {
        each.position: each
        for each in session.scalars(
            select(RemittanceClaimRow).where(RemittanceClaimRow.remittance_id == remittance_id)
        )
    }
    # As it was posted: a bare reversal has the lines of what it takes back.
    places = {
        each.position: (each.reverses_remittance_id, each.reverses_position)
        for each in rows.values()
        if each.is_expanded and each.reverses_remittance_id and each.reverses_position
    }
    posted = expand(read, read_payments(session, keys, places, {remittance_id: read}))
    services = _services(session, remittance_id)
    days = _payment_days(session, rows.values())
    claims = tuple(
        _claim(payment, rows.get(payment.position), services.get(payment.position, {}), days)
        for payment in posted.claims
    )
    ledger = ledger_of(session, remittance_id)
    return RemittanceDetail(
        **summary_of(row, needs_of(session, [remittance_id])),
        set_number=row.set_number,
        findings=row.findings,
        levels=told.levels_of(posted),
        totals=told.total_of([each.sums for each in claims]),
        claim_payments=claims,
        provider_adjustments=_provider_adjustments(session, row, read),
        ledger=ledger,
        started=effects_of(session, remittance_id),
        in_transit_cents=ledger.net(Account.CASH_IN_TRANSIT),
    )


def _services(
    session: ReadSession, remittance_id: UUID
) -> dict[int, dict[int, RemittanceServiceRow]]:
    found: dict[int, dict[int, RemittanceServiceRow]] = {}
    for row in session.scalars(
        select(RemittanceServiceRow).where(RemittanceServiceRow.remittance_id == remittance_id)
    ):
        found.setdefault(row.position, {})[row.service] = row
    return found


def _payment_days(
    session: ReadSession, rows: Iterable[RemittanceClaimRow]
) -> dict[UUID | None, date | None]:
    reversed_ids = {row.reverses_remittance_id for row in rows if row.reverses_remittance_id}
    found = session.execute(
        select(RemittanceRow.id, RemittanceRow.payment_date).where(
            RemittanceRow.id.in_(reversed_ids)
        )
    )
    return {row.id: row.payment_date for row in found}


def _claim(
    payment: ClaimPayment,
    row: RemittanceClaimRow | None,
    services: Mapping[int, RemittanceServiceRow],
    days: Mapping[UUID | None, date | None],
) -> RemittanceClaim:
    codes = frozenset(row.contractual_codes) if row else frozenset[str]()
    said = [told.codes_of_claim(payment, codes)]
    said += [told.codes_of_line(each, codes) for each in payment.services]
    denied = [each for part in said for each in part.adjustments if each.is_denied]
    largest = max(denied, key=lambda each: each.amount_cents, default=None)
    reverses = (row.reverses_remittance_id, row.reverses_position) if row else (None, None)
    first, last = told.claim_days(payment)
    person = payment.patient or payment.insured
    return RemittanceClaim(
        position=payment.position,
        claim_id=row.claim_id if row else None,
        control_number=row.patient_control_number if row else "",
        payer_control_number=payment.payer_claim_number,
        patient=masked_name(person.last_name, person.first_name) if person else "",
        status_code=payment.status_code,
        decision=decision_words(
            payment.status_code,
            row.verdict if row else "",
            f"{largest.group}-{largest.reason}" if largest else "",
        ),
        charge_cents=payment.charge_cents,
        paid_cents=payment.paid_cents,
        patient_cents=payment.patient_responsibility_cents or 0,
        match_rule=row.match_rule if row else "",
        match_confidence=row.match_confidence if row else "",
        state=row.state if row else "not_posted",
        is_dismissed=row.is_dismissed if row else False,
        verdict=row.verdict if row else "",
        reverses=Place(remittance_id=reverses[0], position=reverses[1])
        if reverses[0] is not None and reverses[1] is not None
        else None,
        reversed_on=days.get(reverses[0]),
        is_expanded=row.is_expanded if row else False,
        segment_number=payment.segment_number,
        service_from=first,
        service_to=last,
        said=said[0],
        sums=told.sums_of_claim(payment, codes),
        services=tuple(
            _service(each, services.get(n), part, codes)
            for n, (each, part) in enumerate(zip(payment.services, said[1:], strict=True), start=1)
        ),
    )


def _service(
    service: ServicePayment,
    row: RemittanceServiceRow | None,
    said: told.Said,
    codes: frozenset[str],
) -> Service:
    first, last = told.line_days(service)
    billed = service.original_procedure
    return Service(
        service=service.position,
        line=row.line if row else None,
        match_rule=row.match_rule if row else "",
        match_confidence=row.match_confidence if row else "none",
        charge_cents=service.charge_cents,
        paid_cents=service.paid_cents,
        procedure=service.procedure.code,
        modifiers=service.procedure.modifiers,
        billed_procedure=billed.code if billed else "",
        units=service.units if service.units is not None else Thousandths(1000),
        service_from=first,
        service_to=last,
        said=said,
        sums=told.sums_of_line(service, codes),
        segment_number=service.segment_number,
    )


def _provider_adjustments(
    session: ReadSession, row: RemittanceRow, read: Remittance
) -> tuple[ProviderAdjustment, ...]:
    claims: Mapping[int, UUID | None] = {
        each.n: each.claim_id
        for each in session.scalars(
            select(ProviderAdjustmentRow).where(ProviderAdjustmentRow.remittance_id == row.id)
        )
    }
    account_of: Callable[[str], Account] = provider_adjustment_account
    return tuple(
        ProviderAdjustment(
            n=n,
            reason=each.reason,
            words=words_of(CodeList.PROVIDER_ADJUSTMENT, each.reason),
            reference=each.reference,
            account=account_of(each.reason),
            account_words=account_words(account_of(each.reason)),
            amount_cents=each.amount_cents,
            claim_id=claims.get(n),
            segment_number=each.segment_number,
        )
        for n, each in enumerate(read.provider_adjustments, start=1)
    )

"""A Remittance to the inner segments of an 835, in the order of the guide."""

from collections.abc import Iterable
from datetime import date

from edi.delimiters import Delimiters
from edi.elements import write_date
from edi.findings import WriteError
from edi.loops import LoopWriter
from edi.money import Cents, Thousandths, write_amount, write_quantity
from edi.remittance_835.model import (
    Address,
    Adjustment,
    ClaimPayment,
    Name,
    Party,
    Payment,
    Procedure,
    ProviderAdjustment,
    QualifiedAmount,
    QualifiedDate,
    QualifiedQuantity,
    Reference,
    Remittance,
    ServicePayment,
)
from edi.segment import Segment
from edi.writer import Element, SetWriter

_GROUPED_MAX = 6  #: Adjustments a CAS holds, and pairs a PLB holds.
_MODIFIERS_MAX = 4


def write_835(remittance: Remittance, delimiters: Delimiters) -> SetWriter:
    """Return the segments between ST and SE; `read_835` of them gives the remittance back.

    Raises WriteError for what X12 cannot carry, and for a remittance or claim that could not be
    read whole: nobody may resend half of what a payer said.
    """
    if not remittance.is_readable or not all(claim.is_readable for claim in remittance.claims):
        raise WriteError("a remittance with unreadable money cannot be written")
    return _Writing(remittance, delimiters).write()


class _Writing:
    """One 835 being written; lives only inside write_835."""

    def __init__(self, remittance: Remittance, delimiters: Delimiters) -> None:
        self.remittance = remittance
        self.loop = LoopWriter(delimiters, remittance.delimiters)
        self.writer = self.loop.out
        self.raw = self.loop.raw

    def write(self) -> SetWriter:
        remittance = self.remittance
        self.payment(remittance.payment)
        trace = remittance.trace
        self.writer.add("TRN", "1", trace.number, trace.payer_id, trace.originator_supplement)
        other, others = _split(remittance.other, "N1")  # Of no party; of another party.
        with self.loop.ordered(remittance.order):
            self.raw(other)
            self.references(remittance.references)
            if remittance.production_date is not None:
                self.writer.add("DTM", "405", write_date(remittance.production_date))
        self.party("PR", remittance.payer)
        self.party("PE", remittance.payee)
        self.raw(others)
        # Where nothing is taken for a part of them, nor they for a part of a claim.
        early, late = _split(remittance.strays, "LX")
        if remittance.provider_adjustments:
            early, late = (), remittance.strays
        self.raw(early)
        header = ""
        for claim in remittance.claims:
            if claim.begins_header or claim.assigned_number != header or claim.summaries:
                header = claim.assigned_number
                self.writer.add("LX", header)
                self.raw(claim.summaries)
            self.claim(claim)
        self.provider_adjustments(remittance.provider_adjustments)
        self.raw(late)
        return self.writer

    def payment(self, payment: Payment) -> None:
        self.writer.add(
            "BPR",
            payment.handling_code,
            write_amount(payment.payment_cents),
            payment.credit_debit,
            payment.method,
            payment.format,
            payment.sender_bank_qualifier,
            payment.sender_bank,
            payment.sender_account_qualifier,
            payment.sender_account,
            payment.originator_id,
            payment.originator_supplement,
            payment.receiver_bank_qualifier,
            payment.receiver_bank,
            payment.receiver_account_qualifier,
            payment.receiver_account,
            _date(payment.payment_date),
        )

    def party(self, role: str, party: Party | None) -> None:
        if party is None:
            return
        self.writer.add("N1", role, party.name, party.id_qualifier, party.id)
        with self.loop.ordered(party.order):
            self.address(party.address)
            self.references(party.references)
            self.raw(party.contacts)
            self.raw(party.other)

    def address(self, address: Address | None) -> None:
        if address is None:
            return
        if address.lines:
            self.writer.add("N3", *address.lines)
        place = (address.city, address.state, address.postal_code, address.country)
        if any(place):
            self.writer.add("N4", *place)

    def claim(self, claim: ClaimPayment) -> None:
        self.writer.add(
            "CLP",
            claim.patient_control_number,
            claim.status_code,
            write_amount(claim.charge_cents),
            write_amount(claim.paid_cents),
            _amount(claim.patient_responsibility_cents),
            claim.filing_indicator,
            claim.payer_claim_number,
            claim.facility_type,
            claim.frequency,
            "",
            claim.drg_code,
            claim.drg_weight,
            claim.discharge_fraction,
        )
        known = (claim.patient, claim.insured, claim.corrected, claim.rendering, claim.crossover)
        with self.loop.ordered(claim.order):
            self.adjustments(claim.adjustments)
            for name in (*known, *claim.other_names):
                if name is not None:
                    self.name(name)
            self.raw(claim.adjudication)
            self.references(claim.references)
            self.dates(claim.dates)
            self.raw(claim.other)
            self.amounts(claim.amounts, claim.quantities)
        for service in claim.services:
            self.service(service)

    def service(self, service: ServicePayment) -> None:
        original = service.original_procedure
        self.writer.add(
            "SVC",
            _procedure(service.procedure),
            write_amount(service.charge_cents),
            write_amount(service.paid_cents),
            service.revenue_code,
            _quantity(service.units),
            _procedure(original) if original is not None else "",
            _quantity(service.original_units),
        )
        with self.loop.ordered(service.order):
            self.dates(service.dates)
            self.adjustments(service.adjustments)
            self.writer.add_if("REF", "6R", service.line_control_number)
            self.references(service.references)
            self.amounts(service.amounts, service.quantities)
            for code in service.remark_codes:
                self.writer.add("LQ", "HE", code)
            self.raw(service.other)

    def name(self, name: Name) -> None:
        self.writer.add(
            "NM1",
            name.entity,
            name.entity_type,
            name.last_name,
            name.first_name,
            name.middle_name,
            "",
            name.suffix,
            name.id_qualifier,
            name.id,
        )

    def adjustments(self, adjustments: tuple[Adjustment, ...]) -> None:
        """Write CAS segments: up to six adjustments of one group each, as they were grouped."""
        runs: list[list[Adjustment]] = []
        for adjustment in adjustments:
            full = not runs or len(runs[-1]) == _GROUPED_MAX
            if full or not _is_beside(runs[-1][0], adjustment):
                runs.append([])
            runs[-1].append(adjustment)
        for run in runs:
            triplets: list[str] = []
            for adjustment in run:
                triplets += (
                    adjustment.reason,
                    write_amount(adjustment.amount_cents),
                    _quantity(adjustment.quantity),
                )
            self.writer.add("CAS", run[0].group, *triplets)

    def provider_adjustments(self, adjustments: tuple[ProviderAdjustment, ...]) -> None:
        """Write PLB segments: up to six pairs of one provider and period, as they were grouped."""
        runs: list[list[ProviderAdjustment]] = []
        for adjustment in adjustments:
            full = not runs or len(runs[-1]) == _GROUPED_MAX
            if full or _plb_key(runs[-1][0]) != _plb_key(adjustment):
                runs.append([])
            runs[-1].append(adjustment)
        for run in runs:
            pairs: list[Element] = []
            for adjustment in run:
                pairs.append((adjustment.reason, adjustment.reference))
                pairs.append(write_amount(adjustment.amount_cents))
            first = run[0]
            self.writer.add("PLB", first.provider_id, _date(first.fiscal_period_date), *pairs)

    def references(self, references: Iterable[Reference]) -> None:
        for reference in references:
            self.writer.add("REF", *reference)

    def dates(self, dates: Iterable[QualifiedDate]) -> None:
        for dated in dates:
            self.writer.add("DTM", dated.qualifier, write_date(dated.day))

    def amounts(
        self, amounts: Iterable[QualifiedAmount], quantities: Iterable[QualifiedQuantity]
    ) -> None:
        for amount in amounts:
            self.writer.add("AMT", amount.qualifier, write_amount(amount.cents))
        for quantity in quantities:
            self.writer.add("QTY", quantity.qualifier, write_quantity(quantity.quantity))


def _split(segments: tuple[Segment, ...], start: str) -> tuple[tuple[Segment, ...], ...]:
    """Return what stands before the first of these segments, and the rest."""
    at = next((n for n, segment in enumerate(segments) if segment.id == start), len(segments))
    return segments[:at], segments[at:]


def _is_beside(first: Adjustment, second: Adjustment) -> bool:
    """Tell whether two adjustments go into one CAS: those that were read as they stood."""
    return first.group is second.group and first.segment_number == second.segment_number


def _plb_key(adjustment: ProviderAdjustment) -> tuple[str, date | None, int]:
    return adjustment.provider_id, adjustment.fiscal_period_date, adjustment.segment_number


def _procedure(procedure: Procedure) -> Element:
    if len(procedure.modifiers) > _MODIFIERS_MAX:
        raise WriteError("a procedure has at most four modifiers")
    empty = ("",) * (_MODIFIERS_MAX - len(procedure.modifiers))
    return (
        procedure.qualifier,
        procedure.code,
        *procedure.modifiers,
        *empty,
        procedure.description,
    )


def _amount(cents: Cents | None) -> str:
    return "" if cents is None else write_amount(cents)


def _quantity(quantity: Thousandths | None) -> str:
    return "" if quantity is None else write_quantity(quantity)


def _date(day: date | None) -> str:
    return "" if day is None else write_date(day)

"""Hypothesis strategies for the values of this project. Every patient is named Canary."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from edi.acknowledgment_999 import (
    Context,
    ElementError,
    FunctionalAcknowledgment,
    SegmentError,
    SetAcknowledgment,
)
from edi.money import Cents, Thousandths
from edi.remittance_835.model import (
    Address,
    Adjustment,
    AdjustmentGroup,
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
    Trace,
)
from edi.segment import Segment

_ALPHABET = "ABCXYZ019 -./'"
_CENTS_MAX = 99_999_999
days = st.dates(date(1900, 1, 1), date(2099, 12, 31))
#: What an element may hold: no delimiter, and not empty, which would read as absent.
words = st.text(_ALPHABET, min_size=1, max_size=12)
optional_words = st.text(_ALPHABET, max_size=12)
codes = st.text("ABC019", min_size=1, max_size=5)
cents = st.integers(-_CENTS_MAX, _CENTS_MAX).map(Cents)
quantities = st.integers(-9_999_999, 9_999_999).map(Thousandths)


def tuples_of(strategy: st.SearchStrategy[Any], size_max: int = 3) -> st.SearchStrategy[Any]:
    """Tuples of up to `size_max`."""
    return st.lists(strategy, max_size=size_max).map(tuple)


def raw_segments(segment_id: str) -> st.SearchStrategy[Segment]:
    """Segments that readers keep whole; the last element is not empty, as a writer leaves it."""
    elements = st.tuples(optional_words, optional_words, words)
    return elements.map(lambda texts: Segment((segment_id, *texts)))


_ADJUDICATION = (Segment(("MOA", ".5", "", "MA01")), Segment(("MIA", "0", "", "", "1", "N29")))
references = st.builds(Reference, st.sampled_from(["EA", "F8", "1L", "CE", "LU"]), words)
adjustments = st.builds(
    Adjustment,
    group=st.sampled_from(AdjustmentGroup),
    reason=st.sampled_from(["1", "2", "45", "97", "253"]),
    amount_cents=cents,
    quantity=st.none() | quantities,
)
procedures = st.builds(
    Procedure,
    qualifier=st.sampled_from(["HC", "AD", "N4"]),
    code=words,
    modifiers=st.lists(words, max_size=4).map(tuple),
    description=optional_words,
)
_supplements = {
    "dates": tuples_of(st.builds(QualifiedDate, st.sampled_from(["150", "151", "472"]), days)),
    "references": tuples_of(references),
    "amounts": tuples_of(st.builds(QualifiedAmount, st.sampled_from(["B6", "AU", "I"]), cents)),
    "quantities": tuples_of(st.builds(QualifiedQuantity, st.just("ZK"), quantities)),
    "adjustments": tuples_of(adjustments, 8),
}


def names(entity: str) -> st.SearchStrategy[Name]:
    """NM1 segments with this NM101."""
    return st.builds(
        Name,
        entity=st.just(entity),
        entity_type=st.sampled_from(["1", "2"]),
        last_name=st.just("CANARY"),
        first_name=optional_words,
        middle_name=optional_words,
        suffix=optional_words,
        id_qualifier=st.sampled_from(["", "MI", "XX"]),
        id=optional_words,
    )


def _cents_of(adjusted: tuple[Adjustment, ...]) -> int:
    return sum(adjustment.amount_cents for adjustment in adjusted)


@st.composite
def service_payments(draw: st.DrawFn, position: int) -> ServicePayment:
    """Balanced service lines."""
    charge = draw(cents)
    supplements = {name: draw(strategy) for name, strategy in _supplements.items()}
    return ServicePayment(
        position=position,
        procedure=draw(procedures),
        charge_cents=charge,
        paid_cents=Cents(charge - _cents_of(supplements["adjustments"])),
        revenue_code=draw(optional_words),
        units=draw(st.none() | quantities),
        original_procedure=draw(st.none() | procedures),
        original_units=draw(st.none() | quantities),
        line_control_number=draw(optional_words),
        remark_codes=draw(tuples_of(codes)),
        other=draw(tuples_of(raw_segments("ZZZ"), 1)),
        **supplements,
    )


@st.composite
def claim_payments(draw: st.DrawFn, position: int) -> ClaimPayment:
    """Balanced claims, with and without lines."""
    count = draw(st.integers(0, 3))
    services = tuple(draw(service_payments(number)) for number in range(1, count + 1))
    supplements = {name: draw(strategy) for name, strategy in _supplements.items()}
    charge = sum(service.charge_cents for service in services) if services else draw(cents)
    adjusted = _cents_of(supplements["adjustments"])
    adjusted += sum(_cents_of(service.adjustments) for service in services)
    return ClaimPayment(
        position=position,
        patient_control_number=draw(words),
        status_code=draw(st.sampled_from(["1", "2", "3", "4", "19", "22"])),
        charge_cents=Cents(charge),
        paid_cents=Cents(charge - adjusted),
        patient_responsibility_cents=draw(st.none() | cents),
        filing_indicator=draw(optional_words),
        payer_claim_number=draw(optional_words),
        facility_type=draw(optional_words),
        frequency=draw(optional_words),
        drg_code=draw(optional_words),
        drg_weight=draw(st.sampled_from(["", "1.25"])),
        discharge_fraction=draw(st.sampled_from(["", ".5"])),
        patient=draw(st.none() | names("QC")),
        insured=draw(st.none() | names("IL")),
        corrected=draw(st.none() | names("74")),
        rendering=draw(st.none() | names("82")),
        crossover=draw(st.none() | names("TT")),
        other_names=draw(tuples_of(names("GB"), 2)),
        adjudication=draw(tuples_of(st.sampled_from(_ADJUDICATION), 2)),
        services=services,
        assigned_number=str(draw(st.integers(1, 2))),
        summaries=draw(tuples_of(raw_segments("TS3"), 1)),
        other=draw(tuples_of(raw_segments("PER"), 1)),
        **supplements,
    )


parties = st.builds(
    Party,
    name=words,
    id_qualifier=st.sampled_from(["", "FI", "XX", "XV"]),
    id=optional_words,
    address=st.none()
    | st.builds(
        Address,
        lines=st.lists(words, min_size=1, max_size=2).map(tuple),
        city=optional_words,
        state=optional_words,
        postal_code=optional_words,
        country=optional_words,
    ),
    references=tuples_of(references),
    contacts=tuples_of(raw_segments("PER"), 2),
    other=tuples_of(raw_segments("RDM"), 1),
)
provider_adjustments = st.builds(
    ProviderAdjustment,
    provider_id=st.sampled_from(["1234567893", "599944521"]),
    fiscal_period_date=st.none() | st.just(date(2026, 12, 31)),
    reason=st.sampled_from(["WO", "FB", "L6", "CS"]),
    reference=optional_words,
    amount_cents=cents,
)


@st.composite
def remittances(draw: st.DrawFn) -> Remittance:
    """Remittances that balance at all three levels, from PLB only to several claims."""
    count = draw(st.integers(0, 3))
    claims = tuple(draw(claim_payments(position)) for position in range(1, count + 1))
    plb = draw(tuples_of(provider_adjustments, 8))
    paid = sum(claim.paid_cents for claim in claims) - sum(each.amount_cents for each in plb)
    texts = (
        "credit_debit", "method", "format", "sender_bank_qualifier", "sender_bank",
        "sender_account_qualifier", "sender_account", "originator_id", "originator_supplement",
        "receiver_bank_qualifier", "receiver_bank", "receiver_account_qualifier",
        "receiver_account",
    )  # fmt: skip
    return Remittance(
        set_control_number="0001",
        payment=Payment(
            handling_code=draw(words),
            payment_cents=Cents(paid),
            payment_date=draw(st.none() | days),
            **{name: draw(optional_words) for name in texts},
        ),
        trace=Trace(
            number=draw(words), payer_id=draw(words), originator_supplement=draw(optional_words)
        ),
        payer=draw(st.none() | parties),
        payee=draw(st.none() | parties),
        production_date=draw(st.none() | days),
        references=draw(tuples_of(references, 2)),
        claims=claims,
        provider_adjustments=plb,
        other=draw(tuples_of(raw_segments("CUR"), 1)),
    )


contexts = st.builds(
    Context,
    name=words,
    value=optional_words,
    segment_id=optional_words,
    position=st.integers(0, 99),
    loop=optional_words,
    element=st.integers(0, 99),
    component=st.integers(0, 99),
    repetition=st.integers(0, 99),
    element_reference=optional_words,
)
element_errors = st.builds(
    ElementError,
    element=st.integers(0, 99),
    component=st.integers(0, 99),
    repetition=st.integers(0, 99),
    element_reference=optional_words,
    code=words,
    value=optional_words,
    contexts=tuples_of(contexts, 2),
)
segment_errors = st.builds(
    SegmentError,
    segment_id=words,
    position=st.integers(0, 9999),
    loop=optional_words,
    code=words,
    contexts=tuples_of(contexts, 2),
    elements=tuples_of(element_errors, 2),
)
acknowledgments = st.builds(
    FunctionalAcknowledgment,
    functional_id=words,
    group_control_number=words,
    version=optional_words,
    sets=tuples_of(
        st.builds(
            SetAcknowledgment,
            set_id=words,
            control_number=words,
            guide=optional_words,
            errors=tuples_of(segment_errors, 2),
            code=st.sampled_from(["A", "E", "R", "M", "W", "X"]),
            reasons=st.lists(words, max_size=5).map(tuple),
        )
    ),
    code=st.sampled_from(["A", "E", "P", "R"]),
    sets_included=st.integers(0, 9999),
    sets_received=st.integers(0, 9999),
    sets_accepted=st.integers(0, 9999),
    reasons=st.lists(words, max_size=5).map(tuple),
)

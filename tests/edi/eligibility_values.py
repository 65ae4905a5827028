"""Hypothesis strategies for the 270 and the 271. Every patient is named Canary."""

from typing import Any

from hypothesis import strategies as st

from edi.eligibility_270 import BenefitInquiry
from edi.eligibility_271 import Benefit, Delivery, RelatedEntity
from edi.eligibility_tree import (
    Aaa,
    Demographics,
    Eligibility,
    IndustryCode,
    Insured,
    Member,
    Receiver,
    Source,
)
from tests.edi.party_values import (
    addresses,
    amounts,
    beginnings,
    contacts,
    names,
    others,
    periods,
    pointers,
    procedures,
    references,
    roles,
    traces,
)
from tests.strategies import cents, days, optional_words, quantities, raw_segments, tuples_of, words

_aaas = tuples_of(
    st.builds(
        Aaa,
        is_valid=st.booleans(),
        agency=optional_words,
        code=optional_words,
        follow_up=optional_words,
    ),
    2,
)
_industry_codes = tuples_of(
    st.builds(
        IndustryCode,
        qualifier=words,
        code=optional_words,
        category=optional_words,
        text=optional_words,
    ),
    2,
)
benefit_inquiries = st.builds(
    BenefitInquiry,
    service_types=tuples_of(words, 3),
    procedure=st.none() | procedures,
    coverage_level=optional_words,
    insurance_type=optional_words,
    diagnosis_pointers=pointers,
    amounts=amounts,
    industry_codes=_industry_codes,
    references=references,
    dates=periods,
    other=others,
)
_entity = st.builds(
    RelatedEntity,
    name=names,
    address=st.none() | addresses,
    contacts=contacts,
    provider=roles,
    other=others,
)
_delivery = st.builds(
    Delivery,
    quantity_qualifier=words,
    quantity=st.none() | quantities,
    unit=optional_words,
    every=st.none() | quantities,
    period=optional_words,
    periods=st.none() | quantities,
    frequency=optional_words,
    pattern=optional_words,
)
benefits = st.builds(
    Benefit,
    code=optional_words,
    coverage_level=optional_words,
    service_types=tuples_of(words, 3),
    insurance_type=optional_words,
    plan_description=optional_words,
    period=optional_words,
    amount_cents=st.none() | cents,
    percent=st.none() | quantities,
    quantity_qualifier=optional_words,
    quantity=st.none() | quantities,
    authorization=optional_words,
    in_network=optional_words,
    procedure=st.none() | procedures,
    diagnosis_pointers=pointers,
    deliveries=tuples_of(_delivery, 2),
    references=references,
    dates=periods,
    errors=_aaas,
    messages=tuples_of(words, 2),
    industry_codes=_industry_codes,
    entities=tuples_of(_entity, 2),
    other=others,
)


def _members(leaves: st.SearchStrategy[Any], depth: int) -> st.SearchStrategy[Member[Any]]:
    return st.builds(
        Member,
        traces=tuples_of(traces.filter(lambda each: bool(each.number)), 2),
        name=st.none() | names,
        references=references,
        address=st.none() | addresses,
        errors=_aaas,
        provider=roles,
        demographics=st.none()
        | st.builds(
            Demographics, birth_date=st.none() | days, gender=st.sampled_from(["", "F", "M"])
        ),
        insured=st.none()
        | st.builds(
            Insured,
            is_subscriber=st.booleans(),
            relationship=optional_words,
            maintenance_type=optional_words,
            maintenance_reason=st.sampled_from(["", "25"]),
            birth_sequence=optional_words,
        ),
        diagnoses=tuples_of(raw_segments("HI"), 1),
        dates=periods,
        benefits=tuples_of(leaves, 2),
        dependents=tuples_of(_members(leaves, depth - 1), 2) if depth else st.just(()),
        other=others,
    )


def eligibilities(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Eligibility[Any]]:
    """Trees with these leaves in loop 2110."""
    receivers = st.builds(
        Receiver,
        name=st.none() | names,
        references=references,
        address=st.none() | addresses,
        errors=_aaas,
        provider=roles,
        subscribers=tuples_of(_members(leaves, 1), 2),
        other=others,
    )
    sources = st.builds(
        Source,
        request_errors=_aaas,
        name=names,  # Without it the two kinds of AAA could not be told apart.
        contacts=contacts,
        errors=_aaas,
        receivers=tuples_of(receivers, 2),
        other=others,
    )
    return st.builds(Eligibility, beginning=beginnings, sources=tuples_of(sources, 2), other=others)

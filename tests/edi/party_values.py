"""Hypothesis strategies for the segments of parties, dates and amounts."""

from hypothesis import strategies as st

from edi.layout import Components
from edi.party_segments import (
    Address,
    Amount,
    Beginning,
    Contact,
    Name,
    Period,
    Procedure,
    ProviderRole,
    Reference,
    Trace,
    day,
)
from tests.strategies import cents, days, optional_words, raw_segments, tuples_of, words

others = tuples_of(raw_segments("ZZZ"), 1)
beginnings = st.builds(
    Beginning,
    structure=st.sampled_from(["0022", "0085"]),
    purpose=optional_words,
    reference=optional_words,
    created_on=st.none() | days,
    created_at=st.sampled_from(["", "0905", "090500", "09050012"]),
    kind=optional_words,
)
_name_fields = {
    "entity_type": st.sampled_from(["1", "2"]),
    "last_name": st.just("CANARY"),
    "first_name": optional_words,
    "middle_name": optional_words,
    "prefix": optional_words,
    "suffix": optional_words,
    "id_qualifier": st.sampled_from(["", "MI", "XX"]),
    "id": optional_words,
    "relationship": optional_words,
}
names = st.builds(Name, entity=words, **_name_fields)
addresses = st.builds(
    Address,
    line1=words,
    line2=optional_words,
    city=optional_words,
    state=optional_words,
    postal_code=optional_words,
    country=optional_words,
    location_qualifier=optional_words,
    location=optional_words,
    subdivision=optional_words,
)
references = tuples_of(
    st.builds(Reference, qualifier=words, value=words, description=optional_words), 2
)
traces = st.builds(
    Trace,
    kind=st.sampled_from(["1", "2"]),
    number=optional_words,
    originator=optional_words,
    originator_supplement=optional_words,
)
periods = tuples_of(
    st.builds(day, words, days, st.none() | days)
    | st.builds(Period, qualifier=words, format=st.just("TM"), text=words),
    2,
)
amounts = tuples_of(st.builds(Amount, qualifier=words, cents=st.none() | cents), 2)
contacts = tuples_of(
    st.builds(
        Contact,
        function=words,
        name=optional_words,
        qualifier=optional_words,
        number=optional_words,
        second_qualifier=optional_words,
        second_number=optional_words,
        third_qualifier=optional_words,
        third_number=optional_words,
    ),
    2,
)
roles = st.none() | st.builds(ProviderRole, role=words, qualifier=optional_words, id=optional_words)
procedures = st.builds(
    Procedure,
    qualifier=words,
    code=words,
    modifiers=tuples_of(words, 4),
    description=optional_words,
    code_to=optional_words,
)
pointers = tuples_of(words, 4).map(Components)

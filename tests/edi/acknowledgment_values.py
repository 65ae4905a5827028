"""Hypothesis strategies for the 277CA. Every patient is named Canary."""

from hypothesis import strategies as st

from edi.acknowledgment_277ca import (
    AcknowledgedBatch,
    AcknowledgedClaim,
    AcknowledgedLine,
    AcknowledgedPatient,
    AcknowledgedProvider,
    ClaimAcknowledgment,
    Reporter,
    Totals,
)
from edi.claim_status import StatusCode, StatusInformation
from edi.party_segments import Quantity
from tests.edi.party_values import (
    amounts,
    beginnings,
    names,
    others,
    periods,
    procedures,
    references,
    traces,
)
from tests.strategies import cents, days, optional_words, quantities, tuples_of, words

totals = st.builds(
    Totals,
    quantities=tuples_of(st.builds(Quantity, qualifier=words, quantity=st.none() | quantities), 2),
    amounts=amounts,
)
_codes = st.builds(
    StatusCode,
    category=words,
    status=optional_words,
    entity=optional_words,
    code_list=optional_words,
)
statuses = st.builds(
    StatusInformation,
    code=_codes,
    effective_date=st.none() | days,
    action=optional_words,
    charge_cents=st.none() | cents,
    paid_cents=st.none() | cents,
    adjudication_date=st.none() | days,
    payment_method=optional_words,
    payment_date=st.none() | days,
    check_number=optional_words,
    second_code=st.none() | _codes,
    third_code=st.none() | _codes,
    message=optional_words,
)
_line = st.builds(
    AcknowledgedLine,
    procedure=procedures,
    charge_cents=st.none() | cents,
    revenue_code=optional_words,
    units=st.none() | quantities,
    statuses=tuples_of(statuses, 2),
    references=references,
    dates=periods,
    other=others,
)
_claim = st.builds(
    AcknowledgedClaim,
    trace=traces,
    statuses=st.lists(statuses, min_size=1, max_size=2).map(tuple),
    references=references,
    dates=periods,
    lines=tuples_of(_line, 2),
    other=others,
)
_patient = st.builds(
    AcknowledgedPatient,
    name=st.none() | names,
    claims=tuples_of(_claim, 2),
    other=others,
)
_provider = st.builds(
    AcknowledgedProvider,
    name=st.none() | names,
    trace=traces,
    statuses=tuples_of(statuses, 2),
    references=references,
    totals=totals,
    patients=tuples_of(_patient, 2),
    other=others,
)
_batch = st.builds(
    AcknowledgedBatch,
    receiver=st.none() | names,
    trace=traces,
    statuses=tuples_of(statuses, 2),
    totals=totals,
    providers=tuples_of(_provider, 2),
    other=others,
)
claim_acknowledgments = st.builds(
    ClaimAcknowledgment,
    beginning=beginnings,
    reporters=tuples_of(
        st.builds(
            Reporter,
            name=st.none() | names,
            trace=traces,
            dates=periods,
            batches=tuples_of(_batch, 2),
            other=others,
        ),
        2,
    ),
    other=others,
)

"""Hypothesis strategies for 276 and 277. Every patient is named Canary."""

from hypothesis import strategies as st

from edi.claim_status import (
    ClaimInquiry,
    ClaimStatuses,
    LineInquiry,
    StatusMember,
    StatusProvider,
    StatusReceiver,
    StatusSource,
)
from edi.eligibility_tree import Demographics
from tests.edi.acknowledgment_values import statuses
from tests.edi.party_values import (
    amounts,
    beginnings,
    contacts,
    names,
    others,
    periods,
    procedures,
    references,
    traces,
)
from tests.strategies import cents, days, optional_words, quantities, tuples_of

_demographics = st.none() | st.builds(
    Demographics, birth_date=st.none() | days, gender=st.sampled_from(["", "F", "M"])
)


def _tree(said: st.SearchStrategy[tuple[object, ...]]) -> st.SearchStrategy[ClaimStatuses]:
    line = st.builds(
        LineInquiry,
        procedure=procedures,
        charge_cents=st.none() | cents,
        paid_cents=st.none() | cents,
        revenue_code=optional_words,
        units=st.none() | quantities,
        statuses=said,
        references=references,
        dates=periods,
        other=others,
    )
    claim = st.builds(
        ClaimInquiry,
        trace=traces.filter(lambda trace: trace.number),
        statuses=said,
        references=references,
        amounts=amounts,
        dates=periods,
        lines=tuples_of(line, 2),
        other=others,
    )
    member = {
        "demographics": _demographics,
        "name": st.none() | names,
        "claims": tuples_of(claim, 2),
        "other": others,
    }
    subscriber = st.builds(
        StatusMember, **member, dependents=tuples_of(st.builds(StatusMember, **member), 1)
    )
    some = st.none() | traces
    provider = st.builds(
        StatusProvider,
        name=st.none() | names,
        trace=some,
        statuses=said,
        subscribers=tuples_of(subscriber, 2),
        other=others,
    )
    receiver = st.builds(
        StatusReceiver,
        name=st.none() | names,
        trace=some,
        statuses=said,
        providers=tuples_of(provider, 2),
        other=others,
    )
    source = st.builds(
        StatusSource,
        name=st.none() | names,
        contacts=contacts,
        receivers=tuples_of(receiver, 1),
        other=others,
    )
    return st.builds(ClaimStatuses, beginning=beginnings, sources=tuples_of(source, 1))


inquiries = _tree(st.just(()))
statuses_of_claims = _tree(tuples_of(statuses, 1))

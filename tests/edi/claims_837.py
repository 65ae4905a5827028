"""What the tests of the 837P share: a claim with everything, any claim, and one set of a file."""

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from edi.claim_837 import (
    Address,
    BillingProvider,
    Claim,
    ClaimBatch,
    ClaimDates,
    Drug,
    Patient,
    Payer,
    Person,
    Provider,
    Receiver,
    ServiceLine,
    Submitter,
    Subscriber,
)
from edi.envelope import FunctionalGroup, Interchange, TransactionSet
from edi.money import Cents, Thousandths
from edi.reader import read_interchanges
from tests.claims import (
    CHILD,
    CREATED_AT,
    DOCTOR,
    OTHER_PRACTICE,
    PRACTICE,
    SUBSCRIBER,
    claim,
    line,
)

FACILITY = Provider(
    npi="1003000126", last_name="HARBOR CLINIC", is_person=False, address=PRACTICE.address
)
REFERRER = replace(DOCTOR, taxonomy="")
#: A claim with everything that the model knows.
WHOLE = claim(
    billing_provider=replace(PRACTICE, pay_to_address=PRACTICE.address),
    patient=CHILD,
    frequency="7",
    dates=ClaimDates(
        onset=date(2026, 1, 1),
        initial_treatment=date(2026, 1, 2),
        last_seen=date(2026, 1, 3),
        accident=date(2026, 1, 4),
        last_menstrual_period=date(2026, 1, 5),
        admission=date(2026, 1, 6),
        discharge=date(2026, 1, 7),
    ),
    related_causes=("AA", "OA"),
    accident_state="IL",
    delay_reason="1",
    patient_paid_cents=500,
    referral_number="R1",
    prior_authorization="A1",
    original_reference="ICN1",
    clia_number="05D1234567",
    medical_record_number="MRN1",
    note="A NOTE",
    diagnoses=("E119", "I10", "Z0000"),
    referring=REFERRER,
    facility=FACILITY,
    supervising=REFERRER,
    lines=(
        line(
            10001,
            modifiers=("25", "59", "LT", "RT"),
            description="UNLISTED",
            unit="MJ",
            quantity=15500,
            place_of_service="22",
            pointers=(1, 2, 3),
            is_emergency=True,
            service_to=date(2026, 2, 28),
            prior_authorization="A2",
            note="A LINE NOTE",
            drug=Drug(ndc="00002751001", quantity=Thousandths(1500), unit="ML"),
            rendering=DOCTOR,
            ordering=REFERRER,
        ),
        line(0, control_number="L2"),
    ),
)

# The strategies give what the guide can carry: a name has no leading or trailing blank.
TEXT = st.from_regex(r"[A-Z0-9](?:[A-Z0-9 .'\-]{0,20}[A-Z0-9])?", fullmatch=True)
WORD = st.from_regex(r"[A-Z0-9]{1,15}", fullmatch=True)
MAYBE = st.just("") | TEXT
DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
CENTS = st.integers(0, 9_999_999_999)
QUANTITIES = st.integers(1, 99_999_999)
CODES = st.from_regex(r"[A-Z0-9]{2,7}", fullmatch=True)
ADDRESSES = st.builds(Address, line1=TEXT, line2=MAYBE, city=TEXT, state=WORD, zip_code=WORD)


@st.composite
def persons(draw: st.DrawFn) -> Person:
    birth_date = draw(st.none() | DAYS)
    return Person(
        last_name=f"CANARY {draw(TEXT)}",
        first_name=draw(MAYBE),
        middle_name=draw(MAYBE),
        suffix=draw(MAYBE),
        birth_date=birth_date,
        gender=draw(st.sampled_from("FMU")) if birth_date else "",
        address=draw(st.none() | ADDRESSES),
    )


def providers() -> st.SearchStrategy[Provider]:
    return st.builds(
        Provider,
        npi=st.just("") | WORD,
        last_name=TEXT,
        first_name=MAYBE,
        is_person=st.booleans(),
        taxonomy=st.just("") | WORD,
        address=st.none() | ADDRESSES,
    )


@st.composite
def service_lines(draw: st.DrawFn) -> ServiceLine:
    first, last = sorted((draw(DAYS), draw(DAYS)))
    return ServiceLine(
        procedure=draw(CODES),
        modifiers=tuple(draw(st.lists(CODES, max_size=4))),
        description=draw(MAYBE),
        charge_cents=Cents(draw(CENTS)),
        unit=draw(st.sampled_from(("UN", "MJ"))),
        quantity=Thousandths(draw(QUANTITIES)),
        place_of_service=draw(st.just("") | CODES),
        pointers=tuple(draw(st.lists(st.integers(1, 12), min_size=1, max_size=4))),
        is_emergency=draw(st.booleans()),
        service_from=first,
        service_to=last if draw(st.booleans()) else first,
        prior_authorization=draw(MAYBE),
        control_number=draw(MAYBE),
        note=draw(MAYBE),
        drug=draw(
            st.none()
            | st.builds(Drug, ndc=WORD, quantity=QUANTITIES, unit=st.sampled_from(("UN", "ML")))
        ),
        rendering=draw(st.none() | providers()),
        ordering=draw(st.none() | providers()),
    )


def billing_providers() -> st.SearchStrategy[BillingProvider]:
    phone = st.just("") | st.from_regex(r"[0-9]{10}", fullmatch=True)
    whole = st.builds(
        BillingProvider,
        npi=WORD,
        name=TEXT,
        first_name=MAYBE,
        is_person=st.booleans(),
        tax_id=WORD,
        tax_id_kind=st.sampled_from(("EI", "SY")),
        taxonomy=st.just("") | WORD,
        address=ADDRESSES,
        contact_name=MAYBE,
        contact_phone=phone,
        pay_to_address=st.none() | ADDRESSES,
    )
    # PER is written where there is a number to call.
    return whole.map(lambda each: each if each.contact_phone else replace(each, contact_name=""))


def subscribers() -> st.SearchStrategy[Subscriber]:
    whole = st.builds(
        Subscriber,
        responsibility=st.sampled_from("PST"),
        group_number=MAYBE,
        group_name=MAYBE,
        filing_code=CODES,
        member_id=WORD,
        person=persons(),
    )
    # The guide names the group only where it has no number.
    return whole.map(lambda each: replace(each, group_name="") if each.group_number else each)


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    days = st.none() | DAYS
    causes = draw(st.lists(st.sampled_from(("AA", "EM", "OA")), max_size=3))
    return Claim(
        billing_provider=draw(billing_providers() | st.sampled_from((PRACTICE, OTHER_PRACTICE))),
        subscriber=draw(subscribers() | st.just(SUBSCRIBER)),
        payer=Payer(name=draw(TEXT), id=draw(WORD)),
        patient=draw(
            st.none() | st.just(CHILD) | st.builds(Patient, relationship=CODES, person=persons())
        ),
        patient_control_number=draw(WORD),
        charge_cents=Cents(draw(CENTS)),
        place_of_service=draw(CODES),
        frequency=draw(st.sampled_from("178")),
        related_causes=tuple(causes),
        accident_state=draw(st.just("") | CODES),
        delay_reason=draw(st.just("") | CODES),
        dates=draw(
            st.builds(
                ClaimDates,
                onset=days,
                initial_treatment=days,
                last_seen=days,
                accident=days,
                last_menstrual_period=days,
                admission=days,
                discharge=days,
            )
        ),
        patient_paid_cents=draw(st.none() | CENTS.map(Cents)),
        referral_number=draw(MAYBE),
        prior_authorization=draw(MAYBE),
        original_reference=draw(MAYBE),
        clia_number=draw(MAYBE),
        medical_record_number=draw(MAYBE),
        note=draw(MAYBE),
        diagnoses=tuple(draw(st.lists(CODES, min_size=1, max_size=12))),
        referring=draw(st.none() | providers()),
        rendering=draw(st.none() | providers()),
        facility=draw(st.none() | providers()),
        supervising=draw(st.none() | providers()),
        lines=tuple(draw(st.lists(service_lines(), min_size=1, max_size=3))),
    )


@st.composite
def batches(draw: st.DrawFn) -> ClaimBatch:
    return ClaimBatch(
        reference=draw(WORD),
        created_at=CREATED_AT,
        submitter=Submitter(
            name=draw(TEXT), id=draw(WORD), contact_name=draw(TEXT), contact_phone="2175550101"
        ),
        receiver=Receiver(name=draw(TEXT), id=draw(WORD)),
        claims=tuple(draw(st.lists(claims(), min_size=1, max_size=4))),
    )


def sole_set(body: bytes) -> tuple[TransactionSet, FunctionalGroup, Interchange]:
    (interchange,) = read_interchanges(body)
    assert interchange.findings == ()
    (group,) = interchange.groups
    (transaction_set,) = group.sets
    assert transaction_set.findings == ()
    return transaction_set, group, interchange

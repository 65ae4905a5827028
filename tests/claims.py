"""Claims, batches and 837P files to test with. Every patient is named CANARY."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from edi.claim_837 import (
    Address,
    BillingProvider,
    Claim,
    ClaimBatch,
    Patient,
    Payer,
    Person,
    Provider,
    Receiver,
    ServiceLine,
    Submitter,
    Subscriber,
    write_837p,
)
from edi.envelope import Envelope
from edi.findings import Finding
from edi.guides import Guide
from edi.money import Cents, Thousandths
from edi.pyx12_validator import validate_all
from edi.writer import write_interchange

CREATED_AT = datetime(2026, 3, 2, 9, 30)  # noqa: DTZ001 - the partner's local time

PRACTICE = BillingProvider(
    npi="1234567893",
    name="HARBOR FAMILY PRACTICE",
    tax_id="900000001",
    taxonomy="207Q00000X",
    address=Address(line1="1 HARBOR WAY", city="SPRINGFIELD", state="IL", zip_code="627010001"),
    contact_name="BILLING OFFICE",
    contact_phone="2175550100",
)
OTHER_PRACTICE = replace(PRACTICE, npi="1003000126", name="LAKE PHYSICAL THERAPY")
PAYER = Payer(name="CANAL HEALTH PLAN", id="CANAL1")
OTHER_PAYER = Payer(name="MEADOW MUTUAL", id="MEADOW")
PERSON = Person(
    last_name="CANARY",
    first_name="ADA",
    birth_date=date(1980, 5, 4),
    gender="F",
    address=Address(line1="9 CAGE ST", city="SPRINGFIELD", state="IL", zip_code="62701"),
)
SUBSCRIBER = Subscriber(
    group_number="G100", filing_code="CI", member_id="W123456789", person=PERSON
)
CHILD = Patient(
    relationship="19",
    person=replace(PERSON, first_name="BEN", birth_date=date(2015, 1, 31), gender="M"),
)
DOCTOR = Provider(npi="1992999825", last_name="FINCH", first_name="ROSE", taxonomy="207Q00000X")


def line(charge_cents: int = 12500, **changes: Any) -> ServiceLine:  # noqa: ANN401 - fields of the value
    """Return one service line: an office visit unless changed."""
    visit = ServiceLine(
        procedure="99213",
        charge_cents=Cents(charge_cents),
        quantity=Thousandths(1000),
        pointers=(1,),
        service_from=date(2026, 2, 27),
        service_to=date(2026, 2, 27),
        control_number="L1",
    )
    return replace(visit, **changes)


def lines(*charges_cents: int) -> tuple[ServiceLine, ...]:
    """Return a line for each charge, with the control numbers L1, L2, ..."""
    return tuple(
        line(charge, control_number=f"L{number}")
        for number, charge in enumerate(charges_cents, start=1)
    )


def claim(**changes: Any) -> Claim:  # noqa: ANN401 - fields of the value
    """Return a claim; its charge is the sum of its lines unless `charge_cents` is given.

    `member_id` is short for a change of the subscriber.
    """
    services: tuple[ServiceLine, ...] = changes.pop("lines", (line(),))
    member_id: str | None = changes.pop("member_id", None)
    subscriber: Subscriber = changes.pop("subscriber", SUBSCRIBER)
    visit = Claim(
        billing_provider=PRACTICE,
        subscriber=replace(subscriber, member_id=member_id) if member_id else subscriber,
        payer=PAYER,
        patient_control_number="PCN00000000000001",
        charge_cents=Cents(sum(each.charge_cents for each in services)),
        place_of_service="11",
        diagnoses=("E119", "I10"),
        rendering=DOCTOR,
        lines=services,
    )
    return replace(visit, **changes)


def batch(*claims: Claim, **changes: Any) -> ClaimBatch:  # noqa: ANN401 - fields of the value
    """Return a batch of these claims, or of one ordinary claim."""
    one = ClaimBatch(
        reference="B0001",
        created_at=CREATED_AT,
        submitter=Submitter(
            name="HARBOR BILLING", id="HARBOR", contact_name="EDI DESK", contact_phone="2175550101"
        ),
        receiver=Receiver(name="SANDBOX CLEARINGHOUSE", id="SANDBOX"),
        claims=claims or (claim(),),
    )
    return replace(one, **changes)


def envelope(**changes: Any) -> Envelope:  # noqa: ANN401 - fields of the value
    """Return the envelope in which the practice sends an 837P to the sandbox."""
    ours = Envelope(
        sender_qualifier="ZZ",
        sender_id="HARBOR",
        receiver_qualifier="30",
        receiver_id="SANDBOX",
        group_sender="HARBORGS",
        group_receiver="SANDBOXGS",
        interchange_number=7,
        group_number=70,
        usage="T",
        written_at=CREATED_AT,
        guide=Guide.CLAIM_PROFESSIONAL,
    )
    return replace(ours, **changes)


def upload(*batches: ClaimBatch, **changes: Any) -> bytes:  # noqa: ANN401 - fields of the value
    """Return an 837P file with a transaction set for each batch."""
    around = envelope(**changes)
    sets = [("837", write_837p(each, around.delimiters)) for each in batches]
    return write_interchange(around, sets)


def pyx12_here(body: bytes, *, seconds: int = 0) -> tuple[Finding, ...]:
    """pyx12 without its wall: the same verdict in this process."""
    del seconds
    return validate_all(body)

"""The native encounter: what every intake format becomes (domain: EncounterIn, professional).

The door refuses what is not this shape, every finding at once; what is wrong with the content
of a well-formed encounter holds its claim instead, so that no charge is lost.
"""

import re
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Optional = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]
Npi = Annotated[str, StringConstraints(pattern=r"^[0-9]{10}$")]
ZipCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{5}([0-9]{4})?$")]
State = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Money = Annotated[int, Field(strict=True, ge=0, le=9_999_999_999)]
Pointer = Annotated[int, Field(strict=True)]
Flag = Annotated[bool, Field(strict=True)]
Quantity = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,8}(\.[0-9]{1,3})?$")]
Modifier = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2}$")]


def _iso_text(value: object) -> object:
    """Refuse the numbers and date-times that pydantic would also take for a day."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return value
    raise ValueError("a day is text of the form YYYY-MM-DD")


def _instant_text(value: object) -> object:
    """Refuse the numbers that pydantic would take for seconds since 1970."""
    if isinstance(value, str) and re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]", value):
        return value
    raise ValueError("an instant is text of the form YYYY-MM-DDTHH:MM:SSZ")


Day = Annotated[date, BeforeValidator(_iso_text)]
Instant = Annotated[datetime, BeforeValidator(_instant_text)]


class Gender(StrEnum):
    """As the record says; X12 carries F, M or U."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


class Relationship(StrEnum):
    """Of the patient to the subscriber."""

    SELF = "self"
    SPOUSE = "spouse"
    CHILD = "child"
    OTHER = "other"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class AddressIn(_Part):
    """A United States address."""

    line1: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=55)]
    line2: Annotated[str, StringConstraints(strip_whitespace=True, max_length=55)] = ""
    city: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=30)]
    state: State
    zip: ZipCode


class PatientIn(_Part):
    """Who was seen."""

    external_id: Annotated[str, StringConstraints(min_length=1, max_length=50)] = Field(repr=False)
    first_name: Annotated[str, StringConstraints(max_length=35)] = Field(repr=False)
    middle_name: Annotated[str, StringConstraints(max_length=25)] = Field(default="", repr=False)
    last_name: Text = Field(repr=False)
    suffix: Annotated[str, StringConstraints(max_length=10)] = Field(default="", repr=False)
    date_of_birth: Day = Field(repr=False)
    gender: Gender = Field(repr=False)
    address: AddressIn = Field(repr=False)


class SubscriberIn(_Part):
    """Who holds the coverage, where that is not the patient."""

    first_name: Annotated[str, StringConstraints(max_length=35)] = Field(repr=False)
    last_name: Text = Field(repr=False)
    date_of_birth: Day = Field(repr=False)
    gender: Gender = Field(repr=False)
    address: AddressIn = Field(repr=False)


class PayerIn(_Part):
    """As the card says it; our payer table decides."""

    id: Annotated[str, StringConstraints(min_length=2, max_length=20)]
    name: Optional = ""


class CoverageIn(_Part):
    """One insurance, in order of payment."""

    order: Annotated[int, Field(strict=True, ge=1, le=3)]
    payer: PayerIn
    member_id: Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)] = Field(
        repr=False
    )
    relationship: Relationship
    subscriber: SubscriberIn | None = None
    group_number: Annotated[str, StringConstraints(max_length=50)] = Field(default="", repr=False)
    plan_name: Optional = ""


class BillingProviderIn(_Part):
    """Who bills: must be one of this organization's practices."""

    npi: Npi
    tax_id: Annotated[str, StringConstraints(pattern=r"^[0-9]{9}$")] | None = None
    organization_name: Optional = ""
    taxonomy: Annotated[str, StringConstraints(pattern=r"^([0-9A-Z]{9}X)?$")] = ""
    address: AddressIn | None = None


class ProviderIn(_Part):
    """A person who rendered, referred, ordered or supervised."""

    npi: Npi
    first_name: Annotated[str, StringConstraints(max_length=35)] = ""
    last_name: Text
    taxonomy: Annotated[str, StringConstraints(pattern=r"^([0-9A-Z]{9}X)?$")] = ""


class FacilityIn(_Part):
    """Where the service was rendered, where that is not the billing provider's address."""

    npi: Npi
    name: Text
    address: AddressIn


class DiagnosisIn(_Part):
    """ICD-10-CM, with or without the dot; the first is the principal."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9][0-9A-Z]\.?[0-9A-Z]{0,4}$")]


class DrugIn(_Part):
    """National drug code of a line."""

    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{11}$")]
    quantity: Quantity
    unit: Literal["F2", "GR", "ME", "ML", "UN"]


class AccidentIn(_Part):
    """What the claim is related to."""

    date: Day
    related_causes: Annotated[tuple[Literal["AA", "EM", "OA"], ...], Field(max_length=3)]
    state: State | None = None


class DatesIn(_Part):
    """Dates of the course of illness."""

    onset: Day | None = None
    initial_treatment: Day | None = None
    last_seen: Day | None = None
    last_menstrual_period: Day | None = None
    admission: Day | None = None
    discharge: Day | None = None


class LineIn(_Part):
    """One service."""

    external_id: Annotated[str, StringConstraints(max_length=50)] = ""
    procedure_code: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{5}$")]
    modifiers: Annotated[tuple[Modifier, ...], Field(max_length=4)] = ()
    description: Annotated[str, StringConstraints(max_length=80)] = ""
    charge_cents: Money
    quantity: Quantity = "1"
    unit: Literal["UN", "MJ"] = "UN"
    date_of_service: Day
    end_date: Day | None = None
    place_of_service: Annotated[str, StringConstraints(pattern=r"^[0-9]{2}$")] | None = None
    diagnosis_pointers: Annotated[tuple[Pointer, ...], Field(max_length=4)]
    ndc: DrugIn | None = None
    ordering_provider: ProviderIn | None = None
    prior_authorization: Annotated[str, StringConstraints(max_length=50)] = ""
    emergency: Flag = False
    note: Annotated[str, StringConstraints(max_length=80)] = ""


def _in_order(coverages: tuple[CoverageIn, ...]) -> tuple[CoverageIn, ...]:
    orders = [coverage.order for coverage in coverages]
    if orders != sorted(set(orders)):
        raise ValueError("coverages stand in their order of payment, each order once")
    return coverages


class EncounterIn(_Part):
    """One professional encounter, as an EHR posts it. Money is integer cents."""

    source: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,40}$")]
    external_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:/-]{1,60}$")]
    claim_type: Literal["professional"]
    source_updated_at: Instant | None = None
    patient: PatientIn
    coverages: Annotated[
        tuple[CoverageIn, ...], Field(min_length=1, max_length=3), AfterValidator(_in_order)
    ]
    billing_provider: BillingProviderIn
    rendering_provider: ProviderIn | None = None
    referring_provider: ProviderIn | None = None
    supervising_provider: ProviderIn | None = None
    service_facility: FacilityIn | None = None
    place_of_service: Annotated[str, StringConstraints(pattern=r"^[0-9]{2}$")]
    diagnoses: Annotated[tuple[DiagnosisIn, ...], Field(min_length=1, max_length=12)]
    lines: Annotated[tuple[LineIn, ...], Field(min_length=1, max_length=50)]
    total_charge_cents: Money | None = None  #: Where given, it must be the sum of the lines.
    prior_authorization: Annotated[str, StringConstraints(max_length=50)] = ""
    referral_number: Annotated[str, StringConstraints(max_length=50)] = ""
    clia_number: Annotated[str, StringConstraints(max_length=50)] = ""
    accident: AccidentIn | None = None
    dates: DatesIn = DatesIn()
    amount_paid_cents: Money | None = None
    patient_authorized_release: Flag = True
    benefits_assigned_to_provider: Flag = True
    provider_accepts_assignment: Flag = True
    claim_note: Annotated[str, StringConstraints(max_length=80)] = ""

"""An encounter and its parties become an edi Claim. Pure: formatting repairs, no clinical ones."""

import unicodedata
from dataclasses import replace
from datetime import date

from edi.claim_837 import (
    Address,
    Claim,
    ClaimDates,
    Drug,
    Patient,
    Payer,
    Person,
    Provider,
    ServiceLine,
    Subscriber,
)
from edi.elements import fold_text
from edi.findings import Finding, Place, error, warning
from edi.money import Cents, read_quantity
from rcm.clock import Randomness
from rcm.encounters.model import (
    AddressIn,
    CoverageIn,
    EncounterIn,
    Gender,
    LineIn,
    ProviderIn,
    Relationship,
)
from rcm.parties.model import PayerParty, Practice

CONTROL_NUMBER_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  #: Without 0, O, 1 and I.
CONTROL_NUMBER_LENGTH = 17  #: X12 allows 20; some payers cut at 17 (claims.md E05).

_GENDERS = {Gender.FEMALE: "F", Gender.MALE: "M", Gender.OTHER: "U", Gender.UNKNOWN: "U"}
_RELATIONSHIPS = {Relationship.SPOUSE: "01", Relationship.CHILD: "19", Relationship.OTHER: "G8"}
RESPONSIBILITIES = ("P", "S", "T")  #: SBR01, by the order of payment.


def new_control_number(randomness: Randomness) -> str:
    """Return a new CLM01: 16 random characters and one that checks them.

    Nothing in it means anything, so nothing of the patient or the practice is told by it.
    """
    stem = randomness.text(CONTROL_NUMBER_ALPHABET, CONTROL_NUMBER_LENGTH - 1)
    return stem + check_character(stem)


def check_character(stem: str) -> str:
    """Return the character that makes any wrong character and any two swapped ones visible.

    The characters are elements of the field of 32, the n-th from the right weighed by the n-th
    power of its generator: no two weights of up to 31 characters are alike, and none is zero.

    >>> check_character("ABCDEFGH23456789")
    'C'
    """
    check = 0
    for character in stem:
        check = _times_generator(check ^ CONTROL_NUMBER_ALPHABET.index(character))
    return CONTROL_NUMBER_ALPHABET[check]


def _times_generator(element: int) -> int:
    """Multiply by x in GF(2)[x] modulo the primitive x^5 + x^2 + 1."""
    double = element << 1
    return double ^ 0b100101 if double & 0b100000 else double


def build_claim(
    encounter: EncounterIn, *, practice: Practice, payer: PayerParty, control_number: str
) -> Claim:
    """Return the claim of an encounter; `control_number` becomes CLM01 and the stem of 6R.

    A dependent with a member id of their own is the subscriber (rules-that-bite M13).
    """
    coverage = encounter.coverages[0]
    patient = _patient_person(encounter)
    is_subscriber = coverage.relationship is Relationship.SELF or payer.dependents_have_own_id
    holder = patient if is_subscriber else _subscriber_person(coverage)
    accident = encounter.accident
    rendering = _rendering(encounter, practice)
    lines = tuple(
        _line(line, f"{control_number}{number:02d}", encounter.place_of_service)
        for number, line in enumerate(encounter.lines, start=1)
    )
    return Claim(
        billing_provider=practice.provider,
        subscriber=Subscriber(
            responsibility=RESPONSIBILITIES[coverage.order - 1],
            group_number=fold_text(coverage.group_number),
            # SBR04 only where there is no group number (X222A1).
            group_name="" if coverage.group_number else fold_text(coverage.plan_name),
            filing_code=payer.filing_code,
            member_id=fold_text(coverage.member_id),
            person=holder,
        ),
        payer=Payer(name=payer.name, id=payer.identifier),
        patient=None
        if is_subscriber
        else Patient(relationship=_RELATIONSHIPS[coverage.relationship], person=patient),
        patient_control_number=control_number,
        charge_cents=_charge(encounter),
        place_of_service=encounter.place_of_service,
        accepts_assignment="A" if encounter.provider_accepts_assignment else "C",
        benefits_assigned="Y" if encounter.benefits_assigned_to_provider else "N",
        release_of_information="Y" if encounter.patient_authorized_release else "I",
        related_causes=accident.related_causes if accident else (),
        accident_state=accident.state or "" if accident else "",
        dates=_dates(encounter),
        patient_paid_cents=Cents(encounter.amount_paid_cents)
        if encounter.amount_paid_cents
        else None,
        referral_number=fold_text(encounter.referral_number),
        prior_authorization=fold_text(encounter.prior_authorization),
        clia_number=fold_text(encounter.clia_number),
        medical_record_number=fold_text(encounter.patient.external_id),
        note=fold_text(encounter.claim_note),
        diagnoses=tuple(diagnosis.code.replace(".", "") for diagnosis in encounter.diagnoses),
        referring=_provider(encounter.referring_provider),
        rendering=rendering,
        facility=_facility(encounter),
        supervising=_provider(encounter.supervising_provider),
        lines=lines,
    )


def lost_characters(encounter: EncounterIn) -> tuple[Finding, ...]:
    """Return what writing in X12 would change of an encounter beyond case and accents.

    A name is written without it, with a warning; a member id would be another one: an error.
    """
    found: list[Finding] = []
    member_id = encounter.coverages[0].member_id
    if _loses(member_id):
        found.append(
            error(
                "CLAIM-MEMBER-ID-CHANGED",
                "The member id has a character that X12 cannot carry.",
                cure="Copy it from the insurance card: letters, digits and dashes.",
                place=Place(
                    pointer="/coverages/0/member_id", loop="2010BA", segment_id="NM1", element=9
                ),
            )
        )
    patient = encounter.patient
    for field, name in (("last_name", patient.last_name), ("first_name", patient.first_name)):
        if _loses(name):
            found.append(
                warning(
                    "CLAIM-NAME-CHANGED",
                    "The name has characters that X12 cannot carry: it goes without them.",
                    cure="Compare with the insurance card how the payer writes it.",
                    place=Place(pointer=f"/patient/{field}"),
                )
            )
    return tuple(found)


def _loses(text: str) -> bool:
    """Tell whether a character of `text` has no counterpart in X12."""
    signs = (sign for sign in text if not (sign.isspace() or unicodedata.combining(sign)))
    return any(not fold_text(sign) for sign in signs)


def _charge(encounter: EncounterIn) -> Cents:
    """Return the total as the EHR says it; scrub compares it with the lines."""
    if encounter.total_charge_cents is not None:
        return Cents(encounter.total_charge_cents)
    return Cents(sum(line.charge_cents for line in encounter.lines))


def _patient_person(encounter: EncounterIn) -> Person:
    patient = encounter.patient
    return Person(
        last_name=fold_text(patient.last_name),
        first_name=fold_text(patient.first_name),
        middle_name=fold_text(patient.middle_name),
        suffix=fold_text(patient.suffix),
        birth_date=patient.date_of_birth,
        gender=_GENDERS[patient.gender],
        address=_address(patient.address),
    )


def _subscriber_person(coverage: CoverageIn) -> Person:
    """Return the holder of a dependent's coverage, who has a name and no more (M12, X222A1)."""
    subscriber = coverage.subscriber
    if subscriber is None:
        return Person(last_name="")  # scrub says what is missing.
    return Person(
        last_name=fold_text(subscriber.last_name), first_name=fold_text(subscriber.first_name)
    )


def _address(address: AddressIn) -> Address:
    return Address(
        line1=fold_text(address.line1),
        line2=fold_text(address.line2),
        city=fold_text(address.city),
        state=address.state,
        zip_code=address.zip,
    )


def _provider(provider: ProviderIn | None) -> Provider | None:
    """Return a provider without taxonomy: X222A1 has a PRV only for who renders or bills."""
    if provider is None:
        return None
    return Provider(
        npi=provider.npi,
        last_name=fold_text(provider.last_name),
        first_name=fold_text(provider.first_name),
    )


def _rendering(encounter: EncounterIn, practice: Practice) -> Provider | None:
    """Return the rendering provider, unless that is the billing provider (M42)."""
    told, rendering = encounter.rendering_provider, _provider(encounter.rendering_provider)
    if told is None or rendering is None or told.npi == practice.provider.npi:
        return None
    return replace(rendering, taxonomy=told.taxonomy)


def _facility(encounter: EncounterIn) -> Provider | None:
    facility = encounter.service_facility
    if facility is None or facility.npi == encounter.billing_provider.npi:
        return None
    return Provider(
        npi=facility.npi,
        last_name=fold_text(facility.name),
        is_person=False,
        address=_address(facility.address),
    )


def _dates(encounter: EncounterIn) -> ClaimDates:
    dates = encounter.dates
    return ClaimDates(
        onset=dates.onset,
        initial_treatment=dates.initial_treatment,
        last_seen=dates.last_seen,
        accident=encounter.accident.date if encounter.accident else None,
        last_menstrual_period=dates.last_menstrual_period,
        admission=dates.admission,
        discharge=dates.discharge,
    )


def _line(line: LineIn, control_number: str, claim_place: str) -> ServiceLine:
    place = line.place_of_service
    last_day: date = line.end_date or line.date_of_service
    return ServiceLine(
        procedure=line.procedure_code,
        modifiers=line.modifiers,
        description=fold_text(line.description),
        charge_cents=Cents(line.charge_cents),
        unit=line.unit,
        quantity=read_quantity(line.quantity),
        place_of_service=place if place and place != claim_place else "",
        pointers=line.diagnosis_pointers,
        is_emergency=line.emergency,
        service_from=line.date_of_service,
        service_to=last_day,
        prior_authorization=fold_text(line.prior_authorization),
        control_number=control_number,
        note=fold_text(line.note),
        drug=Drug(ndc=line.ndc.code, quantity=read_quantity(line.ndc.quantity), unit=line.ndc.unit)
        if line.ndc
        else None,
        ordering=_provider(line.ordering_provider),
    )

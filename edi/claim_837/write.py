"""Claims to the segments of an 837P (005010X222A1)."""

from datetime import date
from itertools import groupby

from edi.claim_837.model import (
    Address,
    BillingProvider,
    Claim,
    ClaimBatch,
    Patient,
    Payer,
    Person,
    Provider,
    ServiceLine,
    Subscriber,
)
from edi.delimiters import STANDARD, Delimiters
from edi.elements import write_date
from edi.findings import WriteError
from edi.money import write_amount, write_quantity
from edi.writer import SetWriter

CLAIMS_MAX = 5000  #: CLM segments a transaction set: the guide's recommendation.
LINES_MAX = 50  #: LX loops a claim (X222A1 loop 2400).
DIAGNOSES_MAX = 12
CAUSES_MAX = 3  #: CLM11-1 to 3.
MODIFIERS_MAX = 4  #: SV101-3 to 6.


def write_837p(batch: ClaimBatch, delimiters: Delimiters = STANDARD) -> SetWriter:
    """Return the segments between ST and SE. Same batch, same segments.

    Claims that follow each other and share billing provider and subscriber share their loops.
    Raises WriteError for what the guide cannot carry: lines, diagnoses, modifiers, characters.
    """
    if not 1 <= len(batch.claims) <= CLAIMS_MAX:
        raise WriteError("an 837 has 1 to 5,000 claims")
    out = SetWriter(delimiters)
    created = batch.created_at
    out.add(
        "BHT", "0019", "00", batch.reference, write_date(created), created.strftime("%H%M"), "CH"
    )
    submitter = batch.submitter
    out.add("NM1", "41", "2", submitter.name, "", "", "", "", "46", submitter.id)
    out.add("PER", "IC", submitter.contact_name, "TE", submitter.contact_phone)
    out.add("NM1", "40", "2", batch.receiver.name, "", "", "", "", "46", batch.receiver.id)
    level = 0
    for provider, of_provider in groupby(batch.claims, key=lambda claim: claim.billing_provider):
        level += 1
        provider_level = level
        _billing_provider(out, provider, level)
        for (subscriber, payer, is_patient), of_subscriber in groupby(of_provider, key=_subscriber):
            level += 1
            _subscriber_loop(out, subscriber, payer, level, provider_level, is_patient=is_patient)
            subscriber_level = level
            for patient, claims in groupby(of_subscriber, key=lambda claim: claim.patient):
                if patient is not None:
                    level += 1
                    _patient(out, patient, level, subscriber_level)
                for claim in claims:
                    _claim(out, claim)
    return out


def _subscriber(claim: Claim) -> tuple[Subscriber, Payer, bool]:
    return claim.subscriber, claim.payer, claim.patient is None


def _billing_provider(out: SetWriter, provider: BillingProvider, level: int) -> None:
    out.add("HL", str(level), "", "20", "1")
    if provider.taxonomy:
        out.add("PRV", "BI", "PXC", provider.taxonomy)
    entity = "1" if provider.is_person else "2"
    name = provider.name
    out.add("NM1", "85", entity, name, provider.first_name, "", "", "", "XX", provider.npi)
    _address(out, provider.address)
    out.add("REF", provider.tax_id_kind, provider.tax_id)
    if provider.contact_name and not provider.contact_phone:
        raise WriteError("a billing contact needs a phone number")
    if provider.contact_phone:
        out.add("PER", "IC", provider.contact_name, "TE", provider.contact_phone)
    if provider.pay_to_address is not None:
        out.add("NM1", "87", entity)
        _address(out, provider.pay_to_address)


def _subscriber_loop(
    out: SetWriter,
    subscriber: Subscriber,
    payer: Payer,
    level: int,
    parent: int,
    *,
    is_patient: bool,
) -> None:
    if subscriber.group_number and subscriber.group_name:
        raise WriteError("a group name is sent only where there is no group number")
    out.add("HL", str(level), str(parent), "22", "0" if is_patient else "1")
    out.add(
        "SBR", subscriber.responsibility, "18" if is_patient else "", subscriber.group_number,
        subscriber.group_name, "", "", "", "",
        subscriber.filing_code,
    )  # fmt: skip
    _person(out, "IL", subscriber.person, ("MI", subscriber.member_id))
    out.add("NM1", "PR", "2", payer.name, "", "", "", "", "PI", payer.id)


def _patient(out: SetWriter, patient: Patient, level: int, parent: int) -> None:
    out.add("HL", str(level), str(parent), "23", "0")
    out.add("PAT", patient.relationship)
    _person(out, "QC", patient.person, ())


def _person(out: SetWriter, entity: str, person: Person, identifier: tuple[str, ...]) -> None:
    out.add(
        "NM1", entity, "1", person.last_name, person.first_name, person.middle_name, "",
        person.suffix, *identifier,
    )  # fmt: skip
    if person.address is not None:
        _address(out, person.address)
    if person.gender and person.birth_date is None:
        raise WriteError("a gender is sent only with a birth date")
    if person.birth_date is not None:
        out.add("DMG", "D8", write_date(person.birth_date), person.gender)


def _address(out: SetWriter, address: Address) -> None:
    out.add("N3", address.line1, address.line2)
    out.add("N4", address.city, address.state, address.zip_code)


def _claim(out: SetWriter, claim: Claim) -> None:
    if not 1 <= len(claim.lines) <= LINES_MAX:
        raise WriteError("a professional claim has 1 to 50 lines")
    if not 1 <= len(claim.diagnoses) <= DIAGNOSES_MAX:
        raise WriteError("a professional claim has 1 to 12 diagnoses")
    if len(claim.related_causes) > CAUSES_MAX:
        raise WriteError("a claim has at most three related causes")
    causes = (*claim.related_causes, *("",) * (CAUSES_MAX - len(claim.related_causes)))
    out.add(
        "CLM", claim.patient_control_number, write_amount(claim.charge_cents), "", "",
        (claim.place_of_service, "B", claim.frequency), claim.provider_signature,
        claim.accepts_assignment, claim.benefits_assigned, claim.release_of_information, "",
        (*causes, claim.accident_state), "", "", "", "", "", "", "", "", claim.delay_reason,
    )  # fmt: skip
    dates = claim.dates
    _date(out, "431", dates.onset)
    _date(out, "454", dates.initial_treatment)
    _date(out, "304", dates.last_seen)
    _date(out, "439", dates.accident)
    _date(out, "484", dates.last_menstrual_period)
    _date(out, "435", dates.admission)
    _date(out, "096", dates.discharge)
    if claim.patient_paid_cents is not None:
        out.add("AMT", "F5", write_amount(claim.patient_paid_cents))
    out.add_if("REF", "9F", claim.referral_number)
    out.add_if("REF", "G1", claim.prior_authorization)
    out.add_if("REF", "F8", claim.original_reference)
    out.add_if("REF", "X4", claim.clia_number)
    out.add_if("REF", "EA", claim.medical_record_number)
    out.add_if("NTE", "ADD", claim.note)
    principal, *others = claim.diagnoses
    out.add("HI", ("ABK", principal), *(("ABF", code) for code in others))
    _provider(out, "DN", claim.referring)
    _provider(out, "82", claim.rendering)
    _provider(out, "77", claim.facility)
    _provider(out, "DQ", claim.supervising)
    for number, line in enumerate(claim.lines, start=1):
        _line(out, number, line)


def _date(out: SetWriter, qualifier: str, day: date | None) -> None:
    if day is not None:
        out.add("DTP", qualifier, "D8", write_date(day))


def _provider(out: SetWriter, entity: str, provider: Provider | None) -> None:
    if provider is None:
        return
    kind = "1" if provider.is_person else "2"
    identifier = ("XX", provider.npi) if provider.npi else ()
    out.add("NM1", entity, kind, provider.last_name, provider.first_name, "", "", "", *identifier)
    if provider.taxonomy:
        out.add("PRV", "PE", "PXC", provider.taxonomy)
    if provider.address is not None:
        _address(out, provider.address)


def _line(out: SetWriter, number: int, line: ServiceLine) -> None:
    out.add("LX", str(number))
    if len(line.modifiers) > MODIFIERS_MAX:
        raise WriteError("a procedure has at most four modifiers")
    modifiers = (*line.modifiers, *("",) * (MODIFIERS_MAX - len(line.modifiers)))
    out.add(
        "SV1", ("HC", line.procedure, *modifiers, line.description),
        write_amount(line.charge_cents), line.unit, write_quantity(line.quantity),
        line.place_of_service, "", tuple(str(pointer) for pointer in line.pointers), "",
        "Y" if line.is_emergency else "",
    )  # fmt: skip
    if line.service_from == line.service_to:
        out.add("DTP", "472", "D8", write_date(line.service_from))
    else:
        days = f"{write_date(line.service_from)}-{write_date(line.service_to)}"
        out.add("DTP", "472", "RD8", days)
    out.add_if("REF", "G1", line.prior_authorization)
    out.add_if("REF", "6R", line.control_number)
    out.add_if("NTE", "ADD", line.note)
    if line.drug is not None:
        out.add("LIN", "", "N4", line.drug.ndc)
        out.add("CTP", "", "", "", write_quantity(line.drug.quantity), (line.drug.unit,))
    _provider(out, "82", line.rendering)
    _provider(out, "DK", line.ordering)

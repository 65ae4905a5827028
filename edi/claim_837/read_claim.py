"""Loop 2300 and the service lines below it."""

import re
from dataclasses import dataclass, field
from datetime import date

from edi.claim_837.model import (
    BillingProvider,
    Claim,
    ClaimDates,
    Drug,
    Patient,
    Payer,
    Provider,
    ServiceLine,
    Subscriber,
)
from edi.claim_837.reading import Reading
from edi.money import Cents
from edi.segment import Segment

_DATE_FIELDS = {
    "431": "onset",
    "454": "initial_treatment",
    "304": "last_seen",
    "439": "accident",
    "484": "last_menstrual_period",
    "435": "admission",
    "096": "discharge",
}
_POINTER = re.compile("[0-9]{1,9}")
_REFERENCES = ("9F", "G1", "F8", "X4", "EA")
_PROVIDERS = ("DN", "82", "77", "DQ")
_LINE_REFERENCES = ("G1", "6R")
_LINE_PROVIDERS = ("82", "DK")
_CLAIM_END = ("CLM", "HL", "")
_LINE_END = ("LX", *_CLAIM_END)
_FACTS_END = ("NM1", *_LINE_END)


@dataclass(slots=True)
class _Facts:
    """What stands between CLM and the first provider or line."""

    dates: dict[str, date] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    diagnoses: list[str] = field(default_factory=list)
    note: str = ""
    paid: Cents | None = None


def read_claim(
    reading: Reading,
    clm: Segment,
    provider: BillingProvider,
    subscriber: Subscriber,
    payer: Payer,
    patient: Patient | None,
) -> Claim:
    """Return the claim whose CLM was just taken, up to the next claim or level."""
    place = (*reading.cursor.components(clm.get(5)), "", "")
    causes = (*reading.cursor.components(clm.get(11)), "", "", "", "")
    facts = _facts(reading)
    providers = _providers(reading, _PROVIDERS, ("LX", *_CLAIM_END))
    lines: list[ServiceLine] = []
    while reading.cursor.take_if("LX"):
        lines.append(_line(reading))
    return Claim(
        billing_provider=provider,
        subscriber=subscriber,
        payer=payer,
        patient=patient,
        patient_control_number=clm.get(1),
        charge_cents=reading.amount(clm, 2),
        place_of_service=place[0],
        frequency=place[2],
        provider_signature=clm.get(6),
        accepts_assignment=clm.get(7),
        benefits_assigned=clm.get(8),
        release_of_information=clm.get(9),
        related_causes=tuple(cause for cause in causes[:3] if cause),
        accident_state=causes[3],
        delay_reason=clm.get(20),
        dates=ClaimDates(**facts.dates),
        patient_paid_cents=facts.paid,
        note=facts.note,
        diagnoses=tuple(facts.diagnoses),
        lines=tuple(lines),
        referral_number=facts.references.get("9F", ""),
        prior_authorization=facts.references.get("G1", ""),
        original_reference=facts.references.get("F8", ""),
        clia_number=facts.references.get("X4", ""),
        medical_record_number=facts.references.get("EA", ""),
        referring=providers.get("DN"),
        rendering=providers.get("82"),
        facility=providers.get("77"),
        supervising=providers.get("DQ"),
    )


def _facts(reading: Reading) -> _Facts:
    """Take the segments between CLM and the first provider or line."""
    facts = _Facts()
    while (segment := reading.cursor.peek()).id not in _FACTS_END:
        qualifier = segment.get(1)
        match segment.id:
            case "DTP" if qualifier in _DATE_FIELDS:
                facts.dates[_DATE_FIELDS[qualifier]] = reading.day(segment, 3, segment.get(3)[:8])
            case "REF" if qualifier in _REFERENCES:
                facts.references[qualifier] = segment.get(2)
            case "AMT" if qualifier == "F5":
                facts.paid = reading.amount(segment, 2)
            case "NTE" if qualifier == "ADD" and not facts.note:
                facts.note = segment.get(2)
            case "HI" if qualifier.startswith("ABK"):
                codes = [reading.cursor.components(element) for element in segment.elements[1:]]
                facts.diagnoses.extend(code[1] for code in codes if len(code) > 1)
            case _:
                reading.other.append(segment)
        reading.cursor.take()
    return facts


def _providers(
    reading: Reading, entities: tuple[str, ...], end: tuple[str, ...]
) -> dict[str, Provider]:
    """Take NM1 loops up to one of `end`; a provider we do not know goes to `other`.

    So does whatever stands under another payer (SBR): that payer's numbers of the same providers.
    """
    found: dict[str, Provider] = {}
    while (segment := reading.cursor.peek()).id not in end:
        entity = segment.get(1)
        if segment.id == "SBR":
            entities = ()
        if segment.id != "NM1" or entity not in entities:
            reading.other.append(reading.cursor.take())
            continue
        reading.cursor.take()
        prv = reading.cursor.take_if("PRV")
        found[entity] = Provider(
            npi=segment.get(9),
            last_name=segment.get(3),
            first_name=segment.get(4),
            is_person=segment.get(2) == "1",
            taxonomy=prv.get(3) if prv else "",
            address=reading.address(),
        )
    return found


def _line(reading: Reading) -> ServiceLine:
    sv1 = reading.need("SV1")
    procedure = (*reading.cursor.components(sv1.get(1)), "", "", "", "", "", "")
    references: dict[str, str] = {}
    note = ""
    days: tuple[date, date] | None = None
    drug: Drug | None = None
    while (segment := reading.cursor.peek()).id not in _FACTS_END:
        qualifier = segment.get(1)
        reading.cursor.take()
        match segment.id:
            case "DTP" if qualifier == "472":
                days = _service_days(reading, segment)
            case "REF" if qualifier in _LINE_REFERENCES:
                references[qualifier] = segment.get(2)
            case "NTE" if qualifier == "ADD":
                note = segment.get(2)
            case "LIN" if segment.get(2) == "N4" and drug is None:
                ctp = reading.need("CTP")
                unit = reading.cursor.components(ctp.get(5))[0]
                drug = Drug(ndc=segment.get(3), quantity=reading.quantity(ctp, 4), unit=unit)
            case _:
                reading.other.append(segment)
    if days is None:
        raise reading.refuse("837-SERVICE-DATE", "A service line has no DTP*472.", sv1)
    pointers = reading.cursor.components(sv1.get(7))
    if not all(map(_POINTER.fullmatch, pointers)):
        raise reading.refuse("837-POINTER", "A diagnosis pointer is not a number.", sv1, 7)
    providers = _providers(reading, _LINE_PROVIDERS, _LINE_END)
    return ServiceLine(
        procedure=procedure[1],
        modifiers=tuple(modifier for modifier in procedure[2:6] if modifier),
        description=procedure[6],
        charge_cents=reading.amount(sv1, 2),
        unit=sv1.get(3),
        quantity=reading.quantity(sv1, 4),
        place_of_service=sv1.get(5),
        pointers=tuple(int(pointer) for pointer in pointers),
        is_emergency=sv1.get(9) == "Y",
        service_from=days[0],
        service_to=days[1],
        note=note,
        drug=drug,
        prior_authorization=references.get("G1", ""),
        control_number=references.get("6R", ""),
        rendering=providers.get("82"),
        ordering=providers.get("DK"),
    )


def _service_days(reading: Reading, segment: Segment) -> tuple[date, date]:
    text = segment.get(3)
    first, _, last = text.partition("-")
    start = reading.day(segment, 3, first)
    return start, reading.day(segment, 3, last) if last else start

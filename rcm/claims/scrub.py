"""What must be right before a claim is sent. A check takes one claim and yields findings.

Each finding points twice: to the loop and element of the 837, and to the field of the encounter.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from edi.claim_837 import Claim, Provider
from edi.elements import is_npi
from edi.findings import Finding, Place, error, warning

Check = Callable[[Claim, date], Iterator[Finding]]

_POST_OFFICE_BOX = re.compile(r"\b(P\.? ?O\.? ?BOX|POST OFFICE BOX|LOCK ?BOX)\b")
_EXTERNAL_CAUSE = re.compile(r"[V-Y]")


def _field(pointer: str, loop: str, segment: str, element: int = 0) -> Place:
    return Place(pointer=pointer, loop=loop, segment_id=segment, element=element)


def _of_patient(claim: Claim, pointer: str, segment: str, element: int) -> Place:
    """Return a place of the patient, who is the subscriber or stands below."""
    loop = "2010CA" if claim.patient else "2010BA"
    return _field(f"/patient/{pointer}", loop, segment, element)


def npis_are_true(claim: Claim, today: date) -> Iterator[Finding]:
    """Every NPI has ten digits and a true check digit (45 CFR 162.406)."""
    parties: list[tuple[str, str, Provider | None]] = [
        ("/rendering_provider", "2310B", claim.rendering),
        ("/referring_provider", "2310A", claim.referring),
        ("/supervising_provider", "2310D", claim.supervising),
        ("/service_facility", "2310C", claim.facility),
    ]
    parties += [
        (f"/lines/{n}/ordering_provider", "2420E", line.ordering)
        for n, line in enumerate(claim.lines)
    ]
    npis = [("/billing_provider", "2010AA", claim.billing_provider.npi)]
    npis += [(pointer, loop, party.npi) for pointer, loop, party in parties if party]
    for pointer, loop, npi in npis:
        if not is_npi(npi):
            yield error(
                "CLAIM-NPI",
                "The NPI has a wrong check digit.",
                cure="Look the provider up in the NPI registry and correct the number.",
                place=_field(f"{pointer}/npi", loop, "NM1", 9),
            )


def dates_are_in_order(claim: Claim, today: date) -> Iterator[Finding]:
    """Birth, service and today follow each other (claims.md E20)."""
    born = (claim.patient.person if claim.patient else claim.subscriber.person).birth_date
    if born and born > today:
        yield error(
            "CLAIM-BIRTH-DATE",
            "The birth date is in the future.",
            cure="Correct the birth date.",
            place=_of_patient(claim, "date_of_birth", "DMG", 2),
        )
    for n, line in enumerate(claim.lines):
        place = _field(f"/lines/{n}/date_of_service", "2400", "DTP", 3)
        cure = "Correct the date of service."
        if line.service_from > today or line.service_to > today:
            message = "The date of service is in the future."
            yield error("CLAIM-SERVICE-DATE", message, cure=cure, place=place)
        if line.service_to < line.service_from:
            message = "The service ends before it begins."
            yield error("CLAIM-SERVICE-DATE", message, cure=cure, place=place)
        if born and line.service_from < born:
            message = "The date of service is before the patient's birth."
            yield error("CLAIM-SERVICE-DATE", message, cure=cure, place=place)


def charges_are_sensible(claim: Claim, today: date) -> Iterator[Finding]:
    """CLM02 is the sum of the lines, above zero; quantities too (claims.md E19)."""
    if claim.charge_cents != sum(line.charge_cents for line in claim.lines):
        yield error(
            "CLAIM-CHARGE-SUM",
            "The charge differs from the sum of its lines.",
            cure="Correct the total or the line that is wrong.",
            place=_field("/total_charge_cents", "2300", "CLM", 2),
        )
    if claim.charge_cents <= 0:
        yield error(
            "CLAIM-ZERO-CHARGE",
            "The claim charges nothing.",
            cure="Correct the charges, or do not bill this encounter.",
            place=_field("/lines", "2300", "CLM", 2),
        )
    for n, line in enumerate(claim.lines):
        if line.quantity <= 0:
            yield error(
                "CLAIM-QUANTITY",
                "The quantity is zero.",
                cure="Enter the number of units.",
                place=_field(f"/lines/{n}/quantity", "2400", "SV1", 4),
            )


def pointers_point(claim: Claim, today: date) -> Iterator[Finding]:
    """Each line points to one to four diagnoses that are there (claims.md E09)."""
    for n, line in enumerate(claim.lines):
        if not line.pointers:
            yield error(
                "CLAIM-POINTER-MISSING",
                "The line points to no diagnosis.",
                cure="Say which diagnosis the service was for.",
                place=_field(f"/lines/{n}/diagnosis_pointers", "2400", "SV1", 7),
            )
        for k, pointer in enumerate(line.pointers):
            if not 1 <= pointer <= len(claim.diagnoses):
                yield error(
                    "CLAIM-POINTER",
                    "The line points to a diagnosis that is not there.",
                    cure="Pointers count the encounter's diagnoses from 1.",
                    place=_field(f"/lines/{n}/diagnosis_pointers/{k}", "2400", "SV1", 7),
                )


def diagnoses_are_sensible(claim: Claim, today: date) -> Iterator[Finding]:
    """No diagnosis twice; an external cause is never the principal (claims.md E08)."""
    for n, code in enumerate(claim.diagnoses):
        place = _field(f"/diagnoses/{n}/code", "2300", "HI", n + 1)
        if code in claim.diagnoses[:n]:
            message = "The diagnosis stands twice."
            yield error("CLAIM-DIAGNOSIS-TWICE", message, cure="Remove one.", place=place)
    if _EXTERNAL_CAUSE.match(claim.diagnoses[0]):
        yield error(
            "CLAIM-DIAGNOSIS-PRINCIPAL",
            "An external cause cannot be the principal diagnosis.",
            cure="Put the injury or illness first.",
            place=_field("/diagnoses/0/code", "2300", "HI", 1),
        )


def primary_is_billed(claim: Claim, today: date) -> Iterator[Finding]:
    """The first payer asked is the primary one (SBR01 P)."""
    if claim.subscriber.responsibility != "P":
        yield error(
            "CLAIM-COVERAGE-ORDER",
            "The first coverage is not the primary one.",
            cure="Send the primary coverage: secondary claims are built from its remittance.",
            place=_field("/coverages/0/order", "2000B", "SBR", 1),
        )


def subscriber_is_known(claim: Claim, today: date) -> Iterator[Finding]:
    """The payer can find the person: member id, name, birth date (claims.md E21)."""
    if not claim.subscriber.member_id:
        yield error(
            "CLAIM-MEMBER-ID",
            "The member id is missing.",
            cure="Copy it from the insurance card, or check eligibility.",
            place=_field("/coverages/0/member_id", "2010BA", "NM1", 9),
        )
    patient = claim.patient.person if claim.patient else claim.subscriber.person
    if claim.patient and not claim.subscriber.person.last_name:
        yield error(
            "CLAIM-SUBSCRIBER",
            "The patient is not the subscriber, and the subscriber is not named.",
            cure="Enter the insured: who holds the coverage.",
            place=_field("/coverages/0/subscriber", "2010BA", "NM1", 3),
        )
    if not patient.last_name:
        yield error(
            "CLAIM-LAST-NAME",
            "The patient's last name has no letter that X12 can carry.",
            cure="Write it in Latin letters, as on the insurance card.",
            place=_of_patient(claim, "last_name", "NM1", 3),
        )
    if not patient.first_name:
        yield warning(
            "CLAIM-FIRST-NAME",
            "The patient has no first name.",
            cure="Payers accept this only from people who have one name.",
            place=_of_patient(claim, "first_name", "NM1", 4),
        )


def addresses_are_deliverable(claim: Claim, today: date) -> Iterator[Finding]:
    """The billing address is a street with a nine digit ZIP code (claims.md E04)."""
    address = claim.billing_provider.address
    if _POST_OFFICE_BOX.search(address.line1):
        yield error(
            "CLAIM-BILLING-ADDRESS",
            "The billing address is a post office box.",
            cure="Put the street here and the box into the pay-to address.",
            place=_field("/billing_provider/address/line1", "2010AA", "N3", 1),
        )
    if len(address.zip_code) != 9 or address.zip_code.endswith("0000"):
        yield error(
            "CLAIM-BILLING-ZIP",
            "The billing ZIP code does not have nine true digits.",
            cure="Look up the four digits behind the ZIP code.",
            place=_field("/billing_provider/address/zip", "2010AA", "N4", 3),
        )


def accident_is_complete(claim: Claim, today: date) -> Iterator[Finding]:
    """An auto accident needs its state (X222A1 CLM11-4)."""
    if "AA" in claim.related_causes and not claim.accident_state:
        yield error(
            "CLAIM-ACCIDENT-STATE",
            "An auto accident needs the state where it happened.",
            cure="Enter the state of the accident.",
            place=_field("/accident/state", "2300", "CLM", 11),
        )


CHECKS: tuple[Check, ...] = (
    npis_are_true,
    dates_are_in_order,
    charges_are_sensible,
    pointers_point,
    diagnoses_are_sensible,
    primary_is_billed,
    subscriber_is_known,
    addresses_are_deliverable,
    accident_is_complete,
)


def scrub(claim: Claim, *, today: date, checks: Sequence[Check] = CHECKS) -> tuple[Finding, ...]:
    """Run every check; report all findings at once, in check order."""
    return tuple(finding for check in checks for finding in check(claim, today))

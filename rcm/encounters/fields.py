"""The fields of an encounter as people know them: label, box of the paper form, and what is PHI.

Labels are our own and short. Boxes are those of the CMS-1500 (02/12). Pure.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of the paper form."""

    section: str
    pointer: str  #: JSON pointer; `*` stands for the number of an item.
    label: str
    box: str = ""
    kind: str = "text"
    is_phi: bool = False


SECTIONS: Mapping[str, str] = {
    "patient": "Patient",
    "insured": "Insured",
    "other": "Other insurance",
    "condition": "Condition and dates",
    "diagnosis": "Diagnoses",
    "line": "Line",
    "money": "Charges and payment",
    "rendering": "Rendering provider",
    "referring": "Referring and supervising",
    "facility": "Place of service",
    "billing": "Billing provider",
}

#: Section, pointer, label, box, kind; a `!` before the label: PHI.
_TABLE = """
patient | /patient/last_name | !Last name | 2 |
patient | /patient/first_name | !First name | 2 |
patient | /patient/middle_name | !Middle name | 2 |
patient | /patient/suffix | !Suffix | 2 |
patient | /patient/date_of_birth | !Birth date | 3 | day
patient | /patient/gender | !Sex | 3 | gender
patient | /patient/address/line1 | !Street | 5 |
patient | /patient/address/line2 | !Street, second line | 5 |
patient | /patient/address/city | !City | 5 |
patient | /patient/address/state | !State | 5 |
patient | /patient/address/zip | !ZIP code | 5 |
patient | /patient/external_id | !Record number | 26 |
insured | /coverages/0/payer/id | Payer | 11c |
insured | /coverages/0/payer/name | Payer's name on the card | |
insured | /coverages/0/member_id | !Member ID | 1a |
insured | /coverages/0/order | Order of payment | | number
insured | /coverages/0/relationship | Patient is the insured's | 6 | relationship
insured | /coverages/0/subscriber/last_name | !Insured's last name | 4 |
insured | /coverages/0/subscriber/first_name | !Insured's first name | 4 |
insured | /coverages/0/subscriber/date_of_birth | !Insured's birth date | 11a | day
insured | /coverages/0/subscriber/gender | !Insured's sex | 11a | gender
insured | /coverages/0/subscriber/address/line1 | !Insured's street | 7 |
insured | /coverages/0/subscriber/address/line2 | !Insured's street, second line | 7 |
insured | /coverages/0/subscriber/address/city | !Insured's city | 7 |
insured | /coverages/0/subscriber/address/state | !Insured's state | 7 |
insured | /coverages/0/subscriber/address/zip | !Insured's ZIP code | 7 |
insured | /coverages/0/group_number | !Group number | 11 |
insured | /coverages/0/plan_name | Plan | 11c |
other | /coverages/*/payer/id | Payer | 9d |
other | /coverages/*/payer/name | Payer's name on the card | |
other | /coverages/*/member_id | !Member ID | 9a |
other | /coverages/*/order | Order of payment | | number
other | /coverages/*/relationship | Patient is the insured's | | relationship
other | /coverages/*/subscriber/last_name | !Insured's last name | 9 |
other | /coverages/*/subscriber/first_name | !Insured's first name | 9 |
other | /coverages/*/subscriber/date_of_birth | !Insured's birth date | | day
other | /coverages/*/subscriber/gender | !Insured's sex | | gender
other | /coverages/*/subscriber/address/line1 | !Insured's street | |
other | /coverages/*/subscriber/address/line2 | !Insured's street, second line | |
other | /coverages/*/subscriber/address/city | !Insured's city | |
other | /coverages/*/subscriber/address/state | !Insured's state | |
other | /coverages/*/subscriber/address/zip | !Insured's ZIP code | |
other | /coverages/*/group_number | !Group number | 9a |
other | /coverages/*/plan_name | Plan | 9d |
condition | /accident/related_causes | Related to | 10 | list
condition | /accident/date | Accident on | 14 | day
condition | /accident/state | State of the accident | 10b |
condition | /dates/onset | Onset | 14 | day
condition | /dates/last_menstrual_period | Last menstrual period | 14 | day
condition | /dates/initial_treatment | First treatment | 15 | day
condition | /dates/last_seen | Last seen | 15 | day
condition | /dates/admission | Admitted | 18 | day
condition | /dates/discharge | Discharged | 18 | day
condition | /prior_authorization | Prior authorization | 23 |
condition | /referral_number | Referral number | 23 |
condition | /clia_number | CLIA number | 23 |
condition | /claim_note | !Note to the payer | 19 |
condition | /patient_authorized_release | Patient allows release of records | 12 | flag
condition | /benefits_assigned_to_provider | Payment goes to the practice | 13 | flag
condition | /provider_accepts_assignment | Accepts assignment | 27 | flag
diagnosis | /diagnoses/*/code | Diagnosis | 21 | code
line | /lines/*/date_of_service | From | 24A | day
line | /lines/*/end_date | To | 24A | day
line | /lines/*/place_of_service | Place | 24B | code
line | /lines/*/emergency | Emergency | 24C | flag
line | /lines/*/procedure_code | Procedure | 24D | code
line | /lines/*/modifiers | Modifiers | 24D | list
line | /lines/*/description | Description | 24 |
line | /lines/*/diagnosis_pointers | Diagnoses it is for | 24E | list
line | /lines/*/charge_cents | Charge | 24F | cents
line | /lines/*/quantity | Units | 24G | number
line | /lines/*/unit | Counted in | 24G | code
line | /lines/*/ndc/code | Drug code (NDC) | 24 | code
line | /lines/*/ndc/quantity | Drug quantity | 24 | number
line | /lines/*/ndc/unit | Drug counted in | 24 | code
line | /lines/*/prior_authorization | Prior authorization of the line | 24 |
line | /lines/*/note | !Note of the line | 24 |
line | /lines/*/ordering_provider/npi | Ordering provider's NPI | 17b |
line | /lines/*/ordering_provider/last_name | Ordering provider's last name | 17 |
line | /lines/*/ordering_provider/first_name | Ordering provider's first name | 17 |
line | /lines/*/ordering_provider/taxonomy | Ordering provider's taxonomy | |
line | /lines/*/external_id | Line in the EHR | |
money | /total_charge_cents | Total charge | 28 | cents
money | /amount_paid_cents | Patient paid | 29 | cents
rendering | /rendering_provider/npi | NPI | 24J |
rendering | /rendering_provider/last_name | Last name | 31 |
rendering | /rendering_provider/first_name | First name | 31 |
rendering | /rendering_provider/taxonomy | Taxonomy | 24J |
referring | /referring_provider/npi | Referring NPI | 17b |
referring | /referring_provider/last_name | Referring last name | 17 |
referring | /referring_provider/first_name | Referring first name | 17 |
referring | /referring_provider/taxonomy | Referring taxonomy | |
referring | /supervising_provider/npi | Supervising NPI | 17b |
referring | /supervising_provider/last_name | Supervising last name | 17 |
referring | /supervising_provider/first_name | Supervising first name | 17 |
referring | /supervising_provider/taxonomy | Supervising taxonomy | |
facility | /place_of_service | Place | 24B | code
facility | /service_facility/name | Facility | 32 |
facility | /service_facility/npi | Facility's NPI | 32a |
facility | /service_facility/address/line1 | Street | 32 |
facility | /service_facility/address/line2 | Street, second line | 32 |
facility | /service_facility/address/city | City | 32 |
facility | /service_facility/address/state | State | 32 |
facility | /service_facility/address/zip | ZIP code | 32 |
billing | /billing_provider/npi | NPI | 33a |
billing | /billing_provider/organization_name | Name | 33 |
billing | /billing_provider/tax_id | Tax number | 25 |
billing | /billing_provider/taxonomy | Taxonomy | 33b |
billing | /billing_provider/address/line1 | Street | 33 |
billing | /billing_provider/address/line2 | Street, second line | 33 |
billing | /billing_provider/address/city | City | 33 |
billing | /billing_provider/address/state | State | 33 |
billing | /billing_provider/address/zip | ZIP code | 33 |
"""


def _read(table: str) -> Iterator[Field]:
    for row in table.strip().splitlines():
        section, pointer, label, box, kind = (cell.strip() for cell in row.split("|"))
        yield Field(
            section=section,
            pointer=pointer,
            label=label.removeprefix("!"),
            box=box,
            kind=kind or "text",
            is_phi=label.startswith("!"),
        )


FIELDS: tuple[Field, ...] = tuple(_read(_TABLE))
#: Of the encounter itself, not of the form: where it came from.
_BESIDE = {"/source": "Source", "/external_id": "Visit", "/claim_type": "Type of claim",
           "/source_updated_at": "Changed in the EHR at"}  # fmt: skip
_NUMBER = re.compile(r"(?<=/)[0-9]+(?=/|$)")


@cache
def _by_pointer() -> Mapping[str, Field]:
    return {each.pointer: each for each in FIELDS}


def field_of(pointer: str) -> Field | None:
    """Return the field at a pointer, or the list that its item is of; None where it is none.

    >>> field_of("/lines/2/modifiers/0").label
    'Modifiers'
    """
    return exact_field(pointer) or exact_field(pointer.rpartition("/")[0])


def exact_field(pointer: str) -> Field | None:
    """Return the field at a pointer, and at nothing else.

    >>> exact_field("/lines/2/modifiers/0")
    """
    known = _by_pointer()
    return known.get(pointer) or known.get(_NUMBER.sub("*", pointer))


def is_phi(pointer: str) -> bool:
    """Tell whether a field names the patient or may; what is not known may.

    >>> is_phi("/patient/last_name"), is_phi("/lines/0/charge_cents"), is_phi("/anything")
    (True, False, True)
    """
    if pointer in _BESIDE:
        return False
    field = field_of(pointer)
    return field is None or field.is_phi


def label_of(pointer: str) -> str:
    """Return the label of a field, with the number of its line, diagnosis or coverage.

    >>> label_of("/lines/2/ndc/code"), label_of("/coverages/0/member_id")
    ('Drug code (NDC) of line 3', 'Member ID')
    """
    if pointer in _BESIDE:
        return _BESIDE[pointer]
    field = field_of(pointer)
    if field is None:
        return "A field"
    number = re.search(r"^/(lines|diagnoses|coverages)/([0-9]+)/", pointer)
    if number is None or "*" not in field.pointer:
        return field.label
    count = int(number[2]) + 1
    if number[1] == "lines":
        return f"{field.label} of line {count}"
    return f"{field.label} {count}" if number[1] == "diagnoses" else f"{field.label} ({count})"

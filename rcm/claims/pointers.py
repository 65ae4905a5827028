"""From a place in an 837P to the field of the encounter it came from, and its name in plain words.

Answers of clearinghouses and payers name segments and elements; people correct encounters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from edi.segment import Segment


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of the encounter."""

    pointer: str  #: JSON pointer; `{line}` and `{n}` are filled in.
    name: str  #: For people: "the member id".


_PERSON = {
    ("NM1", 3): ("last_name", "last name"),
    ("NM1", 4): ("first_name", "first name"),
    ("NM1", 5): ("middle_name", "middle name"),
    ("N3", 1): ("address/line1", "street"),
    ("N3", 2): ("address/line2", "second address line"),
    ("N4", 1): ("address/city", "city"),
    ("N4", 2): ("address/state", "state"),
    ("N4", 3): ("address/zip", "ZIP code"),
    ("DMG", 2): ("date_of_birth", "birth date"),
    ("DMG", 3): ("gender", "gender"),
}
_PROVIDERS = {
    "2010AA": ("billing_provider", "billing provider"),
    "2310A": ("referring_provider", "referring provider"),
    "2310B": ("rendering_provider", "rendering provider"),
    "2310C": ("service_facility", "service facility"),
    "2310D": ("supervising_provider", "supervising provider"),
    "2420E": ("lines/{line}/ordering_provider", "ordering provider"),
}
_CLAIM = {
    ("CLM", 2): ("total_charge_cents", "the charge"),
    ("CLM", 5): ("place_of_service", "the place of service"),
    ("CLM", 11): ("accident", "the accident"),
    ("SBR", 3): ("coverages/0/group_number", "the group number"),
    ("HI", 0): ("diagnoses/{n}/code", "a diagnosis"),
    ("DTP", 0): ("dates", "a date of the claim"),
    ("AMT", 0): ("amount_paid_cents", "what the patient paid"),
    ("NTE", 0): ("claim_note", "the note"),
    ("SV1", 1): ("lines/{line}/procedure_code", "the procedure"),
    ("SV1", 2): ("lines/{line}/charge_cents", "the charge of a line"),
    ("SV1", 3): ("lines/{line}/unit", "the unit of a line"),
    ("SV1", 4): ("lines/{line}/quantity", "the quantity of a line"),
    ("SV1", 5): ("lines/{line}/place_of_service", "the place of service of a line"),
    ("SV1", 7): ("lines/{line}/diagnosis_pointers", "the diagnosis pointers of a line"),
    ("LIN", 3): ("lines/{line}/ndc/code", "the drug code of a line"),
    ("CTP", 0): ("lines/{line}/ndc/quantity", "the drug quantity of a line"),
}
#: Where they stand below a line.
_LINE = {
    ("REF", "G1"): ("lines/{line}/prior_authorization", "the prior authorization of a line"),
    ("NTE", "ADD"): ("lines/{line}/note", "the note of a line"),
    ("DTP", "472"): ("lines/{line}/date_of_service", "the date of service of a line"),
}
_REFERENCES = {
    "G1": ("prior_authorization", "the prior authorization"),
    "9F": ("referral_number", "the referral number"),
    "X4": ("clia_number", "the CLIA number"),
    "EA": ("patient/external_id", "the record number"),
}


def field_at(segments: Sequence[Segment], index: int, element: int) -> Field | None:
    """Return the field of the encounter that stands in an element of an 837P's segment.

    `segments` are those of the transaction set, `index` counts from 0, `element` is 0 for the
    segment as a whole. None where the encounter has no part in it.
    """
    segment = segments[index]
    loop, line, has_dependent = _loop(segments, index)
    if loop in ("2010BA", "2010CA"):
        found = _of_person(segment, element, is_holder=loop == "2010BA" and has_dependent)
    elif loop in _PROVIDERS:
        part, name = _PROVIDERS[loop]
        field = "npi" if (segment.id, element) == ("NM1", 9) else ""
        found = (f"{part}/{field}".rstrip("/"), f"the {name}'s NPI" if field else f"the {name}")
    elif loop == "2400" and (segment.id, segment.get(1)) in _LINE:
        found = _LINE[segment.id, segment.get(1)]
    elif segment.id == "REF":
        found = _REFERENCES.get(segment.get(1))
    else:
        found = _CLAIM.get((segment.id, element)) or _CLAIM.get((segment.id, 0))
    if found is None:
        return None
    pointer = found[0].format(line=line, n=max(element - 1, 0))
    return Field(pointer=f"/{pointer}", name=found[1])


def _of_person(segment: Segment, element: int, *, is_holder: bool) -> tuple[str, str] | None:
    if (segment.id, element) == ("NM1", 9):
        return "coverages/0/member_id", "the member id"
    whose = "coverages/0/subscriber" if is_holder else "patient"
    found = _PERSON.get((segment.id, element))
    if found is None:
        return None
    return f"{whose}/{found[0]}", f"the {whose.rpartition('/')[2]}'s {found[1]}"


#: The loop that an NM1 opens, by NM101; below a line, DK opens another than below a claim.
_LOOPS: Mapping[str, str] = {
    "85": "2010AA", "87": "2010AB", "IL": "2010BA", "PR": "2010BB", "QC": "2010CA",
    "DN": "2310A", "P3": "2310A", "82": "2310B", "77": "2310C", "DQ": "2310D", "DK": "2420E",
}  # fmt: skip


def _loop(segments: Sequence[Segment], index: int) -> tuple[str, int, bool]:
    """Return the loop of a segment, its line of the claim, and whether a dependent is seen.

    Lines count from 0. The dependent stands below the subscriber of the segment (HL04).
    """
    loop, line, has_dependent = "", -1, False
    for segment in segments[: index + 1]:
        if segment.id == "CLM":
            loop, line = "2300", -1
        elif segment.id == "LX":
            loop, line = "2400", line + 1
        elif segment.id == "HL":
            loop = ""
            if segment.get(3) == "22":
                has_dependent = segment.get(4) == "1"
        elif segment.id == "NM1":
            loop = _LOOPS.get(segment.get(1), "")
    return loop, max(line, 0), has_dependent

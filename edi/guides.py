"""The implementation guides we know: GS08 and ST03 decide (277 and 277CA share an ST01)."""

from enum import StrEnum


class Guide(StrEnum):
    """A guide by the version we send (45 CFR 162 names the adopted ones)."""

    CLAIM_PROFESSIONAL = "005010X222A1"
    CLAIM_INSTITUTIONAL = "005010X223A2"
    CLAIM_DENTAL = "005010X224A2"
    REMITTANCE = "005010X221A1"
    ELIGIBILITY = "005010X279A1"
    CLAIM_STATUS = "005010X212"
    CLAIM_ACKNOWLEDGMENT = "005010X214"
    ACKNOWLEDGMENT = "005010X231A1"


class FileType(StrEnum):
    """What a transaction set is, in the words of the field."""

    CLAIM_PROFESSIONAL = "837P"
    CLAIM_INSTITUTIONAL = "837I"
    CLAIM_DENTAL = "837D"
    REMITTANCE = "835"
    ELIGIBILITY_INQUIRY = "270"
    ELIGIBILITY_RESPONSE = "271"
    STATUS_INQUIRY = "276"
    STATUS_RESPONSE = "277"
    CLAIM_ACKNOWLEDGMENT = "277CA"
    ACKNOWLEDGMENT = "999"
    INTERCHANGE_ACKNOWLEDGMENT = "TA1"
    UNKNOWN = "unknown"


#: ST01 and the guide without its addendum letters decide; addenda are read alike.
_TYPES: dict[tuple[str, str], FileType] = {
    ("837", "005010X222"): FileType.CLAIM_PROFESSIONAL,
    ("837", "005010X223"): FileType.CLAIM_INSTITUTIONAL,
    ("837", "005010X224"): FileType.CLAIM_DENTAL,
    ("835", "005010X221"): FileType.REMITTANCE,
    ("270", "005010X279"): FileType.ELIGIBILITY_INQUIRY,
    ("271", "005010X279"): FileType.ELIGIBILITY_RESPONSE,
    ("276", "005010X212"): FileType.STATUS_INQUIRY,
    ("277", "005010X212"): FileType.STATUS_RESPONSE,
    ("277", "005010X214"): FileType.CLAIM_ACKNOWLEDGMENT,
    ("999", "005010X231"): FileType.ACKNOWLEDGMENT,
}

FUNCTIONAL_IDS: dict[Guide, str] = {
    Guide.CLAIM_PROFESSIONAL: "HC",
    Guide.CLAIM_INSTITUTIONAL: "HC",
    Guide.CLAIM_DENTAL: "HC",
    Guide.REMITTANCE: "HP",
    Guide.ELIGIBILITY: "HS",
    Guide.CLAIM_STATUS: "HR",
    Guide.CLAIM_ACKNOWLEDGMENT: "HN",
    Guide.ACKNOWLEDGMENT: "FA",
}
#: GS01 of an answer, where the inquiry of the same guide has another.
_ANSWER_IDS = {"271": "HB", "277": "HN"}


def functional_id(guide: Guide, set_id: str) -> str:
    """Return GS01 for sets of this guide with this ST01.

    >>> functional_id(Guide.ELIGIBILITY, "270"), functional_id(Guide.ELIGIBILITY, "271")
    ('HS', 'HB')
    """
    return _ANSWER_IDS.get(set_id, FUNCTIONAL_IDS[guide])


def file_type(set_id: str, version: str) -> FileType:
    """Return what a set is by its ST01 and its ST03 (GS08 where ST03 is empty).

    >>> file_type("277", "005010X214"), file_type("277", "005010X212")
    (<FileType.CLAIM_ACKNOWLEDGMENT: '277CA'>, <FileType.STATUS_RESPONSE: '277'>)
    """
    return _TYPES.get((set_id, version[:10]), FileType.UNKNOWN)


def is_adopted(set_id: str, version: str) -> bool:
    """Tell whether a set is of the very version that 45 CFR 162 adopted, and that we send.

    >>> is_adopted("837", "005010X222A1"), is_adopted("837", "005010X222A2")
    (True, False)
    """
    return file_type(set_id, version) is not FileType.UNKNOWN and version in set(Guide)

"""Which elements are protected health information, and what stands in their place.

Denied by default: text is hidden unless a table here opens it, and what a table opens is still
hidden where it has not the form that belongs there. Codes, amounts and dates are shown; of people
only organizations, providers and payers.
"""

import re
from collections.abc import Mapping

from edi.annotation.guide_maps import ElementName

DOTS = "••••"
#: NM101, N101: who is no patient, no relative and no employer of one.
_OPEN_ENTITIES = frozenset(
    {
        "13", "1I", "1P", "1T", "2B", "40", "41", "71", "72", "73", "77", "80", "82", "85", "87",
        "AY", "DD", "DK", "DN", "DQ", "FA", "GP", "P3", "P4", "PE", "PR", "PRP", "QB", "SEP",
        "TT", "TTP", "X3", "XV", "Y2",
    }
)  # fmt: skip
#: REF01: numbers of organizations, programs, forms, lines and files; never of a person.
_OPEN_REFERENCES = frozenset(
    {
        "0B", "0K", "1A", "1B", "1C", "1G", "1J", "1K", "2U", "6R", "87", "9A", "9C", "BLT", "CE",
        "D3", "D9", "E9", "EI", "EV", "F4", "F5", "F8", "FJ", "FY", "G2", "G3", "HPI", "LU", "NF",
        "P4", "PQ", "RB", "TJ", "VP", "X4",
    }
)  # fmt: skip
#: REF01 that stay open although a patient was named before: they are about the claim.
_CLAIM_REFERENCES = frozenset(
    {"1K", "6R", "9A", "9C", "BLT", "CE", "D9", "F5", "F8", "FJ", "X4", "0K"}
)
_PARTY_SEGMENTS = frozenset({"NM1", "N1", "N2", "N3", "N4", "PER"})

_ANY = re.compile(r".*", re.DOTALL)
_CODE = re.compile(r"[A-Za-z]{1,3}|(?=.*[0-9])[A-Za-z0-9]{1,12}")  #: Never a word: names are.
_NUMBER = re.compile(r"(?=.*[0-9])[A-Za-z0-9.\-]{1,50}")  #: A control number: never just letters.
_REFERENCE = re.compile(r"[A-Z][A-Z0-9]{1,2}[0-9]{2}|SITUATIONAL TRIGGER")
_DATES = re.compile(r"[0-9]{4,14}(-[0-9]{4,14})?")
_BY_TYPE: Mapping[str, re.Pattern[str]] = {
    "ID": re.compile(r"[A-Za-z0-9]{1,2}|(?=.*[0-9])[A-Za-z0-9]{1,6}|[A-Z]{3}"),
    "R": re.compile(r"-?[0-9]{0,12}\.?[0-9]{0,6}"),
    "DT": re.compile(r"[0-9]{6,8}"),
    "TM": re.compile(r"[0-9]{4,8}"),
    "N0": re.compile(r"-?[0-9]{1,9}"),
    "N2": re.compile(r"-?[0-9]{1,12}"),
}

#: Text that may be shown, and the form it must have: by position, or by segment.
_OPEN: Mapping[str, re.Pattern[str]] = {
    "ISA": _ANY, "GS": _ANY, "ST": _NUMBER, "SE": _NUMBER, "GE": _NUMBER, "IEA": _NUMBER,
    "TA1": _NUMBER, "BHT03": _NUMBER, "HL": _NUMBER, "TRN": _NUMBER, "LX": _NUMBER,
    "CLM01": _NUMBER, "CLM05-1": _CODE, "CLP01": _NUMBER, "CLP07": _NUMBER, "CLP08": _CODE,
    "PRV03": _NUMBER, "HI": _NUMBER, "SV101": _CODE, "SV201": _CODE, "SV202": _CODE,
    "SV301": _CODE, "SV304": _CODE, "SV105": _CODE, "SVC01": _CODE, "SVC04": _CODE,
    "SVC06": _CODE, "SVD01": _NUMBER, "SVD03": _CODE, "SVD04": _CODE, "DTP03": _DATES,
    "REF02": _NUMBER, "PLB01": _NUMBER, "PLB03-2": _NUMBER, "PLB05-2": _NUMBER,
    "PLB07-2": _NUMBER, "PLB09-2": _NUMBER, "PLB11-2": _NUMBER, "PLB13-2": _NUMBER, "MOA": _CODE,
    "MIA": _CODE, "LQ": _CODE, "STC01": _CODE, "STC10": _CODE, "STC11": _CODE, "STC09": _NUMBER,
    "AK1": _NUMBER, "AK2": _NUMBER, "IK301": _CODE, "IK303": _CODE, "CTX01-1": _REFERENCE,
    "CTX02": _CODE, "CTX04": _CODE, "CTX05": _CODE, "CTX06": _CODE, "BPR07": _NUMBER,
    "BPR10": _NUMBER, "BPR11": _NUMBER, "BPR13": _NUMBER, "LIN03": _NUMBER, "EQ": _CODE,
    "EB13": _CODE, "EB14": _CODE, "III02": _CODE, "LS": _CODE, "LE": _CODE, "TS301": _NUMBER,
    "TS302": _CODE, "CL1": _CODE, "CLM11": _CODE, "CLM12": _CODE, "CRC": _CODE,
}  # fmt: skip
#: Hidden whatever its form: passwords, birth and death dates, military service, account numbers,
#: copies, free text.
_HIDDEN = frozenset(
    {
        "ISA02", "ISA04", "DMG02", "DMG04", "DMG05", "PAT06", "INS12", "BPR09", "BPR15", "IK404",
        "CTX01-2", "STC12", "NTE02", "MSG01", "K301", "MPI", "SV101-7", "SV202-7", "SV301-7",
        "SVC01-7", "SVC06-7", "SVD03-7", "EQ02-7", "EB13-7", "SBR03", "SBR04", "PWK06", "PWK07",
    }
)  # fmt: skip
_ID_KINDS_OF_PEOPLE = frozenset({"34", "MI", "II"})


def is_open_entity(entity: str) -> bool:
    """Tell whether NM101 or N101 names a provider, a payer or another organization."""
    return entity in _OPEN_ENTITIES


def is_private(
    position: str, value: str, name: ElementName, elements: tuple[str, ...], entity: str
) -> bool:
    """Tell whether a value is to be hidden from who may not see patients.

    `position` is the segment id with two digits, and the component: NM109, SV101-2. `elements` are
    those of the whole segment, for their qualifiers.

    >>> is_private("NM109", "W123456", ElementName("ID"), ("NM1", "IL"), "IL")
    True
    >>> is_private("NM103", "HARBOR", ElementName("Name"), ("NM1", "85"), "85")
    False
    """
    segment_id = elements[0]
    whole = position.split("-", 1)[0]
    if not value.strip():
        return False
    if not _HIDDEN.isdisjoint((position, whole, segment_id)):
        return True
    if value in name.codes:
        return False
    if segment_id in _PARTY_SEGMENTS:
        return _is_private_party(whole, value, name, elements, entity)
    if whole == "REF02":
        reference = elements[1]
        is_open = reference in _OPEN_REFERENCES and (
            is_open_entity(entity) or not entity or reference in _CLAIM_REFERENCES
        )
        return not (is_open and _NUMBER.fullmatch(value))
    form = _BY_TYPE.get(name.data_type)
    opened = _OPEN.get(position) or _OPEN.get(whole) or _OPEN.get(segment_id)
    if opened is not None:
        return not opened.fullmatch(value) and not (form and form.fullmatch(value))
    return form is None or not form.fullmatch(value)


def _is_private_party(
    position: str, value: str, name: ElementName, elements: tuple[str, ...], entity: str
) -> bool:
    """Tell whether a part of a name, an address or a telephone number is that of a person."""
    if is_open_entity(entity):
        kind = {"NM1": 8, "N1": 3}.get(elements[0], 0)
        is_number = position in {"NM109", "N104"}
        return is_number and kind < len(elements) and elements[kind] in _ID_KINDS_OF_PEOPLE
    form = _BY_TYPE.get(name.data_type)
    if position == "N403" or form is None or (name.codes and len(value) > 2):
        return True
    return not form.fullmatch(value)


def mask(position: str, value: str) -> str:
    """Return what is shown of a value that is hidden: of a name its first letters.

    >>> mask("NM103", "CANARY"), mask("NM104", "ADA"), mask("NM109", "W123456")
    ('CA••••', 'A••••', '••••')
    """
    shown = {"NM103": 2, "NM104": 1}.get(position, 0)
    if shown and value.isascii() and value.isalpha() and len(value) > shown:
        return value[:shown] + DOTS
    return DOTS

"""What codes, dates and amounts mean, in our own words: what the viewer shows beside a value."""

from collections.abc import Mapping
from datetime import date

from edi.codes import CodeList, words_of
from edi.elements import read_date
from edi.money import AmountError, read_amount

_YES_NO = {"Y": "Yes", "N": "No", "W": "Not applicable", "U": "Unknown", "I": "Informed consent"}
_ENTITIES = {
    "IL": "The insured person", "QC": "The patient", "03": "The dependent",
    "74": "Corrected insured",
    "85": "The billing provider", "87": "The pay-to address", "PE": "The payee", "PR": "The payer",
    "41": "The submitter", "40": "The receiver", "82": "The rendering provider",
    "77": "The service facility", "DN": "The referring provider", "P3": "The primary care provider",
    "DQ": "The supervising provider", "DK": "The ordering provider", "71": "The attending provider",
    "72": "The operating physician", "1P": "The provider", "2B": "A third-party administrator",
    "36": "The employer", "TT": "The next payer", "GP": "The gateway", "AY": "A clearinghouse",
    "FA": "A facility", "80": "A hospital", "GB": "Another insured person",
    "P5": "The plan sponsor",
}  # fmt: skip
_ID_KINDS = {
    "XX": "The number is an NPI", "MI": "The number is a member ID",
    "PI": "The number is a payer ID",
    "24": "The number is a tax ID", "34": "The number is a social security number",
    "FI": "The number is a tax ID", "46": "The number is an electronic sender ID",
    "XV": "The number is a plan ID", "II": "The number is a health identifier",
    "EI": "The number is a tax ID", "SV": "The number is a provider number",
}  # fmt: skip
_ISA_IDS = {
    "ZZ": "Agreed between the partners", "30": "A federal tax number", "01": "A D-U-N-S number",
    "27": "A carrier number", "28": "A fiscal intermediary number", "33": "A NAIC number",
}  # fmt: skip
_VERDICTS = {
    "A": "Accepted", "E": "Accepted, errors noted", "P": "Accepted in part", "R": "Rejected",
    "M": "Rejected, authentication failed", "W": "Rejected, integrity failed",
    "X": "Rejected, could not be decrypted",
}  # fmt: skip
_CODES: Mapping[str, Mapping[str, str]] = {
    "ISA05": _ISA_IDS, "ISA07": _ISA_IDS,
    "ISA14": {"0": "No TA1 asked for", "1": "Please answer with a TA1"},
    "ISA15": {"T": "Test", "P": "Production"},
    "TA104": {"A": "Accepted", "E": "Accepted, errors noted", "R": "Rejected"},
    "GS01": {
        "HC": "Claims", "HP": "Remittance", "HS": "Eligibility inquiry", "HB": "Eligibility answer",
        "HN": "Claim status", "HR": "Claim status inquiry", "FA": "Acknowledgment",
    },
    "BHT02": {"00": "Original", "18": "Sent again", "11": "Response", "13": "Request"},
    "BHT06": {"CH": "To be paid", "RP": "For the record", "TH": "Answer", "31": "Subrogation"},
    "HL03": {
        "20": "Source", "21": "Receiver", "19": "Provider", "22": "Subscriber", "23": "Dependent",
        "PT": "Patient",
    },
    "HL04": {"0": "Nothing below", "1": "More below"},
    "NM101": _ENTITIES, "N101": _ENTITIES,
    "NM102": {"1": "A person, not an organization", "2": "An organization"},
    "NM108": _ID_KINDS, "N103": _ID_KINDS,
    "SBR01": {"P": "First payer", "S": "Second payer", "T": "Third payer", "U": "Unknown order"},
    "SBR02": {"18": "The patient is the subscriber"},
    "SBR09": {
        "CI": "Commercial", "MB": "Medicare Part B", "MA": "Medicare Part A", "MC": "Medicaid",
        "BL": "Blue Cross Blue Shield", "HM": "HMO", "CH": "TRICARE", "WC": "Workers' compensation",
    },
    "PAT01": {"01": "Spouse", "19": "Child", "20": "Employee", "G8": "Other", "53": "Life partner"},
    "DMG03": {"F": "Female", "M": "Male", "U": "Unknown"},
    "CLM05-3": {
        "1": "Original", "7": "Replaces an earlier claim", "8": "Voids an earlier claim",
    },
    "CLM06": _YES_NO, "CLM08": _YES_NO, "CLM09": _YES_NO,
    "CLM07": {"A": "Takes the payer's amount", "B": "For lab services", "C": "Does not take it"},
    "SV103": {"UN": "Units", "MJ": "Minutes"},
    "CLP02": {
        "1": "Paid as first payer", "2": "Paid as second payer", "3": "Paid as third payer",
        "4": "Denied", "19": "Paid as first payer, forwarded", "20": "Paid as second, forwarded",
        "21": "Paid as third, forwarded", "22": "Takes an earlier payment back",
        "23": "Not our claim, forwarded", "25": "Predetermination only",
    },
    "BPR01": {
        "C": "Payment with remittance", "D": "Payment only", "H": "No payment",
        "I": "Remittance only", "P": "Test of a bank account", "U": "Split", "X": "Other",
    },
    "BPR03": {"C": "Credit to the payee", "D": "Debit from the payee"},
    "BPR04": {
        "ACH": "Electronic payment", "CHK": "Check", "NON": "No payment", "FWT": "Wire",
        "BOP": "The bank chose",
    },
    "TRN01": {"1": "This one's number", "2": "Number of what is answered"},
    "STC03": {"WQ": "Accepted", "U": "Rejected", "15": "Correct and send again"},
    "EB01": {
        "1": "Active coverage", "6": "Inactive", "A": "Coinsurance", "B": "Copay",
        "C": "Deductible", "G": "Out-of-pocket limit", "F": "Limit", "I": "Not covered",
        "R": "Other payer", "V": "Cannot be answered", "8": "Inactive, being looked into",
        "D": "Description", "P": "Benefit disclaimer", "U": "Ask this entity",
    },
    "EB02": {"IND": "The person", "FAM": "The family", "CHD": "Children", "EMP": "Employee"},
    "EB12": {"Y": "In network", "N": "Out of network", "W": "Either", "U": "Unknown"},
    "AAA01": _YES_NO,
    "IK304": {
        "1": "Segment not known", "2": "Segment not expected here", "3": "Segment missing",
        "4": "Loop repeats too often", "5": "Segment repeats too often",
        "6": "Segment not in the set", "7": "Segments out of order", "8": "Elements are in error",
        "I4": "The guide does not use it", "I6": "The guide needs this segment",
        "I7": "The guide needs this loop", "I8": "Repeats less than the guide needs",
        "I9": "The guide does not use it beside what else is there",
    },
    "IK403": {
        "1": "Missing", "2": "Missing, since another is there", "3": "Too many elements",
        "4": "Too short", "5": "Too long", "6": "Character not allowed", "7": "Code not known",
        "8": "Not a date", "9": "Not a time", "10": "Excludes another",
        "12": "Too many repetitions",
        "13": "Too many components", "I6": "The guide does not use this code",
        "I9": "The guide needs it beside what else is there",
        "I10": "The guide does not use it", "I11": "Repeats less than the guide needs",
        "I12": "Pattern is wrong", "I13": "The guide does not use it beside what else is there",
    },
    "IK501": _VERDICTS, "AK901": _VERDICTS,
    "PER03": {"TE": "Telephone", "EM": "Email", "FX": "Fax", "UR": "Web address"},
}  # fmt: skip
#: Whose list the code of a position is on.
_LISTS: Mapping[str, CodeList] = {
    "CAS01": CodeList.ADJUSTMENT_GROUP,
    **{f"CAS{n:02}": CodeList.ADJUSTMENT_REASON for n in range(2, 18, 3)},
    "LQ02": CodeList.REMARK,
    **{f"MOA{n:02}": CodeList.REMARK for n in range(3, 8)},
    **{f"MIA{n:02}": CodeList.REMARK for n in (5, 20, 21, 22, 23)},
    **{f"PLB{n:02}-1": CodeList.PROVIDER_ADJUSTMENT for n in range(3, 14, 2)},
    **{f"STC{n:02}-1": CodeList.STATUS_CATEGORY for n in (1, 10, 11)},
    **{f"STC{n:02}-2": CodeList.STATUS for n in (1, 10, 11)},
    "EB03": CodeList.SERVICE_TYPE,
    "EQ01": CodeList.SERVICE_TYPE,
    "SV105": CodeList.PLACE_OF_SERVICE,
}
_CURRENCY = frozenset(
    {
        "CLM02", "SV102", "SV203", "SV302", "AMT02", "BPR02", "CLP03", "CLP04", "CLP05", "SVC02",
        "SVC03", "SVD02", "STC04", "STC05", "CAS03", "CAS06", "CAS09", "CAS12", "CAS15", "CAS18",
        "PLB04", "PLB06", "PLB08", "PLB10", "PLB12", "PLB14", "EB07",
    }
)  # fmt: skip


def decode(position: str, value: str, data_type: str, *, date_format: str = "") -> str:
    """Return what a value means; "" where it speaks for itself, or we do not know.

    >>> decode("CLP02", "22", "ID"), decode("CLM02", "660", "R"), decode("GS04", "20260922", "DT")
    ('Takes an earlier payment back', '660.00', '2026-09-22')
    """
    known = _CODES.get(position, {}).get(value)
    if known:
        return known
    if code_list := _LISTS.get(position):
        words = words_of(code_list, value)
        return words[:1].upper() + words[1:]
    if position in _CURRENCY:
        try:
            return amount_words(read_amount(value))
        except AmountError:
            return ""
    if date_format == "RD8" and len(value) == 17:
        first, last = _day(value[:8]), _day(value[9:])
        return f"{first} to {last}" if first and last else ""
    if data_type == "DT" or date_format == "D8":
        return _day(value)
    if data_type == "TM" and len(value) >= 4 and value.isdigit():
        return f"{value[:2]}:{value[2:4]}"
    return ""


def amount_words(cents: int) -> str:
    """Return an amount as people read it.

    >>> amount_words(-123456), amount_words(5)
    ('-1,234.56', '0.05')
    """
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def _day(text: str) -> str:
    if len(text) == 6:
        text = f"20{text}"
    found: date | None = read_date(text)
    return found.isoformat() if found else ""

"""Codes of benefits in our own words: what people read beside the code. Pure tables.

A code without a name here is shown as it is.
"""

from collections.abc import Mapping

from rcm.eligibility.model import BenefitKind

_K = BenefitKind
#: EB01.
KINDS: Mapping[str, BenefitKind] = {
    **dict.fromkeys("12345", _K.ACTIVE), **dict.fromkeys("678", _K.INACTIVE),
    "A": _K.COINSURANCE, "B": _K.COPAY, "C": _K.DEDUCTIBLE, "CB": _K.COVERAGE_BASIS,
    "D": _K.DESCRIPTION, "E": _K.EXCLUSION, "F": _K.LIMITATION, "G": _K.OUT_OF_POCKET,
    "H": _K.UNLIMITED, "I": _K.NOT_COVERED, "J": _K.COST_CONTAINMENT, "K": _K.RESERVE,
    "L": _K.PRIMARY_CARE_PROVIDER, "M": _K.PRE_EXISTING_CONDITION,
    "MC": _K.MANAGED_CARE_COORDINATOR, "N": _K.ONLY_THIS_PROVIDER, "O": _K.NOT_NECESSARY,
    "P": _K.DISCLAIMER, "Q": _K.SECOND_OPINION, "R": _K.OTHER_PAYER, "S": _K.EARLIER_YEARS,
    "T": _K.CARD_LOST, "U": _K.CONTACT, "V": _K.CANNOT_ANSWER, "W": _K.OTHER_SOURCE,
    "X": _K.FACILITY, "Y": _K.SPEND_DOWN,
}  # fmt: skip
#: EB06.
PERIODS: Mapping[str, str] = {
    "6": "hour", "7": "day", "13": "24 hours", "21": "years", "22": "service year",
    "23": "calendar year", "24": "year to date", "25": "contract", "26": "episode",
    "27": "visit", "28": "outlier", "29": "remaining", "30": "exceeded", "31": "not exceeded",
    "32": "lifetime", "33": "lifetime, remaining", "34": "month", "35": "week", "36": "admission",
}  # fmt: skip
REMAINING = frozenset({"29", "33"})  #: Of EB06: what is left, not the whole.
SO_FAR = frozenset({"24"})  #: Of EB06: what was met.
#: EB02.
COVERAGE_LEVELS: Mapping[str, str] = {
    "CHD": "children only", "DEP": "dependents only", "ECH": "employee and children",
    "EMP": "employee only", "ESP": "employee and spouse", "FAM": "family", "IND": "individual",
    "SPC": "spouse and children", "SPO": "spouse only",
}  # fmt: skip
#: EB12.
NETWORKS: Mapping[str, str] = {
    "Y": "in network", "N": "out of network", "W": "in and out of network", "U": "not known",
}  # fmt: skip
#: EB04.
INSURANCE_TYPES: Mapping[str, str] = {
    "12": "Medicare second: working aged, employer's plan", "13": "Medicare second: kidney disease",
    "14": "Medicare second: no-fault or auto", "15": "Medicare second: workers' compensation",
    "16": "Medicare second: federal agency", "41": "Medicare second: black lung",
    "42": "Medicare second: veterans", "43": "Medicare second: disabled, large employer's plan",
    "47": "Medicare second: liability", "AP": "auto", "C1": "commercial", "CO": "COBRA",
    "CP": "Medicare, conditionally first", "D": "disability", "DB": "disability benefits",
    "EP": "exclusive provider organization", "FF": "family or friends", "GP": "group policy",
    "HM": "HMO", "HN": "HMO, Medicare risk", "HS": "special low income Medicare",
    "IN": "indemnity", "IP": "individual policy", "LC": "long term care",
    "LD": "long term policy", "LI": "life", "LT": "litigation", "MA": "Medicare part A",
    "MB": "Medicare part B", "MC": "Medicaid", "MH": "Medigap part A", "MI": "Medigap part B",
    "MP": "Medicare first", "OT": "other", "PE": "property, personal", "PL": "personal",
    "PP": "personal payment", "PR": "PPO", "PS": "point of service",
    "QM": "qualified Medicare beneficiary", "RP": "property, real", "SP": "supplemental",
    "TF": "TEFRA", "WC": "workers' compensation", "WU": "wrap up",
}  # fmt: skip
#: EB03 and EQ01.
SERVICE_TYPES: Mapping[str, str] = {
    "1": "medical care", "2": "surgery", "3": "consultation", "4": "diagnostic x-ray",
    "5": "diagnostic laboratory", "6": "radiation therapy", "7": "anesthesia",
    "8": "surgical assistance", "9": "other medical", "10": "blood", "11": "used equipment",
    "12": "equipment, purchased", "13": "surgery center facility", "14": "renal supplies",
    "15": "alternate dialysis", "16": "kidney disease equipment", "17": "testing before admission",
    "18": "equipment, rented", "19": "pneumonia vaccine", "20": "second surgical opinion",
    "21": "third surgical opinion", "22": "social work", "23": "dental: diagnostic",
    "24": "dental: periodontics", "25": "dental: restorative", "26": "dental: endodontics",
    "27": "dental: maxillofacial prosthetics", "28": "dental: adjunctive services",
    "30": "whole plan", "32": "plan waiting period", "33": "chiropractic",
    "34": "chiropractic office visits", "35": "dental care", "36": "dental: crowns",
    "37": "dental: accident", "38": "orthodontics", "39": "prosthodontics", "40": "oral surgery",
    "41": "dental: preventive", "42": "home health care", "43": "home health prescriptions",
    "44": "home health visits", "45": "hospice", "46": "respite care", "47": "hospital",
    "48": "hospital, inpatient", "49": "hospital room and board", "50": "hospital, outpatient",
    "51": "hospital, emergency accident", "52": "hospital, emergency medical",
    "53": "hospital, ambulatory surgery", "54": "long term care", "55": "major medical",
    "56": "transportation, medical", "57": "air transportation", "58": "cabulance",
    "59": "licensed ambulance", "60": "general benefits", "61": "in-vitro fertilization",
    "62": "MRI or CT", "63": "donor procedures", "64": "acupuncture", "65": "newborn care",
    "66": "pathology", "67": "smoking cessation", "68": "well baby care", "69": "maternity",
    "70": "transplants", "71": "audiology", "72": "inhalation therapy", "73": "diagnostic medical",
    "74": "private duty nursing", "75": "prosthetic device", "76": "dialysis", "77": "ear exam",
    "78": "chemotherapy", "79": "allergy testing", "80": "immunizations",
    "81": "routine physical", "82": "family planning", "83": "infertility", "84": "abortion",
    "85": "HIV and AIDS treatment", "86": "emergency services", "87": "cancer treatment",
    "88": "pharmacy", "89": "prescription drugs, free standing", "90": "prescriptions by mail",
    "91": "brand name drugs", "92": "generic drugs", "93": "podiatry",
    "94": "podiatry office visits", "95": "podiatry nursing home visits",
    "96": "professional (physician)", "97": "anesthesiologist", "98": "physician office visit",
    "99": "physician visit, inpatient", "A0": "physician visit, outpatient",
    "A1": "physician visit, nursing home", "A2": "physician visit, skilled nursing facility",
    "A3": "physician visit, home", "A4": "psychiatric", "A5": "psychiatric room and board",
    "A6": "psychotherapy", "A7": "psychiatric, inpatient", "A8": "psychiatric, outpatient",
    "A9": "rehabilitation", "AA": "rehabilitation room and board",
    "AB": "rehabilitation, inpatient", "AC": "rehabilitation, outpatient",
    "AD": "occupational therapy", "AE": "physical medicine", "AF": "speech therapy",
    "AG": "skilled nursing care", "AH": "skilled nursing room and board",
    "AI": "substance abuse", "AJ": "alcoholism", "AK": "drug addiction", "AL": "vision",
    "AM": "frames", "AN": "routine eye exam", "AO": "lenses", "AQ": "nonmedically necessary exam",
    "AR": "experimental drug therapy", "B1": "burn care", "B2": "brand drugs, formulary",
    "B3": "brand drugs, not formulary", "BA": "independent medical evaluation",
    "BB": "partial hospitalization, psychiatric", "BC": "day care, psychiatric",
    "BD": "cognitive therapy", "BE": "massage therapy", "BF": "pulmonary rehabilitation",
    "BG": "cardiac rehabilitation", "BH": "pediatrics", "BI": "nursery", "BJ": "skin",
    "BK": "orthopedics", "BL": "heart", "BM": "lymphatic system", "BN": "gastrointestinal",
    "BP": "endocrine", "BQ": "nervous system", "BR": "eye", "BS": "invasive procedures",
    "BT": "gynecology", "BU": "obstetrics", "BV": "obstetrics and gynecology",
    "BW": "drugs by mail, brand", "BX": "drugs by mail, generic", "BY": "office visit, sick",
    "BZ": "office visit, well", "C1": "coronary care", "CA": "private nursing, inpatient",
    "CB": "private nursing, home", "CC": "surgical benefits, professional",
    "CD": "surgical benefits, facility", "CE": "mental health provider, inpatient",
    "CF": "mental health provider, outpatient", "CG": "mental health facility, inpatient",
    "CH": "mental health facility, outpatient", "CI": "substance abuse facility, inpatient",
    "CJ": "substance abuse facility, outpatient", "CK": "screening x-ray",
    "CL": "screening laboratory", "CM": "mammogram, high risk", "CN": "mammogram, low risk",
    "CO": "flu vaccination", "CP": "eyewear and accessories", "CQ": "case management",
    "DG": "dermatology", "DM": "durable medical equipment", "DS": "diabetic supplies",
    "GF": "generic drugs, formulary", "GN": "generic drugs, not formulary", "GY": "allergy",
    "IC": "intensive care", "MH": "mental health", "NI": "neonatal intensive care",
    "ON": "oncology", "PT": "physical therapy", "PU": "pulmonary", "RN": "renal",
    "RT": "residential psychiatric treatment", "TC": "transitional care",
    "TN": "transitional nursery care", "UC": "urgent care",
}  # fmt: skip

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

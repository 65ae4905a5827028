"""What the codes of a 277CA say, in our own words (X12 external lists 507, 508 and 98). Pure."""

from collections.abc import Mapping, Sequence

_ENTITIES: Mapping[str, str] = {
    "IL": "the insured", "QC": "the patient", "85": "the billing provider",
    "82": "the rendering provider", "DN": "the referring provider", "DK": "the ordering provider",
    "DQ": "the supervising provider", "77": "the service facility", "87": "the pay-to provider",
    "PR": "the payer", "41": "the submitter", "40": "the receiver", "1P": "the provider",
    "AY": "the clearinghouse",
}  # fmt: skip

#: Status codes that are a sentence by themselves.
_SENTENCES: Mapping[str, str] = {
    "3": "decided, and waiting for the next payment",
    "16": "forwarded",
    "17": "forwarded",
    "19": "received",
    "20": "accepted for a decision",
    "21": "information is missing or not valid",
    "23": "returned",
    "24": "the payer takes no claims from our submitter id",
    "25": "not approved by the payer",
    "26": "not found by the payer",
    "27": "the policy has ended",
    "29": "the insured and the policy number do not belong together",
    "30": "the insured and the member ID do not belong together",
    "31": "the insured and the policy holder are not the same name",
    "32": "the payer does not know this insured under this policy",
    "33": "the payer does not know this insured under this member ID",
    "35": "the claim was not found",
    "40": "waiting for the final approval",
    "42": "waiting for related charges",
    "45": "waiting for a decision on benefits",
    "46": "in review",
    "54": "a duplicate of a claim that was decided",
    "65": "paid",
    "78": "a duplicate of a claim that waits",
    "84": "the service was not authorized",
    "88": "no coverage on the dates of service",
    "90": "no medical coverage",
    "91": "not eligible on the dates of service",
    "95": "the information that was asked for did not come",
    "96": "the payer has no agreement with the provider",
    "97": "the payer finds no coverage for the patient",
    "109": "not eligible",
    "114": "another payer has to decide it",
    "116": "it went to the wrong payer",
    "121": "more lines than the payer takes",
    "122": "something missing or not valid stops the payer",
    "123": "the payer asks for more information",
    "294": "the payer asks for records",
    "400": "the amounts of the claim do not add up",
    "402": "an amount must be above zero",
    "481": "the format of the claim is not valid",
    "496": "the submitter may not send claims for this provider",
    "684": "the clearinghouse could not read the claim",
    "718": "the filing limit has passed",
    "732": "it does not follow the payer's billing rules",
    "746": "a duplicate",
}

#: Status codes that name a thing; what is wrong with it says the category.
_THINGS: Mapping[str, str] = {
    "125": "the name of {whom}",
    "126": "the address of {whom}",
    "127": "the telephone number of {whom}",
    "128": "the tax number of {whom}",
    "132": "the Medicaid number of {whom}",
    "142": "the license number of {whom}",
    "145": "the taxonomy code of {whom}",
    "153": "the id of {whom}",
    "156": "the relationship of the patient to the insured",
    "157": "the gender of {whom}",
    "158": "the birth date of {whom}",
    "163": "the policy or group number",
    "164": "the member ID",
    "171": "the other insurance",
    "178": "the charge",
    "187": "the dates of service",
    "188": "the statement dates",
    "189": "the admission date",
    "190": "the discharge date",
    "218": "the drug code (NDC)",
    "247": "a line",
    "248": "the accident",
    "249": "the place of service",
    "252": "the authorization number",
    "254": "the principal diagnosis",
    "255": "a diagnosis",
    "286": "the other payer's decision",
    "453": "a modifier",
    "454": "a procedure code",
    "464": "the payer's claim number",
    "476": "the units",
    "477": "a diagnosis pointer",
    "478": "our claim number",
    "488": "a diagnosis of a line",
    "500": "the ZIP code of {whom}",
    "501": "the state of {whom}",
    "502": "the city of {whom}",
    "503": "the street of {whom}",
    "504": "the last name of {whom}",
    "505": "the first name of {whom}",
    "507": "a procedure code",
    "535": "the frequency of the claim",
    "562": "the NPI of {whom}",
    "630": "the CLIA number",
}
_PLURAL = frozenset({"187", "188", "476"})
_WRONG: Mapping[str, tuple[str, str]] = {
    "A3": ("was not accepted", "were not accepted"),
    "A6": ("is missing", "are missing"),
    "A7": ("is not valid", "are not valid"),
    "A8": ("does not fit the rest", "do not fit the rest"),
}
_SPECIAL: Mapping[tuple[str, str], str] = {
    ("A7", "164"): "the payer does not know this member ID",
    ("A6", "164"): "the member ID is missing",
}
_CATEGORIES: Mapping[str, str] = {
    "A0": "forwarded",
    "A1": "received",
    "A2": "accepted",
    "A3": "it cannot be processed",
    "A5": "received, split into several claims",
    "A6": "information is missing",
    "A7": "information is not valid",
    "A8": "information does not fit together",
}


def status_words(code: str) -> str:
    """Return what a status such as A7:164:IL says; its category where nothing more is known.

    >>> status_words("A7:164:IL"), status_words("A6:562:85"), status_words("A3:99999")
    ('the payer does not know this member ID', 'the NPI of the billing provider is missing', \
'it cannot be processed')
    """
    category, status, entity = (*code.split(":"), "", "")[:3]
    if special := _SPECIAL.get((category, status)):
        return special
    if sentence := _SENTENCES.get(status):
        return sentence
    thing, wrong = _THINGS.get(status), _WRONG.get(category)
    if thing and wrong:
        whom = _ENTITIES.get(entity, "a party")
        return f"{thing.format(whom=whom)} {wrong[status in _PLURAL]}"
    return _CATEGORIES.get(category, "see the code")


def statuses_words(codes: Sequence[str]) -> str:
    """Return what several statuses say: what is wrong, where any is; else the last.

    >>> statuses_words(["A1:19", "A7:562:82"])
    'the NPI of the rendering provider is not valid'
    """
    wrong = [code for code in codes if code[:2] in _WRONG]
    said = dict.fromkeys(status_words(code) for code in wrong or codes[-1:])
    return "; ".join(said)

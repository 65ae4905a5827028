"""What the codes of a 277CA say, in our own words (X12 external lists 507, 508 and 98). Pure."""

from collections.abc import Mapping, Sequence

from edi.codes import CodeList, words_of

_ENTITIES: Mapping[str, str] = {
    "IL": "the insured", "QC": "the patient", "85": "the billing provider",
    "82": "the rendering provider", "DN": "the referring provider", "DK": "the ordering provider",
    "DQ": "the supervising provider", "77": "the service facility", "87": "the pay-to provider",
    "PR": "the payer", "41": "the submitter", "40": "the receiver", "1P": "the provider",
    "AY": "the clearinghouse",
}  # fmt: skip

#: Status codes that name a thing: what is wrong with it says the category. Others are sentences.
_THINGS = frozenset(
    {
        "125", "126", "127", "128", "132", "142", "145", "153", "156", "157", "158", "163", "164",
        "171", "178", "187", "188", "189", "190", "218", "247", "248", "249", "252", "254", "255",
        "286", "453", "454", "464", "476", "477", "478", "488", "500", "501", "502", "503", "504",
        "505", "507", "535", "562", "630",
    }
)  # fmt: skip
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


def status_words(code: str) -> str:
    """Return what a status such as A7:164:IL says; its category where nothing more is known.

    >>> status_words("A7:164:IL"), status_words("A6:562:85"), status_words("A3:99999")
    ('the payer does not know this member ID', 'the NPI of the billing provider is missing', \
'it cannot be processed')
    """
    category, status, entity = (*code.split(":"), "", "")[:3]
    if special := _SPECIAL.get((category, status)):
        return special
    words = words_of(CodeList.STATUS, status)
    if words and status not in _THINGS:
        return words
    if words and (wrong := _WRONG.get(category)):
        thing = words.replace("a party", _ENTITIES.get(entity, "a party"))
        return f"{thing} {wrong[status in _PLURAL]}"
    return words_of(CodeList.STATUS_CATEGORY, category) or "see the code"


def statuses_words(codes: Sequence[str]) -> str:
    """Return what several statuses say: what is wrong, where any is; else the last.

    >>> statuses_words(["A1:19", "A7:562:82"])
    'the NPI of the rendering provider is not valid'
    """
    wrong = [code for code in codes if code[:2] in _WRONG]
    said = dict.fromkeys(status_words(code) for code in wrong or codes[-1:])
    return "; ".join(said)

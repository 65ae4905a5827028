"""AAA03 in our own words: what it comes to, what to do, and which field to look at. Pure.

Source of the codes: X12 external code list 901 as 005010X279A1 uses it. Whether to ask again is
not said here: AAA04 says it (`rcm.eligibility.retry`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from rcm.eligibility.model import Level, Outcome, Refusal

_MEMBER_ID = "/coverages/0/member_id"
_PAYER_ID = "/coverages/0/payer/id"
_NAME = "/patient/last_name"
_BORN = "/patient/date_of_birth"
_GENDER = "/patient/gender"
_HOLDER = "/coverages/0/subscriber"
_NPI = "/billing_provider/npi"
_DATE = "/lines/0/date_of_service"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """What a code means, and what cures it."""

    outcome: Outcome
    message: str
    action: str
    pointer: str = ""  #: JSON pointer into the encounter.


def _found(message: str, action: str, pointer: str) -> Reason:
    return Reason(outcome=Outcome.NOT_FOUND, message=message, action=action, pointer=pointer)


def _refused(message: str, action: str, pointer: str = "") -> Reason:
    return Reason(outcome=Outcome.REFUSED, message=message, action=action, pointer=pointer)


def _down(message: str) -> Reason:
    action = "Nothing to correct. Use the last known answer meanwhile, or telephone the payer."
    return Reason(outcome=Outcome.PAYER_DOWN, message=message, action=action)


_COMPARE = "Compare with the insurance card, letter by letter."
_ENROL = "Ask the payer or clearinghouse to enroll this provider for eligibility inquiries."

REASONS: Mapping[str, Reason] = {
    "04": _refused("More was asked for than is authorized.", "Ask for less at a time."),
    "15": _refused("The payer needs something that was not sent.", "Ask the payer what it needs."),
    "33": _refused("The payer calls the request wrong.", "Ask the payer what is wrong with it."),
    "35": _refused("The provider is out of this network.", "Ask for a provider of the network."),
    "41": _refused("This provider may not ask this payer.", _ENROL, _NPI),
    "42": _down("The payer cannot answer at this time."),
    "43": _refused("The provider's number is missing or wrong.", "Correct the NPI.", _NPI),
    "44": _refused("The provider's name is missing or wrong.", "Correct the name.", _NPI),
    "45": _refused("The provider's specialty is missing or wrong.", "Correct the taxonomy.", _NPI),
    "46": _refused("The provider's telephone is missing or wrong.", "Correct the number.", _NPI),
    "47": _refused("The provider's state is missing or wrong.", "Correct the address.", _NPI),
    "48": _refused("The referring provider's number is wrong.", "Correct the referring NPI."),
    "49": _refused("The provider is not the primary care physician.", "Ask who is."),
    "50": _refused("This provider may not make inquiries.", _ENROL, _NPI),
    "51": _refused("The payer does not know the provider.", _ENROL, _NPI),
    "52": _refused("The provider was not enrolled on that date.", _ENROL, _NPI),
    "53": _refused("The benefit does not fit the provider's kind.", "Ask for other services."),
    "54": _refused("The payer does not take this kind of code.", "Ask by service type."),
    "55": _refused("The payer does not know the service that was named.", "Ask by service type."),
    "56": _refused("The date does not fit.", "Ask for another date of service.", _DATE),
    "57": _refused("The date of service is missing or wrong.", "Correct the date.", _DATE),
    "58": _found("The birth date is missing or wrong.", _COMPARE, _BORN),
    "60": _refused("The birth date is after the date of service.", "Correct either.", _BORN),
    "61": _refused("The payer has a death before the date of service.", "Ask the payer.", _DATE),
    "62": _refused("The payer does not answer for a date so far away.", "Ask nearer.", _DATE),
    "63": _refused("The payer does not answer for days to come.", "Ask on the day.", _DATE),
    "64": _found("The patient's member id is missing or wrong.", _COMPARE, _MEMBER_ID),
    "65": _found("The patient's name is missing or wrong.", _COMPARE, _NAME),
    "66": _found("The patient's gender is missing or wrong.", _COMPARE, _GENDER),
    "67": _found("The payer does not find the patient.", _COMPARE, _MEMBER_ID),
    "68": _found("Several patients have this member id.", "Ask the payer which.", _MEMBER_ID),
    "69": _refused("The service does not fit the patient's age.", "Compare the date.", _BORN),
    "70": _refused("The service does not fit the patient's gender.", "Compare it.", _GENDER),
    "71": _found("The payer has another birth date for the patient.", _COMPARE, _BORN),
    "72": _found("The member id is missing or wrong.", _COMPARE, _MEMBER_ID),
    "73": _found("The subscriber's name is missing or wrong.", _COMPARE, _NAME),
    "74": _found("The subscriber's gender is missing or wrong.", _COMPARE, _GENDER),
    "75": _found("Subscriber not found.", _COMPARE, _MEMBER_ID),
    "76": _found("Several subscribers have this member id.", "Ask the payer which.", _MEMBER_ID),
    "77": _found("The subscriber is known, the patient is not.", _COMPARE, _NAME),
    "78": _found("The subscriber is not in this group or plan.", _COMPARE, _MEMBER_ID),
    "79": _refused("The payer's or provider's number is wrong.", "Correct it.", _PAYER_ID),
    "80": _down("The payer did not answer the clearinghouse in time."),
    "95": Reason(
        outcome=Outcome.INACTIVE,
        message="The patient is not eligible.",
        action="Ask the patient for another insurance.",
        pointer="/coverages/0",
    ),
    "97": _refused("The provider's address is missing or wrong.", "Correct the address.", _NPI),
    "98": _refused("The service is experimental to the payer.", "Ask the payer."),
    "AA": _refused("The payer does not find the authorization.", "Correct its number."),
    "AE": _refused("The primary care physician must authorize.", "Ask for the authorization."),
    "AF": _refused("A diagnosis is missing or wrong.", "Correct the diagnoses.", "/diagnoses"),
    "AG": _refused("A procedure code is missing or wrong.", "Correct the code.", "/lines"),
    "AO": _refused("More was asked for than is authorized.", "Ask for less at a time."),
    "CI": _refused("The certification does not fit the patient.", "Correct its number."),
    "E8": _refused("The payer must review it first.", "Ask the payer."),
    "IA": _refused("The authorization number has a wrong form.", "Correct its number."),
    "MA": _refused("The authorization number is missing.", "Send its number."),
    "T4": _refused("The payer is not named or not known.", "Correct the payer id.", _PAYER_ID),
}
_OF_HOLDER: Mapping[str, tuple[str, str]] = {
    "58": ("The subscriber's birth date is missing or wrong.", "date_of_birth"),
    "65": ("The subscriber's name is missing or wrong.", "last_name"),
    "66": ("The subscriber's gender is missing or wrong.", "gender"),
    "71": ("The payer has another birth date for the subscriber.", "date_of_birth"),
    "73": ("The subscriber's name is missing or wrong.", "last_name"),
    "74": ("The subscriber's gender is missing or wrong.", "gender"),
}
#: The same code at another level: 005010X279A1 lists them by loop.
_AT: Mapping[tuple[Level, str], Reason] = {
    (Level.PAYER, "04"): _refused(
        "There are more patients in the file than the payer takes.", "Ask in smaller batches."
    ),
    (Level.PAYER, "41"): _refused("We may not ask this payer.", _ENROL, _PAYER_ID),
    (Level.PAYER, "79"): _refused(
        "The clearinghouse does not know the payer by this id.", "Correct it.", _PAYER_ID
    ),
    (Level.PROVIDER, "79"): _refused("The provider's number is wrong.", "Correct the NPI.", _NPI),
    (Level.PROVIDER, "15"): _refused("Something about the provider is missing.", _ENROL, _NPI),
    **{
        (level, code): _found(message, _COMPARE, f"{_HOLDER}/{name}")
        for level, codes in (
            (Level.HOLDER, ("58", "65", "66", "71", "73", "74")),
            (Level.DEPENDENT, ("73", "74")),
        )
        for code in codes
        for message, name in (_OF_HOLDER[code],)
    },
}
_UNKNOWN = _refused("The payer gives a reason that this version does not know.", "Ask the payer.")
#: Which of several reasons decides.
_ORDER = (Outcome.PAYER_DOWN, Outcome.NOT_FOUND, Outcome.REFUSED, Outcome.INACTIVE)


def reason_of(refusal: Refusal) -> Reason:
    """Return what an AAA means at its level."""
    at_level = _AT.get((refusal.level, refusal.code))
    return at_level or REASONS.get(refusal.code, _UNKNOWN)


def outcome_of(refusals: tuple[Refusal, ...]) -> Outcome | None:
    """Return what refusals come to; None where none is about the person or above.

    An AAA under a benefit is about that benefit only.
    """
    found = {reason_of(each).outcome for each in refusals if each.level is not Level.BENEFIT}
    return next((outcome for outcome in _ORDER if outcome in found), None)


def deciding(refusals: tuple[Refusal, ...]) -> Refusal | None:
    """Return the refusal that people should act on first."""
    outcome = outcome_of(refusals)
    return next((each for each in refusals if reason_of(each).outcome is outcome), None)

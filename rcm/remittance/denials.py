"""Why a payer denied, and what to do first: a category for each reason (remittance.md 7).

CARC alone misroutes: the group and the remark code decide where they say more. Wording is ours.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from edi.remittance_835.model import Adjustment, AdjustmentGroup


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A kind of denial."""

    name: str
    action: str  #: What to do first.
    is_appealable: bool = False


class Denial(NamedTuple):
    """The category of a denied claim, and the reason that decided it."""

    category: Category
    reason: str  #: For example CO-197.


UNPROCESSABLE = Category(
    name="unprocessable", action="Correct it and send a new claim, frequency 1: no appeal."
)
UNCLASSIFIED = Category(name="unclassified", action="Read the remark codes and ask the payer.")

_MISSING = Category(
    name="missing or invalid data",
    action="The remark codes name the field: correct it and send a corrected claim, or records.",
)
_CATEGORIES: dict[Category, str] = {
    Category(
        name="other payer first", action="Correct the order of the payers and bill again."
    ): "19 20 21 22 109 136 275",
    Category(
        name="eligibility", action="Check eligibility again and correct the member."
    ): "26 27 31 32 33 34 140 166 177 200",
    _MISSING: "16 125 148 206 207 208 226 227 251 252",
    Category(
        name="duplicate", action="Compare with the payer's other number for this claim."
    ): "18 B13",
    Category(
        name="filed too late",
        action="Send the proof of timely filing: 999 and 277CA of the first submission.",
        is_appealable=True,
    ): "29 138",
    Category(
        name="authorization or referral",
        action="Attach the authorization, or ask for one after the fact.",
        is_appealable=True,
    ): "15 39 197 198 210 243 288 296",
    Category(
        name="medical necessity",
        action="Send records with the policy that covers the service.",
        is_appealable=True,
    ): "50 54 55 56 114 150 152 167",
    Category(
        name="bundled",
        action="Review modifiers against the bundling edits.",
        is_appealable=True,
    ): "97 231 234 236 B15 B20",
    Category(
        name="coding", action="Have it coded again and send a corrected claim, frequency 7."
    ): "4 5 6 7 8 9 10 11 58 146 181 182 199",
    Category(
        name="benefit used up", action="Compare with the limits of the coverage."
    ): "35 119 149 151 222 273",
    Category(
        name="not covered", action="Look for a signed notice: then bill the patient."
    ): "49 51 53 96 204 256 272",
    Category(
        name="provider enrollment", action="Have the provider's enrollment with the payer checked."
    ): "170 171 172 183 184 185 242 B7",
    Category(
        name="the patient is in another plan, such as Medicare Advantage",
        action="Find the plan by an eligibility check, and bill it.",
    ): "24",
    Category(
        name="payment under review", action="Ask the payer what it reviews."
    ): "105 129 192 216 225 246",
}
_BY_REASON = {
    reason: category for category, reasons in _CATEGORIES.items() for reason in reasons.split()
}
_UNPROCESSABLE_REMARK = "MA130"


def classify(denied: Iterable[Adjustment], remarks: Iterable[str]) -> Denial:
    """Return the category of the largest denied amount; an unknown reason is unclassified.

    `denied` are the adjustments that went to receivable:denied; at least one.
    """
    largest = max(denied, key=lambda each: each.amount_cents)
    reason = f"{largest.group}-{largest.reason}"
    if _UNPROCESSABLE_REMARK in remarks and largest.reason == "16":
        return Denial(UNPROCESSABLE, reason)
    if largest.group is AdjustmentGroup.CORRECTION:
        return Denial(UNCLASSIFIED, reason)
    return Denial(_BY_REASON.get(largest.reason, UNCLASSIFIED), reason)

"""Encounters that ask the sandbox payer for everything but an ordinary answer.

A whole-file answer hits every claim of its file: those encounters stand in batches of their own,
to be posted and sent one batch after the other.
"""

from collections.abc import Mapping
from datetime import date
from random import Random

from samples import services
from samples.visit import Encounter, answer, office_visit

#: The sandbox's name for each code that no ordinary claim is answered by.
CODES: Mapping[str, str] = {
    "09": "rejected_999",
    "10": "rejected_277ca",
    "11": "rejected_277ca_batch",
    "12": "rejected_277ca_provider",
    "13": "never_answered",
    "14": "denied_necessity",
    "15": "zero_pay",
    "16": "forwarded",
    "17": "reversed_same_file",
    "18": "reversed_later",
    "19": "plb_wo",
    "20": "plb_fb",
    "21": "plb_l6",
    "22": "plb_72",
    "23": "plb_only",
    "24": "unbalanced_service",
    "25": "unbalanced_claim",
    "26": "unbalanced_set",
    "27": "not_ours",
    "28": "duplicate_bytes",
    "29": "duplicate_interchange",
    "30": "duplicate_payment",
    "31": "prenote",
    "32": "test_flag",
    "33": "ta1_with_999",
    "34": "odd_delimiters",
    "35": "crlf",
    "36": "truncated",
    "37": "early_835",
    "51": "correction_first",
    "52": "reversed_bare",
    "53": "reversed_only",
    "54": "pending_line",
    "55": "paid_to_patient",
    "56": "unprocessable",
    "57": "no_control_number",
    "58": "secondary",
    "59": "medicare_advantage",
    "60": "split",
    "61": "full_predetermination",
}
#: The sandbox's name for each code by which a 270 is answered.
INQUIRY_CODES: Mapping[str, str] = {
    "41": "active",
    "42": "inactive",
    "43": "not_found",
    "44": "payer_down",
    "45": "rich",
}
#: Each refuses every claim beside it.
WHOLE_FILE = ("09", "11", "12")


def hostile(
    *, seed: int, today: date, source: str = "hostile-ehr"
) -> list[list[tuple[str, Encounter]]]:
    """Return batches of pairs of name and encounter, one of each code, all of four lines."""
    random = Random(seed)  # Repeatable samples, no secrets.
    made: dict[str, tuple[str, Encounter]] = {}
    for n, (code, name) in enumerate(CODES.items()):
        encounter = office_visit(n, random, today, source)
        services.several_lines(encounter, random)
        answer(code)(encounter, random)
        made[code] = name, encounter
    together = [pair for code, pair in made.items() if code not in WHOLE_FILE]
    return [together, *([made[code]] for code in WHOLE_FILE)]


def inquiries(
    *, seed: int, today: date, source: str = "hostile-ehr"
) -> list[tuple[str, Encounter]]:
    """Return pairs of name and encounter, one for each way in which a 270 is answered."""
    random = Random(seed)  # Repeatable samples, no secrets.
    made: list[tuple[str, Encounter]] = []
    for n, (code, name) in enumerate(INQUIRY_CODES.items(), start=len(CODES)):
        encounter = office_visit(n, random, today, source)
        answer(code)(encounter, random)
        if name == "payer_down":  # All that is asked of a payer that is down gets no answer.
            encounter["coverages"][0]["payer"] = {"id": "00430", "name": "Sandbox Blue"}
        made.append((name, encounter))
    return made

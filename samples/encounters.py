"""Synthetic encounters as an EHR would post them: a table of kinds, each a small change.

The same seed and day give the same encounters. Every patient's family name is Canary, so that a
leak can be found by searching for it. A member id SBXnn asks the sandbox payer for answer nn.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import date, timedelta
from random import Random
from typing import Any

Encounter = dict[str, Any]
Change = Callable[[Encounter, Random], None]

FAMILY_NAME = "Canary"
_FIRST_NAMES = ("Ada", "Ben", "Chloe", "Dev", "Elena", "Femi", "Grace", "Hugo", "Ines", "Jonas")
_STREETS = ("Oak Street", "River Road", "Hill Lane", "Market Street", "Sunset Avenue")
_RENDERING = (
    {"npi": "1193000514", "first_name": "Maria", "last_name": "Okafor", "taxonomy": "207Q00000X"},
    {"npi": "1193000605", "first_name": "Sam", "last_name": "Lindqvist", "taxonomy": "207Q00000X"},
)


def encounters(
    count: int, *, seed: int, today: date, source: str = "sample-ehr"
) -> list[tuple[str, Encounter]]:
    """Return `count` pairs of kind and encounter, each kind in turn."""
    random = Random(seed)  # Repeatable samples, no secrets.
    kinds = list(KINDS.items())
    made = []
    for n in range(count):
        kind, change = kinds[n % len(kinds)]
        encounter = _office_visit(n, random, today, source)
        change(encounter, random)
        made.append((kind, encounter))
    return made


def _office_visit(n: int, random: Random, today: date, source: str) -> Encounter:
    """Return an office visit of one line, to be paid with a reduction and a patient share."""
    seen_on = today - timedelta(days=random.randint(3, 40))
    born = date(random.randint(1940, 2000), random.randint(1, 12), random.randint(1, 28))
    return {
        "source": source,
        "external_id": f"V{seen_on:%Y%m%d}-{n + 1:05d}",
        "claim_type": "professional",
        "patient": {
            "external_id": f"MRN{n + 1:06d}",
            "first_name": random.choice(_FIRST_NAMES),
            "last_name": FAMILY_NAME,
            "date_of_birth": born.isoformat(),
            "gender": random.choice(("female", "male")),
            "address": {
                "line1": f"{random.randint(1, 999)} {random.choice(_STREETS)}",
                "city": "Austin",
                "state": "TX",
                "zip": f"787{random.randint(1, 59):02d}",
            },
        },
        "coverages": [
            {
                "order": 1,
                "payer": {"id": "60054", "name": "Sandbox Commercial"},
                "member_id": f"SBX02{random.randint(10**6, 10**7 - 1)}",
                "relationship": "self",
                "group_number": f"G{random.randint(1000, 9999)}",
            }
        ],
        "billing_provider": {"npi": "1234567893"},
        "rendering_provider": dict(random.choice(_RENDERING)),
        "place_of_service": "11",
        "diagnoses": [{"code": "E11.9"}, {"code": "I10"}],
        "lines": [_line("99213", random.randint(9000, 19999), seen_on, pointers=[1, 2])],
    }


def _line(
    procedure: str, charge_cents: int, seen_on: date, *, pointers: list[int], **more: object
) -> Encounter:
    return {
        "procedure_code": procedure,
        "charge_cents": charge_cents,
        "quantity": "1",
        "date_of_service": seen_on.isoformat(),
        "diagnosis_pointers": pointers,
        **more,
    }


def _seen_on(encounter: Encounter) -> date:
    return date.fromisoformat(encounter["lines"][0]["date_of_service"])


def _answer(code: str) -> Change:
    def change(encounter: Encounter, random: Random) -> None:
        member_id = f"SBX{code}{random.randint(10**6, 10**7 - 1)}"
        encounter["coverages"][0]["member_id"] = member_id

    return change


def _both(first: Change, second: Change) -> Change:
    def change(encounter: Encounter, random: Random) -> None:
        first(encounter, random)
        second(encounter, random)

    return change


def _as_is(encounter: Encounter, random: Random) -> None:
    """Change nothing."""


def _several_lines(encounter: Encounter, random: Random) -> None:
    day = _seen_on(encounter)
    encounter["lines"] += [
        _line("36415", 1250, day, pointers=[1]),
        _line("83036", random.randint(3000, 5000), day, pointers=[1], modifiers=["QW"]),
        _line("93000", 7575, day, pointers=[2]),
    ]
    encounter["clia_number"] = "45D1234567"


def _child_of_subscriber(encounter: Encounter, random: Random) -> None:
    _answer("02")(encounter, random)
    patient = encounter["patient"]
    patient["date_of_birth"] = f"{random.randint(2012, 2022)}-05-17"
    encounter["coverages"][0] |= {
        "relationship": "child",
        "subscriber": {
            "first_name": "Paula",
            "last_name": FAMILY_NAME,
            "date_of_birth": "1984-02-29",
            "gender": "female",
            "address": deepcopy(patient["address"]),
        },
    }
    encounter["diagnoses"] = [{"code": "J02.9"}]
    encounter["lines"] = [_line("99212", 8800, _seen_on(encounter), pointers=[1])]


def _medicare_spouse(encounter: Encounter, random: Random) -> None:
    """Medicare members have numbers of their own: the patient is the subscriber."""
    encounter["coverages"][0] |= {
        "payer": {"id": "04412", "name": "Sandbox Medicare B"},
        "relationship": "spouse",
    }
    encounter["referring_provider"] = {
        "npi": "1193000779", "first_name": "Lee", "last_name": "Marsh",
    }  # fmt: skip


def _injection_with_drug(encounter: Encounter, random: Random) -> None:
    drug = {"code": "00409909332", "quantity": "1.5", "unit": "ML"}
    more = _line("J1885", 2_345, _seen_on(encounter), pointers=[1], ndc=drug)
    encounter["lines"].append(more | {"quantity": "2"})
    encounter["coverages"][0]["payer"] = {"id": "00430", "name": "Sandbox Blue"}


def _auto_accident(encounter: Encounter, random: Random) -> None:
    day = _seen_on(encounter)
    encounter |= {
        "billing_provider": {"npi": "1193000423"},
        "accident": {
            "date": (day - timedelta(days=2)).isoformat(),
            "related_causes": ["AA"],
            "state": "TX",
        },
        "diagnoses": [{"code": "S83.511A"}, {"code": "V43.52XA"}],
        "lines": [
            _line("99204", 23456, day, pointers=[1]),
            _line("73562", 11111, day, pointers=[1, 2], modifiers=["RT"]),
        ],
    }


def _therapy_over_days(encounter: Encounter, random: Random) -> None:
    day = _seen_on(encounter)
    visit = _line(
        "97110", 30_003, day, pointers=[1], end_date=(day + timedelta(days=2)).isoformat()
    )
    encounter |= {
        "billing_provider": {"npi": "1193000423"},
        "diagnoses": [{"code": "M25.561"}],
        "lines": [visit | {"quantity": "3", "modifiers": ["GP"]}],
        "prior_authorization": "PA20261101",
    }


def _at_a_facility(encounter: Encounter, random: Random) -> None:
    day = _seen_on(encounter)
    encounter |= {
        "place_of_service": "22",
        "service_facility": {
            "npi": "1193000886",
            "name": "Mercy Outpatient Center",
            "address": {
                "line1": "9 Hospital Way",
                "city": "Austin",
                "state": "TX",
                "zip": "787050001",
            },
        },
        "lines": [_line("45378", 88_001, day, pointers=[1])],
        "diagnoses": [{"code": "Z12.11"}],
        "coverages": [
            encounter["coverages"][0] | {"payer": {"id": "00430", "name": "Sandbox Blue"}}
        ],
    }


def _wrong_npi(encounter: Encounter, random: Random) -> None:
    """A typing error in an NPI: the claim is held until a person corrects it."""
    encounter["rendering_provider"]["npi"] = "1193000515"


#: Each kind of encounter, and what the office visit becomes by it.
KINDS: Mapping[str, Change] = {
    "office visit": _as_is,
    "several lines, paid reduced": _both(_several_lines, _answer("01")),
    "child of the subscriber": _child_of_subscriber,
    "denied: information missing": _answer("04"),
    "Medicare, spouse with own number": _medicare_spouse,
    "injection with drug code": _injection_with_drug,
    "denied: no authorization": _answer("07"),
    "auto accident": _auto_accident,
    "all to the deductible": _answer("08"),
    "therapy over three days": _therapy_over_days,
    "one line denied as bundled": _both(_several_lines, _answer("06")),
    "at a facility": _at_a_facility,
    "paid in full": _answer("03"),
    "denied: filed too late": _answer("05"),
    "held: wrong NPI": _wrong_npi,
}

"""The office visit that every sample begins as, and what changes it.

Every patient's family name is Canary, so that a leak can be found by searching for it. A member
id SBXnn asks the sandbox payer for answer nn.
"""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

Encounter = dict[str, Any]
Change = Callable[[Encounter, Random], None]

FAMILY_NAME = "Canary"
COMMERCIAL = {"id": "60054", "name": "Sandbox Commercial"}
BLUE = {"id": "00430", "name": "Sandbox Blue"}
MEDICARE = {"id": "04412", "name": "Sandbox Medicare B"}
LAKESIDE = {"npi": "1193000423"}  #: The other practice.
_FIRST_NAMES = ("Ada", "Ben", "Chloe", "Dev", "Elena", "Femi", "Grace", "Hugo", "Ines", "Jonas")
_STREETS = ("Oak Street", "River Road", "Hill Lane", "Market Street", "Sunset Avenue")
_RENDERING = (
    {"npi": "1193000514", "first_name": "Maria", "last_name": "Okafor", "taxonomy": "207Q00000X"},
    {"npi": "1193000605", "first_name": "Sam", "last_name": "Lindqvist", "taxonomy": "207Q00000X"},
)


def office_visit(n: int, random: Random, today: date, source: str) -> Encounter:
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
                "payer": dict(COMMERCIAL),
                "member_id": f"SBX02{random.randint(10**6, 10**7 - 1)}",
                "relationship": "self",
                "group_number": f"G{random.randint(1000, 9999)}",
            }
        ],
        "billing_provider": {"npi": "1234567893"},
        "rendering_provider": dict(random.choice(_RENDERING)),
        "place_of_service": "11",
        "diagnoses": [{"code": "E11.9"}, {"code": "I10"}],
        "lines": [line("99213", random.randint(9000, 19999), seen_on, pointers=[1, 2])],
    }


def line(
    procedure: str, charge_cents: int, seen_on: date, *, pointers: list[int], **more: object
) -> Encounter:
    """Return one service line."""
    return {
        "procedure_code": procedure,
        "charge_cents": charge_cents,
        "quantity": "1",
        "date_of_service": seen_on.isoformat(),
        "diagnosis_pointers": pointers,
        **more,
    }


def seen_on(encounter: Encounter) -> date:
    """Return the day of the first line."""
    return date.fromisoformat(encounter["lines"][0]["date_of_service"])


def as_is(encounter: Encounter, random: Random) -> None:
    """Change nothing."""


def answer(code: str) -> Change:
    """Return the change that asks for this answer of the sandbox payer."""

    def change(encounter: Encounter, random: Random) -> None:
        member_id = f"SBX{code}{random.randint(10**6, 10**7 - 1)}"
        encounter["coverages"][0]["member_id"] = member_id

    return change


def both(first: Change, second: Change) -> Change:
    """Return the change that does one after the other."""

    def change(encounter: Encounter, random: Random) -> None:
        first(encounter, random)
        second(encounter, random)

    return change

"""Who is insured by whom, and how: changes of the person's side of an encounter."""

from copy import deepcopy
from datetime import timedelta
from random import Random

from samples.facilities import at_hospital
from samples.visit import (
    BLUE,
    FAMILY_NAME,
    MEDICARE,
    Encounter,
    answer,
    line,
    seen_on,
)


def _holder(encounter: Encounter, relationship: str, first_name: str = "Paula") -> None:
    encounter["coverages"][0] |= {
        "relationship": relationship,
        "subscriber": {
            "first_name": first_name,
            "last_name": FAMILY_NAME,
            "date_of_birth": "1984-02-29",
            "gender": "female",
            "address": deepcopy(encounter["patient"]["address"]),
        },
    }


def child(encounter: Encounter, random: Random) -> None:
    """A child of the subscriber with a sore throat."""
    answer("02")(encounter, random)
    encounter["patient"]["date_of_birth"] = f"{random.randint(2012, 2022)}-05-17"
    _holder(encounter, "child")
    encounter["diagnoses"] = [{"code": "J02.9"}]
    encounter["lines"] = [line("99212", 8800, seen_on(encounter), pointers=[1])]


def spouse(encounter: Encounter, random: Random) -> None:
    """The husband or wife of the subscriber, who share a number."""
    _holder(encounter, "spouse")
    encounter["coverages"][0]["payer"] = dict(BLUE)


def ward(encounter: Encounter, random: Random) -> None:
    """Neither spouse nor child."""
    _holder(encounter, "other", "Quinn")
    encounter["patient"] |= {"middle_name": "José", "suffix": "Jr", "gender": "unknown"}


def medicare_spouse(encounter: Encounter, random: Random) -> None:
    """Medicare members have numbers of their own: the patient is the subscriber."""
    encounter["coverages"][0] |= {"payer": dict(MEDICARE), "relationship": "spouse"}
    encounter["referring_provider"] = {
        "npi": "1193000779", "first_name": "Lee", "last_name": "Marsh",
    }  # fmt: skip


def newborn(encounter: Encounter, random: Random) -> None:
    """Born on the day of the first service, in hospital, insured with a parent."""
    day = seen_on(encounter)
    at_hospital(encounter)
    encounter["patient"] |= {"first_name": "Newborn", "date_of_birth": day.isoformat()}
    _holder(encounter, "child")
    encounter |= {
        "diagnoses": [{"code": "Z38.00"}],
        "dates": {
            "admission": day.isoformat(),
            "discharge": (day + timedelta(days=1)).isoformat(),
        },
        "lines": [
            line("99460", 21_050, day, pointers=[1]),
            line("99238", 14_300, day + timedelta(days=1), pointers=[1]),
        ],
    }


def two_insurances(encounter: Encounter, random: Random) -> None:
    """A second insurance stands behind the first."""
    encounter["coverages"].append(
        {
            "order": 2,
            "payer": dict(BLUE),
            "member_id": f"W{random.randint(10**8, 10**9 - 1)}",
            "relationship": "self",
            "plan_name": "Supplement",
        }
    )


def paid_at_the_desk(encounter: Encounter, random: Random) -> None:
    """The patient has paid something at the visit."""
    encounter["amount_paid_cents"] = 2_500
    encounter["claim_note"] = "Copay taken at the desk"

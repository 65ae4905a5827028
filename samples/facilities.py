"""Where a service is rendered, when that is not the practice."""

from datetime import timedelta
from random import Random

from samples.visit import BLUE, Change, Encounter, line, seen_on


def _facility(npi: str, name: str) -> Encounter:
    return {
        "npi": npi,
        "name": name,
        "address": {"line1": "9 Hospital Way", "city": "Austin", "state": "TX", "zip": "787050001"},
    }


def at_hospital(encounter: Encounter) -> None:
    """Put the visit into a hospital, as inpatient."""
    encounter["place_of_service"] = "21"
    encounter["service_facility"] = _facility("1193000910", "Mercy Hospital")


def outpatient(encounter: Encounter, random: Random) -> None:
    """A colonoscopy at an outpatient center."""
    day = seen_on(encounter)
    encounter |= {
        "place_of_service": "22",
        "service_facility": _facility("1193000886", "Mercy Outpatient Center"),
        "lines": [line("45378", 88_001, day, pointers=[1])],
        "diagnoses": [{"code": "Z12.11"}],
        "coverages": [encounter["coverages"][0] | {"payer": dict(BLUE)}],
    }


def hospital_stay(encounter: Encounter, random: Random) -> None:
    """Four days in hospital, a visit on each, until the discharge."""
    last = seen_on(encounter)
    first = last - timedelta(days=3)
    at_hospital(encounter)
    encounter |= {
        "dates": {"admission": first.isoformat(), "discharge": last.isoformat()},
        "diagnoses": [{"code": "J18.9"}, {"code": "E11.9"}],
        "lines": [
            line("99223", 41_075, first, pointers=[1, 2]),
            line("99232", 16_025, first + timedelta(days=1), pointers=[1]),
            line("99232", 16_025, first + timedelta(days=2), pointers=[1]),
            line("99238", 17_550, last, pointers=[1]),
        ],
    }


def emergency(encounter: Encounter, random: Random) -> None:
    """In the emergency room."""
    day = seen_on(encounter)
    encounter |= {
        "place_of_service": "23",
        "service_facility": _facility("1193000910", "Mercy Hospital"),
        "diagnoses": [{"code": "R07.9"}],
        "lines": [line("99284", 51_234, day, pointers=[1], emergency=True)],
    }


def anaesthesia(encounter: Encounter, random: Random) -> None:
    """By the minute, at an outpatient center."""
    day = seen_on(encounter)
    outpatient(encounter, random)
    encounter["rendering_provider"] = {
        "npi": "1193000928", "first_name": "Noor", "last_name": "Haddad",
        "taxonomy": "207L00000X",
    }  # fmt: skip
    minutes = line("00812", 96_003, day, pointers=[1], modifiers=["AA", "P2"], unit="MJ")
    encounter["lines"] = [minutes | {"quantity": str(random.randint(30, 90))}]


def telehealth(place_of_service: str) -> Change:
    """Return the change to a visit by video: 10 the patient is at home, 02 elsewhere."""

    def change(encounter: Encounter, random: Random) -> None:
        encounter["place_of_service"] = place_of_service
        encounter["lines"][0]["modifiers"] = ["95"]

    return change

"""What is done at a visit, for what reason, and on whose word: changes of the lines."""

from datetime import timedelta
from random import Random

from samples.visit import BLUE, LAKESIDE, MEDICARE, Encounter, line, seen_on

_ORDERS = {"npi": "1193000936", "first_name": "Tomas", "last_name": "Berg"}
_REFERS = {"npi": "1193000944", "first_name": "Aiko", "last_name": "Stone"}
_SUPERVISES = {"npi": "1193000951", "first_name": "Vera", "last_name": "Lund"}


def several_lines(encounter: Encounter, random: Random) -> None:
    """A visit with two tests and an electrocardiogram."""
    day = seen_on(encounter)
    encounter["lines"] += [
        line("36415", 1250, day, pointers=[1]),
        line("83036", random.randint(3000, 5000), day, pointers=[1], modifiers=["QW"]),
        line("93000", 7575, day, pointers=[2]),
    ]
    encounter["clia_number"] = "45D1234567"


def injection_with_drug(encounter: Encounter, random: Random) -> None:
    """A drug with its national code, by the millilitre."""
    drug = {"code": "00409909332", "quantity": "1.5", "unit": "ML"}
    more = line("J1885", 2_345, seen_on(encounter), pointers=[1], ndc=drug)
    encounter["lines"].append(more | {"quantity": "2"})
    encounter["coverages"][0]["payer"] = dict(BLUE)


def immunization(encounter: Encounter, random: Random) -> None:
    """A vaccine by the unit, and its administration."""
    day = seen_on(encounter)
    drug = {"code": "49281042150", "quantity": "1", "unit": "UN"}
    encounter |= {
        "diagnoses": [{"code": "Z23"}],
        "lines": [
            line("90686", 3_120, day, pointers=[1], ndc=drug),
            line("90471", 2_875, day, pointers=[1]),
        ],
    }


def auto_accident(encounter: Encounter, random: Random) -> None:
    """On the road, in Texas; an external cause stands behind the injury."""
    day = seen_on(encounter)
    encounter |= {
        "billing_provider": dict(LAKESIDE),
        "accident": {
            "date": (day - timedelta(days=2)).isoformat(),
            "related_causes": ["AA"],
            "state": "TX",
        },
        "diagnoses": [{"code": "S83.511A"}, {"code": "V43.52XA"}],
        "lines": [
            line("99204", 23456, day, pointers=[1]),
            line("73562", 11111, day, pointers=[1, 2], modifiers=["RT"]),
        ],
    }


def accident_at_work(encounter: Encounter, random: Random) -> None:
    """At work, by a falling object."""
    day = seen_on(encounter)
    encounter |= {
        "accident": {"date": day.isoformat(), "related_causes": ["EM"]},
        "diagnoses": [{"code": "S61.411A"}, {"code": "W20.8XXA"}],
        "lines": [line("12001", 24_680, day, pointers=[1, 2])],
    }


def other_accident(encounter: Encounter, random: Random) -> None:
    """At home, by a fall; a cast of the left arm."""
    day = seen_on(encounter)
    encounter |= {
        "billing_provider": dict(LAKESIDE),
        "accident": {
            "date": (day - timedelta(days=1)).isoformat(),
            "related_causes": ["OA"],
        },
        "diagnoses": [{"code": "S52.502A"}, {"code": "W01.0XXA"}],
        "lines": [line("25600", 45_500, day, pointers=[1], modifiers=["LT"])],
    }


def therapy_over_days(encounter: Encounter, random: Random) -> None:
    """Three days on one line, with leave given before."""
    day = seen_on(encounter)
    visit = line("97110", 30_003, day, pointers=[1], end_date=(day + timedelta(days=2)).isoformat())
    encounter |= {
        "billing_provider": dict(LAKESIDE),
        "diagnoses": [{"code": "M25.561"}],
        "lines": [visit | {"quantity": "3", "modifiers": ["GP"]}],
        "prior_authorization": "PA20261101",
    }


def long_therapy(encounter: Encounter, random: Random) -> None:
    """Eight visits in four weeks, beyond the yearly threshold (KX)."""
    last = seen_on(encounter)
    days = [last - timedelta(days=28 - 4 * visit) for visit in range(8)]
    encounter |= {
        "billing_provider": dict(LAKESIDE),
        "diagnoses": [{"code": "M54.50"}],
        "dates": {
            "onset": (days[0] - timedelta(days=10)).isoformat(),
            "initial_treatment": days[0].isoformat(),
            "last_seen": (days[0] - timedelta(days=2)).isoformat(),
        },
        "lines": [
            line("97140", 6_215, day, pointers=[1], modifiers=["GP", "KX"]) | {"quantity": "2"}
            for day in days
        ],
    }


def surgery(encounter: Encounter, random: Random) -> None:
    """With authorization, on both knees, one reduced and by two surgeons."""
    day = seen_on(encounter)
    encounter |= {
        "billing_provider": dict(LAKESIDE),
        "diagnoses": [{"code": "M23.201"}],
        "prior_authorization": "PA20261102",
        "lines": [
            line("29881", 210_000, day, pointers=[1], modifiers=["RT"]),
            line("29881", 105_000, day, pointers=[1], modifiers=["LT", "59", "51", "62"])
            | {"prior_authorization": "PA20261103", "note": "Second knee"},
        ],
    }


def referred(encounter: Encounter, random: Random) -> None:
    """By a colleague, with the number of the referral."""
    encounter["referring_provider"] = dict(_REFERS)
    encounter["referral_number"] = "RF20261107"


def supervised(encounter: Encounter, random: Random) -> None:
    """Rendered by an assistant, under a physician."""
    encounter["supervising_provider"] = dict(_SUPERVISES)
    encounter["rendering_provider"] = {
        "npi": "1193000969", "first_name": "Kit", "last_name": "Moreau",
        "taxonomy": "363A00000X",
    }  # fmt: skip


def imaging(encounter: Encounter, random: Random) -> None:
    """Ordered by another physician, the professional part alone."""
    day = seen_on(encounter)
    scan = line("73721", 61_000, day, pointers=[1], modifiers=["26", "RT"])
    encounter |= {
        "billing_provider": dict(LAKESIDE),
        "diagnoses": [{"code": "M25.561"}],
        "lines": [scan | {"ordering_provider": dict(_ORDERS)}],
    }
    encounter["coverages"][0]["payer"] = dict(MEDICARE)
    encounter["referring_provider"] = dict(_REFERS)


def laboratory(encounter: Encounter, random: Random) -> None:
    """Tests that another physician ordered, under the laboratory's certificate."""
    day = seen_on(encounter)
    encounter |= {
        "place_of_service": "81",
        "clia_number": "45D7654321",
        "referring_provider": dict(_REFERS),
        "lines": [
            line(code, cents, day, pointers=[1], ordering_provider=dict(_ORDERS))
            for code, cents in (("80053", 4_200), ("85025", 2_100), ("80061", 3_950))
        ],
    }


def psychotherapy(encounter: Encounter, random: Random) -> None:
    """An hour with a psychiatrist."""
    encounter["rendering_provider"] |= {"taxonomy": "2084P0800X"}
    encounter["diagnoses"] = [{"code": "F41.1"}]
    encounter["lines"] = [line("90837", 18_250, seen_on(encounter), pointers=[1])]


def delivery(encounter: Encounter, random: Random) -> None:
    """A birth, with the date of the last menstrual period."""
    day = seen_on(encounter)
    encounter["patient"] |= {"gender": "female", "date_of_birth": "1997-03-08"}
    encounter |= {
        "diagnoses": [{"code": "O80"}, {"code": "Z37.0"}],
        "dates": {"last_menstrual_period": (day - timedelta(days=280)).isoformat()},
        "lines": [line("59400", 312_500, day, pointers=[1, 2])],
    }


def ten_lines(encounter: Encounter, random: Random) -> None:
    """Ten lines that point to twelve diagnoses."""
    day = seen_on(encounter)
    codes = ("E11.9", "I10", "E78.5", "M54.50", "J45.909", "K21.9", "F41.1", "G47.33", "N18.3",
             "E66.9", "Z79.4", "R53.83")  # fmt: skip
    procedures = ("99215", "80053", "80061", "83036", "85025", "84443", "81001", "36415", "93000",
                  "94010")  # fmt: skip
    encounter["clia_number"] = "45D1234567"
    encounter["diagnoses"] = [{"code": code} for code in codes]
    encounter["lines"] = [
        line(procedure, 1_111 * (n + 1), day, pointers=[n + 1, n + 3])
        for n, procedure in enumerate(procedures)
    ]


def zero_charge_line(encounter: Encounter, random: Random) -> None:
    """A quality code that charges nothing, beside the visit."""
    encounter["lines"].append(line("3074F", 0, seen_on(encounter), pointers=[2]))


def many_units(encounter: Encounter, random: Random) -> None:
    """Ten units of a drug by its weight, and a fraction of a unit."""
    day = seen_on(encounter)
    drug = {"code": "63323016505", "quantity": "0.25", "unit": "GR"}
    encounter["lines"] += [
        line("J1100", 1_230, day, pointers=[1], ndc=drug, modifiers=["JZ"]) | {"quantity": "10"},
        line("97035", 3_005, day, pointers=[1]) | {"quantity": "1.5"},
    ]
    encounter["coverages"][0]["payer"] = dict(MEDICARE)


def wrong_npi(encounter: Encounter, random: Random) -> None:
    """A typing error in an NPI: the claim is held until a person corrects it."""
    encounter["rendering_provider"]["npi"] = "1193000515"


def no_accident_state(encounter: Encounter, random: Random) -> None:
    """On the road, nobody knows where."""
    auto_accident(encounter, random)
    del encounter["accident"]["state"]


def external_cause_first(encounter: Encounter, random: Random) -> None:
    """What happened stands before what was hurt."""
    auto_accident(encounter, random)
    encounter["diagnoses"].reverse()

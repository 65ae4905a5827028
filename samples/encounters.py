"""Synthetic encounters as an EHR would post them: a table of kinds, each a small change.

The same seed and day give the same encounters. Every claim of these kinds is held, as its kind
says, or answered by the ordinary mix: no payment waits in suspense. Beside them stand some that
the payer rejects, so that a day's work has each kind of trouble.
"""

from collections.abc import Mapping
from datetime import date
from random import Random

from samples import facilities, people, services
from samples.visit import Change, Encounter, answer, as_is, both, office_visit

HELD = "held: "  #: How the name of a kind begins that a person has to correct.
REJECTED = "rejected: member id not found"  #: By a 277CA; no money follows.


def encounters(
    count: int, *, seed: int, today: date, source: str = "sample-ehr"
) -> list[tuple[str, Encounter]]:
    """Return `count` pairs of kind and encounter, each kind in turn."""
    random = Random(seed)  # Repeatable samples, no secrets.
    kinds = list(KINDS.items())
    made = []
    for n in range(count):
        kind, change = kinds[n % len(kinds)]
        encounter = office_visit(n, random, today, source)
        change(encounter, random)
        made.append((kind, encounter))
    return made


def rejected(
    count: int, *, first: int, seed: int, today: date, source: str = "sample-ehr"
) -> list[tuple[str, Encounter]]:
    """Return `count` pairs, numbered from `first`, of office visits whose claim is rejected."""
    random = Random(seed)  # Repeatable samples, no secrets.
    made = []
    for n in range(first, first + count):
        encounter = office_visit(n, random, today, source)
        answer("10")(encounter, random)
        made.append((REJECTED, encounter))
    return made


#: Each kind of encounter, and what the office visit becomes by it.
KINDS: Mapping[str, Change] = {
    "office visit": as_is,
    "several lines, paid reduced": both(services.several_lines, answer("01")),
    "child of the subscriber": people.child,
    "denied: information missing": answer("04"),
    "Medicare, spouse with own number": people.medicare_spouse,
    "injection with drug code": services.injection_with_drug,
    "denied: no authorization": answer("07"),
    "auto accident": services.auto_accident,
    "all to the deductible": answer("08"),
    "therapy over three days": services.therapy_over_days,
    "one line denied as bundled": both(services.several_lines, answer("06")),
    "at a facility": facilities.outpatient,
    "paid in full": answer("03"),
    "denied: filed too late": answer("05"),
    "held: wrong NPI": services.wrong_npi,
    "telehealth at home": facilities.telehealth("10"),
    "anaesthesia by the minute": facilities.anaesthesia,
    "denied: not necessary": answer("14"),
    "newborn": people.newborn,
    "laboratory": services.laboratory,
    "telehealth elsewhere": both(facilities.telehealth("02"), answer("01")),
    "accident at work": services.accident_at_work,
    "other accident": services.other_accident,
    "spouse of the subscriber": people.spouse,
    "other dependent": people.ward,
    "surgery with authorization": both(services.surgery, answer("01")),
    "referred": services.referred,
    "supervised": services.supervised,
    "imaging, ordered by another": services.imaging,
    "long therapy": services.long_therapy,
    "hospital stay": facilities.hospital_stay,
    "emergency": both(facilities.emergency, answer("08")),
    "ten lines": services.ten_lines,
    "zero-charge line": both(services.zero_charge_line, answer("03")),
    "immunization": both(services.immunization, answer("03")),
    "many units": services.many_units,
    "psychotherapy": services.psychotherapy,
    "delivery": both(services.delivery, answer("01")),
    "second insurance": people.two_insurances,
    "paid at the desk": people.paid_at_the_desk,
    "held: accident without a state": services.no_accident_state,
    "held: external cause first": services.external_cause_first,
}

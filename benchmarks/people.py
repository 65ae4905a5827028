"""Synthetic patients, their visits and claims: a few real samples, with other names and numbers.

Every family name ends in Canary, so that a leak can be found by searching for it; what stands
before it spreads them over the alphabet.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from edi.claim_837 import BillingProvider
from edi.elements import fold_text
from rcm.claims.build import build_claim
from rcm.encode import claim_to_json
from rcm.encounters.model import EncounterIn
from rcm.parties.model import PayerParty, Practice
from samples.encounters import encounters

NUMBER_LETTERS = "23456789BCDFGHJKLMNPQRSTVWXZ"
NUMBER_LENGTH = 17
_NUMBER = "X" * NUMBER_LENGTH  #: The claim's number in a template.
_STEMS = [
    "Al",
    "Ber",
    "Cor",
    "Dal",
    "El",
    "Far",
    "Gil",
    "Hol",
    "Iv",
    "Jor",
    "Kel",
    "Lin",
    "Mor",
    "Nor",
    "Oak",
    "Pel",
    "Quin",
    "Ros",
    "Sal",
    "Tor",
    "Ul",
    "Van",
    "Wes",
    "Yar",
]
_ENDS = ("bert", "den", "ford", "gan", "ley", "man", "ner", "son", "ton", "well")
_FIRST_NAMES = ("Ada", "Ben", "Chloe", "Dev", "Elena", "Femi", "Grace", "Hugo", "Ines", "Jonas")
#: Kinds of samples whose claims are clean, whoever is the payer.
_KINDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A patient, insured by one payer."""

    record_number: str = field(repr=False)
    last_name: str = field(repr=False)
    first_name: str = field(repr=False)
    birth_date: str = field(repr=False)
    member_id: str = field(repr=False)
    payer: int  #: Which of the payers.
    practice: int  #: Which of the practices.


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """An encounter and its claim, to be filled in."""

    encounter: dict[str, Any] = field(repr=False)
    claim: bytes = field(repr=False)
    procedures: tuple[str, ...]
    last_name: str = field(repr=False)
    first_name: str = field(repr=False)
    member_id: str = field(repr=False)


def make_person(n: int, random: Random, *, payers: int, practices: int) -> Person:
    """Return patient number `n`. Payers differ in size, as they do."""
    last_name = random.choice(_STEMS) + random.choice(_ENDS) + " Canary"
    born = date(random.randint(1930, 2020), random.randint(1, 12), random.randint(1, 28))
    return Person(
        record_number=f"MRN{n + 1:07d}",
        last_name=last_name,
        first_name=random.choice(_FIRST_NAMES),
        birth_date=born.isoformat(),
        member_id=f"SBX02{n + 1:07d}",
        payer=min(int(random.paretovariate(1.1)) - 1, payers - 1),
        practice=min(int(random.paretovariate(0.9)) - 1, practices - 1),
    )


def make_templates(parties: Mapping[str, Any], *, today: date) -> tuple[Template, ...]:
    """Return a few samples as templates, of the first practice and the first payer."""
    practice = Practice(
        id=UUID(int=1),
        provider=TypeAdapter(BillingProvider).validate_python(parties["practices"][0]),
    )
    told = parties["payers"][0]
    payer = PayerParty(
        id=UUID(int=2),
        partner_id=UUID(int=3),
        **told | {"contractual_codes": frozenset(told["contractual_codes"])},
    )
    made = encounters(_KINDS, seed=1, today=today)
    found = []
    for _, encounter in made:
        if encounter["coverages"][0]["relationship"] != "self":
            continue
        claim = build_claim(
            EncounterIn.model_validate(encounter),
            practice=practice,
            payer=payer,
            control_number=_NUMBER,
        )
        found.append(
            Template(
                encounter=encounter,
                claim=claim_to_json(claim),
                procedures=tuple(line.procedure for line in claim.lines),
                last_name=encounter["patient"]["last_name"],
                first_name=encounter["patient"]["first_name"],
                member_id=encounter["coverages"][0]["member_id"],
            )
        )
    return tuple(found)


def patient_body(template: Template, person: Person) -> bytes:
    """Return the patient as `patient.identity` seals them."""
    return json.dumps(_patient(template, person)).encode()


def coverage_body(template: Template, person: Person) -> bytes:
    """Return the coverage as `coverage.identity` seals it."""
    return json.dumps(_coverage(template, person)).encode()


def encounter_body(template: Template, person: Person, external_id: str, npi: str) -> bytes:
    """Return the visit as an EHR would have posted it."""
    changed = template.encounter | {
        "external_id": external_id,
        "patient": _patient(template, person),
        "coverages": [_coverage(template, person)],
        "billing_provider": {"npi": npi},
    }
    return json.dumps(changed).encode()


def claim_body(template: Template, person: Person, number: str) -> bytes:
    """Return the claim as `claim.identity` seals it."""
    changes = {
        _NUMBER: number,
        f'"{fold_text(template.last_name)}"': f'"{fold_text(person.last_name)}"',
        f'"{fold_text(template.first_name)}"': f'"{fold_text(person.first_name)}"',
        template.member_id: person.member_id,
    }
    body = template.claim
    for before, after in changes.items():
        body = body.replace(before.encode(), after.encode())
    return body


def _patient(template: Template, person: Person) -> dict[str, Any]:
    sample: dict[str, Any] = template.encounter["patient"]
    return sample | {
        "external_id": person.record_number,
        "last_name": person.last_name,
        "first_name": person.first_name,
        "date_of_birth": person.birth_date,
    }


def _coverage(template: Template, person: Person) -> dict[str, Any]:
    first: dict[str, Any] = template.encounter["coverages"][0]
    return first | {"member_id": person.member_id}

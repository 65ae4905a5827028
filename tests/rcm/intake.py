"""One ordinary encounter, changed by a path, as the claim that is built of it."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from edi.claim_837 import Address, BillingProvider, Claim
from rcm.claims.build import build_claim
from rcm.encounters.model import EncounterIn
from rcm.parties.model import PayerParty, Practice
from samples.encounters import encounters
from samples.visit import Encounter
from tests.harness import PARTIES, TODAY

ABSENT = object()  #: As a new value: the field is left out.
CONTROL_NUMBER = "PCN23456789ABCDEF"
SEEN_ON = date(2026, 11, 2)

PRACTICE = Practice(
    id=UUID(int=1),
    provider=TypeAdapter(BillingProvider).validate_python(PARTIES["practices"][0]),
)
PAYERS = {
    payer["identifier"]: PayerParty(
        id=UUID(int=2),
        partner_id=UUID(int=3),
        **payer | {"contractual_codes": frozenset(payer["contractual_codes"])},
    )
    for payer in PARTIES["payers"]
}


def encounter(**changes: Any) -> Encounter:  # noqa: ANN401 - any JSON
    """A sample of one line, seen on SEEN_ON; keys of `changes` are paths with `__` for `/`."""
    ((_, sample),) = encounters(1, seed=3, today=TODAY)
    sample["lines"][0] |= {"date_of_service": SEEN_ON.isoformat(), "charge_cents": 10_000}
    sample["rendering_provider"]["npi"] = "1193000514"
    return changed(sample, {path.replace("__", "/"): value for path, value in changes.items()})


def changed(document: Encounter, changes: Mapping[str, Any]) -> Encounter:
    """A copy of a document with other values at these paths, such as `lines/0/quantity`."""
    copy = deepcopy(document)
    for path, value in changes.items():
        *steps, last = [int(step) if step.isdigit() else step for step in path.split("/")]
        part: Any = copy
        for step in steps:
            part = part[step]
        if value is ABSENT:
            del part[last]
        else:
            part[last] = value
    return copy


def claim_of(
    document: Encounter, *, street: Mapping[str, str] | None = None, number: str = CONTROL_NUMBER
) -> Claim:
    """The claim of an encounter; `street` changes the address of the practice."""
    read = EncounterIn.model_validate(document)
    address: Address = replace(PRACTICE.provider.address, **(street or {}))
    return build_claim(
        read,
        practice=replace(PRACTICE, provider=replace(PRACTICE.provider, address=address)),
        payer=PAYERS[read.coverages[0].payer.id],
        control_number=number,
    )

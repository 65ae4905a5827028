"""Schemathesis: requests made of our own document, right and wrong ones, for every operation.

Whatever is asked, the answer has a status, a media type and a body that the document promises, and
is never our fault. The requests are few and the same each time: wider searches are for nights.
"""

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import Engine

from rcm.access import create_api_key
from rcm.clock import SystemRandomness
from rcm.crypto import load_keys
from rcm.db import make_unit_of_work
from rcm.settings import Deployment, Settings
from rcm.tools import Tools
from samples.encounters import encounters
from tests.api.described import DOCUMENT
from tests.conftest import NOW
from tests.harness import EVERYTHING, TODAY, make_practice
from tests.serving import Served
from tests.stages import empty_database

EXAMPLES = 5
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
#: Where ids in paths come from, so that some answers are not 404.
TABLES = {
    "claim_id": "claim",
    "encounter_id": "encounter",
    "file_id": "file",
    "item_id": "work_item",
    "partner_id": "trading_partner",
    "remittance_id": "remittance",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Who asks, and what there is."""

    key: str
    ids: Mapping[str, str]


SCHEMA = schemathesis.openapi.from_dict(deepcopy(DOCUMENT))
SCHEMA.config.generation.update(max_examples=EXAMPLES, deterministic=True, no_shrink=True)
SCHEMA.config.phases.coverage.enabled = False


@pytest.fixture(scope="module")
def office(
    owner: Engine, engine: Engine, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Office:
    """A practice whose claims went all the way, and a key with every right."""
    tools = Tools(
        keys=load_keys(settings.key_file),
        randomness=SystemRandomness(),
        clock=lambda: NOW,
        deployment=Deployment.SANDBOX,
        time_zone="America/New_York",
    )
    empty_database(owner)
    practice = make_practice(make_unit_of_work(engine), tools, tmp_path_factory.mktemp("practice"))
    practice.post(*(each for _, each in encounters(12, seed=1, today=TODAY)))
    practice.exchange(rounds=2)
    with practice.unit_of_work() as session:
        key = create_api_key(session, tools, "schemathesis", roles=EVERYTHING)
    ids = {
        name: str(practice.rows(f"SELECT id FROM {table} ORDER BY id LIMIT 1")[0].id)
        for name, table in TABLES.items()
    }
    return Office(key=key, ids=ids)


@schemathesis.serializer("application/x-ndjson")
def _one_line(_: schemathesis.SerializationContext, value: object) -> bytes:
    return json.dumps(value).encode() + b"\n"


@SCHEMA.parametrize()
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
def test_every_answer_is_as_the_document_says(
    case: schemathesis.Case[Any], served: Served, office: Office
) -> None:
    if case.method == "GET":  # What changes something is asked of ids that nothing has.
        for name in case.path_parameters.keys() & office.ids.keys():
            case.path_parameters[name] = office.ids[name]
    case.call_and_validate(
        base_url=served.url,
        headers={"Authorization": f"Bearer {office.key}"},
        checks=CHECKS,
        timeout=60,
    )

"""The OpenAPI document and the page that shows it."""

import json
import re
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest
from fastapi.openapi.models import OpenAPI
from httpx import Client
from pydantic import BaseModel

from api import schemas
from api.schemas.problem import Problem
from rcm.encounters.model import EncounterIn
from tests.api.described import DOCUMENT

OPERATIONS = [
    pytest.param(method, path, id=f"{method} {path}")
    for path, methods in DOCUMENT["paths"].items()
    for method in methods
]
OPEN = {
    "/api/v1/health",
    "/api/v1/health/ready",
    "/api/v1/auth/login",
    "/api/v1/auth/session",
    "/api/v1/auth/ticket",
}
#: Of those who are halfway in: a key does not count there.
HALFWAY = {
    f"/api/v1/auth/{step}"
    for step in ("totp", "totp/enrol", "totp/confirm", "recovery", "password", "logout")
}
FILES = {
    "application/octet-stream",
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MODELS: dict[str, type[BaseModel]] = {
    name: model
    for module in iter_modules(schemas.__path__)
    for name, model in vars(import_module(f"api.schemas.{module.name}")).items()
    if hasattr(model, "EXAMPLE")
}


def operation(method: str, path: str) -> dict[str, Any]:
    """Return an operation of the document."""
    found: dict[str, Any] = DOCUMENT["paths"][path][method]
    return found


def test_the_docs_page_needs_no_other_host(stranger: Client) -> None:
    page = stranger.get("/docs")
    addresses = re.findall(r"""\b(?:src|href)\s*=\s*["']([^"']*)""", page.text)
    assert len(addresses) >= 3
    assert all(re.match("/[^/]", address) for address in addresses)
    assert all(stranger.get(address).status_code == 200 for address in addresses)
    assert '"validatorUrl": null' in page.text
    assert not re.search(r"https?:", page.text)
    assert stranger.get("/openapi.json").json() == DOCUMENT


def test_the_document_is_openapi() -> None:
    OpenAPI.model_validate(DOCUMENT)
    assert DOCUMENT["openapi"].startswith("3.1")
    shown = [each for path in DOCUMENT["paths"].values() for each in path.values()]
    names = [each["operationId"] for each in shown]
    assert len(set(names)) == len(names)


def test_every_reference_of_the_document_leads_somewhere() -> None:
    text = json.dumps(DOCUMENT)
    references = set(re.findall(r'"\$ref": "([^"]+)"', text))
    schemas = {f"#/components/schemas/{name}" for name in DOCUMENT["components"]["schemas"]}
    assert references <= schemas
    assert "#/components/schemas/EncounterIn" in references


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_operation_shows_examples_that_fit(method: str, path: str) -> None:
    shown = operation(method, path)
    assert shown["summary"]
    assert shown["description"]
    for status, answer in shown["responses"].items():
        for media_type, content in answer["content"].items():
            if media_type in FILES:
                assert (status, content["schema"]["format"]) == ("200", "binary")
                continue
            if media_type == "text/plain":
                assert content["schema"]["type"] == "string"
                assert content["example"].startswith("# HELP ")
                continue
            if int(status) < 400:
                model = MODELS[content["schema"]["$ref"].rpartition("/")[2]]
                examples = [content["example"]]
                assert media_type == "application/json"
            else:
                model = Problem
                examples = [each["value"] for each in content["examples"].values()]
                assert media_type == "application/problem+json"
            assert examples
            for example in examples:
                remade = model.model_validate_json(json.dumps(example))
                assert json.loads(remade.model_dump_json()) == example
    if path not in OPEN:
        schemes = ("Session",) if path in HALFWAY else ("API key", "Session")
        assert shown["security"] == [{scheme: []} for scheme in schemes]
        assert "401" in shown["responses"]


def test_the_encounter_to_copy_from_is_taken(api: Client) -> None:
    body = operation("post", "/api/v1/encounters")["requestBody"]["content"]["application/json"]
    assert body["schema"] == {"$ref": "#/components/schemas/EncounterIn"}
    EncounterIn.model_validate(body["example"])
    posted = api.post("/api/v1/encounters", json=body["example"])
    assert (posted.status_code, posted.json()["findings"]) == (202, [])

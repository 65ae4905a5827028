"""What no database can hold is refused where it is asked for, or found nowhere."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

import pytest

from rcm.access import Role, create_api_key
from tests.api.described import DOCUMENT
from tests.harness import Practice
from tests.serving import Served, calling

NUL = "a\0b c\0"


def takes_text(schema: Mapping[str, Any]) -> bool:
    """Tell whether text of any kind is taken, alone, in a list, or as one of several."""
    if "anyOf" in schema:
        return any(map(takes_text, schema["anyOf"]))
    if schema.get("type") == "array":
        return takes_text(schema["items"])
    return schema.get("type") == "string" and not schema.keys() & {"enum", "format", "const"}


def asked() -> Iterator[tuple[str, str]]:
    """Each operation that reads, and each parameter of its query that takes text."""
    for path, operations in DOCUMENT["paths"].items():
        for parameter in operations.get("get", {}).get("parameters", ()):
            if parameter["in"] == "query" and takes_text(parameter["schema"]):
                yield path, parameter["name"]


@pytest.mark.parametrize(("path", "name"), tuple(asked()))
def test_a_nul_in_a_query_is_no_error_of_ours(
    served: Served, practice: Practice, path: str, name: str
) -> None:
    with practice.unit_of_work() as session:
        secret = create_api_key(session, practice.tools, "all", roles=list(Role))
    for parameter in DOCUMENT["paths"][path]["get"].get("parameters", ()):
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", str(uuid4()))
    with calling(served.url, secret) as client:
        answer = client.get(path, params={name: NUL})
    assert answer.status_code in {200, 404, 422}, answer.text

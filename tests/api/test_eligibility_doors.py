"""What the API refuses of who checks coverages: every fault named, no value repeated."""

from typing import Any
from uuid import uuid4

import pytest
from httpx import Client

from tests.api.test_eligibility import CHECKS, code_of
from tests.harness import Practice

REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "nobody": ("", {}, "/body"),
    "both": ("", {"coverage_id": str(uuid4()), "encounter_id": str(uuid4())}, "/body"),
    "no id": ("", {"coverage_id": "Canary"}, "/body/coverage_id"),
    "no day": ("", {"coverage_id": str(uuid4()), "service_date": 1}, "/body/service_date"),
    "no service": ("", {"coverage_id": str(uuid4()), "service_types": []}, "/body/service_types"),
    "no code": (
        "", {"coverage_id": str(uuid4()), "service_types": ["Canary"]}, "/body/service_types/0",
    ),
    "misspelt": ("", {"coverage_id": str(uuid4()), "Canary": 1}, "/body"),
    "an empty batch": ("/batch", {"coverage_ids": []}, "/body/coverage_ids"),
    "a batch of nothing": ("/batch", {}, "/body"),
    "two ways": ("/batch", {"coverage_ids": [str(uuid4())], "not_checked_in_days": 1}, "/body"),
    "no days": ("/batch", {"not_checked_in_days": 0}, "/body/not_checked_in_days"),
    "a partner of ids": (
        "/batch", {"coverage_ids": [str(uuid4())], "partner_id": str(uuid4())}, "/body",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("url", "body", "pointer"), REFUSED.values(), ids=REFUSED)
def test_a_request_that_does_not_fit_is_refused_and_not_repeated(
    api: Client, practice: Practice, url: str, body: dict[str, Any], pointer: str
) -> None:
    refused = api.post(CHECKS + url, json=body)
    assert code_of(refused) == (422, "REQUEST-INVALID")
    assert pointer in [each["place"]["pointer"] for each in refused.json()["findings"]]
    assert "canary" not in refused.text.lower()
    assert practice.rows("SELECT 1 FROM eligibility_check") == []


@pytest.mark.parametrize("body", ["{", "[]", '"Canary"', "\xff"])
def test_a_body_that_is_no_object_is_refused(api: Client, body: str) -> None:
    headers = {"Content-Type": "application/json"}
    refused = api.post(CHECKS, content=body.encode("latin-1"), headers=headers)
    assert code_of(refused) == (422, "REQUEST-INVALID")
    assert "canary" not in refused.text.lower()


@pytest.mark.parametrize("name", ["coverage_id", "encounter_id"])
def test_an_id_of_nothing_is_a_404(api: Client, name: str) -> None:
    assert code_of(api.post(CHECKS, json={name: str(uuid4())})) == (404, "UNKNOWN-ID")
    assert code_of(api.get(f"{CHECKS}/{uuid4()}")) == (404, "UNKNOWN-ID")

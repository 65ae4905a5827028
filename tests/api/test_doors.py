"""What guards the API: keys, problems without values, logs, headers, a refusal to start."""

import logging
import re
import time
from uuid import uuid4

import pytest
from fastapi.routing import iter_route_contexts
from httpx import Client

from api.app import make_app
from api.boundary import Boundary
from api.dashboard import PAGES
from api.service import start_service
from rcm.db import UnsafeRoleError, WrongDeploymentError
from rcm.settings import Deployment, Settings
from tests.api.described import APP, DOCUMENT
from tests.harness import Practice

OPERATIONS = [
    pytest.param(method.upper(), path, id=f"{method} {path}")
    for path, methods in DOCUMENT["paths"].items()
    for method in methods
]
#: What a stranger is answered, who sends no body.
OPEN = {
    "/api/v1/health": 200,
    "/api/v1/health/ready": 200,
    "/api/v1/auth/login": 415,
    "/api/v1/auth/session": 200,
    "/api/v1/auth/ticket": 415,
}


def filled(path: str) -> str:
    """Return `path` with ids in it that nothing has."""
    return re.sub(r"\{\w+\}", str(uuid4()), path)


def test_every_route_but_the_docs_is_in_the_document() -> None:
    routed = {
        (method, context.path)
        for context in iter_route_contexts(APP.routes)
        for method in context.methods or ()
    }
    documented = {(str(param.values[0]), str(param.values[1])) for param in OPERATIONS}
    assert documented <= routed
    pages = {"/", *(f"/{page}{rest}" for page in PAGES for rest in ("", "/{rest:path}"))}
    assert {path for _, path in routed - documented} - pages == {
        "/openapi.json",
        "/docs",
        "/docs/oauth2-redirect",
    }


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_a_stranger_is_refused_everywhere(stranger: Client, method: str, path: str) -> None:
    for headers in (
        {},
        {"Authorization": "Bearer rcm_Canary"},
        {"Authorization": "Basic Q2FuYXJ5"},
    ):
        answer = stranger.request(method, filled(path), headers=headers)
        assert answer.headers["cache-control"] == "no-store"
        if path in OPEN:
            assert answer.status_code == OPEN[path]
            continue
        assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHENTICATED")
        assert answer.headers["www-authenticate"] == "Bearer"
        assert "canary" not in answer.text.lower()


def test_a_revoked_key_is_refused(api: Client, practice: Practice) -> None:
    assert api.get("/api/v1/claims").status_code == 200
    practice.rows("UPDATE actor SET ended_at = now() RETURNING 1")
    assert api.get("/api/v1/claims").status_code == 401


def test_a_key_is_stored_as_nothing_but_its_digest(practice: Practice, secret: str) -> None:
    assert re.fullmatch(r"rcm_[A-Za-z0-9]{44}", secret)
    (row,) = practice.rows("SELECT * FROM api_key JOIN actor USING (id) WHERE name = 'ehr'")
    assert secret not in str(row)
    assert len(row.secret_sha256) == 32


@pytest.mark.parametrize(
    "url",
    [
        "/api/v1/claims?limit=0",
        "/api/v1/claims?limit=201",
        "/api/v1/claims?limit=Canary",
        "/api/v1/claims?status=Canary",
        "/api/v1/claims?Canary=1",
        "/api/v1/claims?partner=Canary",
        "/api/v1/claims?cursor=Canary",
        "/api/v1/claims?cursor=MjAyNi0xMS0yMyBDYW5hcnk=",
        "/api/v1/claims?cursor=%C3%A9",
        "/api/v1/claims/Canary",
        "/api/v1/encounters/Canary",
        "/api/v1/files?type=Canary%00",
        "/api/v1/files?direction=Canary",
        "/api/v1/remittances?state=Canary",
        "/api/v1/remittances/Canary",
    ],
)
def test_a_parameter_that_does_not_fit_is_named_and_not_repeated(api: Client, url: str) -> None:
    answer = api.get(url)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == "REQUEST-INVALID"
    assert all(re.match("/(query|path)", each["place"]["pointer"]) for each in problem["findings"])
    assert "canary" not in answer.text.lower()


@pytest.mark.parametrize("path", ["encounters", "claims", "files", "remittances"])
def test_an_unknown_id_is_a_404(api: Client, path: str) -> None:
    answer = api.get(f"/api/v1/{path}/{uuid4()}")
    assert (answer.status_code, answer.json()["code"]) == (404, "UNKNOWN-ID")


def test_an_unknown_path_or_method_is_a_problem_too(api: Client) -> None:
    unknown = api.get("/api/v1/Canary?Canary=1")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "HTTP-404")
    assert "canary" not in unknown.text.lower()
    wrong = api.delete("/api/v1/claims")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "HTTP-405")
    assert wrong.headers["allow"] == "GET"


def test_what_nobody_expected_is_a_problem_without_details(
    api: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("Canary")

    monkeypatch.setattr("api.routes.claim_list.claim_figures", fail)
    with caplog.at_level(logging.INFO):
        answer = api.get("/api/v1/claims")
    assert (answer.status_code, answer.json()["code"]) == (500, "INTERNAL")
    assert "canary" not in answer.text.lower()
    trace_id = answer.json()["trace_id"]
    assert answer.headers["x-trace-id"] == trace_id
    assert "ZeroDivisionError at api.routes.claim_list.list_claims" in caplog.text
    assert trace_id in caplog.text
    assert "Canary" not in caplog.text


def test_the_log_names_operations_and_never_what_was_asked(
    api: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "api.boundary"):
        api.get(f"/api/v1/claims/{uuid4()}?Canary=1")
        api.get("/api/v1/Canary")
        until = time.monotonic() + 10
        while len(caplog.records) < 2 and time.monotonic() < until:
            time.sleep(0.01)  # The line is written after the answer.
    first, second = [record.getMessage() for record in caplog.records]
    assert first.startswith("GET get_claim 404")
    assert second.startswith("GET (no route) 404")


def test_no_answer_is_kept_by_a_cache(api: Client) -> None:
    for url in ("/api/v1/claims", f"/api/v1/claims/{uuid4()}", "/api/v1/claims?limit=0"):
        assert api.get(url).headers["cache-control"] == "no-store"


def test_the_api_does_not_start_as_the_owner_or_in_another_deployment(settings: Settings) -> None:
    owner = settings.model_copy(update={"database_url": settings.database_owner_url})
    with pytest.raises(UnsafeRoleError):
        start_service(owner)
    production = settings.model_copy(update={"deployment": Deployment.PRODUCTION})
    with pytest.raises(WrongDeploymentError):
        start_service(production)


def test_what_the_api_serves_trusts_nothing_inline_and_nobody_else(stranger: Client) -> None:
    for url in ("/", "/api/v1/health", "/api/v1/claims", "/static/js/main.js", "/nothing/here"):
        headers = stranger.get(url).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'; script-src 'self'; style-src 'self';" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert "camera=()" in headers["permissions-policy"]
        assert "strict-transport-security" not in headers, "a sandbox has no TLS"
    assert "'unsafe-inline'" in stranger.get("/docs").headers["content-security-policy"]


def test_production_is_spoken_to_by_tls_only() -> None:
    app = make_app(Settings.model_construct(deployment=Deployment.PRODUCTION))
    assert [each.kwargs for each in app.user_middleware] == [{"is_production": True}]
    made = Boundary(app, is_production=True)
    assert made.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_a_body_that_is_no_text_is_a_parameter_that_does_not_fit(
    api: Client, practice: Practice
) -> None:
    url = f"/api/v1/partners/{practice.partner_id}/schedule"
    answer = api.put(url, content=b"0\xffF", headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (422, "REQUEST-INVALID")
    assert [each["place"]["pointer"] for each in answer.json()["findings"]] == ["/body"]

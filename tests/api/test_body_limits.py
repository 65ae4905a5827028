"""Every operation that may have a body holds its limits: size, time, and strict JSON."""

import contextlib
import json
import re
import socket
import time
from collections.abc import Iterator
from itertools import chain, repeat
from typing import Any
from uuid import UUID

import pytest
from httpx import Client, WriteError

from rcm.access import Role, create_api_key
from rcm.limits import BODY_BYTES_MAX, JSON_DEPTH_MAX, JSON_DIGITS_MAX
from tests.api.described import DOCUMENT
from tests.harness import Practice
from tests.serving import Served

JSON = {"Content-Type": "application/json"}
LINES = "/api/v1/encounters/batch"  #: Takes a document a line, each for itself.
WITH_BODY: list[tuple[str, str, dict[str, Any]]] = [
    (method.upper(), path, shown)
    for path, methods in DOCUMENT["paths"].items()
    for method, shown in methods.items()
    if method in {"post", "put", "patch"}
]
#: Of people with a session: a key does not count there. They read a body as `auth/login` does.
HALFWAY = re.compile("/auth/(totp|recovery|password|logout|extend)|/me/")
VERSION = {"If-Match": '"1"'}
OPERATIONS = [(method, path) for method, path, _ in WITH_BODY if not HALFWAY.search(path)]
TYPES = {
    path: {"Content-Type": next(iter(shown.get("requestBody", {}).get("content", JSON.values())))}
    for _, path, shown in WITH_BODY
}
TAKING_JSON = [
    (method, path)
    for method, path, shown in WITH_BODY
    if shown.get("requestBody", {}).get("required") and not HALFWAY.search(path) and path != LINES
]
NOT_JSON = {"REQUEST-INVALID", "DECISION-NOT-JSON", "PARTNER-NOT-JSON", "ENCOUNTER-NOT-JSON"}
#: What no JSON parser may let in, each in the place of any document.
LOOSE = {
    "too deep": "[" * (JSON_DEPTH_MAX + 1) + "]" * (JSON_DEPTH_MAX + 1),
    "without end": "[" * 100_000,
    "a key twice": '{"reason": "a", "reason": "b"}',
    "NaN": '{"reason": NaN}',
    "infinity": '{"reason": 1e999}',
    "a number without end": '{"reason": %s}' % ("9" * (JSON_DIGITS_MAX + 1)),
    "a fraction without end": '{"reason": 0.%s}' % ("9" * 5_000),
    "no UTF-8": '{"reason": "\udcff"}',
}


@pytest.fixture
def secret(practice: Practice) -> str:
    """The key of somebody who may do everything."""
    with practice.unit_of_work() as session:
        return create_api_key(session, practice.tools, "everything", roles=tuple(Role))


def filled(path: str, partner_id: object = UUID(int=1)) -> str:
    """`path` with ids in it: the partner's, and of everything else one that nothing has."""
    path = path.replace("{partner_id}", str(partner_id))
    return re.sub(r"\{position\}", "1", re.sub(r"\{\w+_id\}", str(UUID(int=1)), path))


def test_the_walk_finds_every_operation() -> None:
    assert len(OPERATIONS) > 35
    assert len(TAKING_JSON) > 20
    shown = {path for _, path, shown in WITH_BODY if "requestBody" in shown}
    assert {"/api/v1/partners/{partner_id}/schedule", "/api/v1/search"} <= shown


def test_a_body_beyond_the_limit_is_answered_413_everywhere(api: Client) -> None:
    body = b'{"reason": "' + b"a" * BODY_BYTES_MAX + b'"}'
    for method, path in OPERATIONS:
        answer = api.request(method, filled(path), content=body, headers=TYPES[path] | VERSION)
        told = (path, answer.status_code, answer.json()["code"])
        assert told == (path, 413, "BODY-TOO-LARGE")


@pytest.mark.parametrize("loose", LOOSE)
def test_json_that_parsers_differ_about_is_refused_everywhere(
    api: Client, practice: Practice, loose: str
) -> None:
    body = LOOSE[loose].encode("utf-8", "surrogateescape")
    for method, path in TAKING_JSON:
        url = filled(path, practice.partner_id)
        answer = api.request(method, url, content=body, headers=JSON | VERSION)
        assert (path, answer.status_code) == (path, 422)
        found = {each["code"] for each in answer.json()["findings"]}
        assert found <= NOT_JSON, path


@pytest.mark.parametrize("loose", LOOSE)
def test_a_line_that_parsers_differ_about_is_refused_for_itself(api: Client, loose: str) -> None:
    body = LOOSE[loose].encode("utf-8", "surrogateescape")
    answer = api.post(LINES, content=body, headers=TYPES[LINES])
    assert answer.status_code == 200
    (line,) = answer.json()["items"]
    assert line["outcome"] == "refused"
    assert {each["code"] for each in line["findings"]} == {"ENCOUNTER-NOT-JSON"}


def without_end() -> Iterator[bytes]:
    """A body that says no length, and never ends."""
    yield from chain([b'{"reason": "'], repeat(b"a" * 65_536))


@pytest.mark.parametrize("path", ["/api/v1/encounters", "/api/v1/auth/login"])
def test_a_body_without_end_is_answered_and_cut_off(api: Client, path: str) -> None:
    answer = None
    with contextlib.suppress(WriteError):  # It was answered, and we did not listen.
        answer = api.post(path, content=without_end(), headers=JSON)
    assert answer is None or answer.status_code in {403, 413}
    assert api.get("/api/v1/health").status_code == 200


def talk(served: Served, head: str, *pieces: bytes) -> bytes:
    """Send a request as it stands, and return all that is answered until the line is closed."""
    host, port = served.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as line:
        with contextlib.suppress(OSError):
            line.sendall(head.encode())
            for piece in pieces:
                line.sendall(piece)
        answer = bytearray()
        with contextlib.suppress(OSError):
            while piece := line.recv(65_536):
                answer += piece
    return bytes(answer)


def head(secret: str, *fields: str, path: str = "/api/v1/encounters") -> str:
    lines = [f"POST {path} HTTP/1.1", "Host: here", f"Authorization: Bearer {secret}", *fields]
    return "\r\n".join([*lines, "Content-Type: application/json", "\r\n"])


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A body has a second to come."""
    monkeypatch.setattr("api.call.BODY_SECONDS_MAX", 1)


@pytest.mark.usefixtures("impatient")
def test_a_length_that_promises_more_than_comes_is_not_waited_for(
    served: Served, secret: str
) -> None:
    began = time.monotonic()
    answer = talk(served, head(secret, "Content-Length: 5000", "Connection: close"), b"{}")
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"BODY-SLOW" in answer
    assert time.monotonic() - began < 10


@pytest.mark.usefixtures("impatient")
def test_a_body_that_trickles_is_not_waited_for(served: Served, secret: str) -> None:
    fields = ("Transfer-Encoding: chunked", "Connection: close")
    answer = talk(served, head(secret, *fields), b"1\r\n{\r\n")
    assert answer.startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize("length", ["-1", "5, 6", "1e3", "0x10", str(10**30)])
def test_a_length_that_is_none_is_refused(served: Served, secret: str, length: str) -> None:
    fields = (f"Content-Length: {length}", "Connection: close")
    answer = talk(served, head(secret, *fields), b"{}")
    assert answer[:12] in {b"HTTP/1.1 400", b"HTTP/1.1 413", b""}


@pytest.mark.usefixtures("impatient")
def test_two_ways_to_say_a_length_are_none(served: Served, secret: str) -> None:
    fields = ("Content-Length: 2", "Transfer-Encoding: chunked", "Connection: close")
    answer = talk(served, head(secret, *fields), b"{}")
    assert answer[:12] in {b"HTTP/1.1 400", b"HTTP/1.1 408"}


def test_a_length_that_is_too_short_leaves_no_second_request(
    served: Served, secret: str, practice: Practice
) -> None:
    inner = head(secret, "Content-Length: 0", path="/api/v1/partners/x/pause")
    answer = talk(
        served, head(secret, "Content-Length: 2", "Connection: close"), b"{}", inner.encode()
    )
    assert answer.count(b"HTTP/1.1") == 1
    assert practice.rows("SELECT is_paused FROM trading_partner") == [(False,)]


def test_text_in_json_may_have_as_many_brackets_as_it_likes(api: Client) -> None:
    text = "ISA" + "[" * 2_000 + '\\"{' * 2_000
    answer = api.post("/api/v1/tools/edi/inspect", content=json.dumps({"text": text}), headers=JSON)
    assert (answer.status_code, answer.json().get("code")) != (422, "REQUEST-INVALID")

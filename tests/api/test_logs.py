"""The lines of a log: one form for ours and for others', with known fields and nobody's values."""

import io
import json
import logging
import warnings
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx import Client

from rcm.db import UnitOfWork
from rcm.jobs import Handler, PermanentJobError, PostponedError, TransientJobError, Work
from rcm.logs import FIELDS, about, make_formatter
from rcm.settings import LogFormat
from tests.rcm.job_probes import promise, runner

log = logging.getLogger("rcm.test")


class Lines(logging.StreamHandler[io.StringIO]):
    """What a process would have written."""

    def __init__(self, form: LogFormat) -> None:
        super().__init__(io.StringIO())
        self.setFormatter(make_formatter("worker", form))

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    def read(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture
def lines() -> Iterator[Lines]:
    yield from _attached(LogFormat.JSON)


@pytest.fixture
def text_lines() -> Iterator[Lines]:
    yield from _attached(LogFormat.TEXT)


def _attached(form: LogFormat) -> Iterator[Lines]:
    handler, root = Lines(form), logging.getLogger()
    handler.setLevel(logging.INFO)
    root.addHandler(handler)
    yield handler
    root.removeHandler(handler)


def test_a_line_has_time_level_process_event_and_what_it_is_about(lines: Lines) -> None:
    job_id = uuid4()
    with about(job_id=job_id, partner_id=None):
        log.warning("sent %d files", 3, extra={"count": 3, "patient": "nobody asks for this"})
    logging.getLogger("uvicorn.error").info("Started")
    first, second = lines.read()
    assert first.pop("time").endswith("Z")
    assert first.pop("pid") > 0
    assert first == {
        "level": "warning",
        "process": "worker",
        "logger": "rcm.test",
        "event": "sent 3 files",
        "job_id": str(job_id),
        "count": 3,
    }
    assert (second["logger"], second["event"]) == ("uvicorn.error", "Started")
    assert "job_id" not in second


def test_a_field_that_is_not_listed_cannot_be_bound() -> None:
    with pytest.raises(AssertionError), about(patient="anybody"):
        pass


def test_an_exception_tells_its_type_and_place_and_not_its_words(lines: Lines) -> None:
    secret = "what the database was asked"
    try:
        int(secret)
    except ValueError as reason:
        celery = logging.getLogger("celery.app.trace")
        celery.error("Task raised: %s", reason, exc_info=True, stack_info=True)
    (line,) = lines.read()
    assert (line["event"], line["error"]) == ("Task raised: %s", "ValueError")
    assert ".test_an_exception_tells_its_type_and_place_and_not_its_words:" in line["at"]
    assert secret not in lines.text


def test_a_line_of_text_is_one_line_whatever_stands_in_it(text_lines: Lines) -> None:
    log.error("first\r\nsecond", extra={"status": 500})
    assert text_lines.text.count("\n") == 1
    assert r"worker[" in text_lines.text
    assert text_lines.text.endswith("first\\r\\nsecond status=500\n")


def test_warnings_of_libraries_are_lines_too(lines: Lines) -> None:
    logging.captureWarnings(capture=True)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.warn("old", DeprecationWarning, stacklevel=1)
    finally:
        logging.captureWarnings(capture=False)
    (line,) = lines.read()
    assert (line["logger"], line["level"]) == ("py.warnings", "warning")


def fail(raised: Exception) -> Handler:
    def handler(_: Work) -> None:
        raise raised

    return handler


@pytest.mark.parametrize(
    ("handler", "outcome", "code", "level"),
    [
        (lambda _: None, "done", None, "info"),
        (fail(ZeroDivisionError("Ada Canary")), "retry", "ZeroDivisionError", "warning"),
        (fail(TransientJobError("SFTP-PORT")), "retry", "SFTP-PORT", "warning"),
        (fail(PostponedError("BREAKER-OPEN", seconds=60)), "postponed", "BREAKER-OPEN", "info"),
        (fail(PermanentJobError("FILE-DAMAGED")), "dead", "FILE-DAMAGED", "error"),
    ],
)
def test_each_job_ends_in_one_line(
    unit_of_work: UnitOfWork, lines: Lines, handler: Handler, outcome: str, code: str, level: str
) -> None:
    job_id = promise(unit_of_work)
    runner(unit_of_work, handler).run(job_id)
    (line,) = [each for each in lines.read() if each["logger"] == "rcm.job_log"]
    assert line["event"] == f"job {outcome}"
    assert (line["level"], line.get("error"), line["outcome"]) == (level, code, outcome)
    assert (line["job_id"], line["job_kind"]) == (str(job_id), "sweep_encounters")
    assert line["attempt"] == 1
    assert line["duration_ms"] >= 0


def test_chaining_that_goes_well_every_few_seconds_is_no_line(
    unit_of_work: UnitOfWork, lines: Lines
) -> None:
    runner(unit_of_work, lambda _: None).run(promise(unit_of_work, "chain_rows"))
    assert lines.read() == []


@pytest.mark.parametrize(
    ("given", "is_kept"),
    [
        ("5f0c4c6e-6e0c-4c55-9d6c-0c6f2a1f2f10", True),
        ("0AF7651916CD43DD8448EB211C80319C", True),
        ("Ada Canary", False),
        ("123-45-6789", False),
        ("0" * 65, False),
        (None, False),
    ],
)
def test_a_request_has_one_name_in_our_log_and_in_the_proxys(
    api: Client, lines: Lines, given: str | None, *, is_kept: bool
) -> None:
    headers = {"X-Request-ID": given} if given else {}
    answer = api.get("/api/v1/claims?limit=1", headers=headers)
    named = answer.headers["x-request-id"]
    assert (named == given) is is_kept
    assert is_kept or UUID(named) == UUID(answer.headers["x-trace-id"])
    api.get("/api/v1/health")  # The line of the first is written by now.
    line = next(each for each in lines.read() if each.get("request_id") == named)
    assert line["event"] == "GET list_claims 200"
    assert (line["method"], line["operation"], line["status"]) == ("GET", "list_claims", 200)
    assert line["duration_ms"] >= 0
    assert line["trace_id"] == answer.headers["x-trace-id"]
    assert "limit" not in json.dumps(line)


def test_what_a_line_may_tell_holds_nothing_of_a_person() -> None:
    assert not {"name", "patient", "body", "query", "path", "address"} & set(FIELDS)

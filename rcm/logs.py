"""One form for every line that a process logs: what happened, to what, and no value of anybody.

Everywhere else it is `logging.getLogger(__name__)`. What machines read goes into `extra`, by the
names of FIELDS and no others; what all lines of a request or a job share is bound once, by `about`.
"""

import logging
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO
from uuid import UUID

import structlog
from structlog.typing import EventDict, WrappedLogger

from rcm.settings import LogFormat

#: What a line may tell besides time, level, process, logger and event. Ids, codes and counts.
FIELDS = (
    "request_id", "trace_id", "method", "operation", "status",
    "job_id", "job_kind", "ref_id", "attempt", "outcome", "partner_id", "count",
    "duration_ms", "error", "at",
)  # fmt: skip
_FIRST = ("time", "level", "process", "pid", "logger", "event")
_OURS = ("api", "rcm", "edi", "workers", "cli")  #: Packages whose places help to find a fault.
#: These tell every message and every question asked, which our own lines tell better.
_TALKATIVE = ("celery.worker.strategy", "celery.app.trace", "kombu", "httpx", "httpcore")


def begin_logs(process: str, form: LogFormat, stream: TextIO | None = None) -> None:
    """Let everything that this process logs, whoever logs it, be lines of `form` on stderr."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(make_formatter(process, form))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)


@contextmanager
def about(**named: UUID | str | None) -> Iterator[None]:
    """Let every line of this block say what it is about; a name has to be one of FIELDS."""
    assert named.keys() <= set(FIELDS), "what a line may tell is a list"
    told = {name: str(value) for name, value in named.items() if value is not None}
    with structlog.contextvars.bound_contextvars(**told):
        yield


def make_formatter(process: str, form: LogFormat) -> logging.Formatter:
    """Return what makes a line of a record: of ours, of Celery's, of the web server's."""

    def named(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        record: logging.LogRecord = event["_record"]
        return {**event, "process": process, "pid": record.process}

    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.ExtraAdder(allow=FIELDS),
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            named,
            _without_values,
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _in_order,
            structlog.processors.JSONRenderer() if form is LogFormat.JSON else _as_text,
        ],
    )


def place_of(raised: BaseException) -> str:
    """Return the module, function and line where `raised` left our code."""
    frames = list(traceback.walk_tb(raised.__traceback__))
    places = [
        (frame.f_globals.get("__name__", ""), frame.f_code.co_name, line) for frame, line in frames
    ]
    ours = [place for place in places if place[0].partition(".")[0] in _OURS]
    if not places:
        return ""
    module, function, line = (ours or places)[-1]
    return f"{module}.{function}:{line}"


def _without_values(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Tell of an exception its type and place: its words, and a traceback's, may quote a value."""
    event.pop("stack_info", None)
    found = event.pop("exc_info", None)
    if not found or found[1] is None:
        return event
    record: logging.LogRecord = event["_record"]
    # The arguments of such a line are mostly the exception once more.
    return {
        **event,
        "event": str(record.msg),
        "error": type(found[1]).__name__,
        "at": place_of(found[1]),
    }


def _in_order(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {name: event[name] for name in (*_FIRST, *FIELDS) if name in event}


def _as_text(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    """Return a line for people; one event is one line, whatever stands in it."""
    rest: Sequence[str] = [f"{name}={event[name]}" for name in FIELDS if name in event]
    head = f"{event['time']} {event['level']:<8}{event['process']}[{event['pid']}]"
    line = " ".join([head, str(event["event"]), *rest])
    return line.replace("\r", "\\r").replace("\n", "\\n")

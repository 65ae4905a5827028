"""What can be expected to end a process: said in a sentence with its cure, without a trace."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import ValidationError
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from rcm.settings import in_words

#: What PostgreSQL says when it refuses a connection, and what to do about it.
_CURES = {
    "password authentication failed": "correct user or password in RCM_DATABASE_URL.",
    "does not exist": "make what is missing (docs/operations.md), or correct RCM_DATABASE_URL.",
    "too many": "`rcm connections` counts what a deployment needs.",
    "remaining connection slots": "`rcm connections` counts what a deployment needs.",
    "starting up": "wait some seconds and do it again.",
    "shutting down": "start it, or wait until it is back, and do it again.",
}


class RefusalError(Exception):
    """What can be expected to go wrong. Its words say what to do, and end a process alone."""


@contextmanager
def refusals_in_words() -> Iterator[None]:
    """Say on standard error what ends the block, and end the process with exit code 1.

    What nobody expects is a bug, and keeps its trace.
    """
    try:
        yield
    except RefusalError as reason:
        _end(str(reason))
    except ValidationError as reason:
        _end(
            *in_words(reason),
            "`rcm settings` lists what to set; some commands take --data FOLDER instead.",
        )
    except OperationalError as reason:
        _end(*_of_database(reason))
    except SQLAlchemyError as reason:
        _end(f"the database refused: {type(reason).__name__}")


def _end(*lines: str) -> None:
    for line in lines:
        sys.stderr.write(f"rcm: {line}\n")
    sys.exit(1)


def _of_database(reason: OperationalError) -> tuple[str, ...]:
    """Say why there is no connection, in the server's own words; of a statement, never any word."""
    if reason.statement is not None:
        return ("the database stopped answering in the middle: see its log, then do it again",)
    said = str(reason.orig).partition("\n")[0].strip()
    for words, cure in _CURES.items():
        if words in said:
            return (f"the database refused the connection: {said}", cure)
    return (
        f"the database does not answer. Is it running? {said}",
        "RCM_DATABASE_URL says where it is. With --data, `rcm serve` runs it.",
    )

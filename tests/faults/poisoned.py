"""A worker, or its relay, to whom some files are poison, by their name; limits are in seconds.

python -m tests.faults.poisoned worker|relay
"""

import ctypes
import sys
from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

import rcm.doorbell
import workers.handlers
from rcm import jobs
from rcm.exchange import store
from rcm.exchange.service import read_file
from rcm.tools import Tools
from workers.app import worker
from workers.relay import main

SECONDS_MAX = 2  #: Instead of ten minutes; after one more the process is killed.


def read_or_suffer(session: Session, tools: Tools, file_id: UUID) -> None:
    """Read a file, unless it is poison."""
    match store.file(session, file_id).name:
        case "crash.x12":
            ctypes.string_at(0)
        case "loop.x12":
            while True:
                with suppress(Exception):  # It does not listen to the limit that asks.
                    while True:
                        pass
        case "hungry.x12":
            bytearray(10 * 1024**3)
        case _:
            pass
    read_file(session, tools, file_id)


def poison() -> None:
    """Change what the code of this process uses."""
    kinds: Any = jobs.KINDS
    kinds["read_file"] = replace(kinds["read_file"], seconds_max=SECONDS_MAX)
    names: Any = (rcm.doorbell, workers.handlers)
    names[0]._GRACE_SECONDS = 1
    names[1].read_file = read_or_suffer


if __name__ == "__main__":
    poison()
    if sys.argv[1] == "relay":
        main()
    else:
        worker(["--queues", "intake", "--concurrency", "4"])

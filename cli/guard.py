"""Ends whole process groups: on demand, and by itself when the program that feeds it dies.

As a script (`python -I -S guard.py GRACE_SECONDS`, standard library only) it reads lines
`watch GROUP` and `forget GROUP`. When the pipe ends, the supervisor is gone: each group still
watched is asked to stop (SIGTERM to its leader), given GRACE_SECONDS, then killed. `cli.tether`
tells a child; this also reaches its grandchildren, and a child that will not listen.
"""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Collection, Iterable
from pathlib import Path

PAUSE_SECONDS = 0.02
KILL_SECONDS_MAX = 5


def living(groups: Collection[int]) -> set[int]:
    """The groups with a member that is not a zombie (an init that never reaps leaves those)."""
    found: set[int] = set()
    if sys.platform != "linux":
        for group in groups:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(group, 0)
                found.add(group)
        return found
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # It ended while we looked.
            # proc(5): pid (name) state ppid pgrp; the name may hold spaces and brackets.
            state, _parent, group_text = stat.read_text().rpartition(")")[2].split()[:3]
            if int(group_text) in groups and state not in "ZX":
                found.add(int(group_text))
    return found


def end_groups(groups: Collection[int], *, grace_seconds: int) -> None:
    """Return when no group lives: SIGTERM to the leaders, then SIGKILL to what is left of each.

    With a grace of 0 there is only SIGKILL.
    """
    if grace_seconds:
        for group in groups:
            with contextlib.suppress(ProcessLookupError):
                os.kill(group, signal.SIGTERM)
        _await_end(groups, grace_seconds)
    for group in living(groups):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)
    _await_end(groups, KILL_SECONDS_MAX)


def _await_end(groups: Collection[int], seconds: int) -> None:
    deadline = time.monotonic() + seconds
    while living(groups) and time.monotonic() < deadline:
        time.sleep(PAUSE_SECONDS)


def read_groups(lines: Iterable[str]) -> set[int]:
    """Follow the lines to their end and return the groups still watched.

    >>> read_groups(["watch 7", "watch 8", "forget 7"])
    {8}
    """
    groups: set[int] = set()
    for line in lines:
        verb, group = line.split()
        (groups.add if verb == "watch" else groups.discard)(int(group))
    return groups


if __name__ == "__main__":
    end_groups(read_groups(sys.stdin), grace_seconds=int(sys.argv[1]))

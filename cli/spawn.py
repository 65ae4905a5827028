"""Starts programs that do not outlive us, each with its own log."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cli import tether

TAIL_BYTES = 8192
TAIL_LINES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The system user as whom a program runs."""

    uid: int
    gid: int


def tethered(
    argv: Sequence[str], *, death_signal: signal.Signals, account: Account | None = None
) -> list[str]:
    """Return `argv` so wrapped that the program gets `death_signal` when its starter dies.

    Linux counts the death of the thread that started it: start from a thread that lives as long as
    the program shall. `account` is for root only.
    """
    who = f"{account.uid}:{account.gid}" if account else "-"
    starter = str(os.getpid())
    script = os.fspath(tether.__file__)
    return [sys.executable, "-I", "-S", script, starter, str(int(death_signal)), who, *argv]


def spawn(
    argv: Sequence[str],
    *,
    env: Mapping[str, str],
    log: Path,
    death_signal: signal.Signals,
    account: Account | None = None,
) -> subprocess.Popen[bytes]:
    """Start `argv` in a session of its own, its output appended to `log` (made 0600).

    Its pid is the program's own, and the id of its process group.
    """
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if account:
            os.fchown(output, account.uid, account.gid)
        return subprocess.Popen(  # noqa: S603 - argv is ours, and no shell reads it
            tethered(argv, death_signal=death_signal, account=account),
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    finally:
        os.close(output)


def tail(log: Path) -> str:
    """Return the last lines of `log`, at most 20; empty when there is none."""
    try:
        with log.open("rb") as lines:
            lines.seek(max(0, log.stat().st_size - TAIL_BYTES))
            text = lines.read().decode(errors="replace")
    except FileNotFoundError:
        return ""
    return "\n".join(text.splitlines()[-TAIL_LINES:])

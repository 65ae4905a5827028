"""Runs one server: starts it, waits until it answers, stops it by the id that started it."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cli.embedded.errors import ServerStartError
from cli.spawn import Account, spawn, tail

READY_SECONDS_MAX = 30
STOP_SECONDS_MAX = 30
PAUSE_SECONDS = 0.02

#: All that a server sees of our environment: no setting and no secret of ours, no foreign locale.
ENVIRONMENT = {"LC_ALL": "C", "PATH": "/usr/bin:/bin", "TZ": "UTC"}


def has_ended(pid: int) -> bool:
    """Tell whether a server of ours is over. It stays to be waited for."""
    try:
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return True


@contextmanager
def running(
    argv: Sequence[str],
    *,
    log: Path,
    account: Account | None,
    stop_signal: signal.Signals,
    is_ready: Callable[[], bool],
) -> Iterator[int]:
    """Yield the process id of the server once `is_ready`; on leaving stop it with `stop_signal`.

    The same signal reaches it when we are killed. Raises ServerStartError with the end of its log.
    """
    server = spawn(argv, env=ENVIRONMENT, log=log, death_signal=stop_signal, account=account)
    try:
        _await_ready(server, is_ready, log)
        yield server.pid
    finally:
        _stop(server, stop_signal)


def _await_ready(server: subprocess.Popen[bytes], is_ready: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS_MAX
    while not is_ready():
        if server.poll() is not None:
            raise ServerStartError(f"ended at once, code {server.returncode}; {log}:\n{tail(log)}")
        if time.monotonic() > deadline:
            raise ServerStartError(f"silent for {READY_SECONDS_MAX} s; {log}:\n{tail(log)}")
        time.sleep(PAUSE_SECONDS)


def _stop(server: subprocess.Popen[bytes], stop_signal: signal.Signals) -> None:
    for number in (stop_signal, signal.SIGQUIT, signal.SIGKILL):
        server.send_signal(number)  # Does nothing once it has ended.
        try:
            server.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            continue
        return

"""Keeps the processes of `demo` and `serve`: starts them, starts them again, leaves none behind."""

import contextlib
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

from cli import guard
from cli.spawn import spawn, tail
from rcm.refusals import RefusalError

READY_SECONDS_MAX = 60
GRACE_SECONDS = 15
PAUSE_SECONDS = 0.05
#: Seconds before a child that died is started again; the last one repeats.
BACKOFF_SECONDS = (0, 1, 2, 5, 10, 30)
STEADY_SECONDS = 60  #: A child that lived so long is forgiven its former deaths.

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """One process of the service."""

    name: str  #: Such as "api", "worker-post", "sandbox"; also names its log.
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(repr=False)  #: Its whole environment. Holds passwords.
    ready: Callable[[], bool]  #: Asked until it is true.


class SupervisorError(RefusalError):
    """The root of this module's errors."""


class ChildDiedError(SupervisorError):
    """A child ended that was not asked to. The message ends with its last log lines."""

    def __init__(self, name: str, code: int, log_tail: str) -> None:
        super().__init__(f"{name} ended with code {code}:\n{log_tail}")
        self.name = name
        self.code = code
        self.log_tail = log_tail


class ChildNotReadyError(SupervisorError):
    """A child runs and did not become ready in time. The message ends with its last log lines."""


@dataclass(slots=True, kw_only=True)
class _Life:
    """A child's present process, and what is known of the former ones. Times: monotonic, ns."""

    child: Child
    running: subprocess.Popen[bytes]
    began_ns: int
    deaths: int = 0
    again_ns: int | None = None  #: When to start it again; None while it runs.


class Supervisor:
    """Children that run as long as the block, each with `<log_folder>/<name>.log`.

    Start it from a thread that outlives them (see `cli.spawn`). If this process is killed, they are
    told by SIGTERM, and whatever remains of their process groups is killed after the grace.

    `say` is told of each that is ready.
    """

    def __init__(
        self,
        children: Sequence[Child],
        log_folder: Path,
        *,
        restart: bool,
        grace_seconds: int = GRACE_SECONDS,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._say = say
        self._children = tuple(children)
        self._log_folder = log_folder
        self._restart = restart
        self._grace_seconds = grace_seconds
        self._lives: dict[str, _Life] = {}
        self._guard: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start all children side by side; return when each is ready.

        Raises ChildDiedError or ChildNotReadyError, and then leaves no process behind.
        """
        try:
            self._log_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._guard = _start_guard(self._grace_seconds)
            for child in self._children:
                self._lives[child.name] = self._begin(child)
            deadline_ns = time.monotonic_ns() + READY_SECONDS_MAX * 10**9
            for child in self._children:
                self._await_ready(child, deadline_ns)
                self._say(f"  {child.name} is ready")
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Ask every child to stop, the last one first; after the grace kill; leave no process."""
        # A child that waits to be started again was cleared away when it died.
        lives = [life for life in reversed(self._lives.values()) if life.again_ns is None]
        for life in lives:
            life.running.terminate()  # The pid, not the group: a worker ends its own children.
        deadline = time.monotonic() + self._grace_seconds
        for life in lives:
            with contextlib.suppress(subprocess.TimeoutExpired):
                life.running.wait(max(0, deadline - time.monotonic()))
        guard.end_groups([life.running.pid for life in lives], grace_seconds=0)
        for life in lives:
            life.running.wait()
        self._lives.clear()
        if self._guard:
            for life in lives:
                self._tell_guard("forget", life.running.pid)
            self._guard.communicate()
            self._guard = None

    def pids(self) -> dict[str, int]:
        """The process id of each child by name; also the id of its process group."""
        return {name: life.running.pid for name, life in self._lives.items()}

    def wait(
        self, stop_event: threading.Event, look_beside: Callable[[], None] = lambda: None
    ) -> None:
        """Return once `stop_event` is set, or on SIGINT or SIGTERM (in the main thread).

        Meanwhile a child that ends is started again, ever later; without `restart`, ChildDiedError.
        `look_beside` raises where going on without something else makes no sense.
        """
        with _stop_signals() as signalled:
            while not (signalled or stop_event.is_set()):
                look_beside()
                for life in self._lives.values():
                    self._look_after(life)
                time.sleep(PAUSE_SECONDS)

    def _look_after(self, life: _Life) -> None:
        now_ns = time.monotonic_ns()
        if life.again_ns is not None:
            if now_ns >= life.again_ns:
                deaths = life.deaths
                life = self._lives[life.child.name] = self._begin(life.child)
                life.deaths = deaths
            return
        code = life.running.poll()
        if code is None:
            return
        if not self._restart:
            raise self._died(life, code)
        guard.end_groups([life.running.pid], grace_seconds=0)  # What it left behind.
        self._tell_guard("forget", life.running.pid)
        if now_ns - life.began_ns > STEADY_SECONDS * 10**9:
            life.deaths = 0
        seconds = BACKOFF_SECONDS[min(life.deaths, len(BACKOFF_SECONDS) - 1)]
        life.deaths += 1
        life.again_ns = now_ns + seconds * 10**9
        logger.warning("%s ended with code %d; again in %d s", life.child.name, code, seconds)

    def _begin(self, child: Child) -> _Life:
        running = spawn(
            child.argv, env=child.env, log=self._log(child), death_signal=signal.SIGTERM
        )
        self._tell_guard("watch", running.pid)
        return _Life(child=child, running=running, began_ns=time.monotonic_ns())

    def _await_ready(self, child: Child, deadline_ns: int) -> None:
        while not child.ready():
            for life in self._lives.values():
                code = life.running.poll()
                if code is not None:
                    raise self._died(life, code)
            if time.monotonic_ns() > deadline_ns:
                log_tail = tail(self._log(child))
                raise ChildNotReadyError(
                    f"{child.name} is not ready after {READY_SECONDS_MAX} s:\n{log_tail}"
                )
            time.sleep(PAUSE_SECONDS)

    def _died(self, life: _Life, code: int) -> ChildDiedError:
        return ChildDiedError(life.child.name, code, tail(self._log(life.child)))

    def _log(self, child: Child) -> Path:
        return self._log_folder / f"{child.name}.log"

    def _tell_guard(self, verb: str, group: int) -> None:
        if self._guard and self._guard.stdin:
            # A guard that was killed is a second net lost; the service goes on.
            with contextlib.suppress(BrokenPipeError):
                self._guard.stdin.write(f"{verb} {group}\n")
                self._guard.stdin.flush()


def _start_guard(grace_seconds: int) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own script
        [sys.executable, "-I", "-S", os.fspath(guard.__file__), str(grace_seconds)],
        stdin=subprocess.PIPE,
        text=True,
        start_new_session=True,  # A Ctrl-C in the terminal is not for the guard.
    )


@contextlib.contextmanager
def _stop_signals() -> Iterator[list[int]]:
    """Yield a list that SIGINT and SIGTERM append to.

    A list, not an Event: setting an Event in a signal handler can wait for itself for ever.
    """
    signalled: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield signalled
        return

    def note(number: int, _frame: FrameType | None) -> None:
        signalled.append(number)

    former = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield signalled
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)

"""Children that obey, crash, will not listen and have children: none outlives the supervisor."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cli import supervisor
from cli.embedded import ServersError
from cli.guard import living
from cli.places import Places
from cli.stack import Parts, _children
from cli.supervisor import Child, ChildDiedError, ChildNotReadyError, Supervisor

#: Each writes its pid to the file named last when it is up.
UP = "import os, pathlib, signal, subprocess, sys, time\n"
SAY = "pathlib.Path(sys.argv[-1]).write_text(str(os.getpid()))\n"
SLEEP = "time.sleep(600)\n"
OBEDIENT = UP + SAY + SLEEP
DEAF = UP + "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + SAY + SLEEP
PARENT = UP + (
    "subprocess.Popen([sys.executable, '-c', 'import signal, time;"
    " signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)'])\n"
)
PARENT_OF_DEAF = PARENT + SAY + SLEEP
CRASHING = UP + "print('out of luck', flush=True); sys.exit(7)\n"
POLITE = (
    UP
    + (
        "def stop(*_):\n    print(sys.argv[1], 'says good-bye')\n    sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, stop)\n"
    )
    + SAY
    + SLEEP
)


def child(
    name: str, script: str, folder: Path, *, ready: Callable[[], bool] | None = None
) -> Child:
    up = folder / f"{name}.up"
    return Child(
        name=name,
        argv=(sys.executable, "-c", script, name, str(up)),
        env={"PATH": os.defpath, "SECRET": "hush"},
        ready=ready or (lambda: up.exists() and bool(up.read_text())),
    )


def await_true(question: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not question():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def members(group: int) -> int:
    """How many processes the group has."""
    found = 0
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(ProcessLookupError):
            found += os.getpgid(int(entry.name)) == group
    return found


def test_children_start_and_stop(tmp_path: Path) -> None:
    children = [child(name, OBEDIENT, tmp_path) for name in ("api", "worker")]
    with Supervisor(children, tmp_path / "log", restart=False) as running:
        pids = running.pids()
        assert pids == {
            name: int((tmp_path / f"{name}.up").read_text()) for name in ("api", "worker")
        }
        assert [os.getpgid(pid) for pid in pids.values()] == list(pids.values())
        assert living(pids.values()) == set(pids.values())
    assert not living(pids.values())
    assert running.pids() == {}


def test_who_waits_is_told_of_each_child_that_is_ready(tmp_path: Path) -> None:
    said: list[str] = []
    children = [child(name, OBEDIENT, tmp_path) for name in ("api", "worker")]
    with Supervisor(children, tmp_path / "log", restart=False, say=said.append):
        assert said == ["  api is ready", "  worker is ready"]


def test_a_child_is_asked_to_stop_and_its_output_is_in_its_log(tmp_path: Path) -> None:
    children = [child(name, POLITE, tmp_path) for name in ("api", "worker")]
    with Supervisor(children, tmp_path / "log", restart=False):
        pass
    for name in ("api", "worker"):
        assert (tmp_path / "log" / f"{name}.log").read_text() == f"{name} says good-bye\n"


def test_a_child_sees_the_given_environment_only(tmp_path: Path) -> None:
    script = UP + "print(sorted(set(os.environ) - {'LC_CTYPE'}), flush=True)\n" + SAY + SLEEP
    one = child("api", script, tmp_path)
    with Supervisor([one], tmp_path, restart=False):
        assert (tmp_path / "api.log").read_text() == "['PATH', 'SECRET']\n"
    assert "hush" not in repr(one)


@pytest.mark.parametrize("script", [DEAF, PARENT_OF_DEAF], ids=["deaf", "parent of deaf"])
def test_what_does_not_listen_is_killed_with_all_its_children(tmp_path: Path, script: str) -> None:
    children = [child("api", OBEDIENT, tmp_path), child("worker", script, tmp_path)]
    with Supervisor(children, tmp_path, restart=False, grace_seconds=1) as running:
        groups = list(running.pids().values())
        await_true(lambda: script is DEAF or members(groups[1]) == 2)
    assert not living(groups)


def test_a_stopped_child_is_killed_too(tmp_path: Path) -> None:
    with Supervisor(
        [child("api", OBEDIENT, tmp_path)], tmp_path, restart=False, grace_seconds=1
    ) as running:
        groups = list(running.pids().values())
        os.kill(groups[0], signal.SIGSTOP)
    assert not living(groups)


@pytest.mark.parametrize("restart", [False, True])
def test_a_child_that_dies_at_once_is_an_error_and_the_others_end(
    tmp_path: Path, *, restart: bool
) -> None:
    # Once the other is up, which on a busy machine takes longer than to crash.
    late = (
        "api = pathlib.Path(sys.argv[-1]).with_name('api.up')\n"
        "while not (api.exists() and api.read_text()):\n    time.sleep(0.01)\n"
    )
    children = [
        child("api", OBEDIENT, tmp_path),
        child("worker", UP + late + CRASHING, tmp_path, ready=lambda: False),
    ]
    running = Supervisor(children, tmp_path, restart=restart)
    with pytest.raises(ChildDiedError, match="worker ended with code 7:\nout of luck") as error:
        running.start()
    assert (error.value.name, error.value.code) == ("worker", 7)
    assert not living([int((tmp_path / "api.up").read_text())])
    assert running.pids() == {}


def test_a_program_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    one = Child(name="api", argv=("/no/such/program",), env={}, ready=lambda: False)
    with pytest.raises(ChildDiedError, match="No such file"):
        Supervisor([one], tmp_path, restart=True).start()


def test_a_child_that_is_never_ready_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "READY_SECONDS_MAX", 1)
    one = child("api", OBEDIENT, tmp_path, ready=lambda: False)
    with pytest.raises(ChildNotReadyError, match="api is not ready after 1 s"):
        Supervisor([one], tmp_path, restart=True).start()
    assert not living([int((tmp_path / "api.up").read_text())])


def test_without_restart_a_crash_is_an_error(tmp_path: Path) -> None:
    with Supervisor([child("api", OBEDIENT, tmp_path)], tmp_path, restart=False) as running:
        os.kill(running.pids()["api"], signal.SIGKILL)
        with pytest.raises(ChildDiedError) as error:
            running.wait(threading.Event())
        assert error.value.code == -signal.SIGKILL


@pytest.fixture
def restarting(tmp_path: Path) -> Iterator[tuple[Supervisor, Path]]:
    with Supervisor([child("api", PARENT_OF_DEAF, tmp_path)], tmp_path, restart=True) as running:
        yield running, tmp_path / "api.up"


def test_with_restart_a_crashed_child_comes_again_and_leaves_nothing(
    restarting: tuple[Supervisor, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    running, up = restarting
    monkeypatch.setattr(supervisor, "BACKOFF_SECONDS", (0, 1))
    stop, seen = threading.Event(), [running.pids()["api"]]

    def crash_twice() -> None:
        for _ in range(2):
            await_true(lambda: members(seen[-1]) == 2)
            os.kill(seen[-1], signal.SIGKILL)
            await_true(lambda: int(up.read_text() or 0) not in {0, *seen})
            seen.append(int(up.read_text()))
        stop.set()

    killer = threading.Thread(target=crash_twice)
    began = time.monotonic()
    killer.start()
    running.wait(stop)
    killer.join()
    assert len(seen) == 3
    assert time.monotonic() - began > 1  # The second time it waited.
    assert running.pids() == {"api": seen[-1]}
    assert living(seen) == {seen[-1]}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_wait_returns_on_a_signal_and_gives_the_handlers_back(
    tmp_path: Path, number: signal.Signals
) -> None:
    former = signal.getsignal(number)
    with Supervisor([child("api", OBEDIENT, tmp_path)], tmp_path, restart=True) as running:
        timer = threading.Timer(0.2, os.kill, (os.getpid(), number))
        timer.start()
        running.wait(threading.Event())
        timer.join()
        assert signal.getsignal(number) is former


#: Supervises an obedient, a deaf child and a parent of a deaf one, then waits to be killed.
KILLED = """
import sys, threading
from pathlib import Path
from tests.cli.test_supervisor import DEAF, OBEDIENT, PARENT_OF_DEAF, child
from cli.supervisor import Supervisor
folder = Path(sys.argv[1])
scripts = {"api": OBEDIENT, "worker": DEAF, "relay": PARENT_OF_DEAF}
children = [child(name, script, folder) for name, script in scripts.items()]
with Supervisor(children, folder, restart=True, grace_seconds=1) as running:
    print(*running.pids().values(), flush=True)
    running.wait(threading.Event())
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_supervisor_that_ends_in_any_way_leaves_no_process(
    tmp_path: Path, number: signal.Signals
) -> None:
    root = Path(__file__).parents[2]
    argv = [sys.executable, "-c", KILLED, str(tmp_path)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, cwd=root) as running:
        assert running.stdout
        groups = [int(pid) for pid in running.stdout.readline().split()]
        await_true(lambda: members(groups[2]) == 2)
        assert len(living(groups)) == 3
        running.send_signal(number)
    # It may come before `wait` takes signals; what wait makes of them is another test.
    assert running.returncode in {0, -number}
    await_true(lambda: not living(groups))


def test_children_end_though_the_guard_was_killed(tmp_path: Path) -> None:
    with Supervisor([child("api", OBEDIENT, tmp_path)], tmp_path, restart=False) as running:
        groups = list(running.pids().values())
        assert running._guard
        running._guard.kill()
        running._guard.wait()
    assert not living(groups)


def test_waiting_ends_where_something_else_is_gone(tmp_path: Path) -> None:
    def gone() -> None:
        raise ServersError("Valkey has ended")

    with (
        Supervisor([child("api", OBEDIENT, tmp_path)], tmp_path, restart=True) as running,
        pytest.raises(ServersError, match="Valkey has ended"),
    ):
        running.wait(threading.Event(), gone)


def test_the_sandbox_of_a_stack_is_started_again_on_the_port_that_its_partners_know(
    tmp_path: Path,
) -> None:
    places = Places(data=tmp_path)
    *_, sandbox = _children(places, {"RCM_TIME_ZONE": "America/New_York"}, Parts())
    assert sandbox.name == "sandbox"
    assert int(sandbox.argv[sandbox.argv.index("--port") + 1]) > 0

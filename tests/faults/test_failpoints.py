"""Failpoints: named once, inert unless armed, at their turn only, refused in production."""

import ast
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.stack import environment
from rcm.failpoint import ARMED, FOLDER, POINTS, FailpointError, counts, read_arms
from rcm.settings import Settings

ROOT = Path(__file__).parents[2]
PRODUCT = ("edi", "rcm", "api", "workers", "cli")
ASK = "from rcm.failpoint import failpoint\nfor n in range(10):\n    failpoint('batch.taken')\n"


def named() -> Iterator[str]:
    """Yield the name at each call of `failpoint` in the product."""
    for path in (path for package in PRODUCT for path in (ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "failpoint":
                (name,) = node.args
                assert isinstance(name, ast.Constant), f"{path.name}: a name, not an expression"
                yield str(name.value)


def arrive(armed: str, folder: Path, code: str = ASK) -> subprocess.CompletedProcess[str]:
    """Let a process of its own arrive ten times at one point."""
    return subprocess.run(
        [sys.executable, "-c", code],
        env={"PATH": os.environ["PATH"], ARMED: armed, FOLDER: str(folder)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_each_point_of_the_table_stands_in_the_code_once_and_no_other_does() -> None:
    assert Counter(named()) == dict.fromkeys(POINTS, 1)
    assert len(POINTS) >= 40


def test_without_arms_nothing_happens(tmp_path: Path) -> None:
    ended = arrive("", tmp_path)
    assert (ended.returncode, ended.stderr, list(tmp_path.iterdir())) == (0, "", [])


def test_another_point_that_is_armed_does_nothing_here(tmp_path: Path) -> None:
    ended = arrive("batch.proven=1", tmp_path)
    assert (ended.returncode, list(tmp_path.iterdir())) == (0, [])


def test_it_kills_at_the_nth_arrival_over_all_processes_and_so_often_only(tmp_path: Path) -> None:
    seen = []
    for _ in range(4):
        ended = arrive("batch.taken=4:kill:2", tmp_path)
        seen.append((ended.returncode, counts(tmp_path, "batch.taken")))
    killed = -signal.SIGKILL
    assert seen == [(killed, (4, 1)), (killed, (8, 2)), (0, (18, 2)), (0, (28, 2))]


def test_it_fails_where_it_is_told_to_fail(tmp_path: Path) -> None:
    ended = arrive("batch.taken=10:raise", tmp_path)
    assert ended.returncode == 1
    assert "FailpointRaisedError: batch.taken" in ended.stderr
    assert counts(tmp_path, "batch.taken") == (10, 1)


def test_it_sleeps_where_it_is_told_to_sleep(tmp_path: Path) -> None:
    code = f"import time\nt = time.monotonic()\n{ASK}print(time.monotonic() - t >= 2)"
    assert arrive("batch.taken=1:sleep:2", tmp_path, code).stdout == "True\n"


@pytest.mark.parametrize(
    "armed", ["batch.unknown", "batch.taken=x", "batch.taken=1:explode", "batch.taken=1:kill:x"]
)
def test_arms_that_mean_nothing_are_refused(armed: str) -> None:
    with pytest.raises(FailpointError):
        read_arms(armed)


@pytest.mark.parametrize(
    "argv",
    [
        ("cli.main", "api", "--port", "0"),
        ("workers.app",),
        ("workers.relay",),
    ],
    ids=["api", "worker", "relay"],
)
def test_no_process_of_production_starts_with_arms(
    argv: tuple[str, ...], settings: Settings, tmp_path: Path
) -> None:
    env = environment(settings) | {
        "RCM_DEPLOYMENT": "production", ARMED: "batch.taken=99", FOLDER: str(tmp_path),
    }  # fmt: skip
    ended = subprocess.run(
        [sys.executable, "-m", *argv],
        env=env, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert ended.returncode != 0
    assert "RCM_FAILPOINTS is set in a production deployment" in ended.stderr

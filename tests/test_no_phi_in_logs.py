"""The guard of tests/conftest.py fails a test that logs a patient's name, however it does."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOGGING_TESTS = """
import logging

import pytest

from tests.conftest import _leaks, _no_phi_in_logs

log = logging.getLogger("anything")
NAME = "Canary"


class Person:
    def __repr__(self):
        return NAME


@pytest.fixture
def seen():
    log.info("set up for %s", NAME)


@pytest.fixture
def left():
    yield
    log.info("over for %s", NAME)


def test_clean():
    log.debug("nobody")


def test_message():
    log.debug("seen: CANARY")


def test_argument():
    log.debug("seen: %r", Person())


def test_field():
    log.info("done", extra={"ref_id": NAME})


def test_traceback():
    try:
        raise ValueError(NAME)
    except ValueError:
        log.exception("failed")


def test_cleared(caplog):
    log.warning(NAME)
    caplog.clear()


def test_set_up(seen):
    pass


def test_torn_down(left):
    pass


def test_clean_again():
    log.error("nobody")
"""


def test_a_test_that_logs_a_name_fails(tmp_path: Path) -> None:
    path = tmp_path / "test_logging.py"
    path.write_text(LOGGING_TESTS, encoding="utf-8")
    # The guard's own code, far from this project's settings and from the servers it starts.
    pytest = (sys.executable, "-m", "pytest", "-rA", "-p", "no:cacheprovider", "-c", os.devnull)
    run = subprocess.run(
        [*pytest, f"--rootdir={tmp_path}", str(path)],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    ends = [line.split() for line in run.stdout.splitlines() if "test_logging.py::" in line]
    verdicts = {end[1].rpartition("::")[2]: end[0] for end in ends if end[0] in {"PASSED", "ERROR"}}
    assert verdicts == {
        "test_clean": "PASSED",
        "test_message": "ERROR",
        "test_argument": "ERROR",
        "test_field": "ERROR",
        "test_traceback": "ERROR",
        "test_cleared": "ERROR",
        "test_set_up": "ERROR",
        "test_torn_down": "ERROR",
        "test_clean_again": "PASSED",
    }, run.stdout

"""Named places where a test may kill this process: inert unless armed, refused in production."""

import os
import signal
from pathlib import Path

from rcm.settings import Deployment

ARMED = "RCM_FAILPOINTS"  #: Names, separated by semicolons.
FOLDER = "RCM_FAILPOINT_FOLDER"  #: Where each armed point leaves a file, so that it kills once.

_armed = frozenset(filter(None, os.environ.get(ARMED, "").split(";")))


class FailpointError(Exception):
    """Failpoints are armed where they must never be."""


def failpoint(name: str) -> None:
    """Kill this process with SIGKILL where `name` is armed and has not killed before."""
    if name not in _armed:
        return
    spent = Path(os.environ[FOLDER]) / name
    try:
        spent.touch(exist_ok=False)
    except FileExistsError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


def refuse_failpoints(deployment: Deployment) -> None:
    """Raise FailpointError in a production process that has failpoints armed."""
    if _armed and deployment is Deployment.PRODUCTION:
        raise FailpointError(f"{ARMED} is set in a production deployment")

"""Waiting for what must come, with an end."""

import time
from collections.abc import Callable


def eventually(is_so: Callable[[], object], *, seconds_max: int = 30) -> None:
    """Wait until it is so. Fails after `seconds_max`."""
    deadline = time.monotonic() + seconds_max
    while not is_so():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.05)

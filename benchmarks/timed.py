"""How a row is timed: of the standard library alone, since peers run it in their environments."""

import gc
import json
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.tally import Tally, peak_kb

TIMES = 5  #: Of which the median counts.
ENOUGH_NS = 10_000_000_000  #: A row that took so long is not done once more.

Act = Callable[[], Any]
#: From what was made: how many values, and their checksum. Not timed.
Tell = Callable[[Any], tuple[int, str]]
Row = Callable[[Path], tuple[Act, Tell]]  #: Makes ready what is not timed.


def of_tally(tally: Tally) -> tuple[int, str]:
    """Return what a tally holds."""
    return tally.items, tally.checksum


def reading(read: Callable[[Path], Tally]) -> Row:
    """Return the row of a reader that consumes what it reads while it is timed."""
    return lambda path: (lambda: read(path), of_tally)


def run(rows: Mapping[str, Row]) -> None:
    """Do the row and file of the command line; print its time, values, checksum and memory.

    Time is the processor's, of all threads: other work on the machine does not count.
    """
    _, name, path = sys.argv
    act, tell = rows[name](Path(path))
    took: list[int] = []
    made: Any = None
    while len(took) < TIMES and sum(took) < ENOUGH_NS:
        made = None
        gc.collect()
        began = time.process_time_ns()
        made = act()
        took.append(time.process_time_ns() - began)
    told: dict[str, Any] = {"took_us": sorted(took)[len(took) // 2] // 1000, "times": len(took)}
    told["peak_kb"] = peak_kb()
    told["items"], told["checksum"] = tell(made)
    sys.stdout.write(json.dumps(told))

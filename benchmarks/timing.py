"""How long something takes, and beside which goal."""

import gzip
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

_NS_PER_US = 1_000
STATIC = Path("api/dashboard/static")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Something measured. Times are whole microseconds, sizes bytes."""

    name: str
    unit: str  #: us or bytes.
    middle: int  #: The median, or the size.
    worst: int  #: The 99th of a hundred, or the size.
    goal: int  #: Of `worst`.

    @property
    def is_met(self) -> bool:
        """Tell whether the goal is reached."""
        return self.worst < self.goal

    def as_json(self) -> dict[str, Any]:
        """Return it as the file of figures has it."""
        return asdict(self) | {"is_met": self.is_met}


def measure(name: str, act: Callable[[], object], *, goal_ms: int, times: int) -> Figure:
    """Return how long `act` takes, after it was done twice to warm up."""
    for _ in range(2):
        act()
    taken: list[int] = []
    for _ in range(times):
        started = time.perf_counter_ns()
        act()
        taken.append((time.perf_counter_ns() - started) // _NS_PER_US)
    taken.sort()
    return Figure(
        name=name,
        unit="us",
        middle=taken[len(taken) // 2],
        worst=taken[min(len(taken) - 1, len(taken) * 99 // 100)],
        goal=goal_ms * 1000,
    )


def shipped(suffix: str, *, goal: int) -> Figure:
    """Return the compressed bytes of the dashboard's files that end so."""
    size = sum(
        len(gzip.compress(path.read_bytes(), compresslevel=9))
        for path in STATIC.rglob(f"*{suffix}")
    )
    return Figure(
        name=f"dashboard {suffix}, gzip", unit="bytes", middle=size, worst=size, goal=goal
    )


def show(console: Console, figures: Sequence[Figure], *, claims: int) -> None:
    """Print the figures beside their goals."""
    table = Table(title=f"{claims:,} claims")
    table.add_column("what")
    for heading in ("median", "p99", "goal"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for figure in figures:
        verdict = "[green]met[/green]" if figure.is_met else "[red]MISSED[/red]"
        sizes = (figure.middle, figure.worst, figure.goal)
        table.add_row(figure.name, *(_text(size, figure.unit) for size in sizes), verdict)
    console.print(table)


def _text(size: int, unit: str) -> str:
    return f"{size / 1000:,.1f} ms" if unit == "us" else f"{size / 1000:,.1f} kB"

"""`make bench`: what the service does in figures, on the screen and in `.rcm/bench.json`.

BENCH_PARTS: some of readers, mailboxes, courses and lists (all of them).
BENCH_SIZES: claims of each course through the whole service (1000; in full 1000,10000,50000).
BENCH_FILE_CLAIMS: claims of the files that readers are given (2000).
BENCH_CLAIMS: claims behind the API's lists (200000).
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.lists import measure_lists
from benchmarks.mailboxes import measure_mailboxes
from benchmarks.readers import measure_readers, rows_to_json
from benchmarks.throughput import ASKED, Course, run_course
from benchmarks.throughput_tables import show_courses
from cli.edi.files import screen

FIGURES = Path(".rcm/bench.json")
_FOLDER = Path(".rcm/bench-course")
_FILES = Path(".rcm/bench-files")
_SIZES = "1000"
_CLAIMS = "200000"
_FILE_CLAIMS = "2000"


def main() -> None:
    """Measure part by part; what is done is written before the next begins."""
    console = screen()
    told: dict[str, Any] = {}
    if FIGURES.exists():  # Of the parts that are not measured now.
        known = json.loads(FIGURES.read_text(encoding="utf-8"))
        told = {name: figures for name, figures in known.items() if name in _PARTS}
    for name in os.environ.get("BENCH_PARTS", ",".join(_PARTS)).split(","):
        told[name] = _PARTS[name](console)
        FIGURES.parent.mkdir(exist_ok=True)
        FIGURES.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    console.print(f"written to {FIGURES}")


def _courses(console: Console) -> list[dict[str, Any]]:
    sizes = [int(size) for size in os.environ.get("BENCH_SIZES", _SIZES).split(",")]
    courses: list[Course] = [
        run_course(console, _FOLDER, claims=claims, pyx12=pyx12)
        for claims in sizes
        for pyx12 in ASKED
    ]
    show_courses(console, courses)
    return [course.as_json() for course in courses]


def _lists(console: Console) -> dict[str, Any]:
    claims = int(os.environ.get("BENCH_CLAIMS", _CLAIMS))
    figures = measure_lists(console, claims)
    return {"claims": claims, "figures": [figure.as_json() for figure in figures]}


def _readers(console: Console) -> list[dict[str, Any]]:
    claims = int(os.environ.get("BENCH_FILE_CLAIMS", _FILE_CLAIMS))
    return rows_to_json(measure_readers(console, _FILES, claims=claims))


def _mailboxes(console: Console) -> list[dict[str, Any]]:
    return measure_mailboxes(console, _FILES / "sftp")


_PARTS: dict[str, Callable[[Console], Any]] = {
    "readers": _readers,
    "mailboxes": _mailboxes,
    "courses": _courses,
    "lists": _lists,
}


if __name__ == "__main__":
    main()

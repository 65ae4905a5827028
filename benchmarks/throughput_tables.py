"""Tables of the courses through the whole service: speed, where the time goes, memory."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from benchmarks.throughput import Course

_GOALS = {"none": 400, "outbound": 250}  #: Claims a second on 2 cores.


def show_courses(console: Console, courses: Sequence[Course]) -> None:
    """Print what was measured; of the largest course of each kind also where it went."""
    console.print(_speeds(courses))
    largest = {course.pyx12: course for course in sorted(courses, key=lambda each: each.claims)}
    for course in largest.values():
        console.print(_steps(course))
        console.print(_processes(course))


def _table(title: str, first: str, *others: str) -> Table:
    table = Table(title=title)
    table.add_column(first)
    for heading in others:
        table.add_column(heading, justify="right")
    return table


def _speeds(courses: Sequence[Course]) -> Table:
    table = _table(
        "encounters in to postings out, each proven from the raw files",
        "pyx12 is asked", "claims", "seconds", "claims/s", "goal", "processor ms/claim",
    )  # fmt: skip
    for course in courses:
        table.add_row(
            {"none": "nothing", "outbound": "to prove what is sent", "all": "as in production"}[
                course.pyx12
            ],
            f"{course.claims:,}",
            f"{course.wall_ms / 1000:,.1f}",
            f"{course.claims_per_second:,}",
            str(_GOALS.get(course.pyx12, "")),
            f"{sum(part.cpu_ms for part in course.used) / course.claims:.2f}",
        )
    return table


def _steps(course: Course) -> Table:
    table = _table(
        f"where the time goes: {course.claims:,} claims, pyx12: {course.pyx12}",
        "job", "jobs", "seconds", "ms/claim", "of it the worker's processor",
    )  # fmt: skip
    for step in course.steps:
        table.add_row(
            step.kind,
            f"{step.jobs:,}",
            f"{step.wall_ms / 1000:,.1f}",
            f"{step.wall_ms / course.claims:.2f}",
            f"{step.cpu_ms / course.claims:.2f}",
        )
    return table


def _processes(course: Course) -> Table:
    table = _table(
        f"processes: {course.claims:,} claims, pyx12: {course.pyx12}",
        "process", "processor seconds", "ms/claim", "peak MB of the largest",
    )  # fmt: skip
    for part in course.used:
        table.add_row(
            part.name,
            f"{part.cpu_ms / 1000:,.1f}",
            f"{part.cpu_ms / course.claims:.2f}",
            f"{part.peak_kb / 1024:,.0f}",
        )
    return table

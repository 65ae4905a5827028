"""`rcm edi diff`: which segments and elements of two files differ."""

import sys
from pathlib import Path
from typing import Any

import click
from rich.markup import escape

from cli.edi.files import (
    EXIT_FINDINGS,
    FILE,
    csv_option,
    explained,
    json_option,
    print_csv,
    print_json,
    refuse_both,
    screen,
)
from edi.annotation import AnnotatedSegment
from edi.compare import Difference, compare


@click.command()
@click.argument("before", type=FILE)
@click.argument("after", type=FILE)
@json_option
@csv_option
@click.option("--reveal", is_flag=True, help="Show the values of people unmasked.")
def diff(before: Path, after: Path, *, as_json: bool, as_csv: bool, reveal: bool) -> None:
    """Compare BEFORE and AFTER by segment and element. Exit code 1: they differ."""
    refuse_both(as_json=as_json, as_csv=as_csv)
    left, right = explained(before)[1], explained(after)[1]
    rows = [
        row for each in compare(left.segments, right.segments) for row in _rows(each, reveal=reveal)
    ]
    if as_json:
        print_json([{"before": str(before), "after": str(after), "differences": rows}])
    elif as_csv:
        print_csv(rows)
    else:
        _print(rows)
    sys.exit(EXIT_FINDINGS if rows else 0)


def _rows(found: Difference, *, reveal: bool) -> list[dict[str, Any]]:
    before, after = found.before, found.after
    either = before or after
    assert either is not None
    kind = "removed" if after is None else "added" if before is None else "changed"
    return [
        {
            "kind": kind,
            "segment": either.id,
            "before_number": before.number if before else "",
            "after_number": after.number if after else "",
            "element": element or "",
            "name": _name(either, element),
            "before": _text(before, element, reveal=reveal),
            "after": _text(after, element, reveal=reveal),
        }
        for element in found.elements or (0,)
    ]


def _name(segment: AnnotatedSegment, element: int) -> str:
    named = (each.name for each in segment.elements if each.element == element)
    return next(named, "") if element else segment.gloss


def _text(segment: AnnotatedSegment | None, element: int, *, reveal: bool) -> str:
    if segment is None:
        return ""
    if not element:
        return segment.text if reveal else segment.masked_text
    found = (each for each in segment.elements if each.element == element)
    return " ".join(each.value if reveal else each.shown for each in found)


def _print(rows: list[dict[str, Any]]) -> None:
    console = screen()
    for row in rows:
        at = f"{row['before_number'] or '-'} -> {row['after_number'] or '-'}"
        where = f"{row['segment']}{row['element']:02d}" if row["element"] else row["segment"]
        console.print(f"[bold]{escape(at)}  {escape(where)}[/bold]  {escape(row['name'])}")
        if row["before"] or row["kind"] != "added":
            console.print(f"  [red]- {escape(row['before'])}[/red]")
        if row["after"] or row["kind"] != "removed":
            console.print(f"  [green]+ {escape(row['after'])}[/green]")
    console.print(f"differences {len(rows)}")

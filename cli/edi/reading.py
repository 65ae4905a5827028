"""`rcm edi read`: what files hold, set by set."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from rich.markup import escape
from rich.table import Table

from cli.edi.files import (
    EXIT_NOT_X12,
    csv_option,
    files_argument,
    json_option,
    opened,
    print_csv,
    print_json,
    refuse_both,
    screen,
)
from cli.edi.showing import print_refusal
from cli.money import dollars
from edi.acknowledgment_999 import read_999
from edi.envelope import Interchange
from edi.findings import ReadError
from edi.guides import FileType
from edi.streaming import Part, stream_interchanges
from edi.tally import SetTally, Tally
from rcm.encode import findings_to_json

_USAGES = {"P": "production", "T": "test"}


@click.command()
@files_argument
@json_option
@csv_option
def read(files: tuple[Path, ...], *, as_json: bool, as_csv: bool) -> None:
    """Say what FILES hold: their interchanges, their transaction sets, and their money.

    Exit code 2: a file is not X12 at all.
    """
    refuse_both(as_json=as_json, as_csv=as_csv)
    found = [_Sets(file) for file in files]
    if as_json:
        print_json([each.document() for each in found])
    elif as_csv:
        print_csv({"file": str(each.file), **row} for each in found for row in each.rows())
    else:
        for each in found:
            each.print()
    if any(each.refusal for each in found):
        sys.exit(EXIT_NOT_X12)


class _Sets:
    """The sets of one file, read when they are asked for, once."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.refusal: ReadError | None = None

    def rows(self) -> Iterator[dict[str, Any]]:
        tally = Tally()
        try:
            with opened(self.file) as found:
                for each in stream_interchanges(found.body, part_segments=found.part_segments):
                    ended = tally.take(each)
                    if ended is not None:
                        yield _row(ended, each)
        except ReadError as refusal:
            self.refusal = refusal
            print_refusal(self.file, refusal)

    def document(self) -> dict[str, Any]:
        rows = list(self.rows())
        findings = findings_to_json([self.refusal.finding] if self.refusal else [])
        return {"file": str(self.file), "sets": rows, "findings": findings}

    def print(self) -> None:
        """Print a table: a line for each set, under the first of an interchange its ends."""
        table = Table(title=escape(str(self.file)), title_justify="left")
        for name in ("interchange", "from", "to", "usage", "set", "type", "segments", "holds"):
            table.add_column(name, justify="right" if name == "segments" else "left")
        shown: tuple[str, ...] = ()
        for row in self.rows():
            usage = _USAGES.get(row["usage"], "unknown")
            ends = (row["interchange"], row["from"], row["to"], usage)
            if ends != shown:
                table.add_section()
            told = (*(ends if ends != shown else [""] * 4), row["set"], row["type"])
            table.add_row(*map(escape, told), f"{row['segments']:,}", escape(row["holds"]))
            shown = ends
        if table.rows:
            screen().print(table)


def _row(ended: SetTally, part: Part | Interchange) -> dict[str, Any]:
    return {
        "interchange": ended.interchange,
        "from": ended.sender,
        "to": ended.receiver,
        "usage": ended.usage,
        "set": ended.number,
        "type": ended.type,
        "segments": ended.segments,
        "claims": ended.claims,
        "charge_cents": ended.charge_cents,
        "payment_cents": ended.payment_cents,
        "holds": _holds(ended, part),
    }


def _holds(ended: SetTally, part: Part | Interchange) -> str:
    """Say in a few words what a set holds; no names."""
    if ended.payment_cents is not None:
        return f"{dollars(ended.payment_cents)} for {ended.claims} claims"
    if ended.ids["CLM"]:
        return f"{ended.claims} claims, {dollars(ended.charge_cents)} charged"
    if ended.type == FileType.ACKNOWLEDGMENT and isinstance(part, Part) and part.is_whole:
        try:
            verdict = read_999(part.transaction_set)
        except ReadError as refusal:
            return f"unreadable: {refusal.finding.code}"
        return (
            f"group {verdict.group_control_number}: verdict {verdict.code},"
            f" {verdict.sets_accepted} of {verdict.sets_received} sets accepted"
        )
    return ", ".join(f"{count} {name}" for name, count in ended.ids.most_common(4))

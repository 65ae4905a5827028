"""`rcm edi validate`: everything that is wrong with files."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
from rich.markup import escape
from rich.table import Table

from cli.edi.files import (
    EXIT_FINDINGS,
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
from cli.edi.showing import Segments, print_findings, rows_of
from edi.findings import Finding, ReadError, Severity
from edi.judge import Judging
from edi.room import FINDINGS_MAX
from edi.streaming import stream_interchanges
from rcm.encode import findings_to_json

_VERDICTS = {0: "no error", EXIT_FINDINGS: "errors", EXIT_NOT_X12: "not X12"}


@click.command()
@files_argument
@json_option
@csv_option
@click.option("--no-guide", is_flag=True, help="Check all but the guide.")
@click.option("--reveal", is_flag=True, help="Show the values of people unmasked.")
def validate(
    files: tuple[Path, ...], *, as_json: bool, as_csv: bool, no_guide: bool, reveal: bool
) -> None:
    """Check envelope, guide, balance and what must hold above them of FILES ("-": standard input).

    Exit code 0: no error; 1: errors were found; 2: not X12 at all.
    """
    refuse_both(as_json=as_json, as_csv=as_csv)
    judged = [_Judged(file, with_guide=not no_guide) for file in files]
    if as_json:
        print_json([each.document() for each in judged])
    elif as_csv:
        print_csv(row for each in judged for row in rows_of(each.file, each.findings))
    else:
        for each in judged:
            each.print(reveal=reveal)
        _print_verdicts(judged)
    sys.exit(max(each.exit_code for each in judged))


class _Judged:
    """The first findings of one file, and how many there were."""

    def __init__(self, file: Path, *, with_guide: bool) -> None:
        self.file = file
        self.body: bytes | None = None
        self.findings: list[Finding] = []
        self.errors = self.others = 0
        self.is_x12 = True
        judging = Judging(with_guide=with_guide)
        try:
            with opened(file) as found:
                self.body = found.held
                for each in stream_interchanges(found.body, part_segments=found.part_segments):
                    for wrong in judging.findings(each):
                        self.take(wrong)
        except ReadError as refusal:
            self.is_x12 = False
            self.take(refusal.finding)

    def take(self, found: Finding) -> None:
        is_error = found.severity is Severity.ERROR
        self.errors += is_error
        self.others += not is_error
        if len(self.findings) < FINDINGS_MAX:
            self.findings.append(found)

    @property
    def exit_code(self) -> int:
        if not self.is_x12:
            return EXIT_NOT_X12
        return EXIT_FINDINGS if self.errors else 0

    def document(self) -> dict[str, Any]:
        return {
            "file": str(self.file),
            "errors": self.errors,
            "others": self.others,
            "findings": findings_to_json(self.findings),
        }

    def print(self, *, reveal: bool) -> None:
        console = screen()
        if self.findings:
            console.print(f"[bold]{escape(str(self.file))}[/bold]")
        print_findings(console, self.findings, Segments(self.body, reveal=reveal))
        more = self.errors + self.others - len(self.findings)
        if more:
            console.print(f"... and {more} more findings")


def _print_verdicts(judged: Iterable[_Judged]) -> None:
    table = Table("file", "verdict", "errors", "other findings")
    table.columns[2].justify = table.columns[3].justify = "right"
    for each in judged:
        verdict = _VERDICTS[each.exit_code]
        table.add_row(escape(str(each.file)), verdict, f"{each.errors:,}", f"{each.others:,}")
    screen().print(table)

"""`rcm edi stats`: what files hold, in figures."""

import sys
from pathlib import Path
from time import perf_counter
from typing import Any

import click
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
from edi.envelope import Interchange
from edi.findings import ReadError
from edi.streaming import stream_interchanges
from edi.tally import Tally

_SHOWN = 20  #: Codes and segments in a table; `--json` and `--csv` have all.


@click.command()
@files_argument
@json_option
@csv_option
def stats(files: tuple[Path, ...], *, as_json: bool, as_csv: bool) -> None:
    """Count sets, claims, amounts, codes, segments, bytes and time of FILES, of any size.

    Exit code 2: a file is not X12 at all.
    """
    refuse_both(as_json=as_json, as_csv=as_csv)
    every = [_count(file) for file in files]
    counted = [each for each in every if each is not None]
    if as_json:
        print_json(counted)
    elif as_csv:
        print_csv(
            {"file": each["file"], "figure": figure, "value": value}
            for each in counted
            for figure, value in _figures(each)
        )
    else:
        for each in counted:
            _print(each)
    if len(counted) < len(every):
        sys.exit(EXIT_NOT_X12)


def _count(file: Path) -> dict[str, Any] | None:
    tally, size, started = Tally(), 0, perf_counter()
    try:
        with opened(file) as found:
            for each in stream_interchanges(found.body, part_segments=found.part_segments):
                tally.take(each)
                if isinstance(each, Interchange):
                    size = each.offset + each.length
    except ReadError as refusal:
        print_refusal(file, refusal)
        return None
    return {
        "file": str(file),
        "bytes": size,
        "milliseconds": round((perf_counter() - started) * 1000),
        "interchanges": tally.interchanges,
        "groups": tally.groups,
        "sets": dict(tally.sets),
        "claims": tally.claims,
        "charge_cents": tally.charge_cents,
        "claims_paid_cents": tally.claims_paid_cents,
        "payment_cents": tally.payment_cents,
        "segments": dict(tally.segments.most_common()),
        "codes": {
            code: {"count": count, "cents": tally.code_cents[code]}
            for code, count in tally.codes.most_common()
        },
    }


def _figures(counted: dict[str, Any]) -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = []
    for figure, value in counted.items():
        if figure == "codes":
            rows += [(f"code {code}", each["count"]) for code, each in value.items()]
        elif isinstance(value, dict):
            rows += [(f"{figure} {name}", count) for name, count in value.items()]
        elif figure != "file":
            rows.append((figure, value))
    return rows


def _print(counted: dict[str, Any]) -> None:
    console = screen()
    table = Table("figure", "value", title=counted["file"], title_justify="left")
    table.columns[1].justify = "right"
    for figure in ("bytes", "milliseconds", "interchanges", "groups"):
        table.add_row(figure, f"{counted[figure]:,}")
    for kind, count in counted["sets"].items():
        table.add_row(f"sets {kind}", f"{count:,}")
    table.add_row("claims", f"{counted['claims']:,}")
    for figure in ("charge", "claims_paid", "payment"):
        table.add_row(figure.replace("_", " "), dollars(counted[f"{figure}_cents"]))
    table.add_row("segments", f"{sum(counted['segments'].values()):,}")
    for name, count in list(counted["segments"].items())[:_SHOWN]:
        table.add_row(f"  {name}", f"{count:,}")
    console.print(table)
    if counted["codes"]:
        codes = Table("code", "count", "amount")
        for code, each in list(counted["codes"].items())[:_SHOWN]:
            codes.add_row(code, f"{each['count']:,}", dollars(each["cents"]))
        console.print(codes)

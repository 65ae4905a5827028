"""`rcm edi`: read and validate X12 files, without a service or a database."""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from cli.money import dollars
from edi.acknowledgment_999 import read_999
from edi.claim_837 import read_837p
from edi.envelope import TransactionSet
from edi.findings import Finding, ReadError, Severity
from edi.guides import FileType
from edi.judge import judge
from edi.reader import read_interchanges
from edi.remittance_835.read import read_835
from rcm.encode import findings_to_json

EXIT_FINDINGS = 1
EXIT_NOT_X12 = 2
_USAGES = {"P": "production", "T": "test"}
_STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


_FILE = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)


@click.group()
def edi() -> None:
    """Read and validate X12 files."""


@edi.command()
@click.argument("file", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="Print JSON on standard output.")
def validate(file: Path, *, as_json: bool) -> None:
    """Check envelope, guide (by pyx12), balance and readability of FILE ("-": standard input).

    Exit code 0: no error; 1: errors were found; 2: not X12 at all.
    """
    body = _read(file)
    try:
        findings = judge(body)
    except ReadError as refusal:
        _print_findings(file, [refusal.finding], as_json=as_json)
        sys.exit(EXIT_NOT_X12)
    _print_findings(file, findings, as_json=as_json)
    if any(found.severity is Severity.ERROR for found in findings):
        sys.exit(EXIT_FINDINGS)


@edi.command()
@click.argument("file", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="Print JSON on standard output.")
def read(file: Path, *, as_json: bool) -> None:
    """Say what FILE holds: its interchanges, its transaction sets, and their money."""
    try:
        interchanges = read_interchanges(_read(file))
    except ReadError as refusal:
        _print_findings(file, [refusal.finding], as_json=as_json)
        sys.exit(EXIT_NOT_X12)
    rows = [
        {
            "interchange": interchange.control_number,
            "from": f"{interchange.sender_qualifier}/{interchange.sender_id}",
            "to": f"{interchange.receiver_qualifier}/{interchange.receiver_id}",
            "usage": interchange.usage,
            "set": each.control_number,
            "type": each.file_type,
            "segments": len(each.segments),
            "holds": _holds(each),
        }
        for interchange in interchanges
        for each in interchange.sets()
    ]
    if as_json:
        click.echo(json.dumps({"file": str(file), "sets": rows}, indent=2))
        return
    console = Console(highlight=False, soft_wrap=True)
    for interchange in interchanges:
        console.print(
            f"[bold]interchange {escape(interchange.control_number)}[/bold]"
            f"  from {escape(f'{interchange.sender_qualifier}/{interchange.sender_id}')}"
            f"  to {escape(f'{interchange.receiver_qualifier}/{interchange.receiver_id}')}"
            f"  {_USAGES.get(interchange.usage, 'unknown usage')}"
        )
        for each in interchange.sets():
            console.print(
                f"  set {escape(each.control_number)}  {each.file_type:<6}"
                f" {len(each.segments):>6} segments  {escape(_holds(each))}"
            )


def _read(file: Path) -> bytes:
    if str(file) == "-":
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as reason:
        raise click.ClickException(f"{file}: {reason.strerror}") from None


def _holds(transaction_set: TransactionSet) -> str:
    """Say in a few words what a set holds; no names."""
    try:
        match transaction_set.file_type:
            case FileType.REMITTANCE:
                remittance = read_835(transaction_set)
                return f"{dollars(remittance.payment_cents)} for {len(remittance.claims)} claims"
            case FileType.CLAIM_PROFESSIONAL:
                claims = read_837p(transaction_set).claims
                charge = sum(claim.charge_cents for claim in claims)
                return f"{len(claims)} claims, {dollars(charge)} charged"
            case FileType.ACKNOWLEDGMENT:
                verdict = read_999(transaction_set)
                return (
                    f"group {verdict.group_control_number}: verdict {verdict.code},"
                    f" {verdict.sets_accepted} of {verdict.sets_received} sets accepted"
                )
            case _:
                pass
    except ReadError as refusal:
        return f"unreadable: {refusal.finding.code}"
    counts = Counter(segment.id for segment in transaction_set.segments)
    return ", ".join(f"{count} {name}" for name, count in counts.most_common(4))


def _print_findings(file: Path, findings: list[Finding], *, as_json: bool) -> None:
    if as_json:
        document: dict[str, Any] = {"file": str(file), "findings": findings_to_json(findings)}
        click.echo(json.dumps(document, indent=2))
        return
    console = Console(highlight=False, soft_wrap=True)
    for found in findings:
        style = _STYLES[found.severity]
        console.print(
            f"[{style}]{found.severity}[/{style}] [bold]{escape(found.code)}[/bold]"
            f" {escape(found.message)}"
        )
        where = str(found.place)
        if where:
            console.print(f"        where: {escape(where)}")
        if found.cure:
            console.print(f"        cure:  {escape(found.cure)}")
    errors = sum(found.severity is Severity.ERROR for found in findings)
    console.print(f"{escape(str(file))}: errors {errors}, other findings {len(findings) - errors}")

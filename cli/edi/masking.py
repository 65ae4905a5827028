"""`rcm edi mask`: a copy of a file that can be shared."""

import secrets
import sys
from pathlib import Path

import click

from cli.edi.files import FILE, FileUnreadError, explained
from edi.stand_ins import mask_file


@click.command()
@click.argument("file", type=FILE)
@click.option("--key", default="", help="Decides the stand-ins; made and printed if absent.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write; standard output where not given.",
)
@click.option("--providers", is_flag=True, help="Replace providers and payers too.")
def mask(file: Path, *, key: str, output: Path | None, providers: bool) -> None:
    """Replace people in FILE by stand-ins: same form and length, same person same stand-in.

    Amounts, codes, days of service and states stay, so the copy is as valid and balanced as FILE.
    """
    body, _ = explained(file)
    if not key:
        key = secrets.token_hex(16)
        click.echo(f"key: {key}  (give it with --key for the same stand-ins again)", err=True)
    made = mask_file(body, key.encode(), with_providers=providers)
    if output is None:
        sys.stdout.buffer.write(made)
    else:
        try:
            output.write_bytes(made)
        except OSError as reason:
            cure = "Name a file in a folder that exists and is yours to write."
            raise FileUnreadError(f"{output}: {reason.strerror}. {cure}") from None

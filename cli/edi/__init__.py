"""`rcm edi`: X12 files on the command line, without a service or a database."""

import click

from cli.edi.acknowledging import ack
from cli.edi.annotating import annotate
from cli.edi.comparing import diff
from cli.edi.counting import stats
from cli.edi.masking import mask
from cli.edi.reading import read
from cli.edi.validating import validate


@click.group()
def edi() -> None:
    """Read, check, explain, compare, mask and count X12 files.

    Exit codes: 0 all is well; 1 errors or differences were found; 2 not X12 at all, or no such
    file.
    """


for _command in (read, validate, ack, annotate, diff, mask, stats):
    edi.add_command(_command)

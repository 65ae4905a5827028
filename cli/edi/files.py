"""Files given on the command line: opened, with progress; and how results are printed."""

import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.progress import wrap_file

from edi.annotation import Annotated, annotate
from edi.streaming import PART_SEGMENTS
from edi.window import Bytes

EXIT_FINDINGS = 1
EXIT_NOT_X12 = 2  #: Also where there is no such file, and of a wrong option.
PROGRESS_BYTES = 5_000_000
HELD_BYTES_MAX = 10_000_000  #: A larger file is read in parts, and so may be a set of it.
_PIPED_WIDTH = 200  #: Of tables that no terminal shows: what is searched is not broken over lines.

FILE = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
Command = TypeVar("Command", bound=Callable[..., Any])


class FileUnreadError(click.ClickException):
    """A file could not be read, or not be written."""

    exit_code = EXIT_NOT_X12


def files_argument(command: Command) -> Command:
    """Take one or more files; `-` is standard input."""
    return click.argument("files", type=FILE, nargs=-1, required=True)(command)


def json_option(command: Command) -> Command:
    """Take `--json`."""
    text = "Print JSON on standard output; of several files a list."
    return click.option("--json", "as_json", is_flag=True, help=text)(command)


def csv_option(command: Command) -> Command:
    """Take `--csv`."""
    text = "Print rows of CSV on standard output."
    return click.option("--csv", "as_csv", is_flag=True, help=text)(command)


def refuse_both(*, as_json: bool, as_csv: bool) -> None:
    """Raise where JSON and CSV are asked for at once."""
    if as_json and as_csv:
        raise click.UsageError("Choose --json or --csv.")


def screen(*, err: bool = False) -> Console:
    """Return where people read."""
    is_terminal = (sys.stderr if err else sys.stdout).isatty()
    width = None if is_terminal else _PIPED_WIDTH
    return Console(highlight=False, soft_wrap=True, stderr=err, width=width)


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that is read from its beginning."""

    body: Bytes
    held: bytes | None  #: All of it, where it is small.

    @property
    def part_segments(self) -> int | None:
        """Return how large the parts of a set may be: of a file that memory holds, any size."""
        return PART_SEGMENTS if self.held is None else None


class _Ahead:
    """Standard input, of which the beginning was read already."""

    def __init__(self, begin: bytes, rest: Bytes) -> None:
        self._begin, self._rest = begin, rest

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes."""
        piece, self._begin = self._begin[:size], self._begin[size:]
        return piece or self._rest.read(size)


@contextmanager
def opened(file: Path) -> Iterator[Opened]:
    """Open a file; a bar on the terminal says how far it was read where it is large."""
    if str(file) == "-":
        begin = _read(sys.stdin.buffer, HELD_BYTES_MAX + 1)
        if len(begin) <= HELD_BYTES_MAX:
            yield Opened(BytesIO(begin), begin)
        else:
            yield Opened(_Ahead(begin, sys.stdin.buffer), None)
        return
    try:
        with _watched(file) as body:
            if file.stat().st_size > HELD_BYTES_MAX:
                yield Opened(body, None)
                return
            held = _read(body)
            yield Opened(BytesIO(held), held)
    except OSError as reason:
        raise FileUnreadError(f"{file}: {reason.strerror}") from None


@contextmanager
def _watched(file: Path) -> Iterator[Bytes]:
    size = file.stat().st_size
    with file.open("rb") as body:
        if size <= PROGRESS_BYTES or not sys.stderr.isatty():
            yield body
            return
        console = Console(stderr=True)
        with wrap_file(body, size, description=file.name, console=console) as watched:
            yield watched


def _read(body: Bytes, most: int = sys.maxsize) -> bytes:
    pieces, left = list[bytes](), most
    while left and (piece := body.read(min(left, 1 << 20))):
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


def whole(file: Path) -> bytes:
    """Return the bytes of a file, however large."""
    with opened(file) as found:
        return _read(found.body) if found.held is None else found.held


def explained(file: Path) -> tuple[bytes, Annotated]:
    """Return the bytes of a file and what they mean; exit where no interchange begins."""
    body = whole(file)
    annotated = annotate(body)
    if not annotated.index.interchanges:
        raise FileUnreadError(f"{file}: this is not X12: it does not begin with ISA")
    return body, annotated


def print_json(documents: Sequence[Mapping[str, Any]]) -> None:
    """Print what is said of one file, or of several as a list."""
    click.echo(json.dumps(documents[0] if len(documents) == 1 else documents, indent=2))


def print_csv(rows: Iterable[Mapping[str, Any]]) -> None:
    """Print rows, of which the first says the columns."""
    writer: csv.DictWriter[str] | None = None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(sys.stdout, list(row), lineterminator="\n")
            writer.writeheader()
        writer.writerow(row)

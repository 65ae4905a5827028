"""Readers, writers and judges of X12 side by side, over the same files: tables of `make bench`."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZipFile

from rich.console import Console
from rich.table import Table

from benchmarks.edi_files import SIZES, make_files

_PEERS = Path("benchmarks/peers.txt")
_OLD_PEERS = Path("benchmarks/peers-pydantic-1.txt")
_OURSELVES = Path("setup.py")  #: With the readers compiled (docs/adr/0039).
_INSTALL_SECONDS_MAX = 300
_ROW_SECONDS_MAX = 600


class _Row(NamedTuple):
    what: str
    who: str
    module: str
    row: str
    peers: Path | None = None  #: Whose place; ours as we are where None.
    note: str = ""  #: What it does not do: its checksum is then another.


class _Place(NamedTuple):
    """Where the rows of some peers run."""

    python: str
    folder: Path = Path()
    problem: str = ""  #: Why nothing runs there.


_ROWS = (
    _Row("835 tokens", "bytes.split", "token_rows", "tokens_split"),
    _Row("835 tokens", "rcm", "token_rows", "tokens_rcm"),
    _Row("835 tokens", "rcm, compiled", "token_rows", "tokens_rcm", _OURSELVES),
    _Row("835 tokens", "pyx12 X12Reader", "token_rows", "tokens_pyx12"),
    _Row("835 tokens", "x12sdk", "token_rows", "tokens_x12sdk", _PEERS),
    _Row("835 tokens", "linuxforhealth-x12", "token_rows", "tokens_linuxforhealth", _OLD_PEERS),
    _Row("835 read", "rcm, balanced, streamed", "edi_rows", "read_835_rcm"),
    _Row("835 read", "rcm, compiled", "edi_rows", "read_835_rcm", _OURSELVES),
    _Row("835 read", "oxedi, no value to Python", "peer_rows", "tables_835_oxedi", _PEERS),
    _Row("835 read", "oxedi, columns asked for", "peer_rows", "read_835_oxedi", _PEERS),
    _Row("835 read", "oxedi, every row", "peer_rows", "rows_835_oxedi", _PEERS),
    _Row("835 read", "pyx12, with its map", "edi_rows", "read_835_pyx12"),
    _Row("835 read", "x12sdk, models", "peer_rows", "read_835_x12sdk", _PEERS),
    _Row(
        "835 read", "openx12", "partial_peer_rows", "read_835_openx12", _PEERS,
        "no dates, and the last payment only",
    ),
    _Row(
        "835 read", "edi-835-parser", "partial_peer_rows", "read_835_edi_835_parser", _PEERS,
        "the last payment, and the first adjustment of a CAS only",
    ),
    _Row("837P read", "rcm", "edi_rows", "read_837_rcm"),
    _Row("837P read", "rcm, compiled", "edi_rows", "read_837_rcm", _OURSELVES),
    _Row("837P read", "x12sdk, models", "peer_rows", "read_837_x12sdk", _PEERS),
    _Row(
        "837P read", "openx12", "partial_peer_rows", "read_837_openx12", _PEERS,
        "patients beside claims, not above them",
    ),
    _Row(
        "837P read", "kw-x12-parser", "partial_peer_rows", "read_837_kw", _PEERS,
        "a row for each claim: what is above claims comes with each",
    ),
    _Row("837P write", "rcm", "edi_rows", "write_837_rcm"),
    _Row("837P write", "x12sdk, models", "peer_rows", "write_837_x12sdk", _PEERS),
    _Row(
        "837P write", "kw-x12-parser", "partial_peer_rows", "write_837_kw", _PEERS,
        "loses what its columns do not hold",
    ),
    *(
        _Row(f"{kind} by its guide", who, "guide_rows", row)
        for kind in ("835", "837P")
        for who, row in (
            ("rcm", "guide_rcm"),
            ("pyx12 x12n_document", "guide_pyx12"),
            ("pyx12, designators kept", "guide_pyx12_memoised"),
            ("pyx12, as the service asks it", "guide_pyx12_kept"),
        )
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one reader, writer or judge took; `problem` where there is no figure.

    Tuples are of the files of n, 2n and 4n claims.
    """

    what: str
    who: str
    claims: tuple[int, ...]
    took_us: tuple[int, ...] = ()  #: The median.
    times: tuple[int, ...] = ()  #: How often it was done.
    items: tuple[int, ...] = ()  #: Amounts, codes and dates consumed; segments; elements.
    checksum: tuple[str, ...] = ()  #: Of all of them: equal where the same was read or written.
    peak_kb: tuple[int, ...] = ()
    note: str = ""
    problem: str = ""


def measure_readers(console: Console, folder: Path, *, claims: int) -> list[Figures]:
    """Measure, print, and return every row. A peer that cannot be had has a row that says so."""
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    with console.status(f"writing files of {claims:,} claims and more"):
        files = make_files(folder, claims)
    with console.status("installing the peers"):
        places = {each: _installed(each, folder / each.stem) for each in (_PEERS, _OLD_PEERS)}
    with console.status("compiling ourselves"):
        places[_OURSELVES] = _compiled(folder / "compiled")
    made = []
    for row in _ROWS:
        with console.status(f"{row.what}: {row.who}"):
            place = places[row.peers] if row.peers else _Place(sys.executable)
            made.append(_measured(row, place, [files[size] for size in SIZES]))
    _show(console, made)
    return made


def rows_to_json(rows: Sequence[Figures]) -> list[dict[str, Any]]:
    """Return rows as the file of figures has them."""
    return [asdict(row) for row in rows]


def _installed(wanted: Path, folder: Path) -> _Place:
    """Install peers, once."""
    python, ready = folder / "bin" / "python", folder / "ready"
    text = wanted.read_text(encoding="utf-8")
    if ready.exists() and ready.read_text(encoding="utf-8") == text:
        return _Place(str(python))
    commands = (
        [sys.executable, "-m", "venv", "--clear", str(folder)],
        [str(python), "-m", "pip", "install", "--quiet", "--only-binary=:all:", "-r", str(wanted)],
    )
    for command in commands:
        try:
            subprocess.run(  # noqa: S603  # Ours, and no shell reads it.
                command, check=True, capture_output=True, timeout=_INSTALL_SECONDS_MAX
            )
        except (OSError, subprocess.SubprocessError):
            return _Place(str(python), problem="did not install here")
    ready.write_text(text, encoding="utf-8")
    return _Place(str(python))


def _compiled(folder: Path) -> _Place:
    """Build our wheel with its readers compiled, and unpack it beside these benchmarks."""
    shutil.rmtree(folder, ignore_errors=True)
    source = folder / "source"
    shutil.copytree(".", source, ignore=shutil.ignore_patterns(".*", "build", "docs", "tests"))
    words = ("wheel", "--quiet", "--no-deps", "-w", str(folder), str(source))
    try:
        subprocess.run(  # noqa: S603  # Ours, and no shell reads it.
            [sys.executable, "-m", "pip", *words],
            check=True, capture_output=True, timeout=_INSTALL_SECONDS_MAX,
            env=os.environ | {"RCM_MYPYC": "1"},
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return _Place(sys.executable, problem="did not compile here")
    (wheel,) = folder.glob("*.whl")
    with ZipFile(wheel) as archive:
        archive.extractall(folder)
    (source / "benchmarks").rename(folder / "benchmarks")
    return _Place(sys.executable, folder)


def _measured(row: _Row, place: _Place, files: Sequence[dict[str, Path]]) -> Figures:
    of_kind = [each[row.what[:3]] for each in files]
    counted = tuple(each.read_bytes().count(b"~CL") for each in of_kind)
    nothing = Figures(what=row.what, who=row.who, claims=counted, note=row.note)
    told: list[dict[str, Any]] = []
    problem = place.problem
    for file in of_kind if not problem else ():
        command = [place.python, "-m", f"benchmarks.{row.module}", row.row, str(file)]
        try:
            done = subprocess.run(  # noqa: S603  # Ours, and no shell reads it.
                command, check=True, capture_output=True, timeout=_ROW_SECONDS_MAX,
                cwd=place.folder,
            )  # fmt: skip
        except subprocess.SubprocessError as failure:
            problem = f"did not finish: {type(failure).__name__}"
            break
        told.append(json.loads(done.stdout))
    if problem:
        return Figures(**asdict(nothing) | {"problem": problem})
    names = ("took_us", "times", "items", "checksum", "peak_kb")
    return Figures(**asdict(nothing) | {name: tuple(each[name] for each in told) for name in names})


def _show(console: Console, rows: Sequence[Figures]) -> None:
    table = Table(title="every amount, code and date is consumed; the median of each size")
    for heading in ("what", "who"):
        table.add_column(heading)
    for heading in ("claims/s", "ms", "at 2n", "at 4n", "values", "checksum", "MB", "at 4n"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("less")
    for row in rows:
        if row.problem:
            table.add_row(row.what, row.who, row.problem)
            continue
        table.add_row(
            row.what,
            row.who,
            f"{row.claims[0] * 1_000_000 // row.took_us[0]:,}",
            *(f"{took / 1000:,.1f}" for took in row.took_us),
            f"{row.items[0]:,}",
            row.checksum[0],
            f"{row.peak_kb[0] / 1024:,.0f}",
            f"{row.peak_kb[-1] / 1024:,.0f}",
            row.note,
        )
    console.print(table)

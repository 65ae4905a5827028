"""Readers and writers of X12 side by side: ours, pyx12's, x12sdk, oxedi, over the same files."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.edi_files import answer_835, make_batch, write_batch

_PEERS = Path("benchmarks/peers.txt")
_INSTALL_SECONDS_MAX = 300
_ROW_SECONDS_MAX = 600
#: What is done, by whom, and by which function: of `edi_rows`, or of `peer_rows` for a peer.
_ROWS = (
    ("835 read", "rcm", "read_835_rcm"),
    ("835 read", "oxedi, tables", "read_835_oxedi"),
    ("835 read", "pyx12, with its map", "read_835_pyx12"),
    ("835 read", "x12sdk, models", "read_835_x12sdk"),
    ("837P read", "rcm", "read_837_rcm"),
    ("837P read", "x12sdk, models", "read_837_x12sdk"),
    ("837P write", "rcm", "write_837_rcm"),
    ("837P write", "x12sdk, models", "write_837_x12sdk"),
)
_OURS = ("_rcm", "_pyx12")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one reader or writer took; `problem` where there is no figure."""

    what: str
    who: str
    claims: int
    took_us: int = 0
    items: int = 0  #: Amounts, codes and dates that were consumed; segments that were written.
    checksum: str = ""  #: Of all of them: equal where the same was read or written.
    peak_kb: int = 0
    problem: str = ""


def measure_readers(console: Console, folder: Path, *, claims: int) -> list[Row]:
    """Measure, print, and return every row. A peer that cannot be had has a row that says so."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {"837": folder / "bench.837", "835": folder / "bench.835"}
    with console.status(f"writing files of {claims:,} claims"):
        body = write_batch(make_batch(claims))
        files["837"].write_bytes(body)
        files["835"].write_bytes(answer_835(body))
    with console.status("installing the peers"):
        python, problem = _peers(folder / "peers")
    rows = []
    for what, who, name in _ROWS:
        with console.status(f"{what}: {who}"):
            file = files[what[:3]]
            told: dict[str, Any] = {
                "what": what,
                "who": who,
                "claims": file.read_bytes().count(b"~CL"),
            }
            if name.endswith(_OURS):
                command = [sys.executable, "-m", "benchmarks.edi_rows", name, str(file)]
                rows.append(_run(told, command))
            elif problem:
                rows.append(Row(**told, problem=problem))
            else:
                rows.append(
                    _run(told, [str(python), "-m", "benchmarks.peer_rows", name, str(file)])
                )
    _show(console, rows)
    return rows


def _claims(file: Path) -> int:
    body = file.read_bytes()
    return body.count(b"~CLM*") + body.count(b"~CLP*")


def rows_to_json(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return rows as the file of figures has them."""
    return [asdict(row) for row in rows]


def _peers(folder: Path) -> tuple[Path, str]:
    """Install the peers once; returns their Python, and why there is none."""
    python, ready = folder / "bin" / "python", folder / "ready"
    if ready.exists() and ready.read_text(encoding="utf-8") == _PEERS.read_text(encoding="utf-8"):
        return python, ""
    commands = (
        [sys.executable, "-m", "venv", str(folder)],
        [str(python), "-m", "pip", "install", "--quiet", "--only-binary=:all:", "-r", str(_PEERS)],
    )
    for command in commands:
        try:
            subprocess.run(  # noqa: S603  # Ours, and no shell reads it.
                command, check=True, capture_output=True, timeout=_INSTALL_SECONDS_MAX
            )
        except (OSError, subprocess.SubprocessError):
            return python, "did not install here"
    ready.write_text(_PEERS.read_text(encoding="utf-8"), encoding="utf-8")
    return python, ""


def _run(told: dict[str, Any], command: Sequence[str]) -> Row:
    try:
        done = subprocess.run(  # noqa: S603  # Ours, and no shell reads it.
            command, check=True, capture_output=True, timeout=_ROW_SECONDS_MAX
        )
    except subprocess.SubprocessError as failure:
        return Row(**told, problem=f"did not finish: {type(failure).__name__}")
    return Row(**told, **json.loads(done.stdout))


def _show(console: Console, rows: Sequence[Row]) -> None:
    table = Table(title="readers and writers, each consuming every amount, code and date")
    for heading in ("what", "who"):
        table.add_column(heading, no_wrap=True)
    for heading in ("claims/s", "ms", "values", "checksum", "peak MB"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in rows:
        if row.problem:
            table.add_row(row.what, row.who, row.problem)
            continue
        table.add_row(
            row.what,
            row.who,
            f"{row.claims * 1_000_000 // row.took_us:,}",
            f"{row.took_us / 1000:,.1f}",
            f"{row.items:,}",
            row.checksum,
            f"{row.peak_kb / 1024:,.0f}",
        )
    console.print(table)

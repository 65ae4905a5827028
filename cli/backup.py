"""`rcm backup`, `rcm restore`: everything the database holds, in one sealed file, and back."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from cli.proofs import prove_audit, prove_ledger
from cli.service import running_service
from rcm.backup import BackupError, restore_backup, write_backup
from rcm.db import snapshot
from rcm.settings import load_settings
from rcm.tools import make_tools

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=_FILE)
def backup(file: Path) -> None:
    """Write everything to FILE, as RCM_... settings say, while work goes on.

    FILE is sealed with RCM_KEY_FILE and does not hold it: keep that key elsewhere.
    """
    with (
        running_service() as (unit_of_work, tools),
        snapshot(unit_of_work) as session,
        _bar() as bar,
    ):
        tasks: dict[str, TaskID] = {}

        def show(table: str, rows: int, expected: int) -> None:
            if table not in tasks:
                tasks[table] = bar.add_task(table, total=max(expected, 1))
            bar.update(tasks[table], completed=rows if expected else 1)

        try:
            written = write_backup(session, tools, file, show)
        except BackupError as reason:
            raise click.ClickException(str(reason)) from None
    rows, tables = sum(written.rows.values()), len(written.rows)
    click.echo(
        f"{rows:,} rows of {tables} tables, as of {written.taken_at:%Y-%m-%d %H:%M:%S} UTC,"
        f" in {file} ({written.size / 1_000_000:,.1f} MB)"
    )


@click.command()
@click.argument("file", type=_FILE)
@click.option("--verify", "is_proven", is_flag=True, help="Prove ledger and audit log.")
def restore(file: Path, *, is_proven: bool) -> None:
    """Restore FILE into the empty database that RCM_DATABASE_OWNER_URL names.

    Every partner is paused afterwards: what was exchanged since the backup is not in it.
    """
    settings = load_settings()
    if settings.database_owner_url is None:
        raise click.ClickException("set RCM_DATABASE_OWNER_URL: rcm_owner restores")
    owner_url = settings.database_owner_url.get_secret_value()
    with _bar() as bar:
        task = bar.add_task("restoring", total=None)
        try:
            restored = restore_backup(
                owner_url,
                make_tools(settings),
                file,
                lambda table, rows: bar.update(task, description=f"{table}: {rows:,} rows"),
            )
        except BackupError as reason:
            raise click.ClickException(str(reason)) from None
    rows, tables = sum(restored.rows.values()), len(restored.rows)
    click.echo(
        f"{rows:,} rows of {tables} tables, as of {restored.taken_at:%Y-%m-%d %H:%M:%S} UTC:"
        " restored, each table read again and equal"
    )
    click.echo(_NEXT.format(paused=restored.partners_paused))
    if is_proven:
        click.echo()
        proven = [prove_ledger(settings), prove_audit(settings)]
        if not all(proven):
            sys.exit(1)


_NEXT = """
Next, before anything is sent:
  1. Name an empty folder as RCM_CHECKPOINT_FOLDER, and keep the old one: it knows, row by row,
     what was posted and recorded since the backup.
  2. Start the service. It first fetches again what lies in each partner's archive.
  3. Let the EHR systems post again what they posted since; the same encounter is kept once.
  4. Ask each partner which claim files came since, and put their claims on hold.
  5. Let the partners go on: {paused} were paused."""


@contextmanager
def _bar() -> Iterator[Progress]:
    """Give a progress bar on standard error; nothing of it stays."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield bar

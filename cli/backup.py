"""`rcm backup`, `rcm restore`: everything the database holds, in one sealed file, and back."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from cli.embedded import running_servers
from cli.places import Places
from cli.proofs import prove_audit, prove_ledger
from cli.service import DATA, chosen_settings, running_service
from cli.stack import own_servers
from rcm.backup import BackupError, restore_backup, write_backup
from rcm.crypto import load_keys
from rcm.db import snapshot
from rcm.settings import Settings, load_settings
from rcm.tools import make_tools

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=_FILE)
@DATA
def backup(file: Path, data: Path | None) -> None:
    """Write everything to FILE, as RCM_... settings say, while work goes on.

    FILE is sealed with RCM_KEY_FILE and does not hold it: keep that key elsewhere.
    """
    with (
        running_service(chosen_settings(data)) as (unit_of_work, tools),
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
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder for `rcm serve` with nothing but seal.key in it: instead of RCM_... settings.",
)
def restore(file: Path, data: Path | None, *, is_proven: bool) -> None:
    """Restore FILE into the empty database that RCM_DATABASE_OWNER_URL names.

    Every partner is paused afterwards: what was exchanged since the backup is not in it.
    """
    with _target(data) as settings:
        _restore(settings, file)
        if is_proven:
            proven = [prove_ledger(settings), prove_audit(settings)]
            if not all(proven):
                sys.exit(1)


@contextmanager
def _target(data: Path | None) -> Iterator[Settings]:
    """Give the settings of the database to restore into; one of ours is started for it."""
    if data is None:
        yield load_settings()
        return
    places = Places(data=data)
    if not places.key_file.exists():  # Before anything is made.
        raise click.ClickException(f"copy the backup's sealing key to {places.key_file} first")
    load_keys(places.key_file)
    with running_servers(data, env=own_servers()) as servers:
        yield Settings.model_validate(
            {
                "database_url": servers.app_url,
                "database_owner_url": servers.owner_url,
                "redis_url": servers.redis_url,
                "key_file": places.key_file.absolute(),
            }
        )


def _restore(settings: Settings, file: Path) -> None:
    if settings.database_owner_url is None:
        raise click.ClickException("set RCM_DATABASE_OWNER_URL: rcm_owner restores")
    with _bar() as bar:
        task = bar.add_task("restoring", total=None)
        try:
            restored = restore_backup(
                settings.database_owner_url.get_secret_value(),
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
    click.echo(f"{_NEXT.format(paused=restored.partners_paused)}\n")


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

"""The `rcm` command."""

import signal
import sys
from pathlib import Path
from threading import Event
from types import FrameType

import click
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from cli.demo import DemoError, erase, run_demo
from cli.edi import edi
from cli.embedded import ServersError
from cli.money import dollars
from cli.serve_api import serve_api
from cli.stack import running_stack
from cli.supervisor import SupervisorError
from rcm.crypto import KeyFileError
from rcm.db import (
    SchemaVersionError,
    UnsafeRoleError,
    WrongDeploymentError,
    make_engine,
    make_unit_of_work,
    refuse_unsafe,
)
from rcm.migrations import upgrade
from rcm.proof import verify
from rcm.settings import load_settings
from rcm.tools import make_tools
from workers import app as worker_app
from workers import relay as relay_app

_DATA = click.Path(file_okay=False, path_type=Path)
_EXPECTED = (
    DemoError,
    ServersError,
    SupervisorError,
    KeyFileError,
    SchemaVersionError,
    UnsafeRoleError,
    WrongDeploymentError,
)


@click.group()
@click.version_option(package_name="rcm-edi")
def cli() -> None:
    """Revenue cycle EDI: encounters in, claims out, every cent of the answers posted."""


@cli.command()
@click.option("--data", type=_DATA, default=Path(".rcm/demo"), show_default=True)
def demo(data: Path) -> None:
    """Run the whole cycle on empty data and say where the money went."""
    console = Console(highlight=False)
    is_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    run_demo(data, console, stay=is_terminal)


@cli.command()
@click.option("--data", type=_DATA, default=Path(".rcm/demo"), show_default=True)
@click.option("--fresh", is_flag=True, help="Begin with empty data.")
def serve(data: Path, *, fresh: bool) -> None:
    """Run the service and a sandbox clearinghouse on DATA until Ctrl-C."""
    if fresh:
        erase(data)
    console = Console(highlight=False)
    with running_stack(data, restart=True) as stack:
        console.print(f"The service is up:  {stack.url}/docs")
        console.print(f"API key:            in {stack.places.api_key}")
        console.print(f"Logs:               {stack.places.logs}")
        stack.supervisor.wait(Event())


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, help="0: any free port.")
@click.option("--port-file", type=click.Path(dir_okay=False, path_type=Path), default=None)
def api(host: str, port: int, port_file: Path | None) -> None:
    """Serve the API alone, as RCM_... settings say."""
    serve_api(host, port, port_file)


@cli.command()
def worker() -> None:
    """Run jobs, as RCM_... settings say."""
    worker_app.main()


@cli.command()
def relay() -> None:
    """Ring for jobs that nobody runs, as RCM_... settings say."""
    relay_app.main()


@cli.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to this version's migration (needs RCM_DATABASE_OWNER_URL)."""
    settings = load_settings()
    if settings.database_owner_url is None:
        raise click.ClickException("set RCM_DATABASE_OWNER_URL: migrations run as rcm_owner")
    owner_url = settings.database_owner_url.get_secret_value()
    upgrade(owner_url, deployment=settings.deployment)
    click.echo("the database is up to date")


@cli.group()
def ledger() -> None:
    """The ledger."""


@ledger.command("verify")
def ledger_verify() -> None:
    """Build every posting again from the raw files and compare; exit 1 where they differ."""
    settings = load_settings()
    engine = make_engine(settings.database_url.get_secret_value(), pool_size=1)
    refuse_unsafe(engine, deployment=settings.deployment)
    with make_unit_of_work(engine)() as session:
        proof = verify(session, make_tools(settings))
    for account, cents in proof.balances.items():
        click.echo(f"{account:<28}{dollars(cents):>18}")
    for difference in proof.differences:
        click.echo(difference, err=True)
    click.echo(
        f"{proof.postings} postings of {proof.entries} entries from {proof.files} files:"
        f" {'proven' if proof.is_true else 'NOT proven'}"
    )
    if not proof.is_true:
        sys.exit(1)


cli.add_command(edi)


def main() -> None:
    """Run the command; what can be expected to go wrong is said in words, without a trace."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + signal.SIGTERM)

    signal.signal(signal.SIGTERM, stop)
    try:
        cli()
    except _EXPECTED as reason:
        click.echo(f"rcm: {reason}", err=True)
        sys.exit(1)
    except SQLAlchemyError as reason:
        click.echo(f"rcm: the database refused: {type(reason).__name__}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()

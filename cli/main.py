"""The `rcm` command."""

import signal
import sys
from pathlib import Path
from threading import Event
from types import FrameType

import click
from rich.console import Console

from cli import administration, people, proofs
from cli.backup import backup, restore
from cli.connections import connections
from cli.demo import erase, run_demo, say_how_to_sign_in
from cli.driving import DemoError
from cli.edi import edi
from cli.embedded import ServersError
from cli.health import health
from cli.new_secrets import new_secrets
from cli.serve_api import listen, serve_api
from cli.settings import settings
from cli.stack import running_stack
from cli.supervisor import SupervisorError
from rcm.migrations import DatabaseBusyError
from rcm.refusals import refusals_in_words
from workers import relay as relay_app
from workers.app import worker

_DATA = click.Path(file_okay=False, path_type=Path)


@click.group()
@click.version_option(package_name="rcm-edi")
def cli() -> None:
    """Revenue cycle EDI: encounters in, claims out, every cent of the answers posted."""


@cli.command()
@click.option("--data", type=_DATA, default=Path(".rcm/demo"), show_default=True)
@click.option(
    "--mix",
    type=click.Choice(["ordinary", "hostile"]),
    default="ordinary",
    show_default=True,
    help="ordinary: a day's work; hostile: every odd answer there is.",
)
def demo(data: Path, mix: str) -> None:
    """Run the whole cycle on empty data and say where the money went."""
    console = Console(highlight=False)
    is_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    run_demo(data, console, mix=mix, stay=is_terminal)


@cli.command()
@click.option("--data", type=_DATA, default=Path(".rcm/demo"), show_default=True)
@click.option("--fresh", is_flag=True, help="Begin with empty data.")
def serve(data: Path, *, fresh: bool) -> None:
    """Run the service and a sandbox clearinghouse on DATA until Ctrl-C."""
    if fresh:
        erase(data)
    console = Console(highlight=False)
    with running_stack(data, restart=True, say=console.print) as stack:
        say_how_to_sign_in(console, stack)
        console.print(f"API key:            in {stack.places.api_key}")
        console.print(f"Logs:               {stack.places.logs}")
        stack.supervisor.wait(Event(), stack.servers.refuse_ended)


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option(
    "--port",
    type=click.IntRange(min=0, max=65535),
    default=8000,
    show_default=True,
    help="0: any free port.",
)
@click.option("--or-any", "may_move", is_flag=True, help="Where PORT is taken, any free one.")
@click.option("--port-file", type=click.Path(dir_okay=False, path_type=Path), default=None)
def api(host: str, port: int, port_file: Path | None, *, may_move: bool) -> None:
    """Serve the API alone, as RCM_... settings say."""
    with listen(host, port, may_move=may_move) as listening:
        serve_api(listening, port_file)


@cli.command()
def relay() -> None:
    """Ring for jobs that nobody runs, as RCM_... settings say."""
    relay_app.main()


cli.add_command(worker)
cli.add_command(administration.db)
cli.add_command(administration.key)
cli.add_command(people.init)
cli.add_command(people.people)
cli.add_command(administration.parties)
cli.add_command(proofs.ledger)
cli.add_command(proofs.audit)
cli.add_command(health)
cli.add_command(new_secrets)
cli.add_command(backup)
cli.add_command(restore)
cli.add_command(settings)
cli.add_command(connections)
cli.add_command(edi)


def main() -> None:
    """Run the command; what can be expected to go wrong is said in words, without a trace."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + signal.SIGTERM)

    signal.signal(signal.SIGTERM, stop)
    with refusals_in_words(DemoError, ServersError, SupervisorError, DatabaseBusyError):
        cli()


if __name__ == "__main__":
    main()

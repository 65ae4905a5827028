"""`rcm demo` and `rcm serve`: the service and a sandbox on a folder of our own."""

import sys
from pathlib import Path
from threading import Event

import click
from rich.console import Console

from cli.demo import erase, run_demo, say_how_to_sign_in
from cli.stack import running_stack

_DATA = click.Path(file_okay=False, path_type=Path)


@click.command()
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


@click.command()
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

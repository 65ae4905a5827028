"""`rcm connections`: what a deployment may open, beside what the database server gives."""

import sys
from pathlib import Path

import click

from cli.service import DATA, chosen_settings, running_database
from rcm.connections import plan, room

_AT_LEAST_ONE = click.IntRange(min=1)


@click.command()
@click.option("--api", "apis", type=_AT_LEAST_ONE, default=1, show_default=True)
@click.option(
    "--worker",
    "workers",
    type=_AT_LEAST_ONE,
    multiple=True,
    default=(2, 2),
    show_default=True,
    help="The --concurrency of a worker; once for each.",
)
@click.option("--relay", "relays", type=_AT_LEAST_ONE, default=1, show_default=True)
@DATA
def connections(apis: int, workers: tuple[int, ...], relays: int, data: Path | None) -> None:
    """Count the database connections of a deployment of so many processes.

    RCM_POOL_SIZE is what an API process may open. Exit 1 where the server gives fewer.
    """
    settings = chosen_settings(data)
    parts = plan(pool_size=settings.pool_size, apis=apis, workers=workers, relays=relays)
    with running_database(settings) as unit_of_work, unit_of_work() as session:
        found = room(session.connection())
    for part in parts:
        click.echo(f"{part.name:<14}{part.processes:>3} x {part.each:>3} = {part.total:>4}")
    total = sum(part.total for part in parts)
    click.echo(
        f"{'together':<14}{total:>16} of {found.limit}"
        f" (max_connections {found.max_connections}, {found.reserved} reserved;"
        f" {found.used} in use now)"
    )
    if total > found.limit:
        click.echo(
            "that is too many: lower RCM_POOL_SIZE or --concurrency, or raise max_connections",
            err=True,
        )
        sys.exit(1)

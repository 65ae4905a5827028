"""`rcm health`: whether work goes on, for whoever watches a process from outside."""

import sys
from pathlib import Path

import click
import httpx

from cli.service import DATA, chosen_settings, running_service
from rcm.jobs import QUEUES
from rcm.reading.progress import idle_queues, idle_relay

SILENT_SECONDS_MAX = 120  #: A job that could run for so long shows that nobody runs it.


def _known(
    _context: click.Context, _option: click.Parameter, queues: str | None
) -> frozenset[str] | None:
    if queues is None:
        return None
    named = frozenset(queues.split(","))
    if not named <= set(QUEUES):
        raise click.BadParameter(f"the queues are {', '.join(QUEUES)}")
    return named


@click.command()
@click.option("--queues", callback=_known, help="Look at these; all, unless --relay is given.")
@click.option("--relay", "is_relay", is_flag=True, help="Look at what a relay does.")
@click.option(
    "--seconds", type=click.IntRange(min=1), default=SILENT_SECONDS_MAX, show_default=True
)
@click.option("--url", help="Also ask the API that runs there whether it is ready.")
@DATA
def health(
    queues: frozenset[str] | None,
    seconds: int,
    url: str | None,
    data: Path | None,
    *,
    is_relay: bool,
) -> None:
    """Exit 0 where the database answers and work goes on, else 1 with what does not.

    It looks at progress, not at processes. A queue is not well where a job could run for so long,
    while none ended and none is held: a worker that is alive and does nothing. A relay is not well
    where nobody rings for such a job, where a schedule is due, or rows wait to be chained.
    """
    if queues is None:
        queues = frozenset() if is_relay else frozenset(QUEUES)
    with running_service(chosen_settings(data)) as (unit_of_work, tools), unit_of_work() as session:
        wrong = list(idle_queues(session, queues, seconds=seconds))
        if is_relay:
            wrong += idle_relay(session, now=tools.clock(), seconds=seconds)
    for line in wrong:
        click.echo(line, err=True)
    if wrong or (url is not None and not _answers(url)):
        sys.exit(1)
    click.echo("well")


def _answers(url: str) -> bool:
    try:
        status = httpx.get(f"{url}/api/v1/health/ready", timeout=5, trust_env=False).status_code
    except httpx.HTTPError as reason:
        click.echo(f"the API does not answer: {type(reason).__name__}", err=True)
        return False
    if status != httpx.codes.OK:
        click.echo(f"the API is not ready: it answers {status}", err=True)
    return status == httpx.codes.OK

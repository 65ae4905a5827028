"""`rcm health`: whether work goes on, for whoever watches a process from outside."""

import sys

import click
import httpx

from cli.service import running_service
from rcm.jobs import QUEUES
from rcm.reading.work_state import work_by_queue

SILENT_SECONDS_MAX = 120  #: A job that could run for so long shows that nobody runs it.


def _known(_context: click.Context, _option: click.Parameter, queues: str) -> frozenset[str]:
    named = frozenset(queues.split(","))
    if not named <= set(QUEUES):
        raise click.BadParameter(f"the queues are {', '.join(QUEUES)}")
    return named


@click.command()
@click.option("--queues", callback=_known, default=",".join(QUEUES), show_default=True)
@click.option(
    "--seconds", type=click.IntRange(min=1), default=SILENT_SECONDS_MAX, show_default=True
)
@click.option("--url", help="Also ask the API that runs there.")
def health(queues: frozenset[str], seconds: int, url: str | None) -> None:
    """Exit 0 where the database answers and no job of QUEUES waits for too long, else 1.

    It looks at progress, not at processes: a worker that is alive and does nothing is not well.
    """
    with running_service() as (unit_of_work, _), unit_of_work() as session:
        states = [state for state in work_by_queue(session) if state.queue in queues]
    late = [state for state in states if (state.oldest_ready_seconds or 0) > seconds]
    for state in late:
        click.echo(
            f"{state.queue}: {state.ready} jobs are ready, the oldest for"
            f" {state.oldest_ready_seconds} s",
            err=True,
        )
    if late or (url is not None and not _answers(url)):
        sys.exit(1)
    click.echo("well")


def _answers(url: str) -> bool:
    try:
        status = httpx.get(f"{url}/api/v1/health", timeout=5, trust_env=False).status_code
    except httpx.HTTPError as reason:
        click.echo(f"the API does not answer: {type(reason).__name__}", err=True)
        return False
    if status != httpx.codes.OK:
        click.echo(f"the API answers {status}", err=True)
    return status == httpx.codes.OK

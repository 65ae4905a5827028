"""A worker of the service that also notes what each job takes. For the bench alone.

`BENCH_STEPS` names the file of notes; `BENCH_PYX12` says what pyx12 is asked: `all` as in
production, `outbound` for the proof of what is sent, `none`.
"""

import os
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import click

from edi.findings import Finding
from rcm.chains.checkpoints import checkpoint_writer
from rcm.doorbell import Doorbell
from rcm.jobs import Handler, Runner, Work
from rcm.logs import begin_logs
from rcm.settings import Settings, load_settings
from rcm.tools import make_tools
from workers.app import make_runner, make_worker, run_worker
from workers.handlers import connect_to, make_handlers

STEPS, PYX12 = "BENCH_STEPS", "BENCH_PYX12"
_NS_PER_US = 1_000


def trust(body: bytes, *, seconds: int = 0) -> tuple[Finding, ...]:
    """Return the verdict of a validator that finds nothing, and takes no time."""
    del body, seconds
    return ()


def _make(settings: Settings, bell: Doorbell) -> Runner:
    tools = make_tools(settings)
    trusting = replace(tools, conformance=trust)
    asked = os.environ[PYX12]
    checkpoints = checkpoint_writer(settings)
    handlers = {
        kind: make_handlers(
            tools
            if asked == "all" or (asked == "outbound" and kind == "batch_claims")
            else trusting,
            connect_to,
            connect_to,
            checkpoints,
        )[kind]
        for kind in make_handlers(trusting, connect_to)
    }
    return replace(make_runner(settings, bell), handlers=_measured(handlers))


def _measured(handlers: Mapping[str, Handler]) -> dict[str, Handler]:
    notes = Path(os.environ[STEPS])
    return {kind: _timed(kind, handler, notes) for kind, handler in handlers.items()}


def _timed(kind: str, handler: Handler, notes: Path) -> Handler:
    def act(work: Work) -> None:
        began, used = time.perf_counter_ns(), time.process_time_ns()
        try:
            handler(work)
        finally:
            took = (time.perf_counter_ns() - began) // _NS_PER_US
            used = (time.process_time_ns() - used) // _NS_PER_US
            with notes.open("a", encoding="ascii") as file:  # One write: lines do not mix.
                file.write(f"{kind} {took} {used}\n")

    return act


@click.command()
@click.option("--queues", required=True)
@click.option("--concurrency", type=int, required=True)
def main(queues: str, concurrency: int) -> None:
    """Run jobs and note what they take, until SIGTERM."""
    settings = load_settings()
    begin_logs("worker", settings.log_format)
    run_worker(make_worker(settings, _make), queues, concurrency)


if __name__ == "__main__":
    main()

"""The whole way: encounters in over HTTP, claims out, answers back, every cent posted.

The service as `rcm demo` runs it: PostgreSQL, Valkey, API, workers, relay, and beside them the
sandbox clearinghouse, which shares the machine but is nobody's measure: it does not ask pyx12.
"""

import http.client
import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import httpx
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from benchmarks.measured_worker import PYX12, STEPS
from benchmarks.processes import Used, Watch
from cli.books import book_differences
from cli.demo import erase
from cli.proofs import witness_of
from cli.stack import Parts, Stack, running_stack
from rcm.chains.checkpoints import checkpoint_writer
from rcm.chains.model import Chain
from rcm.chains.service import chain_rows
from rcm.chains.verify import verify_chain
from rcm.db import snapshot
from rcm.proof import verify
from samples.encounters import encounters
from sandbox.journal import read_journal

ASKED = ("none", "outbound", "all")  #: Of pyx12.
_SEED = 837
_POSTERS = 2
_PER_CALL = 100  #: Encounters.
_EXCHANGE_SECONDS = 5  #: Between two exchanges while encounters come in; after them, at once.
_LOOK_SECONDS = 0.1
_SECONDS_MAX_PER_CLAIM_MS = 200
_OPEN = ("ready", "batched", "submitted", "acknowledged", "accepted", "accepted_by_payer", "pended")
_PARTS = Parts(
    worker="benchmarks.measured_worker",
    processes=MappingProxyType({"worker-exchange": 1, "worker-post": 2}),
    sandbox=("--trusting",),
)


class CourseError(Exception):
    """The course did not come to its end, or what it left is not proven."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What all jobs of a kind took."""

    kind: str
    jobs: int
    wall_ms: int
    cpu_ms: int  #: Of the worker; PostgreSQL and pyx12 are processes of their own.


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One course, as it went."""

    claims: int
    pyx12: str
    wall_ms: int
    received_ms: int  #: Until every encounter was answered.
    postings: int
    steps: Sequence[Step]
    used: Sequence[Used]

    @property
    def claims_per_second(self) -> int:
        """From the first call to the last posting."""
        return self.claims * 1000 // self.wall_ms

    def as_json(self) -> dict[str, Any]:
        """Return it as the file of figures has it."""
        return asdict(self) | {"claims_per_second": self.claims_per_second}


def run_course(console: Console, folder: Path, *, claims: int, pyx12: str) -> Course:
    """Run one course from empty data, prove what it left, and return its figures.

    Raises CourseError where an encounter is refused, a job ends badly, or the proof fails.
    """
    data = folder / "course"
    erase(data)
    data.mkdir(mode=0o700, parents=True)
    notes = folder / "steps"  # Beside it: `erase` takes away a demo's own files alone.
    notes.write_text("", encoding="ascii")
    env = {STEPS: str(notes.absolute()), PYX12: pyx12}
    with running_stack(data, parts=_PARTS, fault_env=env) as stack:
        bodies = _bodies(stack, claims)
        watch = Watch({pid: name for name, pid in stack.supervisor.pids().items()})
        with _progress(console, f"{claims:,} claims, pyx12: {pyx12}") as progress, watch.running():
            began = time.monotonic_ns()
            received_ns = _drive(stack, bodies, progress)
            wall_ns = time.monotonic_ns() - began
        steps = _steps(notes)
        postings = _prove(console, stack)
    erase(data)
    return Course(
        claims=claims,
        pyx12=pyx12,
        wall_ms=wall_ns // 1_000_000,
        received_ms=(received_ns - began) // 1_000_000,
        postings=postings,
        steps=steps,
        used=watch.used(),
    )


def _bodies(stack: Stack, claims: int) -> list[bytes]:
    made = encounters(claims, seed=_SEED, today=stack.tools.today())
    return [json.dumps(each).encode() for _, each in made]


@dataclass(slots=True)
class _Shown:
    progress: Progress
    task: TaskID
    received: int = 0

    def receive(self, encounters: int) -> None:
        self.received += encounters

    def show(self, settled: int) -> None:
        self.progress.update(self.task, completed=settled, received=self.received)


def _progress(console: Console, title: str) -> Progress:
    return Progress(
        TextColumn(f"{title:<32}"),
        BarColumn(),
        TextColumn("{task.fields[received]} received, {task.completed:.0f} settled"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )


def _drive(stack: Stack, bodies: Sequence[bytes], progress: Progress) -> int:
    """Post everything, exchange until all is settled; returns when the last was received."""
    shown = _Shown(progress, progress.add_task("", total=len(bodies), received=0))
    headers = {"Authorization": f"Bearer {stack.api_key}"}
    deadline = time.monotonic() + 120 + len(bodies) * _SECONDS_MAX_PER_CLAIM_MS // 1000
    received_ns = 0
    with (
        ThreadPoolExecutor(_POSTERS) as posters,
        httpx.Client(
            base_url=f"{stack.url}/api/v1", headers=headers, timeout=60, trust_env=False
        ) as client,
    ):
        posting = [
            posters.submit(_post, stack, bodies[n::_POSTERS], shown.receive)
            for n in range(_POSTERS)
        ]
        while True:
            is_received = all(each.done() for each in posting)
            if is_received and not received_ns:
                _raise(posting)
                received_ns = time.monotonic_ns()
            client.post(f"/partners/{stack.partner_id}/exchange").raise_for_status()
            again = time.monotonic() + _EXCHANGE_SECONDS
            while _is_busy(client) and time.monotonic() < again:
                time.sleep(_LOOK_SECONDS)
            found = client.get("/claims", params={"limit": "1"}).raise_for_status().json()
            unsettled = sum(found["facets"]["status"].get(status, 0) for status in _OPEN)
            shown.show(found["total"] - unsettled)
            if (
                received_ns
                and found["total"] == len(bodies)
                and not (unsettled or _is_busy(client))
            ):
                return received_ns
            if time.monotonic() > deadline:
                raise CourseError(f"not at its end in time: {found['facets']['status']}")


def _raise(posting: Sequence[Future[None]]) -> None:
    for each in posting:
        each.result()


def _post(stack: Stack, bodies: Sequence[bytes], step: Callable[[int], None]) -> None:
    """Post encounters a hundred at a time, one call after another, as one EHR system does."""
    line = http.client.HTTPConnection(urlsplit(stack.url).netloc, timeout=60)
    headers = {
        "Authorization": f"Bearer {stack.api_key}",
        "Content-Type": "application/x-ndjson",
    }
    for start in range(0, len(bodies), _PER_CALL):
        lines = bodies[start : start + _PER_CALL]
        line.request("POST", "/api/v1/encounters/batch", b"\n".join(lines), headers)
        answer = line.getresponse()
        told = answer.read()
        if answer.status != httpx.codes.OK or json.loads(told)["received"] != len(lines):
            raise CourseError(f"encounters were refused: {told[:500].decode()}")
        step(len(lines))
    line.close()


def _is_busy(client: httpx.Client) -> bool:
    jobs = client.get("/jobs/summary").raise_for_status().json()
    if jobs["failures"]:
        raise CourseError(f"a job ended badly: {jobs['failures']}")
    return any(count["state"] in ("ready", "running") for count in jobs["counts"])


def _steps(notes: Path) -> list[Step]:
    counts: Counter[str] = Counter()
    wall: Counter[str] = Counter()
    cpu: Counter[str] = Counter()
    for line in notes.read_text(encoding="ascii").splitlines():
        kind, wall_us, cpu_us = line.split()
        counts[kind] += 1
        wall[kind] += int(wall_us)
        cpu[kind] += int(cpu_us)
    return [
        Step(kind=kind, jobs=counts[kind], wall_ms=us // 1000, cpu_ms=cpu[kind] // 1000)
        for kind, us in wall.most_common()
    ]


def _prove(console: Console, stack: Stack) -> int:
    """Prove ledger, payer's journal and chains; returns how many postings there are."""
    chain_rows(stack.unit_of_work, stack.tools.clock, checkpoint_writer(stack.settings))
    told = "proving the journal from the raw files"
    with console.status(told), snapshot(stack.unit_of_work) as session:
        proof = verify(session, stack.tools)
        journal = read_journal(stack.places.journal)
        wrong = [*proof.differences, *book_differences(session, journal)]
        for chain in Chain:
            proven = verify_chain(session, chain, witness_of(stack.settings, chain))
            wrong += [breach.said for breach in proven.breaches]
    if wrong:
        raise CourseError("; ".join(wrong[:5]))
    return proof.postings

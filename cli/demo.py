"""`rcm demo`: encounters in over HTTP, claims out, answers back, and where the money went.

The ordinary mix is a day's work of a practice; it must leave nothing in suspense. The hostile one
is everything else that a clearinghouse, a payer and a line can do.
"""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from shutil import rmtree
from threading import Event
from typing import Any

import httpx
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from cli.books import book_differences
from cli.demo_people import PEOPLE, sign_in_link
from cli.demo_summary import show, summarize
from cli.driving import DemoError, check_coverages, post_encounters, settle, wait_for_quiet
from cli.embedded import erase_servers
from cli.places import Places
from cli.proofs import chain_to_json, witness_of
from cli.stack import Stack, running_stack
from rcm.chains.checkpoints import checkpoint_writer
from rcm.chains.model import Chain
from rcm.chains.service import chain_rows
from rcm.chains.verify import ChainProof, verify_chain
from rcm.db import snapshot
from rcm.proof import Proof, verify
from samples.encounters import encounters, rejected
from samples.hostile import hostile, inquiries
from sandbox.journal import read_journal

ENCOUNTERS = 500
REJECTED = 3  #: Of them: somebody has to correct these.
SEED = 835
_Made = Sequence[tuple[str, Mapping[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """What is posted, batch by batch; each batch is sent and answered before the next."""

    batches: Sequence[_Made]
    is_ordinary: bool

    @property
    def posted(self) -> _Made:
        """Every pair of kind and encounter."""
        return [pair for batch in self.batches for pair in batch]


def make_mix(name: str, today: date) -> Mix:
    """Return the mix of this name: ordinary or hostile."""
    if name == "ordinary":
        answered = ENCOUNTERS - REJECTED
        made = encounters(answered, seed=SEED, today=today)
        made += rejected(REJECTED, first=answered, seed=SEED, today=today)
        return Mix(batches=[made], is_ordinary=True)
    batches = [inquiries(seed=SEED, today=today), *hostile(seed=SEED, today=today)]
    return Mix(batches=batches, is_ordinary=False)


def run_demo(data: Path, console: Console, *, mix: str, stay: bool) -> None:
    """Start from empty data, run the whole cycle, print and write what came of it.

    Raises DemoError where the cycle does not end, the ledger is not proven or differs from the
    payer's journal, a chain is broken, or money of the ordinary mix is in suspense.
    """
    started = time.monotonic()
    erase(data)
    console.print(
        "[bold]rcm demo[/bold]  PostgreSQL, Valkey, API, worker, relay and a sandbox payer"
    )
    with running_stack(data, say=console.print) as stack:
        made = make_mix(mix, stack.tools.today())
        headers = {"Authorization": f"Bearer {stack.api_key}"}
        with httpx.Client(
            base_url=f"{stack.url}/api/v1", headers=headers, timeout=30, trust_env=False
        ) as client:
            cycle_began = time.monotonic()
            _run_cycle(client, stack, made, console)
            cycle_seconds = int(time.monotonic() - cycle_began)
            summary = summarize(client, [kind for kind, _ in made.posted])
        chain_rows(stack.unit_of_work, stack.tools.clock, checkpoint_writer(stack.settings))
        witnesses = {chain: witness_of(stack.settings, chain) for chain in Chain}
        with snapshot(stack.unit_of_work) as session:
            proof = verify(session, stack.tools)
            differences = book_differences(session, read_journal(stack.places.journal))
            chains = [verify_chain(session, chain, witnesses[chain]) for chain in Chain]
        summary["proof"] = _proof(proof) | {
            "journal_differences": list(differences),
            "chains": [chain_to_json(chain) for chain in chains],
        }
        summary["cycle_seconds"] = cycle_seconds
        (data.parent / "demo.json").write_text(
            json.dumps(summary, indent=2) + "\n", encoding="utf-8"
        )
        show(console, summary, chains, seconds=int(time.monotonic() - started))
        _refuse_untrue(proof, differences, summary, is_ordinary=made.is_ordinary)
        _refuse_broken(chains)
        if stay:
            _say_where(console, stack, data)
            stack.supervisor.wait(Event(), stack.servers.refuse_ended)


def erase(data: Path) -> None:
    """Remove what an earlier demo left in its own folders; any other is refused (DemoError)."""
    if foreign := Places(data=data).foreign():
        raise DemoError(
            f"{data} holds {foreign[0]}, which is not of a demo: nothing was erased."
            " Name another folder, or move it away"
        )
    erase_servers(data)
    for folder in (data, Places(data=data).clearinghouse):
        rmtree(folder, ignore_errors=True)


def _run_cycle(client: httpx.Client, stack: Stack, mix: Mix, console: Console) -> None:
    count = len(mix.posted)
    with _progress(console) as progress:
        posting = progress.add_task("posting encounters", total=count)
        checking = progress.add_task("checking eligibility", total=1)
        exchanging = progress.add_task("exchanging files", total=count)

        def settled(claims: int) -> None:
            progress.update(exchanging, completed=claims)

        for batch in mix.batches:
            post_encounters(client, batch, lambda: progress.advance(posting))
            asked = check_coverages(client)
            progress.update(checking, total=asked, completed=asked)
            if mix.is_ordinary:
                settle(client, stack.partner_id, count, settled)
            else:
                wait_for_quiet(client, stack.partner_id, settled)
        progress.update(exchanging, completed=count)


def _refuse_untrue(
    proof: Proof,
    differences: Sequence[str],
    summary: Mapping[str, Any],
    *,
    is_ordinary: bool,
) -> None:
    if not proof.is_true:
        raise DemoError("the ledger does not agree with the files: " + "; ".join(proof.differences))
    if differences:
        raise DemoError("the ledger does not agree with the payer: " + "; ".join(differences))
    suspense = summary["money"]["suspense_cents"]
    if is_ordinary and suspense:
        raise DemoError(f"{suspense} cents of ordinary claims are in suspense")


def _refuse_broken(chains: Sequence[ChainProof]) -> None:
    for chain in chains:
        if not chain.is_true:
            said = "; ".join(breach.said for breach in chain.breaches)
            raise DemoError(f"the chain of the {chain.chain} is broken: {said}")


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description:<22}"),
        BarColumn(),
        TextColumn("{task.completed:.0f} of {task.total:.0f}"),
        console=console,
    )


def _proof(proof: Proof) -> dict[str, Any]:
    return {
        "is_true": proof.is_true,
        "files": proof.files,
        "entries": proof.entries,
        "postings": proof.postings,
        "payments_cents": proof.payments_cents,
        "in_transit_cents": proof.in_transit_cents,
        "differences": list(proof.differences),
    }


def say_how_to_sign_in(console: Console, stack: Stack) -> None:
    """Print a link that works at once, and how to get one for somebody else."""
    manager, *others = PEOPLE
    link = sign_in_link(stack.unit_of_work, stack.tools, stack.url)
    # soft_wrap: a link that is broken over two lines cannot be clicked.
    console.print(f"[bold]Open the dashboard:[/bold] {link}", soft_wrap=True)
    console.print(f"  It signs in {manager.name}, {manager.what}, once. Another link:")
    for person in PEOPLE:
        console.print(f"  {person.email:<20} {person.name}, {person.what}")
    command = f"rcm users link --enter --data {stack.places.data} {others[0].email}"
    console.print(f"  .venv/bin/{command}", soft_wrap=True)
    console.print(f"API and its pages:  {stack.url}/docs")


def _say_where(console: Console, stack: Stack, data: Path) -> None:
    console.print()
    say_how_to_sign_in(console, stack)
    console.print(f"API key:            in {stack.places.api_key}")
    console.print(f"Logs:               {stack.places.logs}")
    console.print(f"Summary:            {data.parent / 'demo.json'}")
    console.print("Ctrl-C ends it and leaves nothing running; `make serve` shows this data again.")

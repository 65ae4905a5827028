"""`rcm demo`: encounters in over HTTP, claims out, remittances back, and where the money went."""

import json
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shutil import rmtree
from threading import Event
from typing import Any
from uuid import UUID

import httpx
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table

from cli.embedded import erase_servers
from cli.money import dollars
from cli.stack import Places, Stack, running_stack
from rcm.db import snapshot
from rcm.proof import Proof, verify
from samples.encounters import encounters

ENCOUNTERS = 500
SEED = 835
SECONDS_MAX = 90
_POSTERS = 4
_OPEN_STATUSES = (
    "ready", "batched", "submitted", "acknowledged", "accepted", "accepted_by_payer",
)  # fmt: skip
_PAUSE_SECONDS = 0.2


class DemoError(Exception):
    """The demo did not end as it must. Says where to look."""


def run_demo(data: Path, console: Console, *, stay: bool) -> None:
    """Start from empty data, run the whole cycle, print and write what came of it.

    Raises DemoError where the cycle does not end or the ledger is not proven.
    """
    started = time.monotonic()
    erase(data)
    console.print(
        "[bold]rcm demo[/bold]  PostgreSQL, Valkey, API, worker, relay and a sandbox payer"
    )
    with running_stack(data) as stack:
        headers = {"Authorization": f"Bearer {stack.api_key}"}
        with httpx.Client(
            base_url=f"{stack.url}/api/v1", headers=headers, timeout=30, trust_env=False
        ) as client:
            made = encounters(ENCOUNTERS, seed=SEED, today=stack.tools.today())
            with _progress(console) as progress:
                bar = progress.add_task("posting encounters", total=ENCOUNTERS)
                post_encounters(client, made, lambda: progress.advance(bar))
                bar = progress.add_task("exchanging files", total=ENCOUNTERS)
                settle(
                    client,
                    stack.partner_id,
                    ENCOUNTERS,
                    lambda settled: progress.update(bar, completed=settled),
                )
            summary = _summary(client, Counter(kind for kind, _ in made))
        with snapshot(stack.unit_of_work) as session:
            proof = verify(session, stack.tools)
        summary["proof"] = _proof(proof)
        (data.parent / "demo.json").write_text(
            json.dumps(summary, indent=2) + "\n", encoding="utf-8"
        )
        _show(console, summary, seconds=int(time.monotonic() - started))
        if not proof.is_true:
            raise DemoError(
                "the ledger does not agree with the files: " + "; ".join(proof.differences)
            )
        if stay:
            _say_where(console, stack, data)
            stack.supervisor.wait(Event())


def erase(data: Path) -> None:
    """Remove what an earlier demo left in its own folders."""
    erase_servers(data)
    for folder in (data, Places(data=data).clearinghouse):
        rmtree(folder, ignore_errors=True)


def post_encounters(
    client: httpx.Client, made: Sequence[tuple[str, Mapping[str, Any]]], step: Callable[[], None]
) -> None:
    """Post encounters as a few EHR systems do; `step` is called after each. Raises DemoError."""

    def post(encounter: Mapping[str, Any]) -> httpx.Response:
        key = f"demo-{encounter['external_id']}"
        return client.post("/encounters", json=encounter, headers={"Idempotency-Key": key})

    with ThreadPoolExecutor(_POSTERS) as posters:
        for answer in posters.map(post, [encounter for _, encounter in made]):
            if answer.status_code != httpx.codes.ACCEPTED:
                raise DemoError(f"an encounter was refused: {answer.text}")
            step()


def settle(
    client: httpx.Client,
    partner_id: UUID,
    expected: int,
    show: Callable[[int], None],
    *,
    seconds_max: int = SECONDS_MAX,
) -> None:
    """Exchange now, again and again, until every claim is settled and no job waits.

    `show` is told how many claims are settled. Raises DemoError when that takes too long.
    """
    deadline = time.monotonic() + seconds_max
    while True:
        client.post(f"/partners/{partner_id}/exchange").raise_for_status()
        while _busy(client) and time.monotonic() < deadline:
            time.sleep(_PAUSE_SECONDS)
        claims = client.get("/claims", params={"limit": 1}).raise_for_status().json()
        by_status = claims["facets"]["status"]
        unsettled = sum(by_status.get(status, 0) for status in _OPEN_STATUSES)
        show(claims["total"] - unsettled)
        if claims["total"] == expected and not unsettled and not _busy(client):
            return
        if time.monotonic() >= deadline:
            jobs = client.get("/jobs/summary").json()
            raise DemoError(
                f"the cycle did not end in {seconds_max} s: claims {by_status}, jobs {jobs}"
            )


def _busy(client: httpx.Client) -> bool:
    jobs = client.get("/jobs/summary").raise_for_status().json()
    if jobs["failures"]:
        raise DemoError(f"a job ended badly: {jobs['failures']}")
    return any(count["state"] in ("ready", "running") for count in jobs["counts"])


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description:<22}"),
        BarColumn(),
        TextColumn("{task.completed:.0f} of {task.total:.0f}"),
        console=console,
    )


def _summary(client: httpx.Client, kinds: Mapping[str, int]) -> dict[str, Any]:
    claims = client.get("/claims", params={"limit": 1}).raise_for_status().json()
    sent_and_received = client.get("/files", params={"limit": 1}).raise_for_status().json()
    balances = client.get("/ledger/balances").raise_for_status().json()["balances"]

    def balance(account: str) -> int:
        return int(balances.get(account, 0))

    return {
        "encounters": {"posted": sum(kinds.values()), "kinds": dict(kinds)},
        "claims": claims["facets"]["status"],
        "files": sent_and_received["facets"]["type"],
        "money": {
            "billed_cents": -balance("revenue:charges"),
            "paid_cents": balance("cash:in-transit"),
            "adjusted_cents": balance("adjustment:contractual") + balance("adjustment:other"),
            "patient_cents": balance("receivable:patient"),
            "denied_cents": balance("receivable:denied"),
            "open_cents": balance("receivable:payer"),
            "suspense_cents": balance("suspense:unmatched") + balance("suspense:unbalanced"),
        },
    }


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


def _show(console: Console, summary: Mapping[str, Any], *, seconds: int) -> None:
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(style="bold", min_width=22)
    table.add_column(justify="right")
    posted = summary["encounters"]
    table.add_row("encounters", f"{posted['posted']}, of {len(posted['kinds'])} kinds")
    for title, counts in (("claims", summary["claims"]), ("files", summary["files"])):
        for name, count in sorted(counts.items()):
            table.add_row(f"{title} {name}", str(count))
    money = summary["money"]
    for name, cents in money.items():
        table.add_row(name.removesuffix("_cents"), dollars(cents))
    console.print(table)
    proof = summary["proof"]
    verdict = "[green]proven[/green]" if proof["is_true"] else "[red]NOT proven[/red]"
    console.print(
        f"\nledger {verdict}: {proof['postings']} postings of {proof['entries']} entries,"
        f" built again from {proof['files']} files;\ncash {dollars(proof['in_transit_cents'])} ="
        f" BPR02 {dollars(proof['payments_cents'])}   ({seconds} s)"
    )


def _say_where(console: Console, stack: Stack, data: Path) -> None:
    console.print(f"\nThe service is up:  {stack.url}/docs")
    console.print(f"API key:            in {stack.places.api_key}")
    console.print(f"Logs:               {stack.places.logs}")
    console.print(f"Summary:            {data.parent / 'demo.json'}")
    console.print("Ctrl-C ends it and leaves nothing running; `make serve` shows this data again.")

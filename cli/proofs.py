"""`rcm ledger verify`, `rcm audit verify`: proof that nothing was changed, removed or put in."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cli.money import dollars
from cli.service import DATA, chosen_settings, running_database, running_service
from rcm.chains.checkpoints import Witness
from rcm.chains.model import Chain
from rcm.chains.verify import ChainProof, verify_chain
from rcm.db import snapshot
from rcm.proof import Proof, verify
from rcm.settings import Settings

_NOUNS = {Chain.LEDGER: "ledger entries", Chain.AUDIT: "audit events"}
CHAIN_TITLES = {Chain.LEDGER: "chain of the ledger", Chain.AUDIT: "chain of the audit log"}
_AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON on standard output.")
_KEYS = click.option(
    "--public-key",
    "keys",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Trust these keys alone, not those beside the checkpoints; may be given several times.",
)


@click.group()
def ledger() -> None:
    """The ledger."""


@click.group()
def audit() -> None:
    """The record of who did and saw what."""


@ledger.command("verify")
@DATA
@_AS_JSON
@_KEYS
def ledger_verify(*, data: Path | None, as_json: bool, keys: tuple[Path, ...]) -> None:
    """Build every posting again from the raw files, compare, and prove the chain of entries.

    Exit 1 where anything differs: a sum, a key, a posting, a row of the chain, a checkpoint.
    """
    if not prove_ledger(chosen_settings(data), as_json=as_json, keys=keys):
        sys.exit(1)


@audit.command("verify")
@DATA
@_AS_JSON
@_KEYS
def audit_verify(*, data: Path | None, as_json: bool, keys: tuple[Path, ...]) -> None:
    """Prove the chain of audit events; exit 1 where a row, a link or a checkpoint is not as it was.

    Each event that was changed, removed, inserted or moved is named.
    """
    if not prove_audit(chosen_settings(data), as_json=as_json, keys=keys):
        sys.exit(1)


def prove_ledger(settings: Settings, *, as_json: bool = False, keys: tuple[Path, ...] = ()) -> bool:
    """Print what is proven of the ledger; tell whether all of it is."""
    witness = witness_of(settings, Chain.LEDGER, keys)
    with (
        _progress(is_shown=not as_json) as step,
        running_service(settings) as (unit_of_work, tools),
        snapshot(unit_of_work) as session,
    ):
        proof = verify(session, tools, step("files read again"))
        chain = verify_chain(session, Chain.LEDGER, witness, step("rows of the chain"))
    is_true = proof.is_true and chain.is_true
    if as_json:
        told = asdict(proof) | {"chain": chain_to_json(chain), "is_true": is_true}
        click.echo(json.dumps(told, indent=2))
    else:
        _say_ledger(proof)
        _say_chain(chain)
    return is_true


def prove_audit(settings: Settings, *, as_json: bool = False, keys: tuple[Path, ...] = ()) -> bool:
    """Print what is proven of the audit log, for which no key is needed; tell if all of it is."""
    witness = witness_of(settings, Chain.AUDIT, keys)
    with (
        _progress(is_shown=not as_json) as step,
        running_database(settings) as unit_of_work,
        snapshot(unit_of_work) as session,
    ):
        chain = verify_chain(session, Chain.AUDIT, witness, step("rows of the chain"))
    if as_json:
        click.echo(json.dumps(chain_to_json(chain), indent=2))
    else:
        _say_chain(chain)
    return chain.is_true


def witness_of(settings: Settings, chain: Chain, keys: tuple[Path, ...] = ()) -> Witness | None:
    """Return the checkpoints as they are now; None where no folder is named.

    Raises click.ClickException where `keys` are to check what is not there.
    """
    folder = settings.checkpoint_folder
    if keys and (folder is None or not folder.is_dir()):
        where = "no folder of them is named" if folder is None else f"there is no folder {folder}"
        raise click.ClickException(
            f"--public-key checks signed checkpoints, and {where}: set RCM_CHECKPOINT_FOLDER"
        )
    if folder is None:
        return None
    return Witness(folder, chain, keys)


def chain_to_json(proof: ChainProof) -> dict[str, Any]:
    """Return a proof with its instants as text."""
    told = {
        name: value.isoformat() if name.endswith("_at") and value else value
        for name, value in asdict(proof).items()
    }
    told["breaches"] = [
        {**each, "at": each["at"].isoformat() if each["at"] else None} for each in told["breaches"]
    ]
    return told | {"is_true": proof.is_true}


def chain_in_words(proof: ChainProof) -> str:
    """Return in one line how far the chain reaches, and whether it is whole."""
    verdict = "unbroken" if proof.is_true else "BROKEN"
    line = f"{verdict}: {proof.rows:,} {_NOUNS[proof.chain]} in {_links(proof.links)}"
    if proof.unchained:
        line += f", {proof.unchained:,} not chained yet"
    if proof.checkpoints is None:
        return f"{line}; not signed"
    if proof.unsigned_links:
        return f"{line}; {_links(proof.unsigned_links)} not signed yet"
    return f"{line}; every link signed outside the database"


def _links(count: int) -> str:
    return f"{count:,} link{'' if count == 1 else 's'}"


def _say_ledger(proof: Proof) -> None:
    for account, cents in proof.balances.items():
        click.echo(f"{account:<28}{dollars(cents):>18}")
    for difference in proof.differences:
        click.echo(difference, err=True)
    click.echo(
        f"{proof.postings} postings of {proof.entries} entries from {proof.files} files:"
        f" {'proven' if proof.is_true else 'NOT proven'}"
    )


def _say_chain(proof: ChainProof) -> None:
    for breach in proof.breaches:
        click.echo(f"{breach.what.upper()}: {breach.said}", err=True)
    more = proof.breaches_total - len(proof.breaches)
    if more:
        click.echo(f"and {more} more", err=True)
    click.echo(f"{CHAIN_TITLES[proof.chain]}: {chain_in_words(proof)}")
    if proof.chained_at is not None:
        click.echo(f"last link:          {proof.chained_at:%Y-%m-%d %H:%M:%S} UTC")
    if proof.checkpoint_at is not None:
        click.echo(f"last checkpoint:    {proof.checkpoint_at:%Y-%m-%d %H:%M:%S} UTC")
    if proof.checkpoints is None:
        click.echo(
            "Whoever owns the database could write this chain anew, or cut its end off, unseen."
            " Set RCM_SIGNING_KEY_FILE and RCM_CHECKPOINT_FOLDER."
        )


@contextmanager
def _progress(*, is_shown: bool) -> Iterator[Callable[[str], Callable[[int, int], None]]]:
    """Give a function that begins a bar, and returns what moves it."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description:<18}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    is_shown = is_shown and console.is_terminal
    with Progress(*columns, console=console, disable=not is_shown, transient=True) as progress:

        def begin(words: str) -> Callable[[int, int], None]:
            task = progress.add_task(words, total=None)

            def move(done: int, total: int) -> None:
                progress.update(task, completed=done, total=total)

            return move

        yield begin

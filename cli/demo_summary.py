"""What a demo came to: counts, money, work and proof, for people and as JSON."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table

from cli.money import dollars
from cli.proofs import CHAIN_TITLES, chain_in_words
from rcm.chains.verify import ChainProof


def summarize(client: httpx.Client, kinds: Sequence[str]) -> dict[str, Any]:
    """Return what the API tells after the cycle; amounts in cents."""
    balances = client.get("/ledger/balances").raise_for_status().json()["balances"]

    def balance(*accounts: str) -> int:
        return sum(int(balances.get(account, 0)) for account in accounts)

    return {
        "encounters": {"posted": len(kinds), "kinds": dict(Counter(kinds))},
        "eligibility": _facets(client, "/eligibility-checks", "outcome"),
        "claims": _facets(client, "/claims", "status"),
        "files": _facets(client, "/files", "type"),
        "remittances": _facets(client, "/remittances", "state"),
        "work": _facets(client, "/work-items", "kind", state="open"),
        "money": {
            "billed_cents": -balance("revenue:charges"),
            "paid_cents": balance("cash:in-transit"),
            "adjusted_cents": balance("adjustment:contractual", "adjustment:other"),
            "patient_cents": balance("receivable:patient"),
            "denied_cents": balance("receivable:denied"),
            "open_cents": balance("receivable:payer"),
            "to_be_recouped_cents": -balance("recoupment:payer"),
            "interest_cents": -balance("income:interest"),
            "suspense_cents": -balance("suspense:unmatched", "suspense:unbalanced"),
        },
    }


def _facets(client: httpx.Client, url: str, facet: str, **query: str) -> dict[str, int]:
    answer = client.get(url, params={"limit": "1", **query}).raise_for_status()
    found: dict[str, int] = answer.json()["facets"][facet]
    return found


def show(
    console: Console, summary: Mapping[str, Any], chains: Sequence[ChainProof], *, seconds: int
) -> None:
    """Print a summary that a person can read."""
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(style="bold", min_width=24)
    table.add_column(justify="right")
    posted = summary["encounters"]
    table.add_row("encounters", f"{posted['posted']}, of {len(posted['kinds'])} kinds")
    for title in ("eligibility", "claims", "files", "remittances", "work"):
        for name, count in sorted(summary[title].items()):
            table.add_row(f"{title} {name.replace('_', ' ')}", str(count))
    for name, cents in summary["money"].items():
        table.add_row(name.removesuffix("_cents").replace("_", " "), dollars(cents))
    console.print(table)
    proof = summary["proof"]
    verdict = "[green]proven[/green]" if proof["is_true"] else "[red]NOT proven[/red]"
    agrees = "[red]DIFFERS[/red]" if proof["journal_differences"] else "[green]agrees[/green]"
    console.print(
        f"\nledger {verdict}: {proof['postings']} postings of {proof['entries']} entries,"
        f" built again from {proof['files']} files;\ncash {dollars(proof['in_transit_cents'])} ="
        f" BPR02 {dollars(proof['payments_cents'])}; the payer's own journal {agrees}, claim by"
        " claim"
    )
    if all(chain.is_true for chain in chains):
        console.print("nothing was changed, removed or put in since it was posted or recorded:")
    for chain in chains:
        console.print(f"{CHAIN_TITLES[chain.chain]} {chain_in_words(chain)}")
    console.print(
        f"({seconds} s in all, {summary['cycle_seconds']} s from the first encounter to the"
        " last answer)"
    )

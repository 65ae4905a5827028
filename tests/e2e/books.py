"""The same money from three places: the ledger, the payer's journal, the raw 835 files."""

import httpx
from sqlalchemy import text

from cli.stack import Stack
from sandbox.journal import ClaimRow, LineRow, read_journal
from tests.e2e.raw_835 import Books, Money, take

_BY_CLAIM = "SELECT c.patient_control_number, account, sum(amount_cents)::bigint FROM posting p"
_BY_LINE = "SELECT l.control_number, account, sum(amount_cents)::bigint FROM posting p"
_QUERIES = {
    "claim": f"{_BY_CLAIM} JOIN claim c ON c.id = p.claim_id GROUP BY 1, 2",
    "line": f"{_BY_LINE} JOIN claim_line l USING (claim_id, line) GROUP BY 1, 2",
}
_FIELDS = {
    "cash:in-transit": "paid",
    "adjustment:contractual": "contractual",
    "receivable:patient": "patient",
    "receivable:denied": "denied",
}


def client(stack: Stack) -> httpx.Client:
    """An EHR's way to the API."""
    return httpx.Client(
        base_url=f"{stack.url}/api/v1",
        headers={"Authorization": f"Bearer {stack.api_key}"},
        timeout=30,
        trust_env=False,
    )


def raw_books(stack: Stack) -> Books:
    """What the 835 files say that we fetched and archived."""
    books = Books()
    account = stack.places.clearinghouse / "accounts" / "practice"
    for file in sorted(account.glob("archive/*_835.x12")):
        take(books, file.read_bytes())
    return books


def journal_money(stack: Stack, by: str) -> dict[str, Money]:
    """What the payer decided, by patient control number or by line control number."""
    claims = [row for row in read_journal(stack.places.journal) if isinstance(row, ClaimRow)]
    if by == "claim":
        return {row.patient_control_number: _money(row) for row in claims}
    return {line.control_number: _money(line) for row in claims for line in row.lines}


def _money(row: ClaimRow | LineRow) -> Money:
    return Money(
        row.charge_cents,
        row.paid_cents,
        row.contractual_cents,
        row.patient_cents,
        row.denied_cents,
    )


def ledger_money(stack: Stack, by: str) -> dict[str, Money]:
    """What the ledger holds, by patient control number or by line control number."""
    found: dict[str, Money] = {}
    with stack.unit_of_work() as session:
        for number, account, total in session.execute(text(_QUERIES[by])):
            money = found.setdefault(number, Money())
            if account == "revenue:charges":
                money.charge = -total
            elif account == "receivable:payer":
                assert total == 0, "an adjudicated claim leaves nothing open with the payer"
            else:
                setattr(money, _FIELDS[account], total)
    return found

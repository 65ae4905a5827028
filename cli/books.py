"""The ledger beside the sandbox payer's own journal: what the one paid, the other has to hold."""

from collections import Counter
from collections.abc import Iterator, Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from sandbox.journal import ClaimRow, LineRow, Row

_FIELDS = {
    "cash:in-transit": "paid",
    "adjustment:contractual": "contractual",
    "receivable:patient": "patient",
    "receivable:denied": "denied",
}
_CLAIMS = text("""
    SELECT sent.patient_control_number, account, sum(amount_cents)::bigint
    FROM posting
    JOIN (SELECT DISTINCT claim_id, patient_control_number FROM submission) sent USING (claim_id)
    GROUP BY sent.patient_control_number, account
""")
_LINES = text("""
    SELECT claim_line.control_number, account, sum(amount_cents)::bigint
    FROM posting JOIN claim_line USING (claim_id, line)
    GROUP BY claim_line.control_number, account
""")
_CASH = text("SELECT coalesce(sum(amount_cents), 0)::bigint FROM posting WHERE account = :account")
_SUSPENSE = text("""
    SELECT coalesce(-sum(amount_cents), 0)::bigint FROM posting
    WHERE account IN ('suspense:unmatched', 'suspense:unbalanced') AND reason = ''
""")
_ADJUSTMENTS = text("SELECT reason, sum(amount_cents)::bigint FROM provider_adjustment GROUP BY 1")

_Amount = tuple[str, str]  #: The number of a claim or line, or a total, and what is told of it.


def book_differences(session: Session, journal: Sequence[Row]) -> tuple[str, ...]:
    """Return where ledger and journal differ, to the cent.

    Compared are every claim and line that the payer answered, cash, suspense, and PLB by reason.

    A claim that was sent under several numbers stands in the ledger under each of them.
    """
    wanted = Counter(dict(_of_journal(journal)))
    found = Counter(dict(_of_ledger(session, {claim for claim, _ in wanted})))
    return tuple(
        f"{name} {what}: the ledger has {found[name, what]}, the payer {wanted[name, what]} cents"
        for name, what in sorted(wanted.keys() | found.keys())
        if found[name, what] != wanted[name, what]
    )


def _of_journal(journal: Sequence[Row]) -> Iterator[tuple[_Amount, int]]:
    total: Counter[_Amount] = Counter()
    for row in journal:
        if isinstance(row, ClaimRow):
            number = row.patient_control_number
            total["total", "suspense"] += row.suspense_cents
            named: list[tuple[str, ClaimRow | LineRow]] = [(number, row)]
            named += [(line.control_number, line) for line in row.lines]
            for name, told in named:
                total[name, "paid"] += told.paid_cents
                total[name, "contractual"] += told.contractual_cents
                total[name, "patient"] += told.patient_cents
                total[name, "denied"] += told.denied_cents
        elif row.is_posted:
            total["total", "cash"] += row.payment_cents
            for each in row.adjustments:
                total[f"PLB {each.reason}", "adjustment"] += each.amount_cents
    yield from total.items()


def _of_ledger(session: Session, numbers: set[str]) -> Iterator[tuple[_Amount, int]]:
    for query in (_CLAIMS, _LINES):
        for number, account, cents in session.execute(query):
            if account in _FIELDS and number in numbers:
                yield (number, _FIELDS[account]), cents
    cash = session.execute(_CASH, {"account": "cash:in-transit"}).scalar_one()
    yield ("total", "cash"), cash
    yield ("total", "suspense"), session.execute(_SUSPENSE).scalar_one()
    for reason, cents in session.execute(_ADJUSTMENTS):
        yield (f"PLB {reason}", "adjustment"), cents

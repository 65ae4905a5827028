"""What the ledger says of claims, in the five amounts that billing staff speak of."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, cast, func

from rcm.ledger.accounts import Account
from rcm.rows import PostingRow

#: Of a charged claim, charge = paid + adjusted + balance; patient and denied are in the balance.
AMOUNTS: Mapping[str, tuple[Account, ...]] = {
    "paid_cents": (Account.CASH_IN_TRANSIT, Account.CASH_BANK),
    "adjusted_cents": (Account.ADJUSTMENT_CONTRACTUAL, Account.ADJUSTMENT_OTHER),
    "patient_cents": (Account.RECEIVABLE_PATIENT,),
    "denied_cents": (Account.RECEIVABLE_DENIED,),
    "balance_cents": (
        Account.RECEIVABLE_PAYER,
        Account.RECEIVABLE_DENIED,
        Account.RECEIVABLE_PATIENT,
    ),
}
NOTHING: Mapping[str, int] = dict.fromkeys(AMOUNTS, 0)


def amount_columns() -> list[ColumnElement[Any]]:
    """Return a column of cents for each amount, to be grouped over postings."""
    return [
        cast(
            func.coalesce(
                func.sum(PostingRow.amount_cents).filter(PostingRow.account.in_(accounts)), 0
            ),
            BigInteger,
        ).label(name)
        for name, accounts in AMOUNTS.items()
    ]

"""What the posting of a remittance did: sums by account, and what it started."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import BigInteger, cast, func, select

from rcm.db import ReadSession
from rcm.ledger.accounts import Account
from rcm.reading.remittance_words import account_words
from rcm.rows import PostingRow, RemittanceClaimRow, WorkItemRow

_ITEMS_MAX = 200  #: The oldest: a remittance seldom starts more, and the worklist has them all.


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSum:
    """What was posted to one account: on the side where it is."""

    account: str
    words: str
    debit_cents: int
    credit_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerSums:
    """The entries of a remittance by account; both totals are equal."""

    accounts: tuple[AccountSum, ...]
    debit_cents: int
    credit_cents: int

    def net(self, account: Account) -> int:
        """Return what stands on one account."""
        return sum(
            each.debit_cents - each.credit_cents
            for each in self.accounts
            if each.account == account
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedItem:
    """A work item that the remittance opened."""

    id: UUID
    kind: str
    state: str
    reason: str
    message: str
    action: str
    amount_cents: int
    claim_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """What follows of a remittance beside its entries."""

    items: tuple[StartedItem, ...]
    items_total: int
    reversals: int
    reversed_cents: int
    recoupments_cents: int  #: Net on the account of recoupments: positive is kept by the payer.
    patient_balances: int  #: Claims of which the patient owes more now.
    patient_cents: int


def ledger_of(session: ReadSession, remittance_id: UUID) -> LedgerSums:
    """The net of each account that this remittance moved."""
    net = cast(func.sum(PostingRow.amount_cents), BigInteger)
    rows = session.execute(
        select(PostingRow.account, net.label("cents"))
        .where(PostingRow.remittance_id == remittance_id)
        .group_by(PostingRow.account)
        .having(func.sum(PostingRow.amount_cents) != 0)
        .order_by(net.desc(), PostingRow.account)
    ).all()
    accounts = tuple(
        AccountSum(
            account=row.account,
            words=account_words(Account(row.account)),
            debit_cents=max(row.cents, 0),
            credit_cents=max(-row.cents, 0),
        )
        for row in rows
    )
    return LedgerSums(
        accounts=accounts,
        debit_cents=sum(each.debit_cents for each in accounts),
        credit_cents=sum(each.credit_cents for each in accounts),
    )


def effects_of(session: ReadSession, remittance_id: UUID) -> Effects:
    """What this remittance started."""
    of_this = WorkItemRow.remittance_id == remittance_id
    items = session.scalars(
        select(WorkItemRow)
        .where(of_this)
        .order_by(WorkItemRow.opened_at, WorkItemRow.key)
        .limit(_ITEMS_MAX)
    ).all()
    reversals = session.execute(
        select(
            func.count().label("count"),
            cast(func.coalesce(-func.sum(RemittanceClaimRow.paid_cents), 0), BigInteger),
        ).where(
            RemittanceClaimRow.remittance_id == remittance_id,
            RemittanceClaimRow.verdict == "taken_back",
        )
    ).one()
    by_claim = (
        select(func.sum(PostingRow.amount_cents).label("cents"))
        .where(
            PostingRow.remittance_id == remittance_id,
            PostingRow.account == Account.RECEIVABLE_PATIENT,
        )
        .group_by(PostingRow.claim_id)
        .having(func.sum(PostingRow.amount_cents) > 0)
        .subquery()
    )
    patients = session.execute(
        select(func.count(), cast(func.coalesce(func.sum(by_claim.c.cents), 0), BigInteger))
    ).one()
    kept = select(cast(func.coalesce(func.sum(PostingRow.amount_cents), 0), BigInteger)).where(
        PostingRow.remittance_id == remittance_id,
        PostingRow.account == Account.RECOUPMENT_PAYER,
    )
    return Effects(
        items=tuple(_item(row) for row in items),
        items_total=session.execute(
            select(func.count()).select_from(WorkItemRow).where(of_this)
        ).scalar_one(),
        reversals=reversals[0],
        reversed_cents=reversals[1],
        recoupments_cents=session.execute(kept).scalar_one(),
        patient_balances=patients[0],
        patient_cents=patients[1],
    )


def _item(row: WorkItemRow) -> StartedItem:
    return StartedItem(
        id=row.id,
        kind=row.kind,
        state=row.state,
        reason=row.reason,
        message=row.message,
        action=row.action,
        amount_cents=row.amount_cents,
        claim_id=row.claim_id,
    )

"""The accounts of the ledger, and what each is for (design.md 6)."""

from enum import StrEnum


class Account(StrEnum):
    """A debit is positive, a credit negative."""

    RECEIVABLE_PAYER = "receivable:payer"
    RECEIVABLE_DENIED = "receivable:denied"  #: A person works it: never a silent write-off.
    RECEIVABLE_PATIENT = "receivable:patient"
    REVENUE_CHARGES = "revenue:charges"
    ADJUSTMENT_CONTRACTUAL = "adjustment:contractual"
    ADJUSTMENT_OTHER = "adjustment:other"
    CASH_IN_TRANSIT = "cash:in-transit"  #: Zero when a remittance meets its deposit.
    CASH_BANK = "cash:bank"
    RECOUPMENT_PAYER = "recoupment:payer"  #: Keyed by the payer's financial control number.
    ADVANCE_PAYER = "advance:payer"  #: Paid ahead of claims, and taken back from them.
    INCOME_INTEREST = "income:interest"
    INCOME_OTHER = "income:other"  #: Capitation, bonus, pass-through: no claim is paid by it.
    EXPENSE_PAYER = "expense:payer"  #: Penalties and fees that a payer keeps.
    WITHHOLDING = "withholding"
    SUSPENSE_UNMATCHED = "suspense:unmatched"
    SUSPENSE_UNBALANCED = "suspense:unbalanced"

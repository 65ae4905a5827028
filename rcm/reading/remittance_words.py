"""What a remittance decided and where its money went, in the words of people who post. Pure."""

from rcm.ledger.accounts import Account

_STATUSES = {
    "1": "Processed as first payer",
    "2": "Processed as second payer",
    "3": "Processed as third payer",
    "4": "Refused: the payer does not know the patient",
    "19": "Processed as first payer, sent on to the next",
    "20": "Processed as second payer, sent on to the next",
    "21": "Processed as third payer, sent on to the next",
    "22": "Takes a payment back",
    "23": "Not this payer's claim, sent on to another",
    "25": "A price in advance, no payment",
}


def decision_words(status_code: str, verdict: str, denied: str) -> str:
    """Return what a payer decided; `denied` is its first reason for a refusal.

    >>> decision_words("1", "denied", "CO-197"), decision_words("22", "taken_back", "")
    ('Refused, CO-197', 'Takes a payment back')
    """
    if verdict == "denied":
        return f"Refused, {denied}" if denied else "Refused"
    if verdict == "pended":
        return "Not decided yet"
    return _STATUSES.get(status_code, "News of the claim, no decision")


def account_words(account: Account) -> str:
    """Return what an account holds, for people."""
    return _ACCOUNTS[account]


_ACCOUNTS = {
    Account.RECEIVABLE_PAYER: "Payer owed",
    Account.RECEIVABLE_DENIED: "Refused, to be worked",
    Account.RECEIVABLE_PATIENT: "Patients owe",
    Account.REVENUE_CHARGES: "Charges",
    Account.ADJUSTMENT_CONTRACTUAL: "Contract adjustments",
    Account.ADJUSTMENT_OTHER: "Other adjustments",
    Account.CASH_IN_TRANSIT: "Cash in transit",
    Account.CASH_BANK: "Cash in the bank",
    Account.RECOUPMENT_PAYER: "Recoupments and balances carried on",
    Account.ADVANCE_PAYER: "Advances",
    Account.INCOME_INTEREST: "Interest",
    Account.INCOME_OTHER: "Other income",
    Account.EXPENSE_PAYER: "Fees and penalties",
    Account.WITHHOLDING: "Withheld",
    Account.SUSPENSE_UNMATCHED: "In suspense: no claim found",
    Account.SUSPENSE_UNBALANCED: "In suspense: does not add up",
}

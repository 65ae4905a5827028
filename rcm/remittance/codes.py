"""Where an adjustment goes: group and reason code to account, PLB reason to account."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import assert_never

from edi.remittance_835.model import Adjustment, AdjustmentGroup
from rcm.ledger.accounts import Account

CONTRACTUAL_REASON = "45"  #: Charge exceeds the fee schedule: contractual with every payer.
PRIOR_PAYER_REASON = "23"  #: What prior payers did: already posted from their own remittances.
PENDING_REASON = "133"  #: The payer has not decided: a reversal and a correction follow.
PAID_TO_PATIENT_REASON = "100"  #: The payer sent the money to the patient.

#: remittance.md 2. What is not here waits in suspense for a person.
_PROVIDER_ADJUSTMENTS: Mapping[Account, str] = {
    Account.RECOUPMENT_PAYER: "WO FB 72 B2 OB TL WU",
    Account.ADVANCE_PAYER: "AM AP IS LS PI",  # Advances: a balance, no income (M25).
    Account.INCOME_INTEREST: "L6 CR",
    Account.INCOME_OTHER: "BN CT CV CW DM GO HM IP OA",
    Account.EXPENSE_PAYER: "50 51 90 AH BD L3",
    Account.ADJUSTMENT_OTHER: "J1",  # Not reimbursable: it offsets what claims are paid.
    Account.WITHHOLDING: "E3 IR LE SL",
}
PROVIDER_ADJUSTMENTS: Mapping[str, Account] = MappingProxyType(
    {reason: account for account, of in _PROVIDER_ADJUSTMENTS.items() for reason in of.split()}
)


def adjustment_account(adjustment: Adjustment, contractual_codes: frozenset[str]) -> Account | None:
    """Return where the money of an adjustment moves to; None where it moves nowhere.

    CARC 133 leaves it with the payer, in whatever group. OA-23 repeats what prior payers did
    (rules-that-bite M23): posting it would reduce the balance twice. Anything that is neither
    contractual nor the patient's is worked as a denial: never a silent write-off.
    """
    if adjustment.reason == PENDING_REASON:
        return None
    if adjustment.reason == PAID_TO_PATIENT_REASON:
        return Account.RECEIVABLE_PATIENT
    match adjustment.group:
        case AdjustmentGroup.PATIENT:
            return Account.RECEIVABLE_PATIENT
        case AdjustmentGroup.CONTRACTUAL:
            if adjustment.reason == CONTRACTUAL_REASON or adjustment.reason in contractual_codes:
                return Account.ADJUSTMENT_CONTRACTUAL
            return Account.RECEIVABLE_DENIED
        case AdjustmentGroup.OTHER:
            is_prior = adjustment.reason == PRIOR_PAYER_REASON
            return None if is_prior else Account.RECEIVABLE_DENIED
        case AdjustmentGroup.PAYER_INITIATED | AdjustmentGroup.CORRECTION:
            return Account.RECEIVABLE_DENIED
        case _:
            assert_never(adjustment.group)


def provider_adjustment_account(reason: str) -> Account:
    """Return the account of a PLB reason; an unknown one waits in suspense."""
    return PROVIDER_ADJUSTMENTS.get(reason, Account.SUSPENSE_UNMATCHED)

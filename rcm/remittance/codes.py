"""Where an adjustment goes: group and reason code to account, PLB reason to account."""

from typing import assert_never

from edi.remittance_835.model import Adjustment, AdjustmentGroup
from rcm.ledger.accounts import Account

CONTRACTUAL_REASON = "45"  #: Charge exceeds the fee schedule: contractual with every payer.
PRIOR_PAYER_REASON = "23"  #: What prior payers did: already posted from their own remittances.

#: remittance.md 2. What is not here waits in suspense for a person.
PROVIDER_ADJUSTMENTS: dict[str, Account] = {
    "WO": Account.RECOUPMENT_PAYER,
    "FB": Account.RECOUPMENT_PAYER,
    "72": Account.RECOUPMENT_PAYER,
    "B2": Account.RECOUPMENT_PAYER,
    "L6": Account.INCOME_INTEREST,
    "IR": Account.WITHHOLDING,
    "LE": Account.WITHHOLDING,
}


def adjustment_account(adjustment: Adjustment, contractual_codes: frozenset[str]) -> Account | None:
    """Return where the money of an adjustment moves to; None where it moves nowhere.

    OA-23 repeats what prior payers did (rules-that-bite M23): posting it would reduce the
    balance twice. Anything that is neither contractual nor the patient's is worked as a denial:
    never a silent write-off.
    """
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

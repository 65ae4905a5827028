"""The codes of a payer, with our words: of a claim, and of each line of it."""

from typing import Any

from pydantic import Field

from api.schemas.remittances import Shown


class ReasonOut(Shown):
    """One amount of a CAS."""

    group: str = Field(description="CO, PR, OA or PI: who bears it.")
    reason: str = Field(description="The claim adjustment reason code (CARC).")
    words: str = Field(description="Ours, not X12's text; empty where we have none.")
    amount_cents: int = Field(description="Positive reduces the payment.")
    quantity: int | None = Field(description="Units adjusted, in thousandths.")
    is_denied: bool = Field(description="It is worked as a refusal.")


class RemarkOut(Shown):
    """A remark code (RARC)."""

    code: str
    words: str = Field(description="Ours; empty where we have none.")


class SaidOut(Shown):
    """What a payer says of a claim as a whole, or of one line."""

    adjustments: list[ReasonOut]
    remarks: list[RemarkOut]
    allowed_cents: int | None = Field(description="AMT*B6, where the payer tells it.")


class SumsOut(Shown):
    """charge - contract - patient - denied - other = paid: the proof of a line or a claim."""

    charge_cents: int
    contract_cents: int
    patient_cents: int
    denied_cents: int
    other_cents: int = Field(description="Not decided yet, or done by another payer.")
    paid_cents: int
    difference_cents: int = Field(description="0 where it balances.")


REASON: dict[str, Any] = {
    "group": "CO",
    "reason": "45",
    "words": "More than the agreed fee; written off",
    "amount_cents": 3075,
    "quantity": None,
    "is_denied": False,
}
SAID: dict[str, Any] = {
    "adjustments": [
        REASON,
        REASON | {"group": "PR", "reason": "2", "words": "The patient's coinsurance",
                  "amount_cents": 3000},
    ],
    "remarks": [],
    "allowed_cents": 12000,
}  # fmt: skip
NOTHING_SAID: dict[str, Any] = {"adjustments": [], "remarks": [], "allowed_cents": None}
SUMS: dict[str, Any] = {
    "charge_cents": 15075,
    "contract_cents": 3075,
    "patient_cents": 3000,
    "denied_cents": 0,
    "other_cents": 0,
    "paid_cents": 9000,
    "difference_cents": 0,
}

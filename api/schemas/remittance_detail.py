"""One remittance as the API shows it: every decision with its codes, its sums and its proof."""

from datetime import date
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from api.schemas.decisions import DecisionOut
from api.schemas.payer_codes import NOTHING_SAID, SAID, SUMS, SaidOut, SumsOut
from api.schemas.problem import FindingOut
from api.schemas.remittances import REMITTANCE, RemittanceOut, Shown


class RemittanceServiceOut(Shown):
    """One service as the payer decided it, and which line of ours we believe it to be."""

    service: int = Field(description="Of the SVC in its claim, from 1.")
    line: int | None = Field(description="Ours; null: posted to the claim as a whole.")
    match_rule: str = Field(description="What the match rests on: 6R is our own line number.")
    match_confidence: str = Field(description="certain, likely or none.")
    charge_cents: int = Field(description="SVC02.")
    paid_cents: int = Field(description="SVC03.")
    procedure: str = Field(description="SVC01: what the payer paid on.")
    modifiers: list[str]
    billed_procedure: str = Field(description="SVC06, where the payer changed the code.")
    units: int = Field(description="Thousandths.")
    service_from: date | None
    service_to: date | None
    said: SaidOut
    sums: SumsOut = Field(description="The first level of the proof.")
    segment_number: int


class ReversesOut(Shown):
    """A claim of another, or the same, remittance."""

    remittance_id: UUID
    position: int


class ProviderAdjustmentOut(Shown):
    """One pair of a PLB: money beside the claims."""

    n: int = Field(description="In the transaction set, from 1.")
    reason: str = Field(description="PLB03-1 and so on.")
    words: str = Field(description="Ours; empty where we have none.")
    reference: str = Field(description="PLB03-2: the payer's own number.")
    account: str = Field(description="The ledger account it is posted to.")
    account_words: str
    amount_cents: int = Field(description="Positive: the payer keeps it.")
    claim_id: UUID | None = Field(description="Ours, where its reference is a claim's number.")
    segment_number: int


class RemittanceClaimOut(Shown):
    """What it says of one claim."""

    position: int = Field(description="Of the CLP, from 1.")
    claim_id: UUID | None = Field(description="Ours; null where none matches.")
    control_number: str = Field(description="Ours; empty where no claim was found.")
    payer_control_number: str = Field(description="CLP07.")
    patient: str = Field(description="Masked, as the payer names him.")
    status_code: str = Field(description="CLP02.")
    decision: str = Field(description="What was decided, in words.")
    charge_cents: int
    paid_cents: int
    patient_cents: int = Field(description="CLP05.")
    match_rule: str = Field(description="What the match rests on; empty where there is none.")
    match_confidence: str = Field(description="certain or likely; empty where there is none.")
    state: Literal["posted", "unmatched", "unbalanced", "recorded", "not_posted"] = Field(
        description="Where its money went; recorded: it moves none; not_posted: nothing of the "
        "remittance is posted."
    )
    is_dismissed: bool = Field(description="A person said that it is not ours.")
    verdict: Literal["", "paid", "denied", "pended", "taken_back"] = Field(
        description="What a posted one says; taken_back is a reversal."
    )
    reverses: ReversesOut | None = Field(description="What a reversal takes back, where known.")
    reversed_on: date | None = Field(description="The day of the payment that it takes back.")
    is_expanded: bool = Field(description="A reversal whose lines were copied from its original.")
    segment_number: int = Field(description="Of the CLP in the file, ISA being 1.")
    service_from: date | None
    service_to: date | None
    said: SaidOut = Field(description="Of the claim as a whole, not of its lines.")
    sums: SumsOut = Field(description="The second level of the proof: claim and lines together.")
    services: list[RemittanceServiceOut] = Field(description="In file order.")


class LevelOut(Shown):
    """One level of the proof."""

    level: Literal["line", "claim", "payment"]
    checked: int = Field(description="How many sums there are.")
    off: int = Field(description="How many do not come out.")
    difference_cents: int = Field(description="Of those, without regard to sign.")


class BalanceProofOut(Shown):
    """claims paid - provider adjustments = payment."""

    claims_paid_cents: int = Field(description="Sum of CLP04.")
    provider_adjustments_cents: int = Field(description="Sum of the PLB amounts.")
    payment_cents: int = Field(description="BPR02.")
    difference_cents: int = Field(description="What is missing from the equation: 0 if it holds.")
    levels: list[LevelOut]


class AccountSumOut(Shown):
    """What was posted to one account: on the side where it is."""

    account: str
    words: str
    debit_cents: int
    credit_cents: int


class LedgerSumsOut(Shown):
    """The entries by account; both totals are equal."""

    accounts: list[AccountSumOut]
    debit_cents: int
    credit_cents: int


class StartedItemOut(Shown):
    """A work item that it opened."""

    id: UUID
    kind: str
    state: Literal["open", "done"]
    reason: str
    message: str
    action: str
    amount_cents: int
    claim_id: UUID | None


class EffectsOut(Shown):
    """What it started."""

    items: list[StartedItemOut] = Field(description="The oldest 200.")
    items_total: int
    reversals: int
    reversed_cents: int
    recoupments_cents: int = Field(description="Positive: the payer kept it.")
    patient_balances: int = Field(description="Claims of which the patient owes more by it.")
    patient_cents: int


class RemittanceDetailOut(RemittanceOut):
    """One remittance with its claims and its proof."""

    set_number: str = Field(description="ST02.")
    proof: BalanceProofOut
    totals: SumsOut = Field(description="Of all its decisions.")
    in_transit_cents: int = Field(description="Posted and not yet met by a deposit.")
    findings: list[FindingOut]
    decisions: list[DecisionOut] = Field(description="What people decided, the oldest first.")
    claim_payments: list[RemittanceClaimOut]
    provider_adjustments: list[ProviderAdjustmentOut]
    ledger: LedgerSumsOut
    started: EffectsOut

    EXAMPLE: ClassVar[dict[str, Any]]


_CLAIM = "6a1d8a9e-1f1c-4f1e-9a55-2f0d4a4b8c01"
_ACCOUNTS = (
    ("cash:in-transit", "Cash in transit", 9137, 0),
    ("adjustment:contractual", "Contract adjustments", 3075, 0),
    ("receivable:patient", "Patients owe", 3000, 0),
    ("income:interest", "Interest", 0, 137),
    ("receivable:payer", "Payer owed", 0, 15075),
)
_SERVICE = {
    "service": 1,
    "line": 1,
    "match_rule": "6R",
    "match_confidence": "certain",
    "charge_cents": 15075,
    "paid_cents": 9000,
    "procedure": "99213",
    "modifiers": ["25"],
    "billed_procedure": "",
    "units": 1000,
    "service_from": "2026-11-02",
    "service_to": "2026-11-02",
    "said": SAID,
    "sums": SUMS,
    "segment_number": 17,
}
_CLAIM_PAYMENT = {
    "position": 1,
    "claim_id": _CLAIM,
    "control_number": "7KQ2M9XTB4RH0WZ3N",
    "payer_control_number": "SBX26320000017",
    "patient": "Ca••••, A.",
    "status_code": "1",
    "decision": "Processed as first payer",
    "charge_cents": 15075,
    "paid_cents": 9000,
    "patient_cents": 3000,
    "match_rule": "CLP01",
    "match_confidence": "certain",
    "state": "posted",
    "is_dismissed": False,
    "verdict": "paid",
    "reverses": None,
    "reversed_on": None,
    "is_expanded": False,
    "segment_number": 14,
    "service_from": "2026-11-02",
    "service_to": "2026-11-02",
    "said": NOTHING_SAID,
    "sums": SUMS,
    "services": [_SERVICE],
}
RemittanceDetailOut.EXAMPLE = {
    **REMITTANCE,
    "set_number": "0001",
    "proof": {
        "claims_paid_cents": 9000,
        "provider_adjustments_cents": -137,
        "payment_cents": 9137,
        "difference_cents": 0,
        "levels": [
            {"level": name, "checked": 1, "off": 0, "difference_cents": 0}
            for name in ("line", "claim", "payment")
        ],
    },
    "totals": SUMS,
    "in_transit_cents": 9137,
    "findings": [],
    "decisions": [],
    "claim_payments": [_CLAIM_PAYMENT],
    "provider_adjustments": [
        {
            "n": 1,
            "reason": "L6",
            "words": "Interest",
            "reference": "SBX26320000017",
            "account": "income:interest",
            "account_words": "Interest",
            "amount_cents": -137,
            "claim_id": _CLAIM,
            "segment_number": 25,
        }
    ],
    "ledger": {
        "accounts": [
            {"account": account, "words": words, "debit_cents": debit, "credit_cents": credit}
            for account, words, debit, credit in _ACCOUNTS
        ],
        "debit_cents": 15212,
        "credit_cents": 15212,
    },
    "started": {
        "items": [],
        "items_total": 0,
        "reversals": 0,
        "reversed_cents": 0,
        "recoupments_cents": 0,
        "patient_balances": 1,
        "patient_cents": 3000,
    },
}

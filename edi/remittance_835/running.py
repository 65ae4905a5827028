"""The proof of a remittance that comes in parts: claim by claim, then the sum of them all."""

from collections.abc import Iterator
from dataclasses import replace

from edi.findings import Finding
from edi.money import Cents
from edi.remittance_835.balance import Balance, check_balance
from edi.remittance_835.model import Remittance


class RunningBalance:
    """What the parts of one remittance say together; each holds its BPR, and claims of its own."""

    def __init__(self) -> None:
        self.set_control_number = ""
        self.payment_cents = 0  #: BPR02.
        self.paid_cents = 0  #: CLP04 of every claim so far, less predeterminations.
        self.kept_cents = 0  #: Every PLB so far: a positive amount is kept by the payer.
        self.claims = 0

    def take(self, part: Remittance) -> Iterator[Finding]:
        """Yield what is wrong with the claims of this part."""
        self.set_control_number = part.set_control_number
        self.payment_cents = part.payment_cents
        self.paid_cents += part.claims_paid_cents
        self.kept_cents += sum(each.amount_cents for each in part.provider_adjustments)
        self.claims += len(part.claims)
        yield from replace(check_balance(part), difference_cents=Cents(0)).findings()

    def finish(self) -> tuple[Finding, ...]:
        """Return what is wrong with the whole: claims less provider adjustments is BPR02."""
        whole = Balance(
            set_control_number=self.set_control_number,
            difference_cents=Cents(self.paid_cents - self.kept_cents - self.payment_cents),
            claims=(),
            warnings=(),
        )
        return whole.findings()

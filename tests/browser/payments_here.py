"""Payments that a test makes for itself, and how it reads the pages of payments."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

from playwright.sync_api import Page

from edi.remittance_835.model import Name, QualifiedDate
from rcm.exchange.now import exchange_now
from tests.browser.claims_here import cents, claim_ids
from tests.harness import Practice
from tests.rcm.partner_files import Sent, file_835, receive, remit, sent
from tests.rcm.test_match_by_hand import lost
from tests.rcm.test_reversals import paid

_CELLS = "rows => rows.map((row) => [...row.cells].map((cell) => cell.textContent.trim()))"
_PART = re.compile(r"([+−]) ([\d,]+\.\d\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A payment in suspense that resembles a claim."""

    remittance_id: UUID
    claim: Sent
    payer_control_number: str

    @property
    def path(self) -> str:
        """Its page."""
        return f"/payments/{self.remittance_id}"


def sent_claim(world: Practice) -> Sent:
    """A claim of 100.00 that went to the payer, who is silent."""
    (claim_id,) = claim_ids(world, 1, patient__first_name="Ada")
    with world.unit_of_work() as session:
        exchange_now(session, world.partner_id)
    world.drain()
    return next(each for each in sent(world) if each.id == claim_id)


def lost_payment(world: Practice, paid_cents: int = 7_000) -> Lost:
    """A payment for a claim whose number the payer mangled."""
    claim = sent_claim(world)
    day = world.tools.today().replace(day=1)
    number = f"ICN{uuid4().hex[:10].upper()}"
    said = replace(
        lost(paid(claim, paid_cents)),
        patient=Name(entity="QC", entity_type="1", last_name="CANARY", first_name="ADA"),
        dates=(QualifiedDate("232", day),),
        patient_control_number=claim.number[:-2] + "ZZ",
        payer_claim_number=number,
    )
    trace = arrive(world, said)
    return Lost(remittance_id=by_trace(world, trace), claim=claim, payer_control_number=number)


def held_remittance(world: Practice) -> UUID:
    """A remittance whose payment is not the sum of its claims."""
    said = replace(paid(sent_claim(world), 7_000), payer_claim_number=uuid4().hex[:10].upper())
    return by_trace(world, arrive(world, said, paid_cents=7_100))


def arrive(world: Practice, *claims: Any, paid_cents: int | None = None) -> str:  # noqa: ANN401
    """Let the payer tell of claims; return the trace of what it sent."""
    trace = f"T{uuid4().hex[:9].upper()}"
    number = 800_000_000 + uuid4().int % 99_999_999
    receive(world, file_835(remit(*claims, paid=paid_cents, trace=trace), number=number))
    return trace


def by_trace(world: Practice, trace: str) -> UUID:
    """The remittance with this trace."""
    ((found,),) = world.rows("SELECT id FROM remittance WHERE trace = :trace", trace=trace)
    return UUID(str(found))


def cells(page: Page, rows: str) -> list[list[str]]:
    """What the cells of these rows say, whether they are folded or not."""
    found: list[list[str]] = page.locator(rows).evaluate_all(_CELLS)
    return found


def summed(texts: Sequence[str]) -> int:
    """The sum of the parts of an equation: what stands after a minus is taken away.

    >>> summed(["9.00", "−", "1.50", "+", "0.25"])
    775
    """
    sign, total = 1, 0
    for text in texts:
        if text in {"+", "−"}:
            sign = 1 if text == "+" else -1
        else:
            total += sign * cents(text)
    return total


def taken(text: str) -> int:
    """What the adjustments of a line take away from its charge.

    >>> taken("− 48.32 CO-45 + 3.00 OA-94")
    4532
    """
    return sum((1 if sign == "−" else -1) * cents(part) for sign, part in _PART.findall(text))

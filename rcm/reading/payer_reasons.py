"""Why a payer paid less than was charged: what stands of its decisions, line by line.

Codes and allowed amounts are read from the sealed remittances: they are kept nowhere else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy import select, tuple_

from rcm.crypto import Keys
from rcm.db import ReadSession
from rcm.reading.told import NOTHING_SAID, Said, codes_of_claim, codes_of_line
from rcm.remittance.recall import read_payments
from rcm.remittance.settle import pair
from rcm.remittance.store import adjudications, lines_of
from rcm.rows import RemittanceClaimRow


@dataclass(frozen=True, slots=True, kw_only=True)
class PayerReasons:
    """What stands, of the claim as a whole and of each of its lines."""

    claim: Said = NOTHING_SAID
    lines: Mapping[int, Said] = field(default_factory=dict)

    def of_line(self, line: int) -> Said:
        """Return what stands of one line."""
        return self.lines.get(line, NOTHING_SAID)


def payer_reasons(session: ReadSession, keys: Keys, claim_id: UUID) -> PayerReasons:
    """What the first payer's standing decisions say of a claim; without one, the other payers'.

    A decision that a reversal took back says nothing any more. What was posted to the claim as a
    whole, such as a bundle of lines, is said of the claim.
    """
    standing, _ = pair(adjudications(session, [claim_id]).get(claim_id, []))
    decided = [each for each in standing if not each.is_other] or standing
    if not decided:
        return PayerReasons()
    places = {n: (each.remittance_id, each.position) for n, each in enumerate(decided)}
    payments = read_payments(session, keys, places, {})
    codes = _contractual_codes(session, list(places.values()))
    matched = lines_of(session, decided)
    of_claim = NOTHING_SAID
    of_lines: dict[int, Said] = {}
    for n, place in places.items():
        payment = payments[n]
        of_claim = _and(of_claim, codes_of_claim(payment, codes[place]))
        lines = [match.line for _, match in matched[place]]
        for service, line in zip(payment.services, lines, strict=False):
            said = codes_of_line(service, codes[place])
            if line is None:
                of_claim = _and(of_claim, replace(said, allowed_cents=None))
            else:
                of_lines[line] = _and(of_lines.get(line, NOTHING_SAID), said)
    return PayerReasons(claim=of_claim, lines=of_lines)


def _contractual_codes(
    session: ReadSession, places: Sequence[tuple[UUID, int]]
) -> dict[tuple[UUID, int], frozenset[str]]:
    place = (RemittanceClaimRow.remittance_id, RemittanceClaimRow.position)
    rows = session.execute(
        select(*place, RemittanceClaimRow.contractual_codes).where(tuple_(*place).in_(places))
    )
    return {(row[0], row[1]): frozenset(row[2]) for row in rows}


def _and(before: Said, more: Said) -> Said:
    """Return both together; the last that tells an allowed amount counts."""
    allowed = before.allowed_cents if more.allowed_cents is None else more.allowed_cents
    return Said(
        adjustments=(*before.adjustments, *more.adjustments),
        remarks=tuple(dict.fromkeys((*before.remarks, *more.remarks))),
        allowed_cents=allowed,
    )

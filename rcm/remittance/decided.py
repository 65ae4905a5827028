"""A remittance, or a part of it, of which every claim is decided: its lines, and what follows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from edi.money import Cents
from edi.remittance_835.model import ClaimPayment, Remittance
from rcm.claims.event_store import record_events
from rcm.claims.events import NewEvent
from rcm.remittance import store
from rcm.remittance.decide import ClaimState
from rcm.remittance.history import History, payer_numbers
from rcm.remittance.known import set_payer_numbers
from rcm.remittance.match import Match
from rcm.remittance.match_line import OF_WHOLE, LineMatch, match_lines
from rcm.remittance.post import Decisions, Source
from rcm.tools import Tools
from rcm.worklists.remittances import items_of
from rcm.worklists.settled import close_answered, keep_standing
from rcm.worklists.store import add_items


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A remittance that will be posted, and all that was decided about it."""

    remittance: Remittance  #: As it was received.
    whole: Remittance  #: With the lines that its bare reversals lack.
    matches: Mapping[int, Match]
    states: Mapping[int, ClaimState]
    history: History
    source: Source

    def lines(self, session: Session) -> dict[int, tuple[LineMatch, ...]]:
        """Return the line of each service, by claim position.

        A reversal and its original are of the same lines, those of the one that was posted first,
        so that each line comes to zero.
        """
        payments = {payment.position: payment for payment in self.whole.claims}
        found = {
            position: match_lines(payments[position], match.claim)
            for position, match in self.matches.items()
        }
        others = {**self.history.reversals, **self.history.originals}
        earlier = store.lines_of(session, others.values())
        for position, other in others.items():
            told = earlier[other.remittance_id, other.position]
            is_here = other.remittance_id == self.source.remittance_id
            if is_here and other.position in found:
                told = list(
                    zip(_charges(payments[other.position]), found[other.position], strict=True)
                )
            if not told:
                found[position] = (OF_WHOLE,) * len(found[position])
            elif [-cents for cents, _ in told] == _charges(payments[position]):
                found[position] = tuple(line for _, line in told)
        return found


def _charges(payment: ClaimPayment) -> list[Cents]:
    return [service.charge_cents for service in payment.services]


def settle_claims(
    session: Session,
    tools: Tools,
    decided: Decided,
    decisions: Decisions,
    events: Sequence[NewEvent],
) -> None:
    """Let claims and worklists follow what was posted."""
    now = tools.clock()
    history = decided.history
    record_events(session, events, now=now)
    close_answered(session, history, now=now)
    items = list(items_of(decided.remittance, decisions, history, decided.source))
    add_items(session, tools, items, now=now)
    keep_standing(session, history, now=now)
    set_payer_numbers(session, payer_numbers(history))

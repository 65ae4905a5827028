"""What payers have said before of the claims of a remittance: from rows, and from the raw files."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from edi.envelope import TransactionSet
from edi.reader import read_interchanges
from edi.remittance_835.model import ClaimPayment, Remittance
from edi.remittance_835.read import read_835
from rcm.crypto import Keys
from rcm.db import ReadSession
from rcm.files import read_bytes
from rcm.remittance import store
from rcm.remittance.decide import ClaimState
from rcm.remittance.history import History, adjudications_here, by_claim, with_originals
from rcm.remittance.match import Match


def read_history(
    session: ReadSession,
    keys: Keys,
    remittance: Remittance,
    matches: Mapping[int, Match],
    states: Mapping[int, ClaimState],
    remittance_id: UUID,
    *,
    said: Remittance | None = None,
) -> History:
    """Return the history that posting `remittance` as `remittance_id` will leave.

    `said` is all that was said, where only a part of it is posted.
    """
    here = adjudications_here(remittance, matches, states, remittance_id)
    claims = {position: matches[position].claim.id for position in here}
    history = with_originals(
        History(
            before=store.adjudications(session, claims.values()),
            here=here,
            claims=claims,
            by_claim=by_claim(here, claims),
            originals={},
            reversals={},
            payments={},
            charges={match.claim.id: match.claim.charge_cents for match in matches.values()},
        ),
        remittance_id,
    )
    places = {
        position: (original.remittance_id, original.position)
        for position, original in history.originals.items()
    }
    told = read_payments(session, keys, places, {remittance_id: said or remittance})
    return replace(history, payments=told)


def read_payments(
    session: ReadSession,
    keys: Keys,
    places: Mapping[int, tuple[UUID, int]],
    known: Mapping[UUID, Remittance],
) -> dict[int, ClaimPayment]:
    """Return the claim payment at each place, a remittance and a position in it.

    What is not `known` is read from its raw file, each file once.
    """
    told = dict(known)
    for remittance_id, _ in places.values():
        if remittance_id not in told:
            told[remittance_id] = read_remittance(session, keys, remittance_id)
    return {
        key: told[remittance_id].claims[position - 1]
        for key, (remittance_id, position) in places.items()
    }


def read_remittance(session: ReadSession, keys: Keys, remittance_id: UUID) -> Remittance:
    """Return what a payer said, read again from its raw file: the file is the truth."""
    return read_835(read_set(session, keys, remittance_id))


def read_set(session: ReadSession, keys: Keys, remittance_id: UUID) -> TransactionSet:
    """Return the transaction set of a remittance, from its raw file."""
    file_id, set_index = store.place_of(session, remittance_id)
    interchanges = read_interchanges(read_bytes(session, keys, file_id))
    sets = [each for one in interchanges for each in one.sets()]
    return sets[set_index]

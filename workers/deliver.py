"""The job that sends a frozen file."""

from uuid import UUID

from sqlalchemy.orm import Session

from rcm.claims.event_store import record_events, submitted_in
from rcm.claims.events import NewEvent
from rcm.claims.status import ClaimEvent
from rcm.eligibility.store import record_delivered
from rcm.exchange import store
from rcm.exchange.service import stored_bytes
from rcm.failpoint import failpoint
from rcm.jobs import PermanentJobError, Work
from rcm.parties.breaker_store import admit
from rcm.parties.model import TradingPartner
from rcm.parties.store import partner as find_partner
from rcm.parties.store import record_exchange
from rcm.tools import Tools
from workers.mailbox import deadline_seconds, deliver
from workers.meeting import OpenMailbox, meet, reference, refuse_stranger

_TO_SEND = ("frozen", "uncertain")
_SENT = ("sent", "accepted", "rejected")  #: Surely with the partner.


def deliver_file(work: Work, tools: Tools, open_mailbox: OpenMailbox) -> None:
    """Send a frozen file exactly as frozen, once. A lost reply is resolved by looking.

    A file that a 999 has answered, or that was sent before, is not sent again: what may be missing
    is only the record of its delivery. A paused partner gets nothing; an open breaker is waited
    for.
    """
    file_id = reference(work)
    with work.transaction() as session:
        file = store.file(session, file_id)
        partner = find_partner(session, tools.keys, file.partner_id)
        if file.state in _TO_SEND:
            refuse_stranger(partner, tools)
            if partner.is_paused:
                return  # When it goes on, what is frozen is promised anew.
            admit(session, partner.id, work.job)
    if file.state in _TO_SEND:
        _send(work, tools, open_mailbox, partner, file)
        failpoint("deliver.sent")
    elif file.state not in _SENT:
        raise PermanentJobError("FILE-QUARANTINED")
    with work.finish() as session:
        _record_delivery(session, tools, file_id)
        if file.state in _TO_SEND:
            record_exchange(session, file.partner_id, received=False)
        failpoint("deliver.recorded")


def _send(
    work: Work,
    tools: Tools,
    open_mailbox: OpenMailbox,
    partner: TradingPartner,
    file: store.StoredFile,
) -> None:
    with work.transaction() as session:
        body = stored_bytes(session, tools, file.id)
        # Before the first byte leaves: from here on nobody may say that it was not sent.
        store.advance_file(session, file.id, "uncertain", only_from=["frozen"])
    failpoint("deliver.uncertain")
    seconds = deadline_seconds(len(body))
    with meet(work, open_mailbox, partner, seconds) as mailbox:
        failpoint("deliver.connected")
        deliver(
            mailbox,
            folder=partner.outbound_folder,
            name=file.name,
            body=body,
            attempt=work.job.token.hex,
            is_first=file.state == "frozen",
        )


def _record_delivery(session: Session, tools: Tools, file_id: UUID) -> None:
    now = tools.clock()
    delivered = [
        NewEvent(
            claim_id=claim_id,
            key=f"delivered/{claim_id}/{file_id}",
            event=ClaimEvent.DELIVERED,
            reporter="us",
            file_id=file_id,
            outbound_id=file_id,
        )
        for claim_id in submitted_in(session, file_id)
    ]
    # Claims are locked before files, here as when an answer is read: neither waits for the other.
    record_events(session, delivered, now=now)
    record_delivered(session, file_id, now=now)
    store.advance_file(session, file_id, "sent", only_from=_TO_SEND, sent_at=now)

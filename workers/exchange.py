"""Jobs that meet a partner: deliver a frozen file, collect what is there."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from time import sleep
from uuid import UUID

from edi.findings import ReadError
from edi.reader import read_interchanges
from rcm.claims.events import NewEvent
from rcm.claims.service import WrongUsageError, refuse_wrong_usage
from rcm.claims.status import ClaimEvent
from rcm.claims.store import record_events, submitted_in
from rcm.exchange import store
from rcm.exchange.service import receive_file
from rcm.failpoint import failpoint
from rcm.files import read_bytes
from rcm.jobs import PermanentJobError, Work
from rcm.limits import FILE_BYTES_MAX, FILES_PER_COLLECT_MAX
from rcm.parties.model import TradingPartner
from rcm.parties.store import partner as find_partner
from rcm.parties.store import record_exchange
from rcm.tools import Tools
from workers.mailbox import (
    Mailbox,
    MailboxError,
    RemoteFile,
    archive,
    deliver,
    is_safe_name,
    is_stable,
    join,
)

OpenMailbox = Callable[[TradingPartner, int], AbstractContextManager[Mailbox]]
#: Given a partner and the bytes to move at most, connects; raises MailboxError.


def reference(work: Work) -> UUID:
    """Return what the job is about."""
    assert work.job.ref_id is not None, "every job of a file or a partner names it"
    return work.job.ref_id


def deliver_file(work: Work, tools: Tools, open_mailbox: OpenMailbox) -> None:
    """Send a frozen file exactly as frozen, once. A lost reply is resolved by looking."""
    file_id = reference(work)
    with work.transaction() as session:
        file = store.file(session, file_id)
        partner = find_partner(session, tools.keys, file.partner_id)
        try:
            refuse_wrong_usage(partner, tools)
        except WrongUsageError as reason:
            raise PermanentJobError(reason.code) from None
        body = read_bytes(session, tools.keys, file_id)
        # Before the first byte leaves: from here on nobody may say that it was not sent.
        store.advance_file(session, file_id, "uncertain", only_from=["frozen"])
    with _permanence(), open_mailbox(partner, len(body)) as mailbox:
        deliver(
            mailbox,
            folder=partner.outbound_folder,
            name=file.name,
            body=body,
            attempt=work.job.id.hex,
        )
    failpoint("deliver_file: sent, not recorded")
    with work.finish() as session:
        now = tools.clock()
        store.advance_file(session, file_id, "sent", only_from=["frozen", "uncertain"], sent_at=now)
        delivered = [
            NewEvent(
                claim_id=claim_id,
                key=f"delivered/{claim_id}/{file_id}",
                event=ClaimEvent.DELIVERED,
                reporter="us",
                file_id=file_id,
            )
            for claim_id in submitted_in(session, file_id)
        ]
        record_events(session, delivered, now=now)
        record_exchange(session, partner.id, received=False)


def collect_files(work: Work, tools: Tools, open_mailbox: OpenMailbox) -> None:
    """Fetch what a partner has for us. A remote file is archived only after its bytes are ours."""
    partner_id = reference(work)
    with work.transaction() as session:
        partner = find_partner(session, tools.keys, partner_id)
    received = 0
    with _permanence(), open_mailbox(partner, FILE_BYTES_MAX) as mailbox:
        for remote in _at_rest(mailbox, partner):
            body = mailbox.read(join(partner.inbound_folder, remote.name), bytes_max=FILE_BYTES_MAX)
            if not _is_whole(body):
                continue  # Still being written: its IEA is the proof (reliability.md 2.5).
            with work.transaction() as session:
                file_id = receive_file(
                    session,
                    tools,
                    partner_id=partner.id,
                    name=remote.name,
                    modified=remote.modified,
                    body=body,
                )
            received += 1
            failpoint("collect_files: stored, not archived")
            _archive(work, tools, mailbox, partner, remote, file_id)
    with work.finish() as session:
        record_exchange(session, partner.id, received=received > 0)


def _at_rest(mailbox: Mailbox, partner: TradingPartner) -> Sequence[RemoteFile]:
    """Return the files that two looks see alike, `stable_seconds` apart (0: renamed into place)."""
    listed = [each for each in mailbox.list(partner.inbound_folder) if is_safe_name(each.name)]
    if partner.stable_seconds and listed:
        sleep(partner.stable_seconds)
        before = {each.name: each for each in listed}
        again = mailbox.list(partner.inbound_folder)
        listed = [each for each in again if is_stable(before.get(each.name), each)]
    return listed[:FILES_PER_COLLECT_MAX]


def _is_whole(body: bytes) -> bool:
    """Tell whether every interchange ends; what is no X12 at all is as whole as it will be."""
    try:
        return all(interchange.is_complete for interchange in read_interchanges(body))
    except ReadError as refusal:
        return refusal.finding.code not in ("X12-EMPTY", "X12-ISA-LENGTH")


def _archive(
    work: Work,
    tools: Tools,
    mailbox: Mailbox,
    partner: TradingPartner,
    remote: RemoteFile,
    file_id: UUID,
) -> None:
    archive(
        mailbox,
        folder=partner.inbound_folder,
        name=remote.name,
        archive_folder=partner.archive_folder,
        unique=file_id.hex,
    )
    with work.transaction() as session:
        store.set_file(session, file_id, archived_at=tools.clock())


@contextmanager
def _permanence() -> Iterator[None]:
    """Let a mailbox's permanent refusals end the job at once: a retry could lock the account."""
    try:
        yield
    except MailboxError as reason:
        code = f"SFTP-{reason.step.upper().replace(' ', '-')}"
        if reason.permanent:
            raise PermanentJobError(code) from None
        raise TransferError(code) from None


class TransferError(Exception):
    """An exchange failed in a way that may pass: the job is tried again."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

"""The job that looks through a partner's archive for files that we put there and do not know.

After a restore those that were fetched since the backup lie there, and nowhere else: fetched again,
they are read and posted as if they had just come. What we know already changes nothing. Nothing is
moved, so it may be done while the partner is paused.
"""

from rcm.exchange import store
from rcm.jobs import Work
from rcm.limits import FILE_BYTES_MAX
from rcm.parties.breaker_store import admit
from rcm.parties.model import TradingPartner
from rcm.parties.names import is_safe_name
from rcm.parties.store import partner as find_partner
from rcm.tools import Tools
from workers.collect import SESSION_SECONDS_MAX, make_ours, raise_if_over
from workers.mailbox import Mailbox, MailboxError, RemoteFile, join
from workers.meeting import OpenMailbox, meet, reference, refuse_stranger


def fetch_archived(work: Work, tools: Tools, open_mailbox: OpenMailbox) -> None:
    """Fetch every file of a partner's archive that is not ours, the oldest first.

    One that cannot be read keeps no other back; for its sake the job is tried again.
    """
    with work.transaction() as session:
        partner = find_partner(session, tools.keys, reference(work))
        refuse_stranger(partner, tools)
        admit(session, partner.id, work.job)
    refused: MailboxError | None = None
    with meet(work, open_mailbox, partner, SESSION_SECONDS_MAX) as mailbox:
        listed = mailbox.list(partner.archive_folder)
        for remote in sorted(listed, key=lambda each: each.modified):
            if not _is_wanted(work, partner, remote):
                continue
            try:
                _fetch(work, tools, mailbox, partner, remote)
            except MailboxError as failure:
                raise_if_over(failure)
                refused = failure
        if refused is not None:
            raise refused


def _is_wanted(work: Work, partner: TradingPartner, remote: RemoteFile) -> bool:
    if not is_safe_name(remote.name) or remote.size > FILE_BYTES_MAX:
        return False  # We never put such a file there.
    name, modified, size = remote.name, remote.modified, remote.size
    with work.transaction() as session:
        return not store.is_sighted(session, partner.id, name=name, modified=modified, size=size)


def _fetch(
    work: Work, tools: Tools, mailbox: Mailbox, partner: TradingPartner, remote: RemoteFile
) -> None:
    path = join(partner.archive_folder, remote.name)
    body = mailbox.read(path, bytes_max=FILE_BYTES_MAX)
    with work.transaction() as session:
        file_id = make_ours(session, tools, partner, remote, body)
        store.set_file(session, file_id, archived_at=tools.clock())

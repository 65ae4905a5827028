"""The job that looks through a partner's archive for files that we put there and do not know.

After a restore those that were fetched since the backup lie there, and nowhere else: fetched again,
they are read and posted as if they had just come. What we know already changes nothing. Nothing is
moved, so it may be done while the partner is paused.
"""

from rcm.exchange import store
from rcm.exchange.service import receive_file
from rcm.jobs import Work
from rcm.limits import FILE_BYTES_MAX
from rcm.parties.breaker_store import admit
from rcm.parties.names import is_safe_name
from rcm.parties.store import partner as find_partner
from rcm.tools import Tools
from workers.collect import SESSION_SECONDS_MAX
from workers.mailbox import join
from workers.meeting import OpenMailbox, meet, reference, refuse_stranger


def fetch_archived(work: Work, tools: Tools, open_mailbox: OpenMailbox) -> None:
    """Fetch every file of a partner's archive that is not ours, the oldest first."""
    with work.transaction() as session:
        partner = find_partner(session, tools.keys, reference(work))
        refuse_stranger(partner, tools)
        admit(session, partner.id, work.job)
    with meet(work, open_mailbox, partner, SESSION_SECONDS_MAX) as mailbox:
        listed = sorted(mailbox.list(partner.archive_folder), key=lambda each: each.modified)
        for remote in listed:
            if not is_safe_name(remote.name) or remote.size > FILE_BYTES_MAX:
                continue  # We never put such a file there.
            with work.transaction() as session:
                if store.is_sighted(
                    session,
                    partner.id,
                    name=remote.name,
                    modified=remote.modified,
                    size=remote.size,
                ):
                    continue
            path = join(partner.archive_folder, remote.name)
            body = mailbox.read(path, bytes_max=FILE_BYTES_MAX)
            with work.transaction() as session:
                file_id = receive_file(
                    session,
                    tools,
                    partner_id=partner.id,
                    name=remote.name,
                    modified=remote.modified,
                    body=body,
                )
                store.set_file(session, file_id, archived_at=tools.clock())

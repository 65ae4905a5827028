"""The job that fetches what a partner has for us: one file's failure never stops the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import sleep
from uuid import UUID

from sqlalchemy.orm import Session

from rcm.exchange import store, unfetched
from rcm.exchange.service import receive_file
from rcm.exchange.unfetched import Reason, Sight
from rcm.failpoint import failpoint
from rcm.jobs import Work
from rcm.limits import FILE_BYTES_MAX, FILES_PER_COLLECT_MAX
from rcm.parties.breaker_store import admit
from rcm.parties.model import TradingPartner
from rcm.parties.names import is_fetchable_name
from rcm.parties.store import partner as find_partner
from rcm.parties.store import record_exchange
from rcm.tools import Tools
from workers.completeness import is_whole
from workers.mailbox import (
    Mailbox,
    MailboxError,
    RemoteFile,
    archive,
    deadline_seconds,
    is_stable,
    join,
)
from workers.meeting import OpenMailbox, meet, reference, refuse_stranger

SESSION_SECONDS_MAX = 600  #: Ends well before the job's own limit: the rest waits for the next.
_OF_ONE_FILE = frozenset({"read", "stat", "rename"})  #: Steps whose refusal concerns no other file.


@dataclass(frozen=True, slots=True, kw_only=True)
class _Visit:
    """One session with a partner, and what was noted in earlier ones."""

    work: Work
    tools: Tools
    partner: TradingPartner
    mailbox: Mailbox
    first_seen: dict[Sight, datetime]  #: Of files that were noted as not fetched.

    def sight(self, remote: RemoteFile) -> Sight:
        return _sight(self.tools, remote)

    def note(self, remote: RemoteFile, reason: Reason) -> None:
        with self.work.transaction() as session:
            found = {self.sight(remote): reason}
            unfetched.note(session, self.partner.id, found, now=self.tools.clock())


def collect_files(work: Work, tools: Tools, open_mailbox: OpenMailbox) -> None:
    """Fetch what a partner has for us. A remote file is archived only after its bytes are ours.

    What cannot be fetched is noted (`rcm.exchange.unfetched`) and comes last in the next visit. A
    paused partner is not visited; an open breaker is waited for.
    """
    with work.transaction() as session:
        partner = find_partner(session, tools.keys, reference(work))
        refuse_stranger(partner, tools)
        if not partner.is_paused:
            admit(session, partner.id, work.job)
    if partner.is_paused:
        return  # When it goes on, a visit is promised anew.
    received = False
    with meet(work, open_mailbox, partner, SESSION_SECONDS_MAX) as mailbox:
        failpoint("collect.connected")
        listed, at_rest = _look(mailbox, partner)
        failpoint("collect.listed")
        visit = _Visit(
            work=work,
            tools=tools,
            partner=partner,
            mailbox=mailbox,
            first_seen=_note_listed(work, tools, partner, listed),
        )
        fetchable = [each for each in at_rest if _refusal(partner, each) is None]
        fetchable.sort(key=lambda each: visit.sight(each) in visit.first_seen)
        for remote in fetchable[:FILES_PER_COLLECT_MAX]:
            received |= _fetch(visit, remote)
    with work.finish() as session:
        record_exchange(session, partner.id, received=received)
        failpoint("collect.recorded")


def _look(
    mailbox: Mailbox, partner: TradingPartner
) -> tuple[Sequence[RemoteFile], list[RemoteFile]]:
    """Return what is there, and of it the files that two looks saw alike.

    The looks are `stable_seconds` apart; 0: the partner renames its files into place.
    """
    listed = mailbox.list(partner.inbound_folder)
    seconds = deadline_seconds(sum(each.size for each in listed))
    mailbox.shorten(min(SESSION_SECONDS_MAX, seconds))
    if not partner.stable_seconds or not listed:
        return listed, list(listed)
    sleep(partner.stable_seconds)
    before = {each.name: each for each in listed}
    again = mailbox.list(partner.inbound_folder)
    return again, [each for each in again if is_stable(before.get(each.name), each)]


def _note_listed(
    work: Work, tools: Tools, partner: TradingPartner, listed: Sequence[RemoteFile]
) -> dict[Sight, datetime]:
    """Note what we shall not even try; return what was noted before and is still there."""
    refused = {
        _sight(tools, each): reason for each in listed if (reason := _refusal(partner, each))
    }
    now = tools.clock()
    with work.transaction() as session:
        sights = [_sight(tools, each) for each in listed]
        first_seen = unfetched.seen_again(session, partner.id, sights, now=now)
        unfetched.note(session, partner.id, refused, now=now)
    return first_seen


def _sight(tools: Tools, remote: RemoteFile) -> Sight:
    return tools.keys.index("remote file name", remote.name), remote.size, remote.modified


def _refusal(partner: TradingPartner, remote: RemoteFile) -> Reason | None:
    if not is_fetchable_name(remote.name, partner.inbound_names):
        return Reason.NAME
    return Reason.SIZE if remote.size > FILE_BYTES_MAX else None


def _fetch(visit: _Visit, remote: RemoteFile) -> bool:
    """Make one file ours and put it away; tell whether it is ours.

    Raises MailboxError where the session is over. The file at hand is noted first, since it may be
    what ended the session: others come before it in the next.
    """
    work, tools, partner, mailbox = visit.work, visit.tools, visit.partner, visit.mailbox
    try:
        path = join(partner.inbound_folder, remote.name)
        seen = mailbox.stat(path) or remote
        body = mailbox.read(path, bytes_max=FILE_BYTES_MAX)
    except MailboxError as failure:
        visit.note(remote, Reason.READ)
        raise_if_over(failure)
        return False
    failpoint("collect.read")
    if not is_whole(body) and not _is_overdue(visit, remote):
        visit.note(remote, Reason.INCOMPLETE)  # Still being written: its IEA is the proof.
        return False
    with work.transaction() as session:
        file_id = make_ours(session, tools, partner, remote, body)
        failpoint("collect.received")
    failpoint("collect.stored")
    try:
        archive(
            mailbox,
            seen,
            body,
            folder=partner.inbound_folder,
            archive_folder=partner.archive_folder,
            unique=file_id.hex,
        )
    except MailboxError as failure:
        visit.note(remote, Reason.ARCHIVE)  # No harm: the next visit knows the bytes again.
        raise_if_over(failure)
        return True
    failpoint("collect.archived")
    with work.transaction() as session:
        store.set_file(session, file_id, archived_at=tools.clock())
        unfetched.forget(session, partner.id, visit.first_seen.keys() & {visit.sight(remote)})
    return True


def make_ours(
    session: Session, tools: Tools, partner: TradingPartner, remote: RemoteFile, body: bytes
) -> UUID:
    """Store what was read of a partner's file; returns the id of the file that it is."""
    return receive_file(
        session,
        tools,
        partner_id=partner.id,
        name=remote.name,
        modified=remote.modified,
        body=body,
    )


def _is_overdue(visit: _Visit, remote: RemoteFile) -> bool:
    """Tell whether this file has been unchanged for so long that no more of it will come."""
    now = visit.tools.clock()
    patience = timedelta(minutes=visit.partner.incomplete_minutes)
    return now - visit.first_seen.get(visit.sight(remote), now) >= patience


def raise_if_over(failure: MailboxError) -> None:
    """Raise a failure that concerns more than the file at hand."""
    if failure.is_lost or failure.step not in _OF_ONE_FILE:
        raise failure

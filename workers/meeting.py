"""What every job that meets a partner shares: whom it may meet, and how a session ends it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from uuid import UUID

from rcm.claims.service import WrongUsageError, refuse_wrong_usage
from rcm.jobs import PermanentJobError, TransientJobError, Work
from rcm.parties.model import TradingPartner
from rcm.tools import Tools
from workers.mailbox import Mailbox, MailboxError

OpenMailbox = Callable[[TradingPartner, int], AbstractContextManager[Mailbox]]
#: Given a partner and the seconds that the session may last, connects; raises MailboxError.


def reference(work: Work) -> UUID:
    """Return what the job is about."""
    assert work.job.ref_id is not None, "every job of a file or a partner names it"
    return work.job.ref_id


def refuse_stranger(partner: TradingPartner, tools: Tools) -> None:
    """End the job where a sandbox would meet a production partner, or the reverse."""
    try:
        refuse_wrong_usage(partner, tools)
    except WrongUsageError as reason:
        raise PermanentJobError(reason.code) from None


@contextmanager
def session_failures() -> Iterator[None]:
    """End the job by a MailboxError: at once where a retry could lock the account."""
    try:
        yield
    except MailboxError as reason:
        code = f"SFTP-{reason.step.upper().replace(' ', '-')}"
        if reason.permanent:
            raise PermanentJobError(code) from None
        raise TransientJobError(code) from None

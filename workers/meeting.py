"""What every job that meets a partner shares: whom it may meet, and how a session ends it."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from uuid import UUID

from rcm.claims.service import WrongUsageError, refuse_wrong_usage
from rcm.jobs import PermanentJobError, PostponedError, TransientJobError, Work
from rcm.logs import about
from rcm.parties import breaker_store
from rcm.parties.breaker import Outcome
from rcm.parties.model import TradingPartner
from rcm.tools import Tools
from workers.mailbox import Mailbox, MailboxError, Step

OpenMailbox = Callable[[TradingPartner, int], AbstractContextManager[Mailbox]]
#: Given a partner and the seconds that the session may last, connects; raises MailboxError.
_BEFORE_LOGIN: tuple[Step, ...] = ("name", "port", "host key")

log = logging.getLogger(__name__)


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
def meet(
    work: Work, open_mailbox: OpenMailbox, partner: TradingPartner, seconds: int
) -> Iterator[Mailbox]:
    """Open a partner's mailbox for a job that was admitted; its breaker learns how it went.

    A MailboxError ends the job: it waits for the breaker where that is open now, is tried again
    where that may help, and is given up where it cannot.
    """
    with about(partner_id=partner.id):
        yield from _met(work, open_mailbox, partner, seconds)


def _met(
    work: Work, open_mailbox: OpenMailbox, partner: TradingPartner, seconds: int
) -> Iterator[Mailbox]:
    began_ns = time.monotonic_ns()
    try:
        with open_mailbox(partner, seconds) as mailbox:
            yield mailbox
    except MailboxError as failure:
        code = code_of(failure)
        log.warning("the meeting with a partner failed", extra=_told(began_ns) | {"error": code})
        outcome = outcome_of(failure)
        with work.transaction() as session:
            wait_seconds = breaker_store.record(session, partner.id, work.job, outcome, code=code)
        if wait_seconds and outcome is not Outcome.ANSWERED:
            raise PostponedError(code, seconds=wait_seconds) from None
        if failure.permanent:
            raise PermanentJobError(code) from None
        raise TransientJobError(code) from None
    with work.transaction() as session:
        breaker_store.record(session, partner.id, work.job, Outcome.ANSWERED)
    log.info("met a partner", extra=_told(began_ns))


def _told(began_ns: int) -> dict[str, int | str]:
    return {"duration_ms": (time.monotonic_ns() - began_ns) // 1_000_000}


def code_of(failure: MailboxError) -> str:
    """Return the code of the step that failed, as docs/findings.md lists them."""
    return f"SFTP-{failure.step.upper().replace(' ', '-')}"


def outcome_of(failure: MailboxError) -> Outcome:
    """Return what a failure says about the connection: a refused file says that it works."""
    if failure.permanent and failure.step in _BEFORE_LOGIN:
        return Outcome.UNTRUSTED
    if failure.permanent and failure.step == "login":
        return Outcome.LOGIN_REFUSED
    if failure.is_lost or failure.step in (*_BEFORE_LOGIN, "login"):
        return Outcome.FAILED
    return Outcome.ANSWERED

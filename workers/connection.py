"""The job that tests a partner's connection, step by step, and leaves nothing behind there."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field

from rcm.jobs import Work
from rcm.parties import breaker_store
from rcm.parties.breaker import Outcome
from rcm.parties.connection_tests import StepResult, find_test, finish_test
from rcm.parties.model import TradingPartner
from rcm.parties.store import partner as find_partner
from rcm.tools import Tools
from workers.mailbox import Mailbox, MailboxError, Step, join
from workers.meeting import code_of, outcome_of, reference, refuse_stranger

SESSION_SECONDS = 60
CONNECTING = ("name", "port", "host key", "login")
STEPS = (
    *CONNECTING, "outbound folder", "inbound folder", "archive folder", "write", "rename", "remove",
)  # fmt: skip
PROBE = b"This file tests a connection. It may be removed.\n"
_MILLISECOND = 1_000_000  #: In nanoseconds.

Passed = Callable[[Step], None]  #: Told each step of connecting that is over, and went well.
OpenWatched = Callable[[TradingPartner, int, Passed], AbstractContextManager[Mailbox]]
#: An OpenMailbox that also tells how far it has come.


def check_connection(work: Work, tools: Tools, open_watched: OpenWatched) -> None:
    """Test the connection that `work` is about and keep what was found; a failure is a result.

    A person asked for it: no breaker stops it. Where all is well it closes the partner's.
    """
    test_id = reference(work)
    with work.transaction() as session:
        test = find_test(session, test_id)
        assert test is not None, "the job was promised with its test"
        partner = find_partner(session, tools.keys, test.partner_id)
        refuse_stranger(partner, tools)
    attempt = f"{test_id.hex}-{work.job.attempts}"
    steps, failure = try_connection(partner, open_watched, attempt=attempt)
    with work.finish() as session:
        finish_test(session, test_id, steps, now=tools.clock())
        if failure is None:
            breaker_store.close(session, partner.id)
        elif (outcome := outcome_of(failure)) is not Outcome.ANSWERED:
            breaker_store.record_test(session, partner.id, outcome, code=code_of(failure))


def try_connection(
    partner: TradingPartner, open_watched: OpenWatched, *, attempt: str
) -> tuple[tuple[StepResult, ...], MailboxError | None]:
    """Return what became of each of STEPS, and the failure; what comes after it is not reached.

    The probe has a temporary name from beginning to end, which no partner takes for a claim file.
    """
    log = _Log()
    try:
        with open_watched(partner, SESSION_SECONDS, log.passed) as mailbox:
            log.connected()
            _use(mailbox, partner, log, attempt)
    except MailboxError as failure:
        log.failed(failure)
        return log.results(), failure
    return log.results(), None


def _use(mailbox: Mailbox, partner: TradingPartner, log: _Log, attempt: str) -> None:
    probe = join(partner.outbound_folder, f"connection.tmp-{attempt}")
    renamed = f"{probe}-renamed"
    acts: Mapping[str, Callable[[], object]] = {
        "outbound folder": lambda: mailbox.list(partner.outbound_folder),
        "inbound folder": lambda: mailbox.list(partner.inbound_folder),
        "archive folder": lambda: mailbox.list(partner.archive_folder),
        "write": lambda: mailbox.write(probe, PROBE),
        "rename": lambda: mailbox.rename(probe, renamed),
        "remove": lambda: mailbox.remove(renamed),
    }
    for step, act in acts.items():
        log.step = step
        try:
            act()
        except MailboxError:
            if step in {"write", "rename"}:
                _clear(mailbox, probe, renamed)
            raise
        log.passed(step)


def _clear(mailbox: Mailbox, *paths: str) -> None:
    for path in paths:
        with suppress(MailboxError):  # It is the first failure that is told.
            mailbox.remove(path)


@dataclass(slots=True)
class _Log:
    """What is known of each step so far, and how long it took."""

    step: str = ""  #: The step at hand; empty while connecting.
    found: dict[str, StepResult] = field(default_factory=dict)
    began_ns: int = field(default_factory=time.monotonic_ns)

    def passed(self, step: str) -> None:
        self.found[step] = StepResult(step=step, outcome="ok", milliseconds=self._lap())

    def connected(self) -> None:
        """Whatever a mailbox told of its steps: it is open now."""
        for step in CONNECTING:
            if step not in self.found:
                self.passed(step)

    def failed(self, failure: MailboxError) -> None:
        at = self.step or self._connecting(failure)
        if "name" in self.found:
            for step in STEPS[: STEPS.index(at)]:  # Who came so far was let in before.
                self.found.setdefault(step, StepResult(step=step, outcome="ok"))
        self.found[at] = StepResult(
            step=at,
            outcome="failed",
            milliseconds=self._lap(),
            message=str(failure).partition(": ")[2],
            cure=failure.cure,
        )

    def results(self) -> tuple[StepResult, ...]:
        not_reached = (StepResult(step=step, outcome="not_reached") for step in STEPS)
        return tuple(self.found.get(each.step, each) for each in not_reached)

    def _connecting(self, failure: MailboxError) -> str:
        """Return the step of connecting that failed: a timeout is of the first that is open."""
        if failure.step in CONNECTING:
            return failure.step
        return next(step for step in CONNECTING if step not in self.found)

    def _lap(self) -> int:
        now = time.monotonic_ns()
        milliseconds, self.began_ns = (now - self.began_ns) // _MILLISECOND, now
        return milliseconds

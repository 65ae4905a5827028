"""The table from a kind of job to its use case, bound to the tools of a process."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import partial
from uuid import UUID

from sqlalchemy.orm import Session

from rcm import jobs
from rcm.chains.checkpoints import CheckpointWriter
from rcm.chains.service import chain_rows
from rcm.claims.service import WrongUsageError, batch_claims
from rcm.eligibility.service import ask_eligibility, sweep_coverages
from rcm.encounters.service import sweep_encounters
from rcm.exchange.control import NumbersExhaustedError
from rcm.exchange.now import BY_SCHEDULE
from rcm.exchange.service import check_conformance, post_remittance, read_file
from rcm.jobs import Handler, PermanentJobError, Work
from rcm.parties.model import TradingPartner
from rcm.tools import Tools
from workers.collect import collect_files
from workers.connection import OpenWatched, Passed, check_connection
from workers.deliver import deliver_file
from workers.fetch_archived import fetch_archived
from workers.mailbox import Mailbox
from workers.meeting import OpenMailbox, reference
from workers.sftp import SftpSettings, open_sftp
from workers.ssh import tell_nobody


def make_handlers(
    tools: Tools,
    open_mailbox: OpenMailbox,
    open_watched: OpenWatched | None = None,
    checkpoints: CheckpointWriter | None = None,
) -> Mapping[str, Handler]:
    """Return what runs each kind of job of `rcm.jobs.KINDS`.

    Without `open_watched` a connection test sees only that `open_mailbox` opens, or does not.
    Without `checkpoints` the chains are not signed.
    """

    def unwatched(
        partner: TradingPartner, seconds: int, _: Passed
    ) -> AbstractContextManager[Mailbox]:
        return open_mailbox(partner, seconds)

    return {
        "sweep_encounters": _in_one(lambda session, _: sweep_encounters(session, tools)),
        "batch_claims": _in_files(
            lambda session, work: batch_claims(
                session, tools, reference(work), is_scheduled=work.job.ref_part == BY_SCHEDULE
            )
        ),
        "check_coverages": _in_one(
            lambda session, work: sweep_coverages(session, tools, reference(work))
        ),
        "ask_eligibility": _in_files(
            lambda session, work: ask_eligibility(session, tools, reference(work))
        ),
        "deliver_file": partial(deliver_file, tools=tools, open_mailbox=open_mailbox),
        "collect_files": partial(collect_files, tools=tools, open_mailbox=open_mailbox),
        "fetch_archived": partial(fetch_archived, tools=tools, open_mailbox=open_mailbox),
        "read_file": _in_one(lambda session, work: read_file(session, tools, reference(work))),
        "post_remittance": _in_one(
            lambda session, work: post_remittance(
                session, tools, reference(work), work.job.ref_part
            )
        ),
        "check_conformance": _in_one(
            lambda session, work: check_conformance(session, tools, reference(work))
        ),
        "check_connection": partial(
            check_connection, tools=tools, open_watched=open_watched or unwatched
        ),
        "chain_rows": lambda work: chain_rows(work.transaction, tools.clock, checkpoints),
    }


def _in_one(use_case: Callable[[Session, Work], object]) -> Handler:
    """Return a handler whose effect and end are one transaction."""

    def handler(work: Work) -> None:
        with work.finish() as session:
            use_case(session, work)

    return handler


def _in_files(freeze: Callable[[Session, Work], UUID | None]) -> Handler:
    """Return a handler that freezes one file, and promises another look while files come out."""

    def handler(work: Work) -> None:
        with work.finish() as session:
            try:
                frozen = freeze(session, work)
            except WrongUsageError as reason:
                raise PermanentJobError(reason.code) from None
            except NumbersExhaustedError:
                raise PermanentJobError("NUMBERS-EXHAUSTED") from None
            if frozen is not None:
                again = work.job
                jobs.add(session, again.kind, ref_id=again.ref_id, ref_part=again.ref_part)

    return handler


def connect_to(
    partner: TradingPartner, seconds: int, passed: Passed = tell_nobody
) -> AbstractContextManager[Mailbox]:
    """Open the SFTP mailbox of a partner for `seconds` at most; tell `passed` how far it came."""
    settings = SftpSettings(
        host=partner.host,
        port=partner.port,
        username=partner.username,
        private_key=partner.private_key,
        host_keys=partner.host_keys,
    )
    return open_sftp(settings, deadline_seconds=seconds, passed=passed)

"""Named places where a test may kill, fail or delay this process; nothing at all unless armed.

    RCM_FAILPOINTS="collect.stored=2:kill:5;post.settled=1:raise"   name=n[:action[:times]]

acts at every `n`-th arrival, `times` times in all (1 unless told), over all processes together:
RCM_FAILPOINT_FOLDER keeps the counts. A production process refuses to start with it (ADR 0033).
"""

import fcntl
import os
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

from rcm.refusals import RefusalError
from rcm.settings import Deployment

ARMED = "RCM_FAILPOINTS"
FOLDER = "RCM_FAILPOINT_FOLDER"  #: One file for each armed point: arrivals and acts so far.
SLEEP_SECONDS = "RCM_FAILPOINT_SECONDS"  #: How long the action `sleep` lasts; 1 unless told.

Action = Literal["kill", "raise", "sleep"]

#: Every point, and what has just happened where it stands. Each stands in the code once.
POINTS: Mapping[str, str] = {
    # Every transaction, of every process.
    "commit.before": "the block of a transaction has ended, nothing is committed",
    "commit.after": "committed, nobody was rung for",
    # Jobs and their leases.
    "job.claimed": "a job is claimed and committed, its handler has not begun",
    "job.step": "a step of a job has proven its lease, and is not committed",
    "job.ended": "effect and end of a job stand together, not committed",
    "job.done": "a job is done and committed, its message not acknowledged",
    "job.failed": "a job has failed, its row does not know",
    "lease.renewed": "a lease was renewed from beside the job",
    # Relay, schedules and the doorbell.
    "relay.polled": "the relay has marked jobs as rung for, and has not rung",
    "relay.rung": "the relay has rung for a queue",
    "schedule.ticked": "a tick is recorded, its jobs are not promised",
    "schedule.promised": "the jobs of all ticks are promised, not committed",
    # Calls of the API, and encounters.
    "call.acted": "a call has had its effect, its answer is not kept",
    "call.kept": "effect and answer of a call stand together, not committed",
    "call.committed": "a call is committed, its caller knows nothing",
    "encounter.stored": "an encounter is stored, its sweep is not promised",
    "sweep.taken": "a sweep has locked what was received",
    "sweep.claimed": "claims and their work items are added, encounters say nothing of it",
    "sweep.told": "a sweep has done everything, and is not committed",
    # Files that we write.
    "number.taken": "an interchange number is taken, its group number is not",
    "batch.taken": "ready claims are locked for a batch",
    "batch.proven": "an 837P is written and proven, nothing is stored",
    "batch.frozen": "the bytes of an 837P are frozen, its submissions are not",
    "batch.submitted": "submissions and events of a batch stand, its charges do not",
    "batch.charged": "a batch is charged, its delivery is not promised",
    "ask.taken": "questions are locked for a 270",
    "ask.frozen": "a 270 is frozen, its questions do not know",
    "files.stored": "a file's bytes are sealed and stored, not committed",
    # Files that we send.
    "deliver.uncertain": "a file may be on its way, and is committed so; no byte has left",
    "deliver.connected": "the session for a delivery is open",
    "deliver.written": "one chunk of an upload has left",
    "deliver.uploaded": "an upload has its temporary name only",
    "deliver.renamed": "an upload has its final name, our session goes on",
    "deliver.sent": "a file is with the partner, we have no record of it",
    "deliver.recorded": "a delivery is recorded, not committed",
    # Files that we fetch.
    "collect.connected": "the session for a visit is open",
    "collect.listed": "the partner's folder is listed, nothing is noted",
    "collect.chunk": "one chunk of a file has come",
    "collect.read": "a file is read whole, nothing is stored",
    "inbox.added": "a received file has its row, and no bytes",
    "collect.received": "a received file and its job stand together, not committed",
    "collect.stored": "a received file is committed, and still lies with the partner",
    "collect.archived": "a received file is moved away, we have no record of that",
    "collect.recorded": "a visit is recorded, not committed",
    # Files that we read.
    "read.judged": "the interchanges of a file are judged",
    "read.registered": "an interchange is registered, nothing of it has taken effect",
    "read.ta1": "the TA1s of an interchange have taken effect",
    "read.set": "a transaction set has taken effect",
    "read.999": "the events of a 999 are recorded, its file does not know",
    "read.277ca": "the events of a 277CA are recorded, its work items are not",
    "read.271": "the answers of a 271 are recorded, nothing is held or released by them",
    "read.told": "a file is read and everything promised, not committed",
    "events.recorded": "events of claims are recorded, the claims have not moved",
    "items.opened": "work items are open, their history says nothing",
    "conformance.judged": "pyx12 has judged a file, its verdict is not kept",
    # Remittances.
    "post.judged": "a remittance is read and judged, nothing is stored",
    "post.matched": "the claims of a remittance are matched and locked",
    "post.added": "a remittance has its row, nothing is posted",
    "post.detailed": "a remittance has its details, nothing is posted",
    "ledger.entered": "entries are in the ledger, and have no postings",
    "post.posted": "a remittance is posted, its claims have not moved",
    "post.settled": "everything of a remittance stands, not committed",
    # The chains over ledger and audit log.
    "chain.linked": "links of a chain are made, not committed",
    "chain.committed": "the links of a chain are committed, not signed",
    "chain.half_signed": "one half of a checkpoint is written",
}


class FailpointError(RefusalError):
    """Failpoints are armed where they must never be, or in words that mean nothing."""


class FailpointRaisedError(Exception):
    """An armed failpoint failed, as it was told to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arm:
    every: int
    action: Action
    times: int


def failpoint(name: str) -> None:
    """Do what `name` is armed for, at its turn; without arms nothing."""
    arm = _arms.get(name)
    if arm is None or not _is_turn(name, arm):
        return
    match arm.action:
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "raise":
            raise FailpointRaisedError(name)
        case "sleep":
            time.sleep(int(os.environ.get(SLEEP_SECONDS, "1")))


def refuse_failpoints(deployment: Deployment) -> None:
    """Raise FailpointError in a production process that has failpoints armed."""
    if _arms and deployment is Deployment.PRODUCTION:
        raise FailpointError(f"{ARMED} is set in a production deployment")


def read_arms(armed: str) -> Mapping[str, _Arm]:
    """Return what is armed. Raises FailpointError for what has no meaning.

    >>> sorted(read_arms("batch.taken=2;batch.proven"))
    ['batch.proven', 'batch.taken']
    """
    return dict(_read_arm(word) for word in filter(None, armed.split(";")))


def counts(folder: Path, name: str) -> tuple[int, int]:
    """Return how often processes have arrived at `name`, and how often it has acted."""
    file = folder / name
    if not file.exists():
        return 0, 0
    arrivals, acts = (file.read_text(encoding="ascii") or "0 0").split()
    return int(arrivals), int(acts)


def _read_arm(word: str) -> tuple[str, _Arm]:
    name, _, rest = word.partition("=")
    every, action, times = (*rest.split(":"), "", "")[:3] if rest else ("", "", "")
    if name not in POINTS:
        raise FailpointError(f"there is no failpoint {name}")
    if (action or "kill") not in get_args(Action):
        raise FailpointError(f"a failpoint cannot {action}")
    try:
        arm = _Arm(
            every=int(every or 1),
            action=cast("Action", action or "kill"),  # It was looked up above.
            times=int(times or 1),
        )
    except ValueError:
        raise FailpointError(f"not a number: {rest}") from None
    return name, arm


def _is_turn(name: str, arm: _Arm) -> bool:
    """Count this arrival; tell whether it is one at which to act."""
    path = Path(os.environ[FOLDER]) / name
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        arrivals, acts = (int(word) for word in (file.read() or "0 0").split())
        arrivals += 1
        is_turn = arrivals % arm.every == 0 and acts < arm.times
        file.seek(0)
        file.write(f"{arrivals} {acts + is_turn}")
        file.flush()
    return is_turn


_arms = read_arms(os.environ.get(ARMED, ""))

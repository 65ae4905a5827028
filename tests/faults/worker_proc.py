"""A worker of its own process and group, without a broker: it looks for jobs, and runs them.

    python -m tests.faults.worker_proc FOLDER     the partner is this folder

It ends when it is killed. `WorkerProc` starts one.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Self

from cli.spawn import spawn
from cli.stack import environment
from rcm.clock import SystemRandomness
from rcm.db import make_engine, make_unit_of_work
from rcm.jobs import QUEUES, Runner
from rcm.parties.model import TradingPartner
from rcm.settings import Settings, load_settings
from rcm.tools import make_tools
from rcm.waiting import poll
from tests.folder_mailbox import FolderMailbox
from workers.handlers import make_handlers
from workers.mailbox import Mailbox


class WorkerProc:
    """Runs while the block does."""

    def __init__(
        self,
        settings: Settings,
        account: Path,
        *,
        lease_seconds: int = 1,
        env: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._argv = (sys.executable, "-m", "tests.faults.worker_proc", str(account))
        lease = {"RCM_LEASE_SECONDS": str(lease_seconds)}
        self._env = {**environment(settings), **lease, **env}
        self._log = account.with_name("worker_proc.log")

    def __enter__(self) -> Self:
        self._running: subprocess.Popen[bytes] = spawn(
            self._argv, env=self._env, log=self._log, death_signal=signal.SIGKILL
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.signal(signal.SIGKILL)
        self._running.wait()

    def signal(self, number: signal.Signals) -> None:
        """Send it to the whole group."""
        if self._running.poll() is None:
            os.killpg(self._running.pid, number)


def main(account: Path) -> None:
    """Run whatever should run, until killed."""
    settings = load_settings()
    engine = make_engine(settings.database_url.get_secret_value(), pool_size=2)
    unit_of_work = make_unit_of_work(engine)

    @contextmanager
    def open_mailbox(_partner: TradingPartner, _seconds: int) -> Iterator[Mailbox]:
        yield FolderMailbox(account)

    runner = Runner(
        unit_of_work=unit_of_work,
        handlers=make_handlers(make_tools(settings), open_mailbox),
        randomness=SystemRandomness(),
        owner=f"worker_proc/{os.getpid()}",
        lease_seconds=settings.lease_seconds,
    )
    while True:
        for queue in QUEUES:
            with unit_of_work() as session:
                found = poll(session, queue, again_seconds=1)
            for job_id, _ in found:
                runner.run(job_id)
        time.sleep(0.05)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

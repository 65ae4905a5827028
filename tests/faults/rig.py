"""A service whose servers are a test's own, to be disturbed while it works."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

import cli.supervisor
from rcm.failpoint import ARMED, FOLDER
from tests.faults.own_servers import OwnServers
from tests.faults.service import Service, running_service

SITE = Path(__file__).with_name("site")
LEASE_SECONDS = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Rig:
    """A service whose servers are ours to disturb."""

    service: Service
    servers: OwnServers
    folder: Path

    def work(self, seed: int, count: int = 1) -> None:
        """Let encounters come in, and an exchange begin."""
        self.service.post(count, seed=seed)
        self.service.exchange()

    def restarted(self, name: str, before: int) -> bool:
        """Tell whether a child of the supervisor is another process now."""
        return self.service.pid(name) != before

    def has_lost_more(self, before: int) -> bool:
        """Tell whether another answer of the database was lost."""
        return self.servers.postgres.lost > before

    def ends_well(self) -> int:
        """Bring everything to its end and check it; returns the milliseconds that took."""
        took = self.service.settle()
        self.service.check()
        return took


@contextmanager
def running_rig(folder: Path) -> Iterator[Rig]:
    """Run a service on servers of its own, both below `folder`."""
    env = {
        "PYTHONPATH": str(SITE),
        "RCM_TEST_DIE_AT_POP": str(folder / "die"),
        ARMED: "post.posted=1:sleep:1",
        FOLDER: str(folder),
    }
    with (
        pytest.MonkeyPatch.context() as patch,
        OwnServers(folder / "servers") as servers,
    ):
        patch.setattr(cli.supervisor, "BACKOFF_SECONDS", (0,))
        with running_service(
            folder / "data", lease_seconds=LEASE_SECONDS, fault_env=env, env=servers.env
        ) as service:
            yield Rig(service=service, servers=servers, folder=folder)

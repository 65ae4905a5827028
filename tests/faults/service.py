"""The whole service under faults: started, fed, looked at from outside, and brought to its end."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import httpx
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from cli.embedded import erase_servers
from cli.spawn import tail
from cli.stack import Stack, running_stack
from rcm.db import snapshot
from samples.encounters import encounters
from tests.e2e.books import client
from tests.faults.evidence import Evidence
from tests.faults.invariants import check_invariants

PAUSE_SECONDS = 0.2
KINDS = 14  #: Of samples that are sent and answered: paid, reduced, denied.
#: Rows that say that something is still to come, whatever the cause.
_OPEN = """
    SELECT 'job ' || kind AS what, count(*) AS n FROM job WHERE state IN ('ready', 'running')
        GROUP BY 1
    UNION ALL SELECT 'failed ' || kind || ' ' || coalesce(last_error_code, ''), count(*) FROM job
        WHERE state IN ('dead', 'quarantined') GROUP BY 1
    UNION ALL SELECT 'claim ' || status, count(*) FROM claim
        WHERE status NOT IN ('held', 'paid', 'denied') GROUP BY 1
    UNION ALL SELECT 'encounter', count(*) FROM encounter WHERE status = 'received'
        HAVING count(*) > 0
    UNION ALL SELECT 'file ' || state, count(*) FROM file
        WHERE state IN ('received', 'frozen', 'uncertain', 'sent') GROUP BY 1
"""


@dataclass(slots=True, kw_only=True)
class Service:
    """A running service, its users' side of it, and what was accepted from them."""

    stack: Stack
    http: httpx.Client
    posted: list[str] = field(default_factory=list)  #: External ids that were answered 2xx.
    retried: int = 0  #: Failed jobs that were tried again, as an operator does.

    def pid(self, name: str) -> int:
        """The process (and process group) of a child of the supervisor."""
        return self.stack.supervisor.pids()[name]

    def post(self, count: int, *, seed: int, pause: Callable[[], None] = lambda: None) -> None:
        """Post encounters, each until it is accepted: as an EHR does whose calls may get lost."""
        skipped = seed % KINDS  # So that each kind of sample has its turn.
        today, source = self.stack.tools.today(), f"ehr-{seed}"
        made = encounters(skipped + count, seed=seed, today=today, source=source)
        for _, encounter in made[skipped:]:
            name = f"{seed}-{encounter['external_id']}"
            encounter["external_id"] = name
            encounter["patient"]["external_id"] += f"-{seed}"
            self.call("POST", "/encounters", json=encounter, headers={"Idempotency-Key": name})
            self.posted.append(name)
            pause()

    def call(
        self,
        method: str,
        url: str,
        *,
        seconds_max: int = 60,
        **options: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        """Call the API until it answers 2xx. Fails after `seconds_max`."""
        deadline = time.monotonic() + seconds_max
        while True:
            said: object
            try:
                answer = self.http.request(method, url, **options)
            except httpx.TransportError as error:
                said = type(error).__name__
            else:
                if answer.is_success:
                    return answer.json()
                said = f"{answer.status_code} {answer.text}"
            assert time.monotonic() < deadline, f"{method} {url}: {said}"
            time.sleep(PAUSE_SECONDS)
            self._find_api()

    def _find_api(self) -> None:
        """Look where the API is now: another service may have taken its port between two starts."""
        with suppress(OSError, ValueError):
            announced = json.loads((self.stack.places.data / "api.json").read_bytes())
            self.http.base_url = f"http://127.0.0.1:{announced['port']}/api/v1"

    def exchange(self) -> None:
        """Exchange with the partner now."""
        self.call("POST", f"/partners/{self.stack.partner_id}/exchange")

    def rows(self, sql: str, **values: object) -> list[Any]:
        """The rows of a query, asked until the database answers."""
        deadline = time.monotonic() + 60
        while True:
            try:
                with self.stack.unit_of_work() as session:
                    return list(session.execute(text(sql), values))
            except SQLAlchemyError:
                assert time.monotonic() < deadline, "the database did not come back"
                time.sleep(PAUSE_SECONDS)

    def count(self, table: str) -> int:
        """How many rows `table` (a name, or a name and a WHERE) has."""
        ((found,),) = self.rows(f"SELECT count(*) FROM {table}")
        return int(found)

    def retry_failed(self, *, kind: str = "%") -> None:
        """Try again what gave up, as an operator does who has mended the cause."""
        failed = "SELECT id FROM job WHERE state IN ('dead', 'quarantined') AND kind LIKE :kind"
        for row in self.rows(failed, kind=kind):
            self.call("POST", f"/jobs/{row.id}/retry", json={"reason": "The cause is mended."})
            self.retried += 1

    def settle(self, *, seconds_max: int = 60) -> int:
        """Exchange until nothing is to come any more; returns the milliseconds that took."""
        began = time.monotonic()
        while True:
            self.retry_failed()
            self.exchange()
            self.wait(seconds_max=10)
            open_rows = {row.what: row.n for row in self.rows(_OPEN)}
            if not open_rows and not self._is_awaited():
                return round((time.monotonic() - began) * 1000)
            assert time.monotonic() - began < seconds_max, self._explain(open_rows)

    def _explain(self, open_rows: Mapping[str, int]) -> str:
        logs = sorted(self.stack.places.logs.glob("*.log"))
        tails = (f"--- {log.name}\n{tail(log)}" for log in logs)
        return "\n".join((f"still to come: {open_rows}", *tails))

    def wait(self, *, seconds_max: int) -> None:
        """Wait until no job waits or runs, or the time is over."""
        deadline = time.monotonic() + seconds_max
        while self.count("job WHERE state IN ('ready', 'running')"):
            if time.monotonic() > deadline:
                return
            time.sleep(PAUSE_SECONDS)

    def _is_awaited(self) -> bool:
        """Tell whether the partner has something for us."""
        folder = self.stack.places.clearinghouse / "accounts" / "practice" / "from_payer"
        return any(folder.iterdir())

    def check(self, **more: Any) -> None:  # noqa: ANN401  # Fields of Evidence.
        """Check every invariant."""
        stack = self.stack
        with snapshot(stack.unit_of_work) as session:
            check_invariants(
                Evidence(
                    session=session,
                    tools=stack.tools,
                    account=stack.places.clearinghouse / "accounts" / "practice",
                    private=stack.places.clearinghouse / "private",
                    posted=frozenset(self.posted),
                    lease_seconds=stack.settings.lease_seconds,
                    logs=[stack.places.logs],
                    redis_url=stack.servers.redis_url,
                    **more,
                )
            )


@contextmanager
def running_service(
    data: Path,
    *,
    lease_seconds: int = 1,
    fault_env: Mapping[str, str] = MappingProxyType({}),
    env: Mapping[str, str] | None = None,
) -> Iterator[Service]:
    """Run the service on `data`; what dies is started again. Nothing is left behind."""
    over = threading.Event()
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with (
            running_stack(
                data, lease_seconds=lease_seconds, restart=True, fault_env=fault_env, env=env
            ) as stack,
            client(stack) as http,
        ):
            keeper = threading.Thread(target=stack.supervisor.wait, args=(over,))
            keeper.start()
            try:
                yield Service(stack=stack, http=http)
            finally:
                over.set()
                keeper.join()
    finally:
        over.set()
        with suppress(FileNotFoundError):
            erase_servers(data)

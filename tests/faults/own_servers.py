"""One PostgreSQL and one Valkey of a test's own, to be stopped, killed, frozen and restarted."""

import os
import signal
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any, Self

import redis
from sqlalchemy import make_url

from cli.embedded import erase_servers
from cli.embedded.binaries import copy_for
from cli.embedded.place import POSTGRES_SOCKET, VALKEY_SOCKET, occupied
from cli.embedded.postgres import APP, OWNER, running_postgres
from cli.embedded.servers import _found
from cli.embedded.valkey import running_valkey
from tests.faults.chaos_proxy import ChaosProxy


class OwnServers:
    """Behind a proxy each, so that their addresses stay while they come and go."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open = ExitStack()

    def __enter__(self) -> Self:
        self._open.callback(erase_servers, self._folder)
        self._place = self._open.enter_context(occupied(self._folder))
        for private in (self._place.secrets, self._place.log):
            private.mkdir(mode=0o700, exist_ok=True)
        _, self._binaries = _found(os.environ, "")
        if self._place.account:
            wheel = self._place.home / "wheel"
            self._binaries = copy_for(self._place.account, self._binaries, wheel)
        run = self._place.run
        self.postgres = self._open.enter_context(ChaosProxy(run / POSTGRES_SOCKET))
        self.valkey = self._open.enter_context(ChaosProxy(run / VALKEY_SOCKET))
        self._running: dict[str, AbstractContextManager[Any]] = {}
        self._open.callback(lambda: [self._leave(name) for name in list(self._running)])
        self.start_postgres()
        self.start_valkey()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @property
    def env(self) -> dict[str, str]:
        """The environment that names these servers."""
        redis_url = f"redis://127.0.0.1:{self.valkey.port}/0"
        urls = {
            "RCM_DATABASE_URL": self._url(APP),
            "RCM_DATABASE_OWNER_URL": self._url(OWNER),
            "RCM_REDIS_URL": redis_url,
        }
        return {"PATH": os.environ["PATH"], **urls}

    def start_postgres(self) -> None:
        """Start PostgreSQL, on what the last one left."""
        running = running_postgres(self._place, self._binaries)
        self._urls = running.__enter__()
        self._running["postgres"] = running

    def stop_postgres_at_once(self) -> None:
        """Stop as `pg_ctl stop -m immediate` does: nothing is finished, the next start recovers."""
        cluster = next(self._place.home.glob("pg-*"))
        os.kill(int((cluster / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)
        self._leave("postgres")

    def start_valkey(self) -> None:
        """Start Valkey, empty."""
        running = running_valkey(self._place, self._binaries)
        self._valkey_url = running.__enter__()
        self._running["valkey"] = running
        with self.broker() as broker:
            self._valkey_pid = int(broker.info("server")["process_id"])

    def kill_valkey(self) -> None:
        """Kill it as a crash does."""
        os.kill(self._valkey_pid, signal.SIGKILL)
        self._leave("valkey")

    def signal_valkey(self, number: signal.Signals) -> None:
        """Freeze it, or let it go on."""
        os.kill(self._valkey_pid, number)

    def broker(self) -> redis.Redis:
        """A way to Valkey that no proxy disturbs."""
        return redis.Redis.from_url(self._valkey_url)

    def _leave(self, name: str) -> None:
        self._running.pop(name).__exit__(None, None, None)

    def _url(self, role: str) -> str:
        url = make_url(self._urls[role])
        here = url.set(host="127.0.0.1", port=self.postgres.port, query={})
        return here.render_as_string(hide_password=False)

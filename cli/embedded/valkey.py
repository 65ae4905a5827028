"""Starts Valkey (or Redis) for one place: a unix socket, nothing on disk, nothing evicted."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import redis

from cli.embedded.binaries import Binaries
from cli.embedded.daemon import running
from cli.embedded.place import VALKEY_SOCKET, Place

#: The broker may lose everything at any time: the rows in PostgreSQL are the truth.
SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "save": "",
    "appendonly": "no",
    "maxmemory-policy": "noeviction",
}


@contextmanager
def running_valkey(place: Place, binaries: Binaries) -> Iterator[str]:
    """Yield the redis-py URL of a server that answers PING; on leaving stop it."""
    path = place.run / VALKEY_SOCKET
    settings = SETTINGS | {"unixsocket": str(path), "dir": str(place.run)}
    argv = [str(binaries.valkey)]
    for name, setting in settings.items():
        argv += [f"--{name}", setting]

    def answers() -> bool:
        with redis.Redis(unix_socket_path=str(path)) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False

    with running(
        argv,
        log=place.log / "valkey.log",
        account=place.account,
        stop_signal=signal.SIGTERM,
        is_ready=answers,
    ) as pid:
        place.started["Valkey"] = pid
        yield f"unix://{quote(str(path))}"

"""An application on a real server, in this process."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from fastapi import FastAPI
from httpx import Client

START_SECONDS_MAX = 20
#: Nothing is encrypted here; to read this machine's certificates for each client takes 30 ms.
_NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """An application that answers at `url`."""

    app: FastAPI
    url: str


@contextmanager
def serving(app: FastAPI) -> Iterator[Served]:
    """Serve `app` from a thread, on a free port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # As cli.serve_api.
        config = uvicorn.Config(app, log_config=None, access_log=False, ws="none", lifespan="on")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            until = time.monotonic() + START_SECONDS_MAX
            while not server.started and thread.is_alive() and time.monotonic() < until:
                time.sleep(0.01)
            assert server.started
            yield Served(app=app, url=f"http://127.0.0.1:{listener.getsockname()[1]}")
        finally:
            server.should_exit = True
            thread.join()


def client_of(url: str, headers: Mapping[str, str] | None = None) -> Client:
    """Return a caller of what is served at `url`."""
    return Client(
        base_url=url, headers=headers, trust_env=False, timeout=60, verify=_NO_CERTIFICATES
    )


def calling(url: str, secret: str) -> Client:
    """Return a system that calls with its API key."""
    return client_of(url, {"Authorization": f"Bearer {secret}"})

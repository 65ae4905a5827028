"""An application on a real server, in this process."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from fastapi import FastAPI

START_SECONDS_MAX = 20


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

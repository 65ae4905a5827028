"""`rcm api`: the API as one process, on a socket of our own, so that port 0 can be announced."""

import gc
import json
import socket
from pathlib import Path

import uvicorn

from api.app import make_asgi


def serve_api(host: str, port: int, port_file: Path | None) -> None:
    """Serve until SIGTERM. `port_file` is written when the socket listens; 0 is any free port."""
    listening = socket.create_server((host, port), backlog=1024)
    # Else each answer waits 40 ms: asyncio sees to it only for sockets that say they are TCP, and
    # those that `create_server` makes do not.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if port_file is not None:
        announced = {"port": listening.getsockname()[1]}
        partial = port_file.with_suffix(".partial")
        partial.write_text(json.dumps(announced), encoding="ascii")
        partial.replace(port_file)
    app = make_asgi()
    # What is there now stays: else the collector walks over all of it again and again, for up to
    # 200 ms in the middle of a request.
    gc.collect()
    gc.freeze()
    config = uvicorn.Config(app, access_log=False, log_level="info")
    uvicorn.Server(config).run(sockets=[listening])

"""`rcm api`: the API as one process, on a socket of our own, so that port 0 can be announced."""

import errno
import gc
import json
import socket
from pathlib import Path

import click
import uvicorn

from api.app import make_app
from api.service import start_service
from rcm.logs import begin_logs
from rcm.settings import load_settings
from rcm.settings_told import warn_of_unknown


def listen(host: str, port: int, *, may_move: bool = False) -> socket.socket:
    """Return a socket that listens; port 0 is any free one.

    `may_move` takes any free port where `port` is taken. Raises click.ClickException.
    """
    try:
        return socket.create_server((host, port), backlog=1024)
    except OSError as reason:
        if reason.errno == errno.EADDRINUSE and may_move:
            return socket.create_server((host, 0), backlog=1024)
        words = reason.strerror
        if reason.errno == errno.EADDRINUSE:
            words = "something listens there already; name another --port, or stop it"
        raise click.ClickException(f"cannot listen on {host}:{port}: {words}") from None


def serve_api(listening: socket.socket, port_file: Path | None) -> None:
    """Serve until SIGTERM. `port_file` is written with the port; then calls are taken."""
    # Else each answer waits 40 ms: asyncio sees to it only for sockets that say they are TCP, and
    # those that `create_server` makes do not.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if port_file is not None:
        announced = {"port": listening.getsockname()[1]}
        partial = port_file.with_suffix(".partial")
        try:
            partial.write_text(json.dumps(announced), encoding="ascii")
            partial.replace(port_file)
        except OSError as reason:
            words = f"{port_file} cannot be written: {reason.strerror}"
            raise click.ClickException(words) from None
    settings = load_settings()
    begin_logs("api", settings.log_format)
    warn_of_unknown()
    start_service(settings).close()  # What is refused is said in words; uvicorn prints a trace.
    app = make_app(settings)
    # What is there now stays: else the collector walks over all of it again and again, for up to
    # 200 ms in the middle of a request.
    gc.collect()
    gc.freeze()
    config = uvicorn.Config(app, access_log=False, log_config=None)  # As all our lines.
    uvicorn.Server(config).run(sockets=[listening])


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option(
    "--port",
    type=click.IntRange(min=0, max=65535),
    default=8000,
    show_default=True,
    help="0: any free port.",
)
@click.option("--or-any", "may_move", is_flag=True, help="Where PORT is taken, any free one.")
@click.option("--port-file", type=click.Path(dir_okay=False, path_type=Path), default=None)
def api(host: str, port: int, port_file: Path | None, *, may_move: bool) -> None:
    """Serve the API alone, as RCM_... settings say."""
    with listen(host, port, may_move=may_move) as listening:
        serve_api(listening, port_file)

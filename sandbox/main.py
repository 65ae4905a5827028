"""Start the sandbox: its SFTP server and the clearinghouse behind it, until a signal comes.

    python -m sandbox.main --folder F --authorized-keys FILE --port-file P [--port N] [--host H]
                           [--time-zone America/New_York]

Started again on the same folder it has the same host key, and its counters go on.
"""

import argparse
import json
import logging
import signal
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import load_ssh_private_key

from edi.findings import Finding
from edi.pyx12_validator import validate_with_pyx12
from sandbox.clearinghouse import Clearinghouse
from sandbox.disk import write_whole
from sandbox.keys import new_key_pair
from sandbox.sftp_server import Account, SftpServer

VISIT_SECONDS = 1  #: Between looks at the uploads, when nothing was uploaded through the server.
END_SECONDS = 1  #: How long a visit may go on after the signal; the next start takes it up.


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """What lies where in the sandbox's folder."""

    folder: Path

    def account(self, username: str) -> Path:
        """Return what the account sees as `/`."""
        return self.folder / "accounts" / username

    @property
    def private(self) -> Path:
        """State, and answers that nobody may see yet."""
        return self.folder / "private"

    @property
    def host_key(self) -> Path:
        """OpenSSH private text, made at the first start."""
        return self.private / "host_key"

    @property
    def public_host_key(self) -> Path:
        """What a partner of the sandbox pins: one line."""
        return self.folder / "host_key.pub"

    @property
    def journal(self) -> Path:
        """The file of `sandbox.journal`."""
        return self.folder / "journal.jsonl"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT; return 0 then, 1 where the clearinghouse failed."""
    options = _options(arguments)
    places = Places(folder=options.folder)
    places.private.mkdir(mode=0o700, parents=True, exist_ok=True)
    options.port_file.unlink(missing_ok=True)
    if not places.host_key.exists():
        write_whole(places.host_key, new_key_pair()[0].encode("ascii"))
    host_key = places.host_key.read_text("ascii")
    clearinghouse = Clearinghouse(
        account=places.account(options.username),
        private=places.private,
        journal=places.journal,
        now=lambda: datetime.now(options.time_zone),
        check=_trust if options.trusting else validate_with_pyx12,
    )
    account = Account(
        folder=places.account(options.username), public_keys=_keys(options.authorized_keys)
    )
    stop, wake = threading.Event(), threading.Event()
    asked_to_stop = threading.Event()

    def end(*_: object) -> None:
        asked_to_stop.set()
        stop.set()
        wake.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    with SftpServer(
        {options.username: account},
        host_key=host_key,
        host=options.host,
        port=options.port,
        on_change=wake.set,
    ) as server:
        visits = threading.Thread(
            target=_visit, args=(clearinghouse, stop, wake), name="visits", daemon=True
        )
        visits.start()
        write_whole(places.public_host_key, _public_line(host_key).encode("ascii"))
        ready = {"port": server.port, "host_key": _public_line(host_key)}
        write_whole(options.port_file, json.dumps(ready).encode())
        stop.wait()
    visits.join(END_SECONDS)
    options.port_file.unlink(missing_ok=True)
    return 0 if asked_to_stop.is_set() else 1


def _visit(clearinghouse: Clearinghouse, stop: threading.Event, wake: threading.Event) -> None:
    try:
        while not stop.is_set():
            wake.clear()
            clearinghouse.visit()
            wake.wait(VISIT_SECONDS)
    finally:
        stop.set()  # A sandbox that does not answer must not look alive.


def _trust(*_: object) -> tuple[Finding, ...]:
    return ()


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="sandbox", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--host", default="127.0.0.1", help="where it listens")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--port-file", type=Path, required=True, help="written when ready")
    parser.add_argument("--authorized-keys", type=Path, required=True)
    parser.add_argument("--username", default="practice")
    parser.add_argument(
        "--time-zone", type=ZoneInfo, default="UTC", help="of the dates and times in its answers"
    )
    parser.add_argument(
        "--trusting", action="store_true", help="accept what pyx12 would refuse, and save its time"
    )
    return parser.parse_args(arguments)


def _keys(path: Path) -> tuple[str, ...]:
    lines = (line.strip() for line in path.read_text("utf-8").splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


def _public_line(private: str) -> str:
    """Return `ssh-ed25519 AAAA...` for the private text."""
    public = load_ssh_private_key(private.encode("ascii"), password=None).public_key()
    return public.public_bytes(
        serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
    ).decode("ascii")


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    raise SystemExit(main())

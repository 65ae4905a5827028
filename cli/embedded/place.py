"""Where the servers of one folder keep their files, as whom they run, and that they run once.

    <folder>/lock      held while they run
    <folder>/secrets/  passwords, ours alone
    <folder>/log/      postgresql.log, valkey.log
    <folder>/where     names the home, when that is elsewhere
    <home>/pg-<major>/ PostgreSQL's data
    <home>/run         sockets (a link to a short temporary folder when the path is too long)
    <home>/wheel/      a copy of the programs, when the servers' user cannot reach them

The home is the folder itself, unless root starts the servers: they run as another user, and when
that user cannot reach the folder (a clone in root's home) the home is below /var/lib/rcm.
"""

import fcntl
import hashlib
import os
import pwd
import shutil
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from cli.embedded.errors import ServersBusyError, ServersError
from cli.spawn import Account

STATE = Path("/var/lib/rcm")  #: The home of what root's folders cannot hold.
USERS = ("postgres", "nobody")  #: As whom root runs the servers: the first that exists.
POSTGRES_SOCKET = ".s.PGSQL.5432"
VALKEY_SOCKET = "valkey.sock"
SOCKET_BYTES_MAX = 107  #: unix(7): sun_path holds 108 bytes with its end.
FORMER_SECONDS_MAX = 30
PAUSE_SECONDS = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One folder and its home; `account` is None when the servers run as we do."""

    folder: Path
    home: Path
    account: Account | None
    started: dict[str, int] = field(default_factory=dict)  #: The process of each server, by name.

    @property
    def secrets(self) -> Path:
        return self.folder / "secrets"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def run(self) -> Path:
        """The folder of the sockets, by its short name."""
        run = self.home / "run"
        return run.readlink() if run.is_symlink() else run

    def give(self, path: Path) -> None:
        """Make `path` the property of the servers' user."""
        if self.account:
            os.chown(path, self.account.uid, self.account.gid)


@contextmanager
def occupied(folder: Path) -> Iterator[Place]:
    """Yield the place of `folder`, made if need be, ours alone until the block ends.

    Raises ServersBusyError while other servers run there, ServersError when it is another user's.
    """
    folder = folder.absolute()
    with ExitStack() as stack:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            stack.enter_context(_locked(folder))
            place = _settle(folder)
            _await_former(place)
            stack.callback(_remove_run, place)
            _make_run(place)
        except OSError as error:  # No right to it, read-only, full.
            raise ServersError(f"{folder} cannot be used: {error.strerror}") from error
        yield place


def erase_servers(folder: Path) -> None:
    """Remove the servers' data, passwords and logs of `folder`, wherever they lie; no other file.

    A home that a copied folder's note names belongs to the original, and stays.
    Raises ServersBusyError while they run.
    """
    with occupied(folder) as place:
        elsewhere = _elsewhere(place.folder)
        for path in (*place.folder.glob("*pg-*"), place.secrets, place.log, elsewhere):
            if path.exists():
                shutil.rmtree(path)
        (place.folder / "where").unlink(missing_ok=True)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ServersBusyError(
                f"the servers of {folder} already run: stop what runs on it, or name another --data"
            ) from None
        yield  # The lock ends with this process, however it ends; no child inherits it.


def _settle(folder: Path) -> Place:
    if os.geteuid() != 0:
        return Place(folder=folder, home=folder, account=None)
    note = folder / "where"
    home = Path(note.read_text().strip()) if note.exists() else folder
    account = _account(home)
    _let_through(folder, account)
    if home == folder and not (_can_enter(account, folder) and _fits(folder / "run")):
        home = _elsewhere(folder)
        note.write_text(f"{home}\n")
    if home != folder:
        STATE.mkdir(mode=0o755, parents=True, exist_ok=True)
        home.mkdir(mode=0o700, exist_ok=True)
        _let_through(home, account)
    return Place(folder=folder, home=home, account=account)


def _account(home: Path) -> Account:
    """As whom root runs the servers: the owner of the data already there, else one of USERS."""
    owners = [path.stat() for path in home.glob("pg-*")]
    if owners:
        return Account(uid=owners[0].st_uid, gid=owners[0].st_gid)
    for name in USERS:
        with suppress(KeyError):
            user = pwd.getpwnam(name)
            return Account(uid=user.pw_uid, gid=user.pw_gid)
    raise ServersError(f"PostgreSQL does not run as root, and no user {' or '.join(USERS)} exists")


def _let_through(folder: Path, account: Account) -> None:
    """Let the servers' user pass root's closed folder: pass, not list and not write."""
    status = folder.stat()
    if status.st_uid == 0 and stat.S_IMODE(status.st_mode) == 0o700:
        os.chown(folder, 0, account.gid)
        folder.chmod(0o710)


def _can_enter(account: Account, folder: Path) -> bool:
    """Ask as that user: only the kernel knows every parent, list of rights and mount."""
    asked = subprocess.run(  # noqa: S603 - fixed words and one path as an argument
        ["/bin/sh", "-c", 'test -x "$1"', "sh", folder],
        check=False,
        cwd="/",
        user=account.uid,
        group=account.gid,
        extra_groups=[],
    )
    return asked.returncode == 0


def _elsewhere(folder: Path) -> Path:
    return STATE / hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]


def _fits(run: Path) -> bool:
    return len(os.fsencode(run / POSTGRES_SOCKET)) <= SOCKET_BYTES_MAX


def _make_run(place: Place) -> None:
    _remove_run(place)  # Stale sockets of servers that were killed.
    run = place.home / "run"
    if _fits(run):
        run.mkdir(mode=0o700)
    else:
        run.symlink_to(tempfile.mkdtemp(prefix="rcm-"))
        if not _fits(short := place.run):
            raise ServersError(f"{short} is too long for a socket: set TMPDIR to a shorter folder")
    place.give(place.run)


def _remove_run(place: Place) -> None:
    run = place.home / "run"
    shutil.rmtree(place.run, ignore_errors=True)
    if run.is_symlink():
        run.unlink()


def _await_former(place: Place) -> None:
    """Wait for servers whose starter was killed a moment ago: they are told, and take time."""
    deadline = time.monotonic() + FORMER_SECONDS_MAX
    while any(_answers(place.run / name) for name in (POSTGRES_SOCKET, VALKEY_SOCKET)):
        if time.monotonic() > deadline:
            raise ServersBusyError(f"former servers of {place.folder} still run")
        time.sleep(PAUSE_SECONDS)


def _answers(path: Path) -> bool:
    with closing(socket.socket(socket.AF_UNIX)) as probe:
        try:
            probe.connect(os.fspath(path))
        except OSError:
            return False
    return True

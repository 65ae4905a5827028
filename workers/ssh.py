"""One SSH connection to a partner: its pinned keys, its algorithms, and its end in time.

paramiko's own log is silenced for the process: at DEBUG it writes the partner's file names, above
it repeats, with a traceback, what the caller gets as one MailboxError and records.
"""

from __future__ import annotations

import base64
import io
import logging
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import paramiko
from cryptography.exceptions import InvalidTag
from paramiko.pkey import UnknownKeyType
from paramiko.ssh_exception import IncompatiblePeer

from workers.mailbox import MailboxError, Step

CONNECT_SECONDS = 10
BANNER_SECONDS = 15
LOGIN_SECONDS = 15
CHANNEL_SECONDS = 30  #: The longest silence in an open session.
NANOSECONDS = 1_000_000_000  #: In a second.

#: What paramiko lets out. Its reading thread keeps whatever garbage made it raise, and hands that
#: over in ours: so these are more than its own exceptions.
WIRE_FAILURES = (
    paramiko.SSHException, paramiko.SFTPError, UnknownKeyType, InvalidTag, OSError, EOFError,
    LookupError, TypeError, ValueError, struct.error,
)  # fmt: skip

#: What a signature of a key type may be called on the wire; SHA-1 (`ssh-rsa`) is not among them.
KEY_ALGORITHMS = {
    "ssh-ed25519": ("ssh-ed25519",),
    "ecdsa-sha2-nistp256": ("ecdsa-sha2-nistp256",),
    "ecdsa-sha2-nistp384": ("ecdsa-sha2-nistp384",),
    "ecdsa-sha2-nistp521": ("ecdsa-sha2-nistp521",),
    "ssh-rsa": ("rsa-sha2-512", "rsa-sha2-256"),
}
#: paramiko 5.1 has no SHA-1 key exchange any more; these are what is left of the weak ones.
WEAK_CIPHERS = ("aes128-cbc", "aes192-cbc", "aes256-cbc", "3des-cbc")
WEAK_MACS = ("hmac-sha1", "hmac-md5", "hmac-sha1-96", "hmac-md5-96")

logging.getLogger("paramiko").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class SftpSettings:
    """How to reach one partner's SFTP server."""

    host: str
    port: int
    username: str
    private_key: str = field(repr=False)  #: OpenSSH text, without a passphrase.
    host_keys: tuple[str, ...]  #: `ssh-ed25519 AAAA...`; two while the partner changes its key.


class Deadline:
    """The moment at which a session ends, whatever the server does.

    Two guards: `check` between chunks, by the clock that was passed; and a thread that cuts the
    socket, since a server that has stopped answering never lets us come to the next check.
    """

    def __init__(self, seconds: int, *, monotonic_ns: Callable[[], int]) -> None:
        self._monotonic_ns = monotonic_ns
        self._began_at = monotonic_ns()
        self._ends_at = self._began_at + seconds * NANOSECONDS
        self._sock: socket.socket | None = None
        self._timer: threading.Timer | None = None
        self._cut = threading.Event()

    @property
    def is_over(self) -> bool:
        return self._cut.is_set() or self._monotonic_ns() >= self._ends_at

    def check(self) -> None:
        """Raise a MailboxError of step "timeout" when the session's time is over."""
        if self.is_over:
            raise timed_out("The session reached its deadline.")

    def shorten(self, seconds: int) -> None:
        """End `seconds` after the beginning, unless the end is nearer already."""
        self._ends_at = min(self._ends_at, self._began_at + seconds * NANOSECONDS)
        if self._sock is not None:
            self.release()
            self.watch(self._sock)

    def watch(self, sock: socket.socket) -> None:
        """Cut `sock` at the deadline, unless `release` comes first."""
        self._sock = sock

        def cut() -> None:
            self._cut.set()
            with suppress(OSError):  # Closed meanwhile.
                sock.shutdown(socket.SHUT_RDWR)

        left_ns = max(0, self._ends_at - self._monotonic_ns())
        self._timer = threading.Timer(left_ns / NANOSECONDS, cut)
        self._timer.daemon = True
        self._timer.start()

    def release(self) -> None:
        if self._timer is not None:
            self._timer.cancel()


class UntrustedHostKeyError(paramiko.SSHException):
    """The server's key is none of those pinned. `fingerprint` (SHA256:...) is public."""

    def __init__(self, fingerprint: str) -> None:
        super().__init__(fingerprint)
        self.fingerprint = fingerprint


def tell_nobody(step: Step) -> None:
    """Hear that a step of connecting went well, and keep it to oneself."""


class PinnedKeysPolicy(paramiko.RejectPolicy):
    """Rejects every host key but the pinned ones.

    paramiko's own table of host keys holds one key of a type for a host: too few while a partner
    replaces its key by another of the same type. So that table stays empty, and this decides.
    """

    def __init__(
        self, pinned: frozenset[bytes], passed: Callable[[Step], None] = tell_nobody
    ) -> None:
        self._pinned = pinned
        self._passed = passed

    def missing_host_key(  # type: ignore[override]  # the stub says RejectPolicy never returns
        self, client: paramiko.SSHClient, hostname: str, key: paramiko.PKey
    ) -> None:
        del client, hostname
        self._passed("port")  # It speaks SSH.
        if key.asbytes() not in self._pinned:
            raise UntrustedHostKeyError(key.fingerprint)
        self._passed("host key")


def connect(
    settings: SftpSettings, deadline: Deadline, passed: Callable[[Step], None] = tell_nobody
) -> paramiko.SSHClient:
    """Return a client that has checked the server's key and has logged in.

    Raises MailboxError for every failure, naming the step. No login is tried, and so no user name
    is shown, before the host key is known to be a pinned one.
    """
    pinned = _read_host_keys(settings.host_keys)
    private_key = _read_private_key(settings.private_key)
    sock = _open_socket(settings.host, settings.port, passed)
    deadline.watch(sock)
    client = paramiko.SSHClient()
    blobs = frozenset(key.asbytes() for key in pinned)
    client.set_missing_host_key_policy(PinnedKeysPolicy(blobs, passed))
    try:
        client.connect(
            settings.host,
            settings.port,
            settings.username,
            pkey=private_key,
            sock=sock,
            allow_agent=False,
            look_for_keys=False,
            timeout=BANNER_SECONDS + CONNECT_SECONDS,
            banner_timeout=BANNER_SECONDS,
            auth_timeout=LOGIN_SECONDS,
            channel_timeout=CHANNEL_SECONDS,
            disabled_algorithms={
                "ciphers": WEAK_CIPHERS,
                "macs": WEAK_MACS,
                "keys": _unpinned_algorithms(pinned),
            },
        )
    except WIRE_FAILURES as error:
        deadline.release()
        client.close()
        sock.close()
        raise _explain(error, is_over=deadline.is_over) from None
    return client


def timed_out(message: str) -> MailboxError:
    """Return the error of a server that answered too slowly, or not at all."""
    return MailboxError(
        message,
        step="timeout",
        cure="It is tried again; if it persists, call the partner.",
        is_lost=True,
    )


def _open_socket(host: str, port: int, passed: Callable[[Step], None]) -> socket.socket:
    try:
        socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        passed("name")
        sock = socket.create_connection((host, port), timeout=CONNECT_SECONDS)
    except (socket.gaierror, UnicodeError):
        raise _broken("name", "The host name was not found.", "Check the host name.") from None
    except TimeoutError:
        raise timed_out("No connection within the time allowed.") from None
    except OSError:
        cure = "Check host and port, and the firewalls of both sides."
        raise _broken("port", "The connection was refused.", cure) from None
    # Without it, Nagle's algorithm delays each small request: 1,000 files took 5.25 s, now 1.24 s.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def _read_host_keys(lines: tuple[str, ...]) -> tuple[paramiko.PKey, ...]:
    try:
        pairs = [line.split()[:2] for line in lines]
        keys = tuple(
            paramiko.PKey.from_type_string(kind, base64.b64decode(text)) for kind, text in pairs
        )
    except WIRE_FAILURES:
        keys = ()
    if not keys:
        raise _broken(
            "host key",
            "No host key is pinned, or a pinned one cannot be read.",
            "Ask the partner for the server's public key: `ssh-ed25519 AAAA...`.",
            permanent=True,
        )
    return keys


def _read_private_key(text: str) -> paramiko.PKey:
    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        with suppress(paramiko.SSHException, ValueError):
            return kind.from_private_key(io.StringIO(text))
    raise _broken(
        "login",
        "Our private key cannot be read.",
        "Give an OpenSSH private key (Ed25519, ECDSA or RSA) without a passphrase.",
        permanent=True,
    )


def _unpinned_algorithms(pinned: tuple[paramiko.PKey, ...]) -> list[str]:
    """Return the algorithms not to offer, so that the server shows a key of a pinned type."""
    types = {key.get_name() for key in pinned}
    return [name for kind, names in KEY_ALGORITHMS.items() if kind not in types for name in names]


def _explain(error: Exception, *, is_over: bool) -> MailboxError:
    if is_over or isinstance(error.__context__ or error, TimeoutError):
        return timed_out("The server did not answer in time.")
    if isinstance(error, UntrustedHostKeyError):
        return _broken(
            "host key",
            f"The server showed a key that is not pinned, {error.fingerprint}.",
            "Do not send. Ask the partner, by telephone, whether its key has changed.",
            permanent=True,
        )
    if isinstance(error, IncompatiblePeer):
        about_key = "host key" in str(error)
        return _broken(
            "host key" if about_key else "port",
            "The server has no host key of a pinned type."
            if about_key
            else "The server offers only algorithms that are no longer safe.",
            "Ask the partner for its current host keys and algorithms.",
            permanent=True,
        )
    if isinstance(error, paramiko.AuthenticationException):
        return _explain_login(error)
    return _broken(
        "port", "The connection ended before the login.", "Check that the port speaks SFTP."
    )


def _explain_login(error: paramiko.AuthenticationException) -> MailboxError:
    # paramiko has one type for "no" and for "no answer"; only a "no" must never be tried again.
    if "timeout" in str(error).lower() or "EOF" in str(error):
        return timed_out("The server did not answer the login.")
    return _broken(
        "login",
        "The login was refused.",
        "Check user name and key with the partner; it is not tried again, lest it lock us out.",
        permanent=True,
    )


def _broken(step: Step, message: str, cure: str, *, permanent: bool = False) -> MailboxError:
    return MailboxError(message, step=step, cure=cure, permanent=permanent)

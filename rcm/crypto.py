"""Sealing: AES-GCM for what names a person, HMAC for finding it again.

The associated data is table, row and column, so a sealed value cannot be moved to another row.
"""

import hashlib
import hmac
import os
import secrets
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from rcm.refusals import RefusalError

_VERSION = b"\x01"
_NONCE_BYTES = 12
_KEY_BYTES = 32


class SealError(Exception):
    """A sealed value could not be opened: wrong key, wrong row, or changed bytes."""


class KeyFileError(RefusalError):
    """The key file is absent, open to others, or not a key."""


class Keys:
    """The sealing key and the index key, both derived from one secret. Shows nothing of either."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) != _KEY_BYTES:
            raise KeyFileError("the sealing key has 32 bytes")
        self._seal = AESGCM(hmac.digest(secret, b"rcm seal 1", "sha256"))
        self._index = hmac.digest(secret, b"rcm index 1", "sha256")

    def seal(self, plain: bytes, *, table: str, row: UUID, column: str) -> bytes:
        """Return `plain` sealed for this row and column."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return _VERSION + nonce + self._seal.encrypt(nonce, plain, _place(table, row, column))

    def open(self, sealed: bytes, *, table: str, row: UUID, column: str) -> bytes:
        """Return what was sealed. Raises SealError."""
        nonce, body = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        if sealed[:1] != _VERSION:
            raise SealError(f"{table}.{column} was sealed in a way this version does not know")
        try:
            return self._seal.decrypt(nonce, body, _place(table, row, column))
        except (InvalidTag, ValueError):  # ValueError: cut off within the nonce.
            raise SealError(f"{table}.{column} does not open with this key") from None

    def index(self, kind: str, text: str) -> bytes:
        """Return the blind index of `text` (16 bytes): equal texts of a kind have equal indexes."""
        return hmac.digest(self._index, f"{kind}\0{text}".encode(), "sha256")[:16]


def _place(table: str, row: UUID, column: str) -> bytes:
    return f"{table}/{row}/{column}".encode()


def sha256(body: bytes) -> bytes:
    """Return the SHA-256 of `body` (32 bytes)."""
    return hashlib.sha256(body).digest()


def load_keys(path: Path) -> Keys:
    """Return the keys of `path`. Raises KeyFileError with what to do."""
    try:
        text = path.read_text(encoding="latin-1").strip()  # Any bytes: told below.
        mode = path.stat().st_mode & 0o077
    except OSError as reason:
        raise KeyFileError(f"RCM_KEY_FILE cannot be read: {reason.strerror}") from None
    if mode:
        raise KeyFileError("RCM_KEY_FILE is open to other users: chmod 600 it")
    try:
        return Keys(bytes.fromhex(text))
    except ValueError:
        raise KeyFileError("RCM_KEY_FILE does not hold 64 hexadecimal digits") from None


def make_key_file(path: Path) -> None:
    """Write a new key with mode 0600. An existing key is never overwritten: FileExistsError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(_KEY_BYTES) + "\n")

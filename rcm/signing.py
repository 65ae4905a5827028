"""Ed25519 signatures of checkpoints: who can change the database cannot make one."""

import hashlib
import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from rcm.crypto import KeyFileError


class PublicKey:
    """What a signature is checked with: no secret."""

    def __init__(self, key: Ed25519PublicKey) -> None:
        self._key = key
        #: The key's own name, made of what it is: 16 hexadecimal digits.
        self.name = hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]

    def has_signed(self, signature: bytes, message: bytes) -> bool:
        """Tell whether the signature is of this message and made with our private half."""
        try:
            self._key.verify(signature, message)
        except InvalidSignature:
            return False
        return True

    def pem(self) -> bytes:
        """Return the key as a file that OpenSSL reads too."""
        return self._key.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )


class SigningKey:
    """The private half. Shows nothing of itself."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public = PublicKey(key.public_key())

    def sign(self, message: bytes) -> bytes:
        """Return the signature of a message (64 bytes)."""
        return self._key.sign(message)


def load_signing_key(path: Path) -> SigningKey:
    """Return the private key of `path`. Raises KeyFileError with what to do."""
    try:
        pem = path.read_bytes()
        mode = path.stat().st_mode & 0o077
    except OSError as reason:
        raise KeyFileError(f"RCM_SIGNING_KEY_FILE cannot be read: {reason.strerror}") from None
    if mode:
        raise KeyFileError("RCM_SIGNING_KEY_FILE is open to other users: chmod 600 it")
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):  # TypeError: it has a passphrase.
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFileError(
            "RCM_SIGNING_KEY_FILE holds no ed25519 key without a passphrase:"
            " make one by `openssl genpkey -algorithm ed25519`"
        )
    return SigningKey(key)


def load_public_key(path: Path) -> PublicKey:
    """Return the public key of `path`. Raises KeyFileError."""
    try:
        key = serialization.load_pem_public_key(path.read_bytes())
    except OSError as reason:
        raise KeyFileError(f"{path} cannot be read: {reason.strerror}") from None
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise KeyFileError(f"{path} holds no ed25519 public key")
    return PublicKey(key)


def make_signing_key_file(path: Path) -> None:
    """Write a new private key with mode 0600. An existing key is never overwritten."""
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)

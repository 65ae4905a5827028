"""Key pairs for practice: the sandbox server's own, and those of its accounts."""

from __future__ import annotations

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def new_key_pair() -> tuple[str, str]:
    """Return a new Ed25519 key: OpenSSH private text (no passphrase), `ssh-ed25519 AAAA...` line.

    >>> private, public = new_key_pair()
    >>> "OPENSSH" in private, public.split()[0]
    (True, 'ssh-ed25519')
    """
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.OpenSSH,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
    )
    return private.decode("ascii"), public.decode("ascii")

"""The second factor: time-based codes (RFC 6238), and recovery codes for a lost phone. Pure."""

import re
from datetime import datetime

import pyotp
from pyotp.exceptions import OTPVerificationError

from rcm.clock import Randomness
from rcm.crypto import sha256

ISSUER = "Revenue cycle"
WINDOW = 1  #: Steps of 30 seconds before and after: clocks differ.
RECOVERY_CODES = 10
_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_SECRET_LENGTH = 32  #: 160 bits (RFC 4226 4, R6).
_CODE_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_CODE_LENGTH = 16  #: 79 bits, so that SHA-256 keeps it as safe as a slow hash keeps a password.


def new_totp_secret(randomness: Randomness) -> str:
    """Return the secret of a new authenticator, in base 32."""
    return randomness.text(_BASE32, _SECRET_LENGTH)


def otpauth_uri(secret: str, *, email: str) -> str:
    """Return what the QR code of an authenticator says."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def step_of(secret: str, code: str, *, now: datetime, last_step: int | None) -> int | None:
    """Return the time step of `code`; None where it is wrong, or was used before."""
    if not re.fullmatch("[0-9]{6}", code):
        return None
    try:
        step = pyotp.TOTP(secret).verify_and_get_timecode(code, for_time=now, valid_window=WINDOW)
    except OTPVerificationError:
        return None
    return step if last_step is None or step > last_step else None


def new_recovery_codes(randomness: Randomness) -> list[str]:
    """Return new codes, as people copy them: four groups of four."""
    texts = [randomness.text(_CODE_ALPHABET, _CODE_LENGTH) for _ in range(RECOVERY_CODES)]
    return ["-".join(re.findall("....", text)) for text in texts]


def recovery_digest(code: str) -> bytes:
    """Return what is kept of a recovery code.

    >>> recovery_digest("ABCD-efgh") == recovery_digest("abcdefgh ")
    True
    """
    return sha256(re.sub(r"[\s-]", "", code).lower().encode())

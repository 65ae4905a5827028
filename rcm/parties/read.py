"""The door: JSON bytes to the settings of a partner, or every finding of bad ones at once. Pure."""

import base64
import hashlib
from uuid import UUID

from edi.delimiters import Delimiters
from edi.findings import Place, error
from rcm.document import BadDocumentError, Refusal, read_document
from rcm.parties.checks import CHECKS, bad
from rcm.parties.model import TradingPartner
from rcm.parties.settings import PartnerIn, PartnerSettings


class BadPartnerError(BadDocumentError):
    """These are no settings of a partner. Carries findings; never the values."""


REFUSAL = Refusal(
    error=BadPartnerError,
    not_json="PARTNER-NOT-JSON",
    missing="PARTNER-MISSING",
    unknown_field="PARTNER-UNKNOWN-FIELD",
    invalid="PARTNER-INVALID",
)


def read_settings(body: bytes, *, usage: str, has_key: bool) -> PartnerIn:
    """Return the settings in `body`. Raises BadPartnerError with all findings.

    `usage` is the deployment's; `has_key` tells whether our private key is known already.
    """
    settings = read_document(body, PartnerIn, REFUSAL)
    found = [finding for check in CHECKS for finding in check(settings)]
    if settings.usage != usage:
        found.append(
            bad(
                "PARTNER-USAGE", "/usage", "A sandbox meets no production partner, nor the reverse."
            )
        )
    if settings.private_key is None and not has_key:
        found.append(
            error(
                REFUSAL.missing,
                "This field is required.",
                place=Place(pointer="/private_key"),
                cure="Send our private key: none is known yet.",
            )
        )
    if found:
        raise BadPartnerError(found)
    return settings


def partner_of(
    settings: PartnerIn, partner_id: UUID, *, private_key: str, is_paused: bool = False
) -> TradingPartner:
    """Return the trading partner that these settings make; `private_key` where none is sent."""
    plain = {
        name: getattr(settings, name)
        for name in PartnerSettings.model_fields
        if name not in {"delimiters", "host_keys", "inbound_names"}
    }
    sent = settings.private_key
    return TradingPartner(
        id=partner_id,
        is_paused=is_paused,
        private_key=sent.get_secret_value() if sent else private_key,
        host_keys=tuple(settings.host_keys),
        inbound_names=tuple(settings.inbound_names),
        delimiters=Delimiters(**settings.delimiters.model_dump()),
        **plain,
    )


def fingerprint_of(host_key: str) -> str:
    """Return how SSH names a public key: `SHA256:...`; empty where the line holds none."""
    try:
        blob = base64.b64decode(host_key.split()[1], validate=True)
    except (ValueError, IndexError):
        return ""
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode("ascii")
    return f"SHA256:{digest.rstrip('=')}"

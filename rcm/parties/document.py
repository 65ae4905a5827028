"""The file that sets up practices, payers and a partner: read whole, or refused with findings."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from edi.claim_837 import BillingProvider
from rcm.document import Refusal, read_document
from rcm.parties.read import BadPartnerError, read_settings


class _Payer(BaseModel):
    model_config = ConfigDict(extra="forbid")

    identifier: str
    name: str
    filing_code: str
    dependents_have_own_id: bool
    contractual_codes: list[str]


class _Parties(BaseModel):
    """Shaped like `samples/parties.json`."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    practices: list[BillingProvider]
    payers: list[_Payer]
    partner: dict[str, Any]


_REFUSAL = Refusal(
    error=BadPartnerError,
    not_json="PARTNER-NOT-JSON",
    missing="PARTNER-MISSING",
    unknown_field="PARTNER-UNKNOWN-FIELD",
    invalid="PARTNER-INVALID",
)


def read_parties(body: bytes, connection: Mapping[str, Any], *, usage: str) -> Mapping[str, Any]:
    """Return the document in `body`, fit for `seed_parties`. Raises BadPartnerError.

    `connection` says where the partner's server is; `usage` is the deployment's.
    """
    partner = read_document(body, _Parties, _REFUSAL).partner
    settings = {"usage": usage, **partner, **connection}
    read_settings(json.dumps(settings).encode(), usage=usage, has_key=False)
    document: Mapping[str, Any] = json.loads(body)
    return document

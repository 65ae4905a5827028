"""The file that sets up practices, payers and a partner: read whole, or refused with findings."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from edi.claim_837 import BillingProvider
from rcm.document import read_document
from rcm.parties.read import REFUSAL, partner_of, read_settings

_NOBODY = UUID(int=0)


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


def read_parties(body: bytes, connection: Mapping[str, Any], *, usage: str) -> Mapping[str, Any]:
    """Return the document in `body`, fit for `seed_parties`. Raises BadPartnerError.

    `connection` says where the partner's server is; `usage` is the deployment's.
    """
    partner = read_document(body, _Parties, REFUSAL).partner
    told = {"usage": usage, **partner, **connection}
    settings = read_settings(json.dumps(told).encode(), usage=usage, has_key=False)
    read = partner_of(settings, _NOBODY, private_key="")
    # Only what the file says, and its name as it stands there: the partner's id follows from it.
    values = {name: getattr(read, name) for name in partner} | {"name": partner["name"]}
    return {**json.loads(body), "partner": values}

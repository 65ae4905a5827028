"""Use case: set up practices, payers and one trading partner from a plain document."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from pydantic import TypeAdapter
from sqlalchemy.orm import Session

from edi.claim_837 import BillingProvider
from rcm.parties import store
from rcm.parties.model import PayerParty, Practice, TradingPartner
from rcm.tools import Tools

_PROVIDER = TypeAdapter(BillingProvider)


def seed_parties(
    session: Session, tools: Tools, document: Mapping[str, Any], connection: Mapping[str, Any]
) -> UUID:
    """Store the parties of `document`; returns the partner's id. Again is an update.

    `connection` says where the partner's SFTP server is: host, port, private_key, host_keys.
    Ids follow from names and numbers, so that setting up twice makes nothing twice.
    """
    partner_id = _id("partner", document["partner"]["name"])
    said = {"usage": tools.deployment.usage, **document["partner"], **connection}
    known = store.locked_partner(session, tools.keys, partner_id)
    # What the document does not say stays as people have set it.
    partner = replace(known, **said) if known else TradingPartner(id=partner_id, **said)
    if partner != known:
        store.save_partner(session, tools.keys, partner)
    for practice in document["practices"]:
        provider = _PROVIDER.validate_python(practice)
        store.save_practice(session, Practice(id=_id("practice", provider.npi), provider=provider))
    for payer in document["payers"]:
        store.save_payer(
            session,
            PayerParty(
                id=_id("payer", payer["identifier"]),
                partner_id=partner_id,
                **payer | {"contractual_codes": frozenset(payer["contractual_codes"])},
            ),
        )
    return partner_id


def _id(kind: str, name: str) -> UUID:
    return uuid5(NAMESPACE_OID, f"rcm/{kind}/{name}")

"""SQL of the parties: read whole, since there are few of them."""

from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from edi.claim_837 import BillingProvider
from edi.delimiters import Delimiters
from rcm.crypto import Keys
from rcm.db import ReadSession
from rcm.parties.model import PayerParty, Practice, TradingPartner
from rcm.rows import BillingProviderRow, PayerRow, TradingPartnerRow

_PROFILE = TypeAdapter(BillingProvider)


def practices(session: ReadSession) -> dict[str, Practice]:
    """Every practice by its NPI."""
    rows = session.execute(
        select(BillingProviderRow.id, BillingProviderRow.npi, BillingProviderRow.profile)
    )
    return {
        row.npi: Practice(id=row.id, provider=_PROFILE.validate_python(row.profile)) for row in rows
    }


def payers(session: ReadSession) -> dict[str, PayerParty]:
    """Every payer by the identifier that encounters and claims name it by."""
    return {
        row.identifier: PayerParty(
            id=row.id,
            identifier=row.identifier,
            name=row.name,
            filing_code=row.filing_code,
            dependents_have_own_id=row.dependents_have_own_id,
            contractual_codes=frozenset(row.contractual_codes),
            partner_id=row.partner_id,
        )
        for row in session.scalars(select(PayerRow))
    }


def partner(session: ReadSession, keys: Keys, partner_id: UUID) -> TradingPartner:
    """The trading partner with this id. Raises NoResultFound."""
    row = session.scalars(select(TradingPartnerRow).where(TradingPartnerRow.id == partner_id)).one()
    return _partner(keys, row)


def locked_partner(session: Session, keys: Keys, partner_id: UUID) -> TradingPartner | None:
    """The trading partner with this id, locked until the transaction ends."""
    row = session.scalars(
        select(TradingPartnerRow).where(TradingPartnerRow.id == partner_id).with_for_update()
    ).one_or_none()
    return _partner(keys, row) if row else None


def _partner(keys: Keys, row: TradingPartnerRow) -> TradingPartner:
    private_key = keys.open(
        row.private_key_sealed, table="trading_partner", row=row.id, column="private_key"
    )
    return TradingPartner(
        id=row.id,
        name=row.name,
        usage=row.usage,
        our_qualifier=row.our_qualifier,
        our_id=row.our_id,
        their_qualifier=row.their_qualifier,
        their_id=row.their_id,
        group_sender=row.group_sender,
        group_receiver=row.group_receiver,
        submitter_name=row.submitter_name,
        submitter_contact=row.submitter_contact,
        submitter_phone=row.submitter_phone,
        receiver_name=row.receiver_name,
        time_zone=row.time_zone,
        host=row.host,
        port=row.port,
        username=row.username,
        private_key=private_key.decode(),
        host_keys=tuple(row.host_keys),
        outbound_folder=row.outbound_folder,
        inbound_folder=row.inbound_folder,
        archive_folder=row.archive_folder,
        stable_seconds=row.stable_seconds,
        incomplete_minutes=row.incomplete_minutes,
        delimiters=Delimiters(
            element=row.element_separator,
            component=row.component_separator,
            repetition=row.repetition_separator,
            terminator=row.segment_terminator,
            line_end=row.line_end,
        ),
        outbound_name=row.outbound_name,
        inbound_names=tuple(row.inbound_names),
        cut_off=row.cut_off,
        silent_hours=row.silent_hours,
        is_paused=row.is_paused,
        version=row.version,
    )


def partner_ids(session: ReadSession) -> list[UUID]:
    """Every trading partner, by name."""
    return list(session.scalars(select(TradingPartnerRow.id).order_by(TradingPartnerRow.name)))


def record_exchange(session: Session, partner_id: UUID, *, received: bool) -> None:
    """Remember that we were there now, and whether there was something."""
    values: dict[str, Any] = {"last_exchange_at": func.now()}
    if received:
        values["last_received_at"] = func.now()
    session.execute(
        update(TradingPartnerRow).where(TradingPartnerRow.id == partner_id).values(**values)
    )


def set_paused(session: Session, partner_id: UUID, *, is_paused: bool) -> None:
    """Pause a partner, or let it go on: an edit like any other."""
    session.execute(
        update(TradingPartnerRow)
        .where(TradingPartnerRow.id == partner_id)
        .values(is_paused=is_paused, version=TradingPartnerRow.version + 1)
    )


def save_practice(session: Session, practice: Practice) -> None:
    """Insert a practice, or replace the one with its NPI."""
    provider = practice.provider
    values = {
        "name": provider.name,
        "tax_id": provider.tax_id,
        "profile": _PROFILE.dump_python(provider, mode="json"),
    }
    statement = insert(BillingProviderRow).values(id=practice.id, npi=provider.npi, **values)
    session.execute(
        statement.on_conflict_do_update(index_elements=[BillingProviderRow.npi], set_=values)
    )


def save_payer(session: Session, payer: PayerParty) -> None:
    """Insert a payer, or replace the one with its identifier."""
    values = {
        "name": payer.name,
        "filing_code": payer.filing_code,
        "dependents_have_own_id": payer.dependents_have_own_id,
        "contractual_codes": sorted(payer.contractual_codes),
        "partner_id": payer.partner_id,
    }
    statement = insert(PayerRow).values(id=payer.id, identifier=payer.identifier, **values)
    session.execute(
        statement.on_conflict_do_update(index_elements=[PayerRow.identifier], set_=values)
    )


def save_partner(session: Session, keys: Keys, partner: TradingPartner) -> None:
    """Insert a trading partner, or replace the one with its id. The private key is sealed."""
    values: dict[str, Any] = {
        field: getattr(partner, field)
        for field in TradingPartner.__slots__
        if field not in ("id", "private_key", "delimiters", "version")
    }
    values |= {"host_keys": list(partner.host_keys), "inbound_names": list(partner.inbound_names)}
    values |= {
        "element_separator": partner.delimiters.element,
        "component_separator": partner.delimiters.component,
        "repetition_separator": partner.delimiters.repetition,
        "segment_terminator": partner.delimiters.terminator,
        "line_end": partner.delimiters.line_end,
    }
    values["private_key_sealed"] = keys.seal(
        partner.private_key.encode(), table="trading_partner", row=partner.id, column="private_key"
    )
    statement = insert(TradingPartnerRow).values(id=partner.id, **values)
    changes = values | {"version": TradingPartnerRow.version + 1}
    session.execute(
        statement.on_conflict_do_update(index_elements=[TradingPartnerRow.id], set_=changes)
    )

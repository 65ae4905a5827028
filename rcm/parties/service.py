"""Use cases: set up a trading partner, change it, pause it, test its connection."""

from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from rcm import jobs
from rcm.access import Actor
from rcm.claims.service import refuse_wrong_usage
from rcm.decisions.model import What
from rcm.decisions.store import add_decision
from rcm.exchange.now import UnknownPartnerError, deliver_frozen
from rcm.parties import breaker_store, connection_tests, store
from rcm.parties.breaker import Standing
from rcm.parties.model import TradingPartner
from rcm.parties.read import partner_of, read_settings
from rcm.schedules.store import begin_anew
from rcm.tools import Tools

_CONNECTION = frozenset({"host", "port", "username", "private_key", "host_keys"})


class PartnerNameTakenError(Exception):
    """Another partner has this name."""


class ChangedMeanwhileError(Exception):
    """Somebody has changed the partner since its version was read."""


def create_partner(session: Session, tools: Tools, body: bytes, actor: Actor) -> UUID:
    """Set up a partner. Raises BadPartnerError, PartnerNameTakenError."""
    settings = read_settings(body, usage=tools.deployment.usage, has_key=False)
    partner = partner_of(settings, tools.randomness.uuid(), private_key="")
    _save(session, tools, partner)
    add_decision(session, tools, What.CREATE_PARTNER, actor, partner_id=partner.id)
    return partner.id


def change_partner(
    session: Session, tools: Tools, partner_id: UUID, body: bytes, version: int, actor: Actor
) -> None:
    """Replace the settings of a partner whose version is still `version`.

    Our private key stays where none is sent, and so does the pause; the same again is no edit.
    Raises UnknownPartnerError, ChangedMeanwhileError, BadPartnerError, PartnerNameTakenError.
    """
    known = _locked(session, tools, partner_id)
    if known.version != version:
        raise ChangedMeanwhileError
    settings = read_settings(body, usage=tools.deployment.usage, has_key=bool(known.private_key))
    changed = partner_of(
        settings, partner_id, private_key=known.private_key, is_paused=known.is_paused
    )
    before = [
        name
        for name in TradingPartner.__slots__
        if name != "version" and getattr(known, name) != getattr(changed, name)
    ]
    if not before:
        return
    _save(session, tools, changed)
    if _CONNECTION.intersection(before):
        breaker_store.close(session, partner_id)  # What was learned is of another connection.
    add_decision(session, tools, What.CHANGE_PARTNER, actor, partner_id=partner_id, before=before)


def pause_partner(
    session: Session, tools: Tools, partner_id: UUID, reason: str, actor: Actor
) -> None:
    """Let nothing be exchanged until `resume_partner`; what is frozen waits."""
    if not _locked(session, tools, partner_id).is_paused:
        store.set_paused(session, partner_id, is_paused=True)
        add_decision(
            session, tools, What.PAUSE_PARTNER, actor, reason=reason, partner_id=partner_id
        )


def resume_partner(
    session: Session, tools: Tools, partner_id: UUID, reason: str, actor: Actor
) -> None:
    """Deliver what was frozen, and go on; missed visits and checks are not made up for."""
    if _locked(session, tools, partner_id).is_paused:
        store.set_paused(session, partner_id, is_paused=False)
        begin_anew(session, partner_id, now=tools.clock())
        deliver_frozen(session, partner_id)
        add_decision(
            session, tools, What.RESUME_PARTNER, actor, reason=reason, partner_id=partner_id
        )


def close_breaker(
    session: Session, tools: Tools, partner_id: UUID, reason: str, actor: Actor
) -> None:
    """Let a partner be met again, by a person's word; what waited runs at once."""
    _locked(session, tools, partner_id)
    stood = breaker_store.close(session, partner_id)
    if stood.standing is not Standing.CLOSED:
        before = (stood.standing, stood.code)
        add_decision(
            session,
            tools,
            What.CLOSE_BREAKER,
            actor,
            reason=reason,
            before=before,
            partner_id=partner_id,
        )


def ask_connection_test(session: Session, tools: Tools, partner_id: UUID, actor: Actor) -> UUID:
    """Promise a test of a partner's connection; returns its id. A paused partner can be tested.

    Raises UnknownPartnerError, WrongUsageError.
    """
    refuse_wrong_usage(_locked(session, tools, partner_id), tools)
    test_id = tools.randomness.uuid()
    now = tools.clock()
    connection_tests.add_test(session, test_id, partner_id, asked_by=actor.name, now=now)
    jobs.add(session, "check_connection", ref_id=test_id)
    return test_id


def _locked(session: Session, tools: Tools, partner_id: UUID) -> TradingPartner:
    partner = store.locked_partner(session, tools.keys, partner_id)
    if partner is None:
        raise UnknownPartnerError
    return partner


def _save(session: Session, tools: Tools, partner: TradingPartner) -> None:
    try:
        store.save_partner(session, tools.keys, partner)
    except IntegrityError:  # The only other key of a partner is its name.
        raise PartnerNameTakenError from None

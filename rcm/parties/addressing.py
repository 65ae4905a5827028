"""How a file of ours is addressed to a partner: its envelope and its name. Pure."""

from datetime import datetime
from zoneinfo import ZoneInfo

from edi.envelope import Envelope
from edi.guides import FileType, Guide
from rcm.parties.model import TradingPartner
from rcm.parties.names import outbound_name


def partner_time(partner: TradingPartner, now: datetime) -> datetime:
    """Return the instant `now` by the partner's clock: what ISA09, ISA10 and names are made of."""
    return now.astimezone(ZoneInfo(partner.time_zone))


def envelope_to(
    partner: TradingPartner, guide: Guide, *, interchange: int, group: int, written_at: datetime
) -> Envelope:
    """Return the envelope of a file with these control numbers, ISA13 and GS06."""
    return Envelope(
        sender_qualifier=partner.our_qualifier,
        sender_id=partner.our_id,
        receiver_qualifier=partner.their_qualifier,
        receiver_id=partner.their_id,
        group_sender=partner.group_sender,
        group_receiver=partner.group_receiver,
        interchange_number=interchange,
        group_number=group,
        usage=partner.usage,
        written_at=written_at,
        guide=guide,
        delimiters=partner.delimiters,
    )


def name_of(partner: TradingPartner, envelope: Envelope, file_type: FileType) -> str:
    """Return the name of a file with this envelope, by the partner's template."""
    return outbound_name(
        partner.outbound_name,
        interchange=envelope.interchange_number,
        group=envelope.group_number,
        file_type=file_type,
        written_at=envelope.written_at,
    )

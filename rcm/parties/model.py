"""The parties of a claim that we keep: practices, payers, trading partners."""

from dataclasses import dataclass, field
from datetime import time
from uuid import UUID

from edi.claim_837 import BillingProvider
from edi.delimiters import STANDARD, Delimiters


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """A billing provider of this organisation."""

    id: UUID
    provider: BillingProvider


@dataclass(frozen=True, slots=True, kw_only=True)
class PayerParty:
    """A payer, and how its claims travel."""

    id: UUID
    identifier: str  #: 2010BB NM109, and what encounters name it by.
    name: str
    filing_code: str  #: SBR09.
    dependents_have_own_id: bool  #: A dependent is then the subscriber (rules-that-bite M13).
    contractual_codes: frozenset[str]  #: CARCs besides 45 that CO writes off by contract.
    partner_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class TradingPartner:
    """A clearinghouse or payer we exchange files with."""

    id: UUID
    name: str
    usage: str  #: ISA15: T or P.
    our_qualifier: str
    our_id: str
    their_qualifier: str
    their_id: str
    group_sender: str
    group_receiver: str
    submitter_name: str
    submitter_contact: str
    submitter_phone: str
    receiver_name: str
    time_zone: str
    host: str
    port: int
    username: str
    private_key: str = field(repr=False)
    host_keys: tuple[str, ...]
    outbound_folder: str
    inbound_folder: str
    archive_folder: str
    stable_seconds: int = 10  #: Between two looks at a file; 0: files are renamed into place.
    incomplete_minutes: int = 60  #: An unchanged file without its IEA is then taken as it is.
    delimiters: Delimiters = STANDARD  #: Of what we send.
    outbound_name: str = "{isa13}_{type}.x12"  #: See `rcm.parties.names`.
    inbound_names: tuple[str, ...] = ()  #: Patterns of what we fetch; none: every safe name.
    cut_off: time | None = None  #: Claims that are ready later go by the next day's schedule.
    silent_hours: int = 72  #: After so long without a file the silence is shown.
    is_paused: bool = False  #: Nothing is exchanged, by schedule or by a person.
    version: int = 1  #: Counts the edits.

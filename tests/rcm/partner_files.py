"""What a partner sends: 835 and 999 files about claims that a practice has sent."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from edi.acknowledgment_999 import FunctionalAcknowledgment, SetAcknowledgment, write_999
from edi.delimiters import STANDARD
from edi.envelope import Envelope
from edi.guides import Guide
from edi.money import Cents, Thousandths
from edi.remittance_835.model import (
    Adjustment,
    AdjustmentGroup,
    ClaimPayment,
    Party,
    Payment,
    Procedure,
    ProviderAdjustment,
    Remittance,
    ServicePayment,
    Trace,
)
from edi.remittance_835.write import write_835
from edi.writer import SetWriter, write_interchange
from rcm.exchange.now import exchange_now
from rcm.exchange.service import receive_file
from rcm.remittance.match import Journey, KnownClaim, KnownLine
from rcm.waiting import poll
from samples.visit import Encounter
from tests.conftest import NOW
from tests.harness import Practice

NPI = "1234567893"
NUMBER = "PCN23456789ABCDEF"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A claim of one line that the practice has sent."""

    id: UUID
    number: str
    charge_cents: int
    file_id: UUID
    group_number: int


def send(practice: Practice, *encounters: Encounter, is_delivered: bool = True) -> list[Sent]:
    """Post encounters and send their claims; or only freeze their file, for a later delivery."""
    practice.post(*encounters)
    practice.drain()
    with practice.unit_of_work() as session:
        exchange_now(session, practice.partner_id)
    with practice.unit_of_work() as session:
        waiting = [job_id for job_id, _ in poll(session, "post", again_seconds=0)]
    for job_id in waiting:
        practice.runner.run(job_id)
    if is_delivered:
        practice.drain()
    return sent(practice)


def send_first(practice: Practice, *encounters: Encounter) -> list[Sent]:
    """Send the first claims of a practice: for tests of what comes after it."""
    if practice.stages is None:
        return send(practice, *encounters)
    assert not practice.rows("SELECT id FROM encounter")
    name = f"sent: {json.dumps(encounters)}"
    folder = practice.account.parent
    return [*practice.stages.reach(name, lambda: send(practice, *encounters), folder)]


def sent(practice: Practice) -> list[Sent]:
    """The claims that stand in files, in file order."""
    rows = practice.rows(
        "SELECT claim.id, submission.patient_control_number, charge_cents, file_id, group_number"
        " FROM claim JOIN submission ON claim_id = claim.id JOIN file ON file.id = file_id"
        " ORDER BY interchange_number, position"
    )
    return [
        Sent(id=r[0], number=r[1], charge_cents=r[2], file_id=r[3], group_number=r[4]) for r in rows
    ]


PARTNER = UUID(int=3)


def index(kind: str, text: str) -> bytes:
    """A blind index that anyone can read, for tests without a key."""
    return f"{kind}/{text}".encode()


JOURNEY = Journey(
    billing_provider_id=UUID(int=1), payer_id=UUID(int=2), contractual_codes=frozenset({"253"})
)


def known(number: str = NUMBER, n: int = 1, payer_number: str = "") -> KnownClaim:
    """A claim of one line that is ours, for tests without a database."""
    line = KnownLine(
        line=1,
        procedure="99213",
        modifiers=(),
        charge_cents=Cents(10_000),
        quantity=Thousandths(1_000),
        service_from=date(2026, 11, 2),
    )
    return KnownClaim(
        id=UUID(int=100 + n),
        patient_control_number=number,
        journeys={number: JOURNEY},
        payer_control_number=payer_number,
        billing_provider_id=UUID(int=1),
        payer_id=UUID(int=2),
        partner_id=PARTNER,
        charge_cents=Cents(10_000),
        service_from=date(2026, 11, 2),
        member_index=index("member_id", f"MEMBER{n}"),
        record_index=index("record_number", f"MRN{n}"),
        is_adjudicated=False,
        contractual_codes=frozenset({"253"}),
        lines=(line,),
    )


def adjust(group: str, reason: str, cents: int) -> Adjustment:
    """One triplet of a CAS, such as CO-45."""
    return Adjustment(group=AdjustmentGroup(group), reason=reason, amount_cents=Cents(cents))


def service(charge: int, paid: int, *adjustments: Adjustment, line: str = "") -> ServicePayment:
    """A line of 99213 as the payer adjudicated it."""
    return ServicePayment(
        position=1,
        procedure=Procedure(qualifier="HC", code="99213"),
        charge_cents=Cents(charge),
        paid_cents=Cents(paid),
        adjustments=adjustments,
        line_control_number=line,
    )


def payment(
    number: str,
    charge: int,
    paid: int,
    *adjustments: Adjustment,
    **more: Any,  # noqa: ANN401 - fields of the value
) -> ClaimPayment:
    """A claim as the payer adjudicated it; `adjustments` are of the whole claim."""
    values: dict[str, Any] = {
        "position": 1,
        "status_code": "1",
        "payer_claim_number": f"ICN{number[-4:]}",
    } | more
    return ClaimPayment(
        patient_control_number=number,
        charge_cents=Cents(charge),
        paid_cents=Cents(paid),
        adjustments=adjustments,
        assigned_number="1",
        **values,
    )


def plb(reason: str, cents: int, reference: str = "FCN1") -> ProviderAdjustment:
    """One pair of a PLB; positive is kept by the payer."""
    return ProviderAdjustment(
        provider_id=NPI,
        fiscal_period_date=date(2026, 12, 31),
        reason=reason,
        reference=reference,
        amount_cents=Cents(cents),
    )


def remit(
    *claims: ClaimPayment,
    plbs: Sequence[ProviderAdjustment] = (),
    paid: int | None = None,
    trace: str = "TRACE1",
    handling: str = "I",
) -> Remittance:
    """An 835; its BPR02 follows from claims and PLB unless `paid` is given."""
    priced = [each for each in claims if each.status_code != "25"]
    total = sum(each.paid_cents for each in priced) - sum(each.amount_cents for each in plbs)
    numbered = [_at(each, position) for position, each in enumerate(claims, start=1)]
    return Remittance(
        set_control_number="0001",
        payment=Payment(
            handling_code=handling,
            payment_cents=Cents(total if paid is None else paid),
            credit_debit="C",
            method="ACH",
            payment_date=NOW.date(),
        ),
        trace=Trace(number=trace, payer_id="1900000009"),
        payer=Party(name="SANDBOX COMMERCIAL"),
        payee=Party(name="HARBOR FAMILY MEDICINE", id_qualifier="XX", id=NPI),
        claims=tuple(numbered),
        provider_adjustments=tuple(plbs),
    )


def file_835(*remittances: Remittance, number: int = 1, usage: str = "T") -> bytes:
    """A file of the sandbox's payer, with a transaction set for each remittance."""
    sets = [("835", write_835(each, STANDARD)) for each in remittances]
    return write_interchange(envelope(Guide.REMITTANCE, number, usage), sets)


def file_999(
    group_number: int | str, code: str, *sets: SetAcknowledgment, number: int = 1
) -> bytes:
    """An acknowledgment of a group we sent; `code` is AK901, or "" for none."""
    said = FunctionalAcknowledgment(
        functional_id="HC",
        group_control_number=str(group_number),
        version=Guide.CLAIM_PROFESSIONAL,
        sets=sets,
        code=code,
        sets_included=1,
        sets_received=1,
        sets_accepted=sum(each.is_accepted for each in sets) if sets else int(code in "AE"),
    )
    writer: SetWriter = write_999(said, STANDARD)
    return write_interchange(envelope(Guide.ACKNOWLEDGMENT, number, "T"), [("999", writer)])


def receive(practice: Practice, body: bytes, name: str = "answer.x12") -> UUID:
    """Let a file arrive, and do all that follows of it."""
    file_id = put(practice, body, name)
    practice.drain()
    return file_id


def put(practice: Practice, body: bytes, name: str = "answer.x12") -> UUID:
    """Let a file arrive; nobody has read it yet."""
    with practice.unit_of_work() as session:
        return receive_file(
            session,
            practice.tools,
            partner_id=practice.partner_id,
            name=name,
            modified=0,
            body=body,
        )


def _at(claim: ClaimPayment, position: int) -> ClaimPayment:
    services = tuple(replace(s, position=n) for n, s in enumerate(claim.services, start=1))
    return replace(claim, position=position, services=services)


def envelope(guide: Guide, number: int, usage: str) -> Envelope:
    """The sandbox's, to us."""
    return Envelope(
        sender_qualifier="ZZ",
        sender_id="SANDBOXCH",
        receiver_qualifier="ZZ",
        receiver_id="HARBORBILLING",
        group_sender="SANDBOXCH",
        group_receiver="HARBORBILLING",
        interchange_number=number,
        group_number=number,
        usage=usage,
        written_at=NOW,
        guide=guide,
    )

"""270s to ask the sandbox payer with. Every patient is named CANARY."""

from datetime import date
from typing import Any

from edi.acknowledgment_999 import FunctionalAcknowledgment, read_999
from edi.eligibility_270 import BenefitInquiry, EligibilityInquiry, write_270
from edi.eligibility_tree import Demographics, Member, Receiver, Source
from edi.guides import FileType, Guide
from edi.party_segments import Beginning, Name, Trace, day
from edi.writer import write_interchange
from sandbox.benefits import COVERAGES, CoverageKind
from sandbox.outbox import Answers
from tests.claims import CREATED_AT, envelope
from tests.sandbox.readings import all_sets

ASKED_ON = date(2026, 3, 10)


def payer(payer_id: str = "CANAL1") -> Name:
    """Return NM1*PR."""
    return Name(
        entity="PR", entity_type="2", last_name="CANAL HEALTH PLAN", id_qualifier="PI", id=payer_id
    )


def provider(npi: str = "1234567893") -> Name:
    """Return NM1*1P."""
    return Name(entity="1P", entity_type="2", last_name="HARBOR", id_qualifier="XX", id=npi)


def person(first_name: str = "ADA", member_id: str = "") -> Name:
    """Return NM1*IL, or NM1*03 of a dependent, who has no number."""
    return Name(
        entity="IL" if member_id else "03",
        entity_type="1",
        last_name="CANARY",
        first_name=first_name,
        id_qualifier="MI" if member_id else "",
        id=member_id,
    )


def asked(
    number: str,
    name: Name,
    *service_types: str,
    **more: Any,  # noqa: ANN401 - fields of the value
) -> Member[BenefitInquiry]:
    """Return a member who is asked about, with the trace number `number`."""
    fields: dict[str, Any] = {
        "traces": (Trace(kind="1", number=number, originator="9HARBOR"),),
        "demographics": Demographics(birth_date=date(1980, 5, 4), gender="F"),
        "dates": (day("291", ASKED_ON),),
        "benefits": (BenefitInquiry(service_types=service_types or ("30",)),),
    }
    return Member(name=name, **fields | more)


def subscriber(member_id: str, number: str = "T1", **more: Any) -> Member[BenefitInquiry]:  # noqa: ANN401 - fields
    """Return a subscriber who is asked about."""
    return asked(number, person(member_id=member_id), **more)


def source(
    *subscribers: Member[BenefitInquiry], payer_id: str = "CANAL1"
) -> Source[BenefitInquiry]:
    """Return a payer who is asked about these."""
    return Source(
        name=payer(payer_id), receivers=(Receiver(name=provider(), subscribers=subscribers),)
    )


def inquiry(*sources: Source[BenefitInquiry], reference: str = "INQ1") -> EligibilityInquiry:
    """Return a 270."""
    beginning = Beginning(
        structure="0022",
        purpose="13",
        reference=reference,
        created_on=CREATED_AT.date(),
        created_at="0930",
    )
    return EligibilityInquiry(beginning=beginning, sources=sources)


def asking(*inquiries: EligibilityInquiry, **changes: Any) -> bytes:  # noqa: ANN401 - fields
    """Return a file with a transaction set for each inquiry."""
    around = envelope(guide=Guide.ELIGIBILITY, **changes)
    sets = [("270", write_270(each, around.delimiters)) for each in inquiries]
    return write_interchange(around, sets)


def member_id(kind: CoverageKind) -> str:
    """Return a member id that asks for this kind."""
    return f"SBX{COVERAGES[kind].code}1234567"


def acknowledgment(answers: Answers) -> FunctionalAcknowledgment:
    """Return the one 999."""
    (found,) = (read_999(each) for each in all_sets(answers, FileType.ACKNOWLEDGMENT))
    return found

"""277CA and TA1 files of the sandbox's clearinghouse and payer, made of values."""

from edi.acknowledgment_277ca import (
    AcknowledgedBatch,
    AcknowledgedClaim,
    AcknowledgedPatient,
    AcknowledgedProvider,
    ClaimAcknowledgment,
    Reporter,
    write_277ca,
)
from edi.acknowledgment_ta1 import InterchangeAcknowledgment, write_ta1
from edi.claim_status import StatusCode, StatusInformation
from edi.delimiters import STANDARD
from edi.guides import Guide
from edi.party_segments import Beginning, Name, Reference, Trace
from edi.writer import write_interchange
from tests.conftest import NOW
from tests.rcm.partner_files import NPI, envelope


def status(code: str) -> tuple[StatusInformation, ...]:
    """One STC, such as A7:164:IL; "" for none."""
    if not code:
        return ()
    category, why, entity = (*code.split(":"), "", "")[:3]
    return (
        StatusInformation(
            code=StatusCode(category=category, status=why, entity=entity),
            effective_date=NOW.date(),
        ),
    )


def said(number: str, code: str, payer_number: str = "") -> AcknowledgedPatient:
    """What is said of the claim with this CLM01."""
    references = (Reference(qualifier="1K", value=payer_number),) if payer_number else ()
    claim = AcknowledgedClaim(
        trace=Trace(kind="2", number=number), statuses=status(code), references=references
    )
    name = Name(entity="QC", entity_type="1", last_name="CANARY", first_name="ADA")
    return AcknowledgedPatient(name=name, claims=(claim,))


def file_277ca(
    *patients: AcknowledgedPatient,
    batch: int = 1,
    batch_code: str = "A1:19:PR",
    provider_code: str = "",
    is_payer: bool = False,
    has_provider: bool = True,
    number: int = 1,
) -> bytes:
    """A 277CA about the batch with this ISA13, by a clearinghouse or a payer."""
    provider = AcknowledgedProvider(
        name=Name(entity="85", entity_type="2", last_name="HARBOR", id_qualifier="XX", id=NPI),
        trace=Trace(kind="1", number="0"),
        statuses=status(provider_code),
        patients=patients,
    )
    reporter = Reporter(
        name=Name(
            entity="PR" if is_payer else "AY",
            entity_type="2",
            last_name="SANDBOX",
            id_qualifier="PI" if is_payer else "46",
            id="60054",
        ),
        trace=Trace(kind="1", number=f"R{number}"),
        batches=(
            AcknowledgedBatch(
                receiver=Name(
                    entity="41",
                    entity_type="2",
                    last_name="HARBOR BILLING",
                    id_qualifier="46",
                    id="HARBORBILLING",
                ),
                trace=Trace(kind="2", number=f"{batch:09d}"),
                statuses=status(batch_code),
                providers=(provider,) if has_provider else (),
            ),
        ),
    )
    acknowledgment = ClaimAcknowledgment(
        beginning=Beginning(
            structure="0085",
            purpose="08",
            reference=f"CA{number}",
            created_on=NOW.date(),
            created_at="0900",
            kind="TH",
        ),
        reporters=(reporter,),
    )
    writer = write_277ca(acknowledgment, STANDARD)
    around = envelope(Guide.CLAIM_ACKNOWLEDGMENT, number, "T")
    return write_interchange(around, [("277", writer)])


def file_ta1(interchange: int, code: str, note: str, number: int = 1) -> bytes:
    """A TA1 alone in its interchange."""
    acknowledgment = InterchangeAcknowledgment(
        control_number=f"{interchange:09d}", date="261123", time="0900", code=code, note=note
    )
    around = envelope(Guide.ACKNOWLEDGMENT, number, "T")
    return write_interchange(around, [], write_ta1([acknowledgment], STANDARD))

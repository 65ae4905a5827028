"""The segments of an 837P back to claims: what we sent, and what the sandbox payer receives."""

import re
from datetime import datetime

from edi.claim_837.model import (
    BillingProvider,
    Claim,
    ClaimBatch,
    Patient,
    Payer,
    Receiver,
    Submitter,
    Subscriber,
)
from edi.claim_837.read_claim import read_claim
from edi.claim_837.reading import Reading
from edi.envelope import TransactionSet
from edi.findings import ReadError, error
from edi.guides import FileType

_TIME = re.compile("[0-9]{4}")


def read_837p(transaction_set: TransactionSet) -> ClaimBatch:
    """Return the claims of one transaction set.

    Segments that this model does not know are kept in `other`. Raises ReadError, with the
    place, where a loop that every claim needs is missing or an element cannot be read.
    """
    if transaction_set.file_type is not FileType.CLAIM_PROFESSIONAL:
        place = transaction_set.segments[0].place(3)
        raise ReadError(error("837-NOT-837P", "The transaction set is not an 837P.", place=place))
    return _batch(Reading(transaction_set))


def _batch(reading: Reading) -> ClaimBatch:
    bht = reading.need("BHT")
    reading.skip_to("NM1")
    submitter = reading.need("NM1", "41")
    contact = reading.need("PER")
    reading.skip_to("NM1")
    receiver = reading.need("NM1", "40")
    claims: list[Claim] = []
    reading.skip_to("HL")
    while not reading.cursor.is_at_end:
        _billing_provider_loop(reading, claims)
    day = reading.day(bht, 4, bht.get(4))
    clock = bht.get(5).ljust(4, "0")
    if not (_TIME.fullmatch(clock[:4]) and clock[:2] < "24" and clock[2:4] < "60"):
        raise reading.refuse("837-TIME", "There is no such time.", bht, 5)
    return ClaimBatch(
        reference=bht.get(3),
        created_at=datetime(  # noqa: DTZ001  # The partner's local time, as BHT carries it.
            day.year, day.month, day.day, int(clock[:2]), int(clock[2:4])
        ),
        submitter=Submitter(
            name=submitter.get(3),
            id=submitter.get(9),
            contact_name=contact.get(2),
            contact_phone=contact.get(4),
        ),
        receiver=Receiver(name=receiver.get(3), id=receiver.get(9)),
        claims=tuple(claims),
        other=tuple(reading.other),
    )


def _level(reading: Reading, code: str) -> bool:
    """Take the next HL where it has this level code."""
    segment = reading.cursor.peek()
    if segment.id != "HL" or segment.get(3) != code:
        return False
    reading.cursor.take()
    return True


def _billing_provider_loop(reading: Reading, claims: list[Claim]) -> None:
    if not _level(reading, "20"):
        raise reading.refuse("837-HL", "A billing provider level (HL03 20) is expected here.")
    provider = _billing_provider(reading)
    while _level(reading, "22"):
        subscriber, payer, is_patient = _subscriber(reading)
        if is_patient:
            _claims(reading, claims, provider, subscriber, payer, None)
        while _level(reading, "23"):
            patient = _patient(reading)
            _claims(reading, claims, provider, subscriber, payer, patient)


def _billing_provider(reading: Reading) -> BillingProvider:
    prv = reading.cursor.take_if("PRV", "BI")
    reading.skip_to("NM1")
    name = reading.need("NM1", "85")
    address = reading.need_address()
    reference = reading.need("REF", "EI", "SY")
    contact = reading.cursor.take_if("PER")
    reading.skip_to("NM1", "HL")
    pay_to = None
    if reading.cursor.take_if("NM1", "87"):
        pay_to = reading.need_address()
    reading.skip_to("HL")
    return BillingProvider(
        npi=name.get(9),
        name=name.get(3),
        first_name=name.get(4),
        is_person=name.get(2) == "1",
        tax_id=reference.get(2),
        tax_id_kind=reference.get(1),
        taxonomy=prv.get(3) if prv else "",
        address=address,
        contact_name=contact.get(2) if contact else "",
        contact_phone=contact.get(4) if contact else "",
        pay_to_address=pay_to,
    )


def _subscriber(reading: Reading) -> tuple[Subscriber, Payer, bool]:
    sbr = reading.need("SBR")
    reading.skip_to("NM1")
    name = reading.need("NM1", "IL")
    person = reading.person(name)
    reading.skip_to("NM1", "HL", "CLM")
    payer = reading.need("NM1", "PR")
    reading.skip_to("HL", "CLM")
    subscriber = Subscriber(
        responsibility=sbr.get(1),
        group_number=sbr.get(3),
        group_name=sbr.get(4),
        filing_code=sbr.get(9),
        member_id=name.get(9),
        person=person,
    )
    return subscriber, Payer(name=payer.get(3), id=payer.get(9)), sbr.get(2) == "18"


def _patient(reading: Reading) -> Patient:
    pat = reading.need("PAT")
    name = reading.need("NM1", "QC")
    person = reading.person(name)
    reading.skip_to("HL", "CLM")
    return Patient(relationship=pat.get(1), person=person)


def _claims(
    reading: Reading,
    claims: list[Claim],
    provider: BillingProvider,
    subscriber: Subscriber,
    payer: Payer,
    patient: Patient | None,
) -> None:
    while clm := reading.cursor.take_if("CLM"):
        claims.append(read_claim(reading, clm, provider, subscriber, payer, patient))

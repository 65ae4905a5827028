"""A broken file can have a name where a code should be: no finding, and no event, carries it."""

import json
import re
from collections.abc import Iterator
from uuid import UUID

import pytest

from edi.acknowledgment_999 import read_999
from edi.claim_837 import read_837p
from edi.claim_status import StatusCode, StatusInformation
from edi.envelope import TransactionSet
from edi.findings import Finding, ReadError
from edi.guide import validate_with_guide
from edi.guides import Guide
from edi.pyx12_validator import validate_with_pyx12
from edi.reader import read_interchanges
from edi.remittance_835.balance import check_balance
from edi.remittance_835.read import read_835
from rcm.claims.acknowledge import acknowledgment_events
from rcm.claims.claim_acknowledgment import Told, Verdict, events_of
from rcm.encode import findings_to_json
from tests.claims import CHILD, batch, claim, upload
from tests.edi.x12_texts import set_of_texts
from tests.rcm.partner_files import file_835, payment, remit

CANARY = re.compile("canary", re.IGNORECASE)
CLAIMS = upload(batch(claim(), claim(patient=CHILD)))
PAYMENTS = file_835(remit(payment("PCN1", 100, 100))).replace(
    b"CLP*", b"NM1*QC*1*CANARY*ADA****MI*CANARY1~CLP*"
)


def damaged(body: bytes) -> Iterator[bytes]:
    """The file with an end of segment before, in or behind each name, or a name for a code."""
    for found in re.finditer(b"CANARY", body):
        for at in (found.start(), found.start() + 3, found.end()):
            yield body[:at] + b"~" + body[at:]
        yield body[: found.start()] + b"~CANARY*" + body[found.start() :]
    for name in (b"CANARY", b"Canary Ada"):
        for code in (b"0001", b"NM1*", b"ST*", b"SE*", b"GS*", b"GE*", b"HL*", b"CLP*", b"~"):
            yield body.replace(code, name + b"*")
            yield body.replace(code, name + b"~" + code, 3)


def read(transaction_set: TransactionSet) -> tuple[Finding, ...]:
    """What the readers say of a set, each of which is asked."""
    found = list(transaction_set.findings)
    try:
        remittance = read_835(transaction_set)
        found += [*remittance.findings, *check_balance(remittance).findings()]
    except ReadError as refusal:
        found.append(refusal.finding)
    for reader in (read_837p, read_999):
        try:
            reader(transaction_set)
        except ReadError as refusal:
            found.append(refusal.finding)
    return tuple(found)


@pytest.mark.parametrize("body", [CLAIMS, PAYMENTS], ids=["837P", "835"])
def test_no_finding_of_a_damaged_file_names_anybody(body: bytes) -> None:
    assert CANARY.search(body.decode())
    codes = set()
    for data in damaged(body):
        found: list[Finding] = []
        try:
            interchanges = read_interchanges(data)
        except ReadError as refusal:
            found.append(refusal.finding)
            interchanges = ()
        for interchange in interchanges:
            found += interchange.findings
            for group in interchange.groups:
                for each in group.sets:
                    found += read(each)
                    found += validate_with_pyx12(each, group, interchange)
                    found += validate_with_guide(each, group, interchange)
        codes |= {each.code for each in found}
        rows = json.dumps(findings_to_json(found))
        assert not CANARY.search(rows), rows
        assert not CANARY.search(" ".join(str(each.place) for each in found))
    assert {"X12-STRAY", "PYX12-SEGMENT-1", "GUIDE-SEGMENT-1"} <= codes


NAMES = ("CANARY", "CANARY ADA", "2175550100")
GOOD_999 = ("AK1*HC*7", "AK2*837*0001", "IK3*NM1*9*2010BA*8", "IK4*3:1*1035*I12", "IK5*R*5*I5")


def damaged_999(name: str) -> Iterator[TransactionSet]:
    """A 999 with the name in the place of each element in turn, but for what names its claims."""
    for n, segment in enumerate(GOOD_999[2:], start=2):
        elements = segment.split("*")
        for at in range(1, len(elements)):
            changed = "*".join((*elements[:at], name, *elements[at + 1 :]))
            texts = (*GOOD_999[:n], changed, *GOOD_999[n + 1 :], "AK9*R*1*1*0")
            yield set_of_texts(*texts, guide=Guide.ACKNOWLEDGMENT)


def details(transaction_set: TransactionSet) -> list[object]:
    events = acknowledgment_events(
        read_999(transaction_set),
        {"0001": [UUID(int=1)]},
        outbound_id=UUID(int=2),
        file_id=UUID(int=3),
    )
    return [event.detail for event in events]


def test_the_codes_of_a_999_are_kept_with_the_claim() -> None:
    (detail,) = details(
        set_of_texts(*GOOD_999, "AK9*R*1*1*0", guide=Guide.ACKNOWLEDGMENT),
    )
    element = {"element": 3, "component": 1, "code": "I12"}
    assert detail == {
        "code": "R",
        "reasons": ["5", "I5"],
        "errors": [
            {"segment": "NM1", "position": 9, "loop": "2010BA", "code": "8", "elements": [element]}
        ],
    }


@pytest.mark.parametrize("name", NAMES)
def test_no_event_of_a_damaged_999_names_anybody(name: str) -> None:
    told = [detail for damaged in damaged_999(name) for detail in details(damaged)]
    assert len(told) == 9  # Of ten: without a verdict in IK501 nothing is told.
    assert name not in json.dumps(told)


def test_no_status_of_a_277ca_names_anybody() -> None:
    codes = [
        StatusCode(category="A7", status="CANARY", entity="IL"),
        StatusCode(category="A7", status="164", entity="CANARY"),
        StatusCode(category="CANARY", status="164", entity="IL"),
    ]
    statuses = tuple(StatusInformation(code=code) for code in codes)
    told = Told(
        claim_id=UUID(int=1),
        outbound_id=UUID(int=3),
        verdict=Verdict.REJECTED,
        statuses=statuses,
        is_payer=True,
    )
    (event,) = events_of([told], file_id=UUID(int=2), set_number="0001")
    assert event.detail == {"statuses": ["A7::IL", "A7:164"]}

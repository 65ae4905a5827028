"""What the tests of files, partners and jobs bring into the world, each of its own."""

from itertools import count
from uuid import UUID

from edi.acknowledgment_999 import ElementError, SegmentError, SetAcknowledgment
from rcm.files import read_bytes
from samples.encounters import encounters
from tests.harness import Practice
from tests.rcm.answer_files import file_277ca, said
from tests.rcm.partner_files import Sent, file_835, file_999, payment, receive, remit, send, service

CANARY = "<img src=x onerror=alert(1)>"
_NUMBERS = count(700_001)  #: Of interchanges; the sandbox counts from 1.


def claim_sent(practice: Practice, source: str) -> Sent:
    """Send one claim in a file of its own that nobody has answered."""
    today = practice.tools.today()
    ((_, sample),) = encounters(1, seed=3, today=today, source=source)
    return send(practice, sample)[-1]


def rejected(practice: Practice, claim: Sent) -> UUID:
    """Let the payer reject a claim for its member id: the 277CA."""
    batch = practice.rows(
        "SELECT interchange_number AS n FROM file WHERE id = :id", id=claim.file_id
    )
    answer = file_277ca(
        said(claim.number, "A7:164:IL"), batch=batch[0].n, is_payer=True, number=next(_NUMBERS)
    )
    return receive(practice, answer, name="answer_277ca.x12")


def refused(practice: Practice, claim: Sent) -> tuple[UUID, int]:
    """Let a 999 refuse the birth date of a claim's file; the 999, and the line of the date."""
    ids = [
        line.split("*", 1)[0].strip()
        for line in bytes_of(practice, claim.file_id).decode().split("~")
    ]
    at = ids.index("DMG") + 1
    wrong = ElementError(element=2, code="8", value="CANARY")
    segment = SegmentError(segment_id="DMG", position=at - 2, code="8", elements=(wrong,))
    verdict = SetAcknowledgment(
        set_id="837", control_number="0001", errors=(segment,), code="R", reasons=("5",)
    )
    answer = file_999(claim.group_number, "R", verdict, number=next(_NUMBERS))
    return receive(practice, answer, name="answer_999.x12"), at


def bytes_of(practice: Practice, file_id: UUID) -> bytes:
    """Return the bytes of a file."""
    with practice.unit_of_work() as session:
        return read_bytes(session, practice.tools.keys, file_id)


def large_835(practice: Practice, claims: int) -> UUID:
    """Let a remittance of many claims of eight lines, none of them ours, come in."""
    lines = (service(1_000, 1_000),) * 8
    payments = [payment(f"NOBODYS{n}", 8_000, 8_000, services=lines) for n in range(claims)]
    body = file_835(remit(*payments), number=next(_NUMBERS))
    return receive(practice, body, name="large.835")


def kept_aside(practice: Practice, body: bytes = b"Dear practice", name: str = "odd.x12") -> UUID:
    """Let something come that is no X12, or other bytes that may not be used."""
    return receive(practice, body + b" %d" % next(_NUMBERS), name=name)


def number_again(practice: Practice) -> UUID:
    """Let an interchange come whose number came before with other content."""
    number = next(_NUMBERS)
    receive(practice, file_835(remit(), number=number))
    return receive(practice, file_835(remit(payment("NOBODYS", 100, 100)), number=number))

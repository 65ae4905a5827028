"""One claim of an odd kind, in one set with a claim that is ordinarily paid, and its answers."""

from edi.remittance_835.model import Remittance
from sandbox.decision import Kind
from sandbox.journal import ClaimRow
from sandbox.outbox import AnswerFile, Answers
from tests.claims import batch, claim, lines, upload
from tests.sandbox.readings import answers_to, claim_rows, member, remittances

CHARGE, PAID, CORRECTED = 20000, 14000, 16000
UNBALANCED = (Kind.UNBALANCED_SERVICE, Kind.UNBALANCED_CLAIM, Kind.UNBALANCED_SET)
UNPOSTED = (Kind.UNBALANCED_SET, Kind.PRENOTE, Kind.TEST_FLAG, Kind.TRUNCATED)


def ask(kind: Kind) -> Answers:
    """Ask for a kind, in one set with a claim that is ordinarily paid."""
    odd = claim(member_id=member(kind), patient_control_number="ODD", lines=lines(15000, 5000))
    usual = claim(member_id=member(Kind.PAID_IN_FULL), patient_control_number="USUAL")
    return answers_to(upload(batch(odd, usual)))


def odd_files(answers: Answers) -> list[AnswerFile]:
    """Every 835 file but that of the usual claim."""
    files = (*answers.files, *answers.later_files)
    return [file for file in files if "_835" in file.name and b"*USUAL*" not in file.body]


def told(answers: Answers) -> list[Remittance]:
    """Every 835 but that of the usual claim."""
    return [
        each
        for each in remittances(answers)
        if all(paid.patient_control_number != "USUAL" for paid in each.claims)
    ]


def plb(remittance: Remittance) -> list[tuple[str, str, int]]:
    return [
        (each.reason, each.reference, each.amount_cents) for each in remittance.provider_adjustments
    ]


def odd_rows(answers: Answers) -> list[ClaimRow]:
    """Every row of the journal but that of the usual claim."""
    return [row for row in claim_rows(answers) if row.patient_control_number != "USUAL"]

"""What the sandbox payer answered, read back by edi."""

from datetime import UTC, datetime

from edi.acknowledgment_277ca import ClaimAcknowledgment, read_277ca
from edi.eligibility_271 import EligibilityResponse, read_271
from edi.envelope import Interchange, TransactionSet
from edi.findings import Finding
from edi.guides import FileType
from edi.pyx12_validator import validate_with_pyx12
from edi.reader import read_interchanges
from edi.remittance_835.model import Remittance
from edi.remittance_835.read import read_835
from sandbox.adjudicate import RULES
from sandbox.decision import Kind
from sandbox.journal import ClaimRow, PaymentRow
from sandbox.outbox import AnswerFile, Answers, Numbers
from sandbox.payer import answer
from sandbox.remit import PayerIdentity

NOW = datetime(2026, 3, 3, 9, 1, tzinfo=UTC)


def member(kind: Kind) -> str:
    """Return a member id that asks for this kind."""
    return f"SBX{RULES[kind].code}7"


def answers_to(body: bytes, numbers: Numbers | None = None) -> Answers:
    """Return what the payer answers to a file of one interchange."""
    (interchange,) = read_interchanges(body)
    return answer(interchange, numbers=numbers or Numbers(), now=NOW, identity=PayerIdentity())


def whole(file: AnswerFile) -> Interchange:
    """Return the one interchange of a file: whole, and without a finding of ours or of pyx12.

    pyx12 has no map for the 271.
    """
    (interchange,) = read_interchanges(file.body)
    assert file.name.startswith(f"{interchange.control_number}_")
    assert interchange.is_complete
    assert interchange.findings == ()
    for group in interchange.groups:
        for each in group.sets:
            assert each.findings == ()
            judged = validate_with_pyx12(each, group, interchange)
            assert each.set_id == "271" or unexplained(judged) == []
    return interchange


def unexplained(findings: tuple[Finding, ...]) -> list[Finding]:
    """Leave out that a 277CA has no level of providers or patients.

    The map of pyx12 requires them; whoever refuses a batch or provider whole has none (M37).
    """
    places = {("HL", "2000C"), ("HL", "2000D")}
    return [each for each in findings if (each.place.segment_id, each.place.loop) not in places]


def all_sets(answers: Answers, kind: FileType) -> list[TransactionSet]:
    """Return every set of this kind, those shown later last."""
    interchanges = [whole(file) for file in (*answers.files, *answers.later_files)]
    return [each for one in interchanges for each in one.sets() if each.file_type is kind]


def claim_acknowledgments(answers: Answers) -> list[ClaimAcknowledgment]:
    """Return every 277CA; none has a finding."""
    found = [read_277ca(each) for each in all_sets(answers, FileType.CLAIM_ACKNOWLEDGMENT)]
    assert all(each.findings == () for each in found)
    return found


def remittances(answers: Answers) -> list[Remittance]:
    """Return every 835; none has a finding."""
    found = [read_835(each) for each in all_sets(answers, FileType.REMITTANCE)]
    assert all(each.findings == () for each in found)
    return found


def eligibility_responses(answers: Answers) -> list[EligibilityResponse]:
    """Return every 271; none has a finding."""
    found = [read_271(each) for each in all_sets(answers, FileType.ELIGIBILITY_RESPONSE)]
    assert all(each.findings == () for each in found)
    return found


def claim_rows(answers: Answers) -> list[ClaimRow]:
    """Return the journal's rows of claims, later ones last."""
    rows = (*answers.rows, *answers.later_rows)
    return [row for row in rows if isinstance(row, ClaimRow)]


def payment_rows(answers: Answers) -> list[PaymentRow]:
    """Return the journal's rows of payments, later ones last."""
    rows = (*answers.rows, *answers.later_rows)
    return [row for row in rows if isinstance(row, PaymentRow)]

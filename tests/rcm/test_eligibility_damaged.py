"""A damaged 271 is answered or refused like any other, and names nobody outside of the answer."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from uuid import UUID

from edi.eligibility_271 import read_271
from edi.findings import Finding, ReadError
from edi.money import Cents
from edi.reader import read_interchanges
from rcm.eligibility.accumulators import accumulators
from rcm.eligibility.answer_store import answer_from_json, answer_to_json
from rcm.eligibility.interpret import answer_of, read_told
from rcm.eligibility.model import Answer
from rcm.encode import findings_to_json
from rcm.worklists.eligibility import item_of
from tests.rcm.eligibility_files import aaa, eb, file_271, person, response

CANARY = re.compile("canary", re.IGNORECASE)
TOLD = file_271(
    response(
        person(
            "TRACE1",
            eb("1", plan_description="PLAN OF CANARY", messages=("ASK FOR CANARY",)),
            eb("C", period="23", amount_cents=Cents(1)),
        ),
        person("TRACE2", errors=(aaa("75"),)),
    )
)


def damaged(body: bytes) -> Iterator[bytes]:
    """The file cut at places, with ends where none should be, and with names where codes are."""
    for at in range(106, len(body), 3):
        yield body[:at]
        yield body[:at] + b"~" + body[at:]
        yield body[:at] + b"*CANARY*" + body[at:]
    for code in (b"AAA*", b"EB*", b"HL*", b"NM1*", b"TRN*", b"BHT*", b"75", b"22", b"2000"):
        yield body.replace(code, b"CANARY*")
        yield body.replace(code, code + b"CANARY*")


def interpreted(body: bytes) -> tuple[list[Answer], list[Finding]]:
    answers: list[Answer] = []
    findings: list[Finding] = []
    try:
        for interchange in read_interchanges(body):
            findings += interchange.findings
            for transaction_set in interchange.sets():
                said = read_271(transaction_set)
                findings += said.findings
                told = read_told(said)
                answers += [answer_of(each, service_date=date(2026, 11, 2)) for each in told]
    except ReadError as refusal:
        findings.append(refusal.finding)
    return answers, findings


def test_the_whole_file_is_told() -> None:
    answers, findings = interpreted(TOLD)
    assert [str(each.outcome) for each in answers] == ["active", "not_found"]
    assert findings == []
    assert CANARY.search(answer_to_json(answers[0]).decode())  # Sealed, this is.


def test_a_damaged_file_is_answered_and_names_nobody_outside_of_the_answer() -> None:
    outcomes = set()
    for body in damaged(TOLD):
        answers, findings = interpreted(body)
        shown = [json.dumps(findings_to_json(findings))]
        for answer in answers:
            outcomes.add(answer.outcome)
            accumulators(answer.benefits)
            assert answer_from_json(answer_to_json(answer)) == answer
            item = item_of(UUID(int=1), answer, retry_at=None)
            if item is not None:
                shown.append(json.dumps(asdict(item), default=str))
        assert not CANARY.search("".join(shown))
    assert {"active", "not_found", "refused", "unclear"} <= outcomes


def test_what_is_kept_of_a_person_is_not_shown_by_repr() -> None:
    answers, _ = interpreted(TOLD)
    for answer in answers:
        assert not CANARY.search(repr(answer))
        assert "M1" not in repr(answer)

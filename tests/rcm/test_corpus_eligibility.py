"""Real 271s, where they lie beside the repository: each has an answer that can be kept."""

from datetime import date

import pytest

from edi.eligibility_271 import read_271
from rcm.eligibility.accumulators import accumulators
from rcm.eligibility.answer_store import answer_from_json, answer_to_json
from rcm.eligibility.interpret import answer_of, read_told
from rcm.eligibility.model import Answer, Outcome
from tests.edi.test_corpus_answers import INDEX, READ, sets

ON = date(2026, 11, 2)
ROWS = [row for row in READ if row["type"] == "271"]

pytestmark = pytest.mark.skipif(not INDEX.exists(), reason="the corpus is not here")


def answers(row: dict[str, str]) -> list[Answer]:
    return [
        answer_of(told, service_date=ON)
        for transaction_set, _, _ in sets(row)
        for told in read_told(read_271(transaction_set))
    ]


@pytest.mark.parametrize("row", ROWS, ids=[row["file"] for row in ROWS])
def test_a_real_response_is_answered(row: dict[str, str]) -> None:
    found = answers(row)
    assert found
    for answer in found:
        accumulators(answer.benefits)
        assert answer_from_json(answer_to_json(answer)) == answer


OUTCOMES = {
    "271-kartik-271-active-response.edi": [Outcome.ACTIVE],
    "271-kartik-271-rejected-subscriber.edi": [Outcome.NOT_FOUND],
    "271-lfh-subscriber-health-benefit-check-error.edi": [Outcome.REFUSED],
}


@pytest.mark.parametrize(("name", "outcomes"), OUTCOMES.items(), ids=OUTCOMES)
def test_a_real_response_has_the_outcome_it_says(name: str, outcomes: list[Outcome]) -> None:
    (row,) = (row for row in ROWS if row["file"] == name)
    assert [answer.outcome for answer in answers(row)] == outcomes

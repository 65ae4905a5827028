"""A 270 that a 999 or TA1 refuses fails its checks, with one thing to do for all of them."""

from typing import Any

import pytest

from edi.acknowledgment_999 import SetAcknowledgment
from tests.rcm.answer_files import file_ta1
from tests.rcm.eligibility_files import (
    ACTIVE,
    Office,
    built,
    check,
    checks,
    file_271,
    inquiries,
    reply,
    work,
)
from tests.rcm.intake import encounter
from tests.rcm.partner_files import file_999, receive

REFUSALS = {
    "999 of the group": lambda: file_999(1, "R"),
    "999 of the set": lambda: file_999(
        1, "P", SetAcknowledgment(set_id="270", control_number="0001", code="R")
    ),
    "TA1": lambda: file_ta1(1, "R", "006"),
}


@pytest.mark.parametrize("body", REFUSALS.values(), ids=REFUSALS)
def test_a_file_that_is_refused_fails_its_checks(office: Office, body: Any) -> None:  # noqa: ANN401
    built(office, encounter(), encounter(external_id="b", patient__external_id="B"))
    check(office)
    receive(office, body())
    assert checks(office) == [("failed", None)] * 2
    assert len(work(office)) == 1
    assert office.rows("SELECT state FROM file WHERE direction = 'outbound'") == [("rejected",)]
    receive(office, file_271(reply(inquiries(office)[-1], ACTIVE), number=2))
    assert checks(office) == [("answered", "active")] * 2  # An answer is the stronger word.


def test_a_file_that_is_accepted_goes_on_waiting(office: Office) -> None:
    built(office)
    check(office)
    receive(office, file_999(1, "A"))
    assert checks(office) == [("sent", None)]
    assert office.rows("SELECT state FROM file WHERE direction = 'outbound'") == [("accepted",)]

"""Questions to ask in a 270. Every patient is named Canary."""

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from edi.eligibility_270 import EligibilityInquiry
from rcm.eligibility.inquiry import Question, build_inquiry
from rcm.encounters.model import EncounterIn
from tests.rcm.intake import PAYERS, PRACTICE, SEEN_ON, encounter

AT = datetime(2026, 11, 2, 9, 5, tzinfo=UTC)
REFERENCE = "000000012"  #: BHT03.
HOLDER = {
    "first_name": "Bea",
    "last_name": "Canary",
    "date_of_birth": "1980-02-29",
    "gender": "female",
    "address": {"line1": "1 Elm Street", "city": "Austin", "state": "TX", "zip": "78701"},
}
CHILD: dict[str, Any] = {"coverages__0__relationship": "child", "coverages__0__subscriber": HOLDER}


def question(trace: str = "T1", **changes: Any) -> Question:  # noqa: ANN401 - any JSON
    """A question about the sample encounter, changed."""
    read = EncounterIn.model_validate(encounter(**deepcopy(changes)))
    return Question(
        check_id=uuid5(NAMESPACE_OID, trace),
        trace=trace,
        service_date=SEEN_ON,
        service_types=("30",),
        practice=PRACTICE,
        payer=PAYERS[read.coverages[0].payer.id],
        patient=read.patient,
        coverage=read.coverages[0],
    )


def inquiry(*questions: Question) -> EligibilityInquiry:
    """The 270 of some questions."""
    return build_inquiry(questions, reference=REFERENCE, written_at=AT)

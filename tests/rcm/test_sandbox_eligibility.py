"""The sandbox's payer answers our 270s, and each answer comes to what the rules say."""

from typing import NamedTuple

import pytest

from rcm import jobs
from rcm.db import snapshot
from rcm.eligibility.model import Cause
from rcm.eligibility.service import check_coverages
from rcm.proof import verify
from samples.hostile import INQUIRY_CODES
from tests.rcm.eligibility_files import Office, done, work
from tests.rcm.intake import encounter


class End(NamedTuple):
    """What an answer comes to: its outcome, the unsent claim, and open work by kind and reason."""

    outcome: str
    claim: str
    work: tuple[tuple[str, str], ...] = ()


INACTIVE = ("held", "CLAIM-COVERAGE-INACTIVE")
ENDS = {
    "41": End("active", "ready"),
    "42": End("inactive", "held", (("eligibility", "INACTIVE"), INACTIVE)),
    "43": End("not_found", "ready", (("eligibility", "AAA-75"),)),
    "44": End("payer_down", "ready"),
    "45": End("active", "ready", (("eligibility", "INS-25"),)),
    "99": End("active", "ready"),  # No code of its own.
}  # fmt: skip


def test_every_kind_of_answer_is_decided() -> None:
    assert set(ENDS) == {*INQUIRY_CODES, "99"}


@pytest.mark.parametrize("code", ENDS)
def test_a_member_is_answered_as_its_number_says(office: Office, code: str) -> None:
    office.post(encounter(coverages__0__member_id=f"SBX{code}1234567"))
    office.drain()
    with office.unit_of_work() as session:
        ids = [row.id for row in office.rows("SELECT id FROM coverage")]
        check_coverages(session, office.tools, ids, cause=Cause.BATCH)
    office.drain()
    office.clearinghouse.visit()
    with office.unit_of_work() as session:
        jobs.add(session, "collect_files", ref_id=office.partner_id)
    office.drain()
    ((outcome, status),) = office.rows(
        "SELECT outcome, claim.status FROM claim JOIN eligibility_check USING (coverage_id)"
    )
    end = ENDS[code]
    assert (outcome, status) == (end.outcome, end.claim)
    assert sorted((kind, reason) for kind, reason, _ in work(office)) == sorted(end.work)
    with snapshot(office.unit_of_work) as session:
        assert verify(session, office.tools).differences == ()
    done(office)

"""Every kind of answer that the sandbox has ends in the state that the rules say.

Beside each claim of a kind stands one that is paid in full: what is wrong with one claim must
not touch the other, unless the answer is about the whole file.
"""

from typing import NamedTuple

import pytest

from cli.books import book_differences
from rcm.db import snapshot
from rcm.proof import verify
from sandbox.adjudicate import RULES
from sandbox.decision import Kind
from sandbox.journal import read_journal
from tests.harness import Practice
from tests.rcm.intake import encounter

WHOLE_FILE = {
    Kind.REJECTED_999: "refused",
    Kind.REJECTED_277CA_BATCH: "rejected_by_payer",
    Kind.REJECTED_277CA_PROVIDER: "rejected_by_payer",
}


class End(NamedTuple):
    """How it ends: the claim, the remittances, what people have to do, and the money in cents."""

    claim: str
    remittances: tuple[str, ...]  #: Their states, besides those of the other claim, sorted.
    work: tuple[str, ...]  #: Kind and reason of open items, sorted.
    cash: int
    suspense: int = 0


PAID = End("paid", (), (), 7_000)
ENDS = {
    Kind.PAID_REDUCED: PAID,
    Kind.PATIENT_SHARE: End("paid", (), (), 4_340),
    Kind.PAID_IN_FULL: End("paid", (), (), 10_000),
    Kind.DENIED_MISSING: End("denied", (), ("denied CO-16",), 0),
    Kind.DENIED_TIMELY: End("denied", (), ("denied CO-29",), 0),
    Kind.DENIED_BUNDLED: End("denied", (), ("denied CO-97",), 0),
    Kind.DENIED_AUTHORIZATION: End("denied", (), ("denied CO-197",), 0),
    Kind.DEDUCTIBLE: End("paid", (), (), 0),
    Kind.REJECTED_999: End("refused", (), ("rejected 999-R",) * 2, 0),
    Kind.REJECTED_277CA: End("rejected_by_payer", (), ("rejected A7:164:IL",), 0),
    Kind.REJECTED_277CA_BATCH: End("rejected_by_payer", (), ("rejected A3:24:41",) * 2, 0),
    Kind.REJECTED_277CA_PROVIDER: End("rejected_by_payer", (), ("rejected A8:562:85",) * 2, 0),
    Kind.NEVER_ANSWERED: End("acknowledged", (), (), 0),
    Kind.DENIED_NECESSITY: End("denied", (), ("denied CO-50",), 0),
    Kind.ZERO_PAY: End("paid", ("posted",), (), 0),
    Kind.FORWARDED: PAID._replace(remittances=("posted",)),
    Kind.REVERSED_SAME_FILE: End("paid", ("posted", "posted"), (), 8_000),
    Kind.REVERSED_LATER: End("paid", ("posted", "posted", "posted"), (), 8_000),
    Kind.PLB_WO: End("paid", ("posted",), (), 6_500),
    Kind.PLB_FB: End("paid", ("posted",), (), 0),
    Kind.PLB_L6: End("paid", ("posted",), (), 7_137),
    Kind.PLB_72: PAID._replace(remittances=("posted",)),
    Kind.PLB_ONLY: End("paid", ("posted", "posted"), (), 7_137),
    Kind.UNBALANCED_SERVICE: End(
        "accepted_by_payer", ("posted",), ("suspense unbalanced",), 7_000, suspense=7_000
    ),
    Kind.UNBALANCED_CLAIM: End(
        "accepted_by_payer", ("posted",), ("suspense unbalanced",), 7_100, suspense=7_100
    ),
    Kind.UNBALANCED_SET: End("accepted_by_payer", ("held",), ("remittance 835-HELD",), 0),
    Kind.NOT_OURS: End("paid", ("posted",), ("suspense unmatched",), 14_000, suspense=7_000),
    Kind.DUPLICATE_BYTES: PAID._replace(remittances=("posted",)),
    Kind.DUPLICATE_INTERCHANGE: End("paid", ("posted",), ("file X12-NUMBER-AGAIN",), 7_000),
    Kind.DUPLICATE_PAYMENT: End("paid", ("duplicate", "posted"), (), 7_000),
    Kind.PRENOTE: End("accepted_by_payer", ("recorded",), (), 0),
    Kind.TEST_FLAG: End("accepted_by_payer", (), ("file X12-WRONG-USAGE",), 0),
    Kind.TA1_WITH_999: PAID,
    Kind.ODD_DELIMITERS: PAID._replace(remittances=("posted",)),
    Kind.CRLF: PAID._replace(remittances=("posted",)),
    Kind.TRUNCATED: End("accepted_by_payer", (), (), 0),  # Not fetched: its IEA may yet come.
    Kind.EARLY_835: PAID,
    Kind.CORRECTION_FIRST: End("paid", ("posted",) * 3, (), 15_000),  # 7,000 carried forward.
    Kind.REVERSED_BARE: End("paid", ("posted",) * 2, (), 8_000),
    Kind.PENDING_LINE: End("paid", ("posted",) * 2, (), 7_000),
    Kind.UNPROCESSABLE: End("denied", (), ("denied CO-16",), 0),
    Kind.NO_CONTROL_NUMBER: End(
        "accepted_by_payer", ("posted",), ("suspense unmatched",), 7_000, suspense=7_000
    ),
    Kind.MEDICARE_ADVANTAGE: End("denied", (), ("denied CO-24",), 0),
    Kind.REVERSED_ONLY: End("reversed", ("posted",) * 2, ("follow_up REVERSED",), 7_000),
    Kind.PAID_TO_PATIENT: End("paid", (), ("follow_up CARC-100",), 0),
    Kind.SECONDARY: End("paid", ("posted",) * 2, (), 6_300),
    Kind.SPLIT: PAID._replace(remittances=("posted",)),
    Kind.FULL_PREDETERMINATION: PAID._replace(remittances=("posted", "posted")),
}
OTHER_CENTS = 10_000


def test_every_kind_is_decided() -> None:
    assert set(ENDS) == set(Kind) == set(RULES)


@pytest.mark.parametrize("kind", ENDS)
def test_an_answer_ends_in_the_state_that_the_rules_say(practice: Practice, kind: Kind) -> None:
    for external_id, code in (
        ("asked", RULES[kind].code),
        ("other", RULES[Kind.PAID_IN_FULL].code),
    ):
        posted = encounter(external_id=external_id)
        posted["coverages"][0]["member_id"] = f"SBX{code}1234567"
        practice.post(posted)
    practice.exchange(rounds=5)
    assert practice.rows("SELECT kind, last_error_code FROM job WHERE state <> 'done'") == []
    statuses = dict(
        tuple(row)
        for row in practice.rows(
            "SELECT external_id, c.status FROM claim c JOIN encounter e ON e.id = encounter_id"
        )
    )
    end = ENDS[kind]
    assert statuses == {"asked": end.claim, "other": WHOLE_FILE.get(kind, "paid")}
    work = practice.rows("SELECT kind || ' ' || reason AS text FROM work_item WHERE state = 'open'")
    assert sorted(row.text for row in work) == sorted(end.work)
    with snapshot(practice.unit_of_work) as session:
        proof = verify(session, practice.tools)
        told = book_differences(session, read_journal(practice.journal))
    assert (proof.differences, told) == ((), ())
    others = 0 if kind in WHOLE_FILE else OTHER_CENTS
    assert proof.balances.get("cash:in-transit", 0) == end.cash + others
    suspense = {"suspense:unmatched", "suspense:unbalanced"} & set(proof.balances)
    assert -sum(proof.balances[account] for account in suspense) == end.suspense
    states = sorted(row.state for row in practice.rows("SELECT state FROM remittance"))
    assert states == ([] if kind in WHOLE_FILE else sorted([*end.remittances, "posted"]))

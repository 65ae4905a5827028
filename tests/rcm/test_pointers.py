"""Where a clearinghouse points in our 837P, and which field of the encounter that is."""

import pytest

from edi.acknowledgment_999 import ElementError, SegmentError, SetAcknowledgment
from edi.claim_837 import Claim
from edi.envelope import TransactionSet
from edi.reader import read_interchanges
from rcm.claims.pointers import field_at
from rcm.claims.prove import prove
from tests.claims import batch, envelope, pyx12_here
from tests.harness import Practice
from tests.rcm.intake import claim_of, encounter
from tests.rcm.partner_files import file_999, receive, send


def sent(*claims: Claim) -> TransactionSet:
    refused, body = prove(batch(*claims), envelope(), pyx12_here)
    assert not refused
    (interchange,) = read_interchanges(body)
    (transaction_set,) = interchange.sets()
    return transaction_set


HOLDER = {
    "first_name": "Paula", "last_name": "Canary", "date_of_birth": "1984-02-29",
    "gender": "female",
    "address": {"line1": "1 Oak", "city": "Austin", "state": "TX", "zip": "78701"},
}  # fmt: skip
SELF = sent(
    claim_of(
        encounter(
            prior_authorization="PA1",
            claim_note="A note",
            lines__0__prior_authorization="PA2",
            lines__0__note="A note of a line",
        )
    )
)
CHILD = sent(
    claim_of(encounter(coverages__0__relationship="child", coverages__0__subscriber=HOLDER))
)


def place(told: TransactionSet, start: str, nth: int = 0) -> int:
    """The index of the nth segment that begins so."""
    found = [n for n, s in enumerate(told.segments) if "*".join(s.elements).startswith(start)]
    return found[nth]


@pytest.mark.parametrize(
    ("told", "start", "element", "pointer"),
    [
        (SELF, "NM1*IL", 9, "/coverages/0/member_id"),
        (SELF, "NM1*IL", 3, "/patient/last_name"),
        (SELF, "DMG", 2, "/patient/date_of_birth"),
        (SELF, "NM1*85", 9, "/billing_provider/npi"),
        (SELF, "NM1*82", 9, "/rendering_provider/npi"),
        (SELF, "NM1*82", 4, "/rendering_provider"),
        (SELF, "CLM", 5, "/place_of_service"),
        (SELF, "HI", 2, "/diagnoses/1/code"),
        (SELF, "REF*G1", 2, "/prior_authorization"),
        (SELF, "SV1", 1, "/lines/0/procedure_code"),
        (SELF, "DTP*472", 3, "/lines/0/date_of_service"),
        (SELF, "NTE*ADD*A NOTE", 2, "/claim_note"),
        (SELF, "REF*G1*PA2", 2, "/lines/0/prior_authorization"),
        (SELF, "NTE*ADD*A NOTE OF", 2, "/lines/0/note"),
        (SELF, "REF*6R", 2, None),  # Ours: the encounter has no part in it.
        (SELF, "BHT", 3, None),
        (CHILD, "NM1*IL", 3, "/coverages/0/subscriber/last_name"),
        (CHILD, "NM1*QC", 3, "/patient/last_name"),
        (CHILD, "DMG", 2, "/patient/date_of_birth"),
    ],
)
def test_a_place_in_an_837p_is_a_field_of_the_encounter(
    told: TransactionSet, start: str, element: int, pointer: str | None
) -> None:
    field = field_at(told.segments, place(told, start), element)
    assert (field and field.pointer) == pointer


def test_a_second_line_is_pointed_at_as_such() -> None:
    document = encounter()
    document["lines"].append(document["lines"][0] | {"procedure_code": "99214"})
    two = sent(claim_of(document))
    field = field_at(two.segments, place(two, "SV1", 1), 2)
    assert field is not None
    assert field.pointer == "/lines/1/charge_cents"


def test_a_refusal_names_the_claim_at_fault_and_clears_the_others(practice: Practice) -> None:
    one, two = send(practice, encounter(), encounter(external_id="two"))
    position = position_of(practice, "CLM", nth=1)
    fault = SegmentError(
        segment_id="CLM",
        position=position,
        loop="2300",
        code="8",
        elements=(ElementError(element=5, code="7"),),
    )
    verdict = SetAcknowledgment(set_id="837", control_number="0001", errors=(fault,), code="R")
    receive(practice, file_999(one.group_number, "R", verdict))
    rows = practice.rows("SELECT claim_id, message, action, pointer FROM work_item")
    items = {row.claim_id: row for row in rows}
    assert items[two.id].pointer == "/place_of_service"
    assert items[two.id].message.endswith(f"of this claim: segment {position} CLM, element 5.")
    assert items[two.id].action.startswith("Correct the place of service;")
    assert items[one.id].pointer == ""
    assert "another claim" in items[one.id].message


def position_of(practice: Practice, segment_id: str, *, nth: int) -> int:
    """IK302 of a segment of the one file that was sent: ST is 1."""
    ((name,),) = practice.rows("SELECT name FROM file WHERE direction = 'outbound'")
    body = (practice.account / "to_payer" / name).read_bytes()
    (interchange,) = read_interchanges(body)
    (told,) = interchange.sets()
    return place(told, segment_id, nth) + 1

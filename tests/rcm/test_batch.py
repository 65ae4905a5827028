"""A batch is proven before it is frozen: who is refused is held, and the others go."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from edi.claim_837 import write_837p
from edi.findings import WriteError
from rcm.claims.batch import claims_at, in_writing_order, unwritable
from rcm.limits import CLAIMS_PER_SET_MAX
from tests.claims import CHILD, OTHER_PAYER, OTHER_PRACTICE, batch, claim, line, upload
from tests.edi.x12_texts import sole_set
from tests.harness import Practice
from tests.rcm.intake import encounter
from tests.rcm.partner_files import send


def numbered(*claims: Any) -> list[Any]:  # noqa: ANN401 - claims
    return [
        replace(each, patient_control_number=f"PCN{n}") for n, each in enumerate(claims, start=1)
    ]


def test_claims_of_one_subscriber_follow_each_other() -> None:
    claims = numbered(
        claim(member_id="B"),
        claim(member_id="A"),
        claim(member_id="B", patient=CHILD),
        claim(member_id="B", payer=OTHER_PAYER),
        claim(member_id="B"),
        claim(member_id="B", billing_provider=OTHER_PRACTICE),
    )
    ordered = in_writing_order(claims)
    assert sorted(each.patient_control_number for each in ordered) == [
        f"PCN{n}" for n in range(1, 7)
    ]
    heads = [segment.partition("*")[0] for segment in write_837p(batch(*ordered)).segments()]
    # Two providers; of the first: three subscribers, one of them also as a child's.
    assert (heads.count("HL"), heads.count("CLM")) == (2 + 5 + 1, 6)
    assert in_writing_order(claims[::-1]) == ordered


def test_a_set_has_at_most_as_many_claims_as_the_guide_allows() -> None:
    claims = [claim()] * (CLAIMS_PER_SET_MAX + 1)
    assert len(in_writing_order(claims)) == CLAIMS_PER_SET_MAX


def test_a_claim_that_x12_cannot_carry_is_pointed_at() -> None:
    evil = replace(claim(), note="DOE~CLM*EVIL")
    claims = batch(claim(), evil, claim(), replace(claim(), lines=(line(),) * 51))
    with pytest.raises(WriteError):
        write_837p(claims)
    assert unwritable(claims) == (1, 3)
    assert unwritable(batch(claim())) == ()


def test_a_segment_speaks_of_its_claim_and_a_level_of_all_below() -> None:
    claims = (
        claim(),  # 0 and 1: the subscriber.
        claim(lines=(line(), line(control_number="L2"))),
        claim(patient=CHILD),  # 2: a child of the same.
        claim(member_id="OTHER"),  # 3: another subscriber.
        claim(billing_provider=OTHER_PRACTICE),  # 4: of another practice.
    )
    transaction_set, _, _ = sole_set(upload(batch(*claims)))
    places = claims_at(transaction_set)
    spoken = [(each.id, each.get(3), places[each.number]) for each in transaction_set.segments]
    levels = [(level, of) for segment_id, level, of in spoken if segment_id == "HL"]
    assert levels == [
        ("20", (0, 1, 2, 3)),
        ("22", (0, 1)),
        ("22", (2,)),
        ("23", (2,)),
        ("22", (3,)),
        ("20", (4,)),
        ("22", (4,)),
    ]
    assert [of for segment_id, _, of in spoken if segment_id == "CLM"] == [(n,) for n in range(5)]
    assert [of for segment_id, _, of in spoken if segment_id == "SV1"] == [
        (0,), (1,), (1,), (2,), (3,), (4,),
    ]  # fmt: skip
    header = [each.number for each in transaction_set.segments[:5]]
    assert {places[number] for number in header} == {()}, "no claim's fault"
    assert len(places) == len(transaction_set.segments)


def found(practice: Practice) -> dict[str, tuple[str, set[str]]]:
    """Of each encounter: the status of its claim, and the codes of its findings."""
    rows = practice.rows(
        "SELECT external_id, claim.status, claim.findings FROM claim"
        " JOIN encounter ON encounter.id = encounter_id"
    )
    return {row[0]: (row[1], {each["code"] for each in row[2]}) for row in rows}


#: What scrub does not know, and the guide does not allow.
REFUSALS: dict[str, tuple[dict[str, Any], str]] = {
    "a state that is none": ({"patient__address__state": "ZZ"}, "PYX12-ELEMENT-7"),
    "an accident in no state": (
        {"accident": {"date": "2026-10-30", "related_causes": ["AA"], "state": "ZZ"}},
        "PYX12-ELEMENT-7",
    ),
    "a character that is a delimiter": ({"patient__external_id": "MRN\u00a8~1"}, ""),
}


@pytest.mark.parametrize(("changes", "code"), REFUSALS.values(), ids=REFUSALS)
def test_a_claim_that_the_guide_refuses_is_held_and_the_others_go(
    practice: Practice, changes: dict[str, Any], code: str
) -> None:
    other = encounter(external_id="good", coverages__0__member_id="SBX0212345")
    sent = send(practice, other, encounter(external_id="bad", **changes))
    outcome = found(practice)
    assert outcome["good"] == ("submitted", set())
    assert outcome["bad"] == (("held", {code}) if code else ("submitted", set()))
    assert len(sent) == (1 if code else 2)
    assert practice.rows("SELECT state FROM file") == [("sent",)]
    charged = practice.rows("SELECT DISTINCT claim_id FROM posting")
    assert {claim_id for (claim_id,) in charged} == {each.id for each in sent}


def test_a_batch_of_which_nothing_is_left_is_no_file(practice: Practice) -> None:
    assert send(practice, encounter(patient__address__state="ZZ")) == []
    assert practice.rows("SELECT id FROM file UNION SELECT id FROM ledger_entry") == []
    assert practice.rows("SELECT kind FROM job WHERE state <> 'done'") == []
    ((event, detail),) = practice.rows(
        "SELECT event, detail FROM claim_event ORDER BY id DESC LIMIT 1"
    )
    assert (event, detail) == ("found_wanting", {"findings": ["PYX12-ELEMENT-7"]})
    worked = practice.rows("SELECT kind, state, reason FROM work_item")
    assert worked == [("held", "open", "PYX12-ELEMENT-7")]


def test_a_claim_waits_for_its_file_and_travels_in_one(practice: Practice) -> None:
    (first,) = send(practice, encounter())
    _, second = sorted(
        send(practice, encounter(external_id="two")), key=lambda each: each.group_number
    )
    assert isinstance(first.file_id, UUID)
    assert (first.group_number, second.group_number) == (1, 2)
    assert practice.rows("SELECT count(*)::int FROM submission") == [(2,)]
    names = practice.rows("SELECT name FROM file ORDER BY name")
    assert names == [("000000001_837P.x12",), ("000000002_837P.x12",)]
    assert sorted(path.name for path in (practice.account / "to_payer").iterdir()) == [
        name for (name,) in names
    ]


def test_a_referring_doctor_of_any_taxonomy_can_be_sent(practice: Practice) -> None:
    doctor = {
        "npi": "1193000779", "first_name": "Lee", "last_name": "Marsh", "taxonomy": "207Q00000X",
    }  # fmt: skip
    parties = ("rendering_provider", "referring_provider", "supervising_provider")
    send(practice, encounter(**dict.fromkeys(parties, doctor), lines__0__ordering_provider=doctor))
    assert {status for status, _ in found(practice).values()} == {"submitted"}


def test_a_claim_that_does_not_open_is_held_and_the_others_go(
    practice: Practice, owner: Engine
) -> None:
    practice.post(encounter(), encounter(external_id="two"))
    practice.drain()
    with owner.begin() as connection:
        connection.execute(
            text(
                "UPDATE claim SET identity = set_byte(identity, 40, 255 - get_byte(identity, 40))"
                " WHERE id = (SELECT min(id::text)::uuid FROM claim)"
            )
        )
    practice.exchange(rounds=1)
    assert practice.rows("SELECT kind, last_error_code FROM job WHERE state <> 'done'") == []
    rows = practice.rows("SELECT status, findings FROM claim ORDER BY id::text")
    assert [row.status for row in rows] == ["held", "submitted"]
    assert [found["code"] for found in rows[0].findings] == ["CLAIM-UNREADABLE"]
    ((kind, reason, cents),) = practice.rows("SELECT kind, reason, amount_cents FROM work_item")
    assert (kind, reason, cents) == ("held", "CLAIM-UNREADABLE", 10_000)

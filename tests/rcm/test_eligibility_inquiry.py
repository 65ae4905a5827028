"""A question stands in the 270 where the payer looks for it, and reads back as it was meant."""

from dataclasses import replace
from typing import Any

import pytest

from edi.party_segments import Name, Trace, day
from rcm.eligibility.inquiry import unaskable
from tests.rcm.intake import PRACTICE, SEEN_ON, encounter
from tests.rcm.questions import CHILD, inquiry, question


def test_a_subscriber_is_asked_about_as_such() -> None:
    asked = question(
        patient__last_name="O'Ca\u0144ary", coverages__0__member_id="ab-1", patient__gender="other"
    )
    (source,) = inquiry(asked).sources
    assert source.name == Name(
        entity="PR", entity_type="2", last_name="SANDBOX COMMERCIAL", id_qualifier="PI", id="60054"
    )
    (receiver,) = source.receivers
    assert receiver.name is not None
    assert (receiver.name.entity, receiver.name.entity_type, receiver.name.id) == (
        "1P",
        "2",
        "1234567893",
    )
    (subscriber,) = receiver.subscribers
    assert subscriber.dependents == ()
    assert subscriber.traces == (Trace(kind="1", number="T1", originator="1123456789"),)
    assert subscriber.name is not None
    assert (subscriber.name.last_name, subscriber.name.id_qualifier, subscriber.name.id) == (
        "O'CANARY",
        "MI",
        "AB-1",
    )
    assert subscriber.demographics is not None
    assert subscriber.demographics.birth_date == asked.patient.date_of_birth
    assert subscriber.demographics.gender == ""
    assert subscriber.insured is None
    assert subscriber.dates == (day("291", SEEN_ON),)


@pytest.mark.parametrize(
    ("relationship", "code"), [("child", "19"), ("spouse", "01"), ("other", "34")]
)
def test_a_dependent_stands_below_the_subscriber_and_carries_the_trace(
    relationship: str, code: str
) -> None:
    changes = CHILD | {"coverages__0__relationship": relationship}
    (subscriber,) = inquiry(question(**changes)).sources[0].receivers[0].subscribers
    (dependent,) = subscriber.dependents
    assert (subscriber.traces, subscriber.benefits, subscriber.dates) == ((), (), ())
    assert subscriber.name is not None
    assert (subscriber.name.first_name, subscriber.name.id) == (
        "BEA",
        encounter()["coverages"][0]["member_id"],
    )
    assert dependent.name is not None
    assert (dependent.name.entity, dependent.name.id_qualifier, dependent.name.id) == ("03", "", "")
    assert [each.number for each in dependent.traces] == ["T1"]
    assert dependent.insured is not None
    assert (dependent.insured.is_subscriber, dependent.insured.relationship) == (False, code)
    assert [each.service_types for each in dependent.benefits] == [("30",)]


def test_a_dependent_with_an_own_number_is_the_subscriber() -> None:
    asked = question(coverages__0__payer__id="04412", **CHILD)
    (subscriber,) = inquiry(asked).sources[0].receivers[0].subscribers
    assert subscriber.dependents == ()
    assert subscriber.name is not None
    assert subscriber.name.entity == "IL"
    assert subscriber.name.first_name == encounter()["patient"]["first_name"].upper()


def test_questions_stand_by_payer_and_practice() -> None:
    other = replace(PRACTICE, provider=replace(PRACTICE.provider, npi="1193000423"))
    asked = inquiry(
        question("A"),
        question("B", coverages__0__payer__id="00430"),
        replace(question("C"), practice=other),
        question("D", **CHILD),
    )
    found = [
        (source.name.id, receiver.name.id, len(receiver.subscribers))  # type: ignore[union-attr]  # They have names.
        for source in asked.sources
        for receiver in source.receivers
    ]
    assert found == [
        ("00430", "1234567893", 1),
        ("60054", "1193000423", 1),
        ("60054", "1234567893", 2),
    ]


def test_the_number_of_a_person_who_practises_alone_is_not_told() -> None:
    alone = replace(PRACTICE.provider, tax_id_kind="SY", is_person=True, first_name="ADA")
    asked = replace(question(), practice=replace(PRACTICE, provider=alone))
    (receiver,) = inquiry(asked).sources[0].receivers
    assert receiver.subscribers[0].traces[0].originator == "9234567893"
    assert receiver.name is not None
    assert (receiver.name.entity_type, receiver.name.first_name) == ("1", "ADA")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, ""),
        (CHILD, ""),
        ({"coverages__0__member_id": " ~ "}, "270-MEMBER-ID"),
        ({"patient__last_name": "\u738b"}, "270-LAST-NAME"),
        ({"coverages__0__relationship": "spouse"}, "270-SUBSCRIBER"),
        (CHILD | {"coverages__0__subscriber__last_name": "\u738b"}, "270-SUBSCRIBER"),
        ({"coverages__0__relationship": "spouse", "coverages__0__payer__id": "04412"}, ""),
    ],
)
def test_what_no_payer_could_answer_is_told_before(changes: dict[str, Any], code: str) -> None:
    found = unaskable(question(**changes))
    assert (found.code if found else "") == code
    if found:
        assert found.place.pointer
        assert found.cure

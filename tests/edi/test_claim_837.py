"""An 837P reads back as the claims it was written from, and pyx12 finds it legal."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edi.claim_837 import ClaimBatch, read_837p, write_837p
from edi.delimiters import STANDARD, Delimiters
from edi.findings import WriteError
from edi.pyx12_reader import read_segments
from edi.pyx12_validator import validate_with_pyx12
from tests.claims import (
    CHILD,
    OTHER_PRACTICE,
    PERSON,
    PRACTICE,
    SUBSCRIBER,
    batch,
    claim,
    line,
    lines,
    upload,
)
from tests.edi.claims_837 import WHOLE, batches, sole_set


def read_back(body: bytes) -> ClaimBatch:
    return read_837p(sole_set(body)[0])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    batch=batches(),
    delimiters=st.sampled_from((STANDARD, Delimiters(element="|", component=">", terminator="\n"))),
)
def test_any_batch_reads_back_as_it_was_written(batch: ClaimBatch, delimiters: Delimiters) -> None:
    read = read_back(upload(batch, delimiters=delimiters))
    assert read == batch
    assert read.other == ()


LEGAL_BATCHES = {
    "one ordinary claim": batch(),
    "everything at once": batch(WHOLE),
    "subscribers and patients of two practices": batch(
        claim(),
        claim(patient=CHILD),
        claim(patient=CHILD, patient_control_number="SECOND"),
        claim(billing_provider=OTHER_PRACTICE),
        WHOLE,
        claim(subscriber=replace(SUBSCRIBER, group_number="", group_name="A GROUP")),
    ),
    "a solo practitioner": batch(
        claim(
            billing_provider=replace(
                PRACTICE, is_person=True, name="FINCH", first_name="ROSE", tax_id_kind="SY"
            ),
            rendering=None,
        )
    ),
    "fifty lines": batch(claim(lines=lines(*range(1, 51)))),
}


@pytest.mark.parametrize("of_claims", LEGAL_BATCHES.values(), ids=LEGAL_BATCHES.keys())
def test_pyx12_finds_nothing_in_what_we_write(of_claims: ClaimBatch) -> None:
    body = upload(of_claims)
    assert validate_with_pyx12(*sole_set(body)) == ()
    assert read_back(body) == of_claims


@pytest.mark.parametrize("of_claims", LEGAL_BATCHES.values(), ids=LEGAL_BATCHES.keys())
def test_our_reader_and_pyx12_see_the_same_segments_and_values(of_claims: ClaimBatch) -> None:
    transaction_set, group, interchange = sole_set(upload(of_claims))
    theirs = list(read_segments(transaction_set, group, interchange))
    ours = [segment.elements for segment in transaction_set.segments]
    assert [(segment_id, *elements) for _, segment_id, elements in theirs] == ours
    loops = [path.rsplit("/", 1)[-1] for path, segment_id, _ in theirs if segment_id == "CLM"]
    assert loops == ["2300"] * len(of_claims.claims)
    claim_ids = [elements[0] for _, segment_id, elements in theirs if segment_id == "CLM"]
    assert claim_ids == [each.patient_control_number for each in of_claims.claims]
    assert all(path for path, _, _ in theirs)


def test_levels_are_numbered_from_1_and_say_their_parent_and_children() -> None:
    written = write_837p(
        batch(
            claim(),
            claim(patient=CHILD),
            claim(patient=replace(CHILD, relationship="01")),
            claim(billing_provider=OTHER_PRACTICE),
        )
    )
    assert [segment for segment in written.segments() if segment.startswith("HL")] == [
        "HL*1**20*1",
        "HL*2*1*22*0",
        "HL*3*1*22*1",
        "HL*4*3*23*0",
        "HL*5*3*23*0",
        "HL*6**20*1",
        "HL*7*6*22*0",
    ]


def test_a_range_of_days_is_rd8_and_one_day_is_d8() -> None:
    written = write_837p(batch(claim(lines=(line(), line(service_to=date(2026, 3, 1))))))
    assert [segment for segment in written.segments() if segment.startswith("DTP")] == [
        "DTP*472*D8*20260227",
        "DTP*472*RD8*20260227-20260301",
    ]


@pytest.mark.parametrize("character", ["*", ":", "~", "^", "\n", "\x00", "\xe9", "\u20ac"])
@pytest.mark.parametrize("member", ["note", "patient_control_number", "medical_record_number"])
def test_a_delimiter_or_an_illegal_character_is_refused_without_its_value(
    character: str, member: str
) -> None:
    with pytest.raises(WriteError) as refusal:
        write_837p(batch(claim(**{member: f"CANARY{character}"})))
    assert "CANARY" not in str(refusal.value)


@pytest.mark.parametrize(
    "of_claims",
    [
        replace(batch(), claims=()),
        batch(claim(lines=())),
        batch(claim(lines=lines(*range(51)))),
        batch(claim(diagnoses=())),
        batch(claim(diagnoses=("I10",) * 13)),
        batch(claim(lines=(line(modifiers=("25", "59", "LT", "RT", "76")),))),
        batch(claim(related_causes=("AA", "EM", "OA", "AB"))),
    ],
    ids=[
        "no claim",
        "no line",
        "51 lines",
        "no diagnosis",
        "13 diagnoses",
        "five modifiers",
        "four causes",
    ],
)
def test_what_the_guide_cannot_carry_is_refused(of_claims: ClaimBatch) -> None:
    with pytest.raises(WriteError):
        write_837p(of_claims)


def test_people_stay_out_of_repr() -> None:
    text = repr(batch(WHOLE))
    for value in (PERSON.last_name, PERSON.first_name, SUBSCRIBER.member_id, "MRN1", "E119"):
        assert value not in text

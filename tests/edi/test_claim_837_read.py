"""What is wrong with an 837P is refused with its place; nothing else comes out of the reader."""

import csv
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edi.claim_837 import read_837p
from edi.envelope import TransactionSet
from edi.findings import ReadError
from edi.reader import read_interchanges
from tests.claims import DOCTOR, batch, claim, upload
from tests.edi.claims_837 import WHOLE, sole_set

CORPUS = Path(__file__).parents[3] / "shared" / "data" / "x12"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"SV1*HC:99213*125*", b"SV1*HC:99213*1X5*", "837-AMOUNT"),
        (b"*UN*1**", b"*UN*1.2345**", "837-QUANTITY"),
        (b"DTP*472*D8*20260227", b"DTP*472*D8*20260230", "837-DATE"),
        (b"DTP*472*D8*20260227~", b"", "837-SERVICE-DATE"),
        (b"*20260302*0930*CH", b"*20260302*2530*CH", "837-TIME"),
        (b"*20260302*0930*CH", b"*20260302*\xb2930*CH", "837-TIME"),  # A digit, and no number.
        (b"*UN*1***1~", b"*UN*1***A~", "837-POINTER"),
        (b"*UN*1***1~", b"*UN*1***" + b"1" * 5000 + b"~", "837-POINTER"),
        (b"HL*1**20*1~", b"HL*1**22*1~", "837-HL"),
        (b"SBR*P*18", b"SBX*P*18", "837-MISSING-SEGMENT"),
        (b"005010X222A1~BHT", b"005010X223A2~BHT", "837-NOT-837P"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(old: bytes, new: bytes, code: str) -> None:
    body = upload(batch())
    assert old in body
    (interchange,) = read_interchanges(body.replace(old, new))
    (transaction_set,) = interchange.sets()
    with pytest.raises(ReadError) as refusal:
        read_837p(transaction_set)
    assert refusal.value.finding.code == code
    assert refusal.value.finding.place.segment_number > 0
    assert "CANARY" not in str(refusal.value)


def test_the_provider_of_another_payer_is_not_that_of_the_claim() -> None:
    """Loops 2330D and others name providers again, by the other payer's numbers alone."""
    before = b"LX*1~"
    others = (
        b"SBR*S*18*******CI~OI***Y***Y~NM1*IL*1*CANARY*ADA~NM1*82*1~REF*G2*77~NM1*DQ*1~REF*G2*78~"
    )
    body = upload(batch(claim(rendering=DOCTOR)))
    assert before in body
    (interchange,) = read_interchanges(body.replace(before, others + before))
    (transaction_set,) = interchange.sets()
    (read,) = read_837p(transaction_set).claims
    assert (read.rendering, read.supervising) == (DOCTOR, None)


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_a_damaged_set_is_read_or_refused_and_nothing_else(data: st.DataObject) -> None:
    whole = _damaged()
    at = data.draw(st.integers(0, len(whole.segments) - 1))
    how = data.draw(st.sampled_from(("drop", "double", "cut", "empty")))
    segment = whole.segments[at]
    new = {
        "drop": (),
        "double": (segment, segment),
        "cut": (segment._replace(elements=segment.elements[:2]),),
        "empty": (segment._replace(elements=(segment.id, *[""] * (len(segment.elements) - 1))),),
    }[how]
    segments = (*whole.segments[:at], *new, *whole.segments[at + 1 :])
    try:
        read_837p(replace(whole, segments=segments))
    except ReadError as refusal:
        assert "CANARY" not in str(refusal)  # noqa: PT017 - it need not be refused


@cache
def _damaged() -> TransactionSet:
    return sole_set(upload(batch(claim(), WHOLE)))[0]


@cache
def corpus() -> tuple[tuple[str, int], ...]:
    """The 837P files that others wrote, each with the number of its claims by the index."""
    index = CORPUS / "index.tsv"
    if not index.exists():
        return ()
    with index.open(encoding="utf-8", newline="") as rows:
        return tuple(
            (row["file"], int(row["claims"] or 0))
            for row in csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE)
            if row["type"] == "837P"
        )


@pytest.mark.skipif(not corpus(), reason="the corpus is not here")
@pytest.mark.parametrize(("name", "claims"), corpus(), ids=[name for name, _ in corpus()])
def test_a_file_of_the_corpus_is_read_whole_or_refused(name: str, claims: int) -> None:
    count = 0
    try:
        interchanges = read_interchanges((CORPUS / name).read_bytes())
        for interchange in interchanges:
            for transaction_set in interchange.sets():
                count += len(read_837p(transaction_set).claims)
    except ReadError as refusal:
        assert refusal.finding.code.startswith(("837-", "X12-"))  # noqa: PT017 - it need not be
    else:
        has_findings = any(interchange.findings for interchange in interchanges)
        assert count == claims or has_findings


@pytest.mark.skipif(not corpus(), reason="the corpus is not here")
def test_most_claims_of_the_corpus_are_read() -> None:
    count = 0
    for name, _ in corpus():
        try:
            for interchange in read_interchanges((CORPUS / name).read_bytes()):
                for transaction_set in interchange.sets():
                    count += len(read_837p(transaction_set).claims)
        except ReadError:
            continue
    assert count >= 25

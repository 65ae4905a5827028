"""Segments that are cut many at once are those that are cut one at a time."""

import pytest

from edi.envelope import Interchange
from edi.findings import ReadError
from edi.reader import read_interchanges
from edi.segment import Segment
from edi.tokens import Tokens
from tests.corpus.mutations import mutant, naming
from tests.edi.x12_texts import GOLDEN

FILES = ("835-two-claims.edi", "837i-whole.edi", "277ca-four-claims.edi", "ta1-beside-999.edi")
ENDS = (b"", b"\n", b"\r\n", b"\n\n", b" \n")
MUTANTS = 100


def outcome(body: bytes) -> tuple[Interchange, ...] | str:
    try:
        return read_interchanges(body)
    except ReadError as refusal:
        return str(refusal)


def one_at_a_time(body: bytes, patch: pytest.MonkeyPatch) -> tuple[Interchange, ...] | str:
    with patch.context() as alone:
        alone.setattr(Tokens, "_run", lambda _: [])
        return outcome(body)


@pytest.mark.parametrize("size", [120, 1000, 16 * 1024])
@pytest.mark.parametrize("name", FILES)
def test_a_run_of_segments_is_what_each_of_them_is(
    name: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edi.tokens._RUN", size)
    whole = (GOLDEN / name).read_bytes().replace(b"~\n", b"~")
    for end in ENDS:
        body = whole.replace(b"~", b"~" + end)
        assert outcome(body) == one_at_a_time(body, monkeypatch)
        for seed in range(MUTANTS):
            damaged = mutant(body, seed)
            with naming(seed, name):
                assert outcome(damaged) == one_at_a_time(damaged, monkeypatch)


def test_what_is_read_in_a_run_has_its_number_and_place() -> None:
    body = (GOLDEN / "835-two-claims.edi").read_bytes() * 3
    interchanges = read_interchanges(body)
    assert len(interchanges) == 3
    for interchange in interchanges:
        (transaction_set,) = interchange.sets()
        numbers = [each.number for each in transaction_set.segments]
        assert numbers == list(range(3, 3 + len(numbers)))
        for each in transaction_set.segments:
            assert type(each) is Segment
            assert body[each.offset :].startswith("*".join(each.elements).encode() + b"~")

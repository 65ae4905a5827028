"""Our verdict beside pyx12's: the same findings, but where pyx12 could not finish."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from edi.envelope import FunctionalGroup, Interchange, TransactionSet
from edi.findings import Finding, ReadError
from edi.guide import NO_GUIDE, validate_with_guide
from edi.pyx12_validator import NO_MAP, validate_with_pyx12
from edi.reader import read_interchanges

CORPUS = Path(__file__).parents[4] / "shared" / "data" / "x12"
_GAVE_UP = frozenset({"PYX12-UNFINISHED", "PYX12-COUNT"})

Around = tuple[TransactionSet, FunctionalGroup, Interchange]


def sets_of(body: bytes) -> Iterator[Around]:
    """Yield every set of a file; none where it is no X12."""
    try:
        interchanges = read_interchanges(body)
    except ReadError:
        return
    for interchange in interchanges:
        for group in interchange.groups:
            for each in group.sets:
                yield each, group, interchange


def as_pyx12(found: tuple[Finding, ...]) -> list[Finding]:
    """Our findings under the codes of pyx12's; the note of no map has its own words."""
    return [
        replace(
            each,
            code=each.code.replace("GUIDE-", "PYX12-"),
            message="" if each.code in {NO_GUIDE, NO_MAP} else each.message,
        )
        for each in found
    ]


def is_judged(around: Around) -> bool:
    """Tell whether there is a map of the guide."""
    return all(each.code != NO_GUIDE for each in validate_with_guide(*around))


def assert_same_verdict(around: Around) -> None:
    """Fail where the two differ. Up to where pyx12 gave up they must agree; then ours goes on."""
    ours = as_pyx12(validate_with_guide(*around))
    theirs = as_pyx12(validate_with_pyx12(*around))
    gave_up = [at for at, each in enumerate(theirs) if each.code in _GAVE_UP]
    if gave_up:
        assert ours[: gave_up[0]] == theirs[: gave_up[0]]
        assert len(ours) > gave_up[0], "what pyx12 cannot finish is no legal set"
    else:
        assert ours == theirs

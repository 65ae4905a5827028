"""Rows of bytes cut into segments and elements, all kept in memory: `python -m ... ROW FILE`.

Each runs in the environment of its library; the libraries are imported where they are used.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.tally import Tally
from benchmarks.timed import Act, Row, Tell, of_tally, run


def _tell(segments: Iterable[Sequence[str]]) -> tuple[int, str]:
    """Count every element, and add up every segment."""
    tally = Tally()
    items = 0
    for elements in segments:
        items += len(elements)
        tally.code("*".join(elements))
    return items, of_tally(tally)[1]


def tokens_split(path: Path) -> tuple[Act, Tell]:
    """Cut by `bytes.split` alone: nothing is checked, and nothing has a place."""
    body = path.read_bytes()

    def act() -> list[list[bytes]]:
        return [segment.split(b"*") for segment in body.split(b"~")]

    def tell(made: list[list[bytes]]) -> tuple[int, str]:
        return _tell([each.decode("ascii") for each in elements] for elements in made[:-1])

    return act, tell


def tokens_rcm(path: Path) -> tuple[Act, Tell]:
    """Read interchanges: the envelope checked, each segment with its number and offset."""
    from edi.reader import read_interchanges

    body = path.read_bytes()

    def tell(made: Any) -> tuple[int, str]:
        assert not [each for interchange in made for each in interchange.findings]
        ends = {body.rfind(b"~", 0, len(body) - 1) + 1}  # IEA is kept as what it says.
        (iea,) = (body[at:-1].decode("ascii").split("*") for at in ends)
        inner = [each.elements for one in made for group in one.groups for each in _of(group)]
        isa = body[: body.index(b"~")].decode("ascii").split("*")
        ge = body[body.rindex(b"~GE*") + 1 :].split(b"~")[0].decode("ascii").split("*")
        return _tell([isa, *inner, ge, iea])

    return lambda: read_interchanges(body), tell


def _of(group: Any) -> list[Any]:
    return [group.header, *(segment for each in group.sets for segment in each.segments)]


def tokens_pyx12(path: Path) -> tuple[Act, Tell]:
    """Read by pyx12's X12Reader."""
    from pyx12.x12file import X12Reader

    def tell(made: Any) -> tuple[int, str]:
        return _tell(each.format("", "*", ":").split("*") for each in made)

    return lambda: list(X12Reader(str(path))), tell


def tokens_x12sdk(path: Path) -> tuple[Act, Tell]:
    """Read by x12sdk."""
    from x12sdk.io import X12SegmentReader

    return _of_linuxforhealth(X12SegmentReader, path)


def tokens_linuxforhealth(path: Path) -> tuple[Act, Tell]:
    """Read by linuxforhealth-x12, from which x12sdk came."""
    from linuxforhealth.x12.io import X12SegmentReader

    return _of_linuxforhealth(X12SegmentReader, path)


def _of_linuxforhealth(kind: Any, path: Path) -> tuple[Act, Tell]:
    def act() -> list[Any]:
        with kind(str(path)) as reader:
            return list(reader.segments())

    return act, lambda made: _tell(elements for _, elements in made)


ROWS: dict[str, Row] = {
    each.__name__: each
    for each in (tokens_split, tokens_rcm, tokens_pyx12, tokens_x12sdk, tokens_linuxforhealth)
}

if __name__ == "__main__":
    run(ROWS)

"""Rows of files judged by their guides, ours and pyx12's: `python -m ... ROW FILE`."""

from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

from pyx12.params import ParamsBase
from pyx12.segment import Segment
from pyx12.x12n_document import x12n_document

from benchmarks.timed import Act, Row, Tell, run
from edi.findings import Finding
from edi.guide import validate_guides
from edi.pyx12_validator import validate_all


def _verdict(path: Path, *, is_valid: bool) -> tuple[int, str]:
    return path.read_bytes().count(b"~"), "valid" if is_valid else "not valid"


def guide_rcm(path: Path) -> tuple[Act, Tell]:
    """Judge by our tables of the guide."""
    return _ours(path, validate_guides)


def guide_pyx12_kept(path: Path) -> tuple[Act, Tell]:
    """Judge by pyx12 as the service asks it: our tokens, its maps kept."""
    return _ours(path, validate_all)


def _ours(path: Path, judge: Any) -> tuple[Act, Tell]:
    body = path.read_bytes()

    def tell(made: tuple[Finding, ...]) -> tuple[int, str]:
        return _verdict(path, is_valid=not made)

    return lambda: judge(body), tell


def guide_pyx12(path: Path) -> tuple[Act, Tell]:
    """Judge by pyx12's own `x12n_document`, which also writes its 999."""
    parameters = ParamsBase()
    parameters.set("exclude_external_codes", "remark_code,claim_status,claim_status_cat")

    def act() -> bool:
        return bool(x12n_document(parameters, str(path), StringIO(), None))

    return act, lambda made: _verdict(path, is_valid=made)


def guide_pyx12_memoised(path: Path) -> tuple[Act, Tell]:
    """Judge by the same, where it need not parse the same designator a thousand times."""
    parse = Segment._parse_refdes  # noqa: SLF001 - what costs it most

    @cache
    def known(segment_id: str, designator: str) -> Any:
        return parse(Segment(segment_id, "~", "*", ":"), designator)

    Segment._parse_refdes = lambda self, each: known(self.get_seg_id(), each)  # noqa: SLF001
    return guide_pyx12(path)


ROWS: dict[str, Row] = {
    each.__name__: each for each in (guide_rcm, guide_pyx12, guide_pyx12_memoised, guide_pyx12_kept)
}

if __name__ == "__main__":
    run(ROWS)

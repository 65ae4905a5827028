"""Write the table of docs/conformance.md: every file of others, our verdict, pyx12's, its index's.

.venv/bin/python scripts/conformance.py     (needs ../shared/data/x12)
"""

import csv
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

from edi.checks import CHECKS
from edi.envelope import FunctionalGroup, Interchange, TransactionSet
from edi.findings import Finding, ReadError, Severity
from edi.guide import NO_GUIDE, validate_with_guide
from edi.judge import judge
from edi.pyx12_validator import NO_MAP, validate_with_pyx12
from edi.reader import read_interchanges

ROOT = Path(__file__).parents[1]
CORPUS = ROOT.parent / "shared" / "data" / "x12"
PAGE = ROOT / "docs" / "conformance.md"
MARK = "<!-- scripts/conformance.py -->\n"
_SUMS = frozenset({"charges-mismatch", "unbalanced", "status", "content-bad"})
_ABOVE = frozenset(check.code for check in CHECKS)
_MESSAGES_MAX = 2  #: Of the findings that explain a row.


class Verdicts(NamedTuple):
    """What was found in one file."""

    refusal: Finding | None  #: The file is no X12 at all.
    envelope: tuple[Finding, ...]  #: Errors of the reader.
    ours: tuple[Finding, ...]
    theirs: tuple[Finding, ...]  #: pyx12's, under our codes.
    above: tuple[Finding, ...] = ()  #: Of the checks above the guide.


def as_ours(found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return pyx12's findings under the codes of ours; the note of no map has its own words."""
    return tuple(
        replace(
            each,
            code=each.code.replace("PYX12-", "GUIDE-"),
            message="" if each.code in {NO_GUIDE, NO_MAP} else each.message,
        )
        for each in found
    )


@cache
def verdicts_of(path: Path) -> Verdicts:
    """Judge a file, by both."""
    try:
        interchanges = read_interchanges(path.read_bytes())
    except ReadError as refusal:
        return Verdicts(refusal.finding, (), (), ())
    envelope = [found for each in interchanges for found in each.findings]
    sets: list[tuple[TransactionSet, FunctionalGroup, Interchange]] = [
        (each, group, interchange)
        for interchange in interchanges
        for group in interchange.groups
        for each in group.sets
    ]
    envelope += [found for each, _, _ in sets for found in each.findings]
    return Verdicts(
        None,
        tuple(found for found in envelope if found.severity is Severity.ERROR),
        tuple(found for each in sets for found in as_ours(validate_with_guide(*each))),
        tuple(found for each in sets for found in as_ours(validate_with_pyx12(*each))),
        tuple(found for found in judge(path.read_bytes()) if found.code in _ABOVE),
    )


def table() -> str:
    """Return the table of every file in the index, in the order of their names."""
    with (CORPUS / "index.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    lines = [_line(row) for row in sorted(rows, key=lambda row: row["file"])]
    judged = [found for row in rows if _is_judged(found := verdicts_of(CORPUS / row["file"]))]
    head = (
        f"{len(rows)} files, {len(judged)} of them of a guide that there is a map of: in"
        f" {sum(map(_is_same, judged))} pyx12 and we find the same.\n\n"
        "| file | guide | index | ours | pyx12 | above | why they differ |\n"
        "|---|---|---|---|---|---|---|\n"
    )
    return head + "\n".join(lines) + "\n"


def _line(row: dict[str, str]) -> str:
    found = verdicts_of(CORPUS / row["file"])
    pyx12 = (
        "not asked" if found.refusal else "the same" if _is_same(found) else _words(found.theirs)
    )
    verdicts = (row["status"], _ours(found), pyx12, _above(found))
    cells = (row["file"], row["version"], *verdicts, _why(row, found))
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def _is_judged(found: Verdicts) -> bool:
    return not found.refusal and {each.code for each in found.ours} != {NO_GUIDE}


def _is_same(found: Verdicts) -> bool:
    return found.ours == found.theirs


def _ours(found: Verdicts) -> str:
    if found.refusal:
        return f"not read: {found.refusal.code}"
    return _words((*found.envelope, *found.ours))


def _above(found: Verdicts) -> str:
    errors = tuple(each for each in found.above if each.severity is Severity.ERROR)
    others = tuple(each for each in found.above if each.severity is not Severity.ERROR)
    told = (_words(errors) if errors else "", f"({_words(others)})" if others else "")
    return " ".join(filter(None, told))


def _words(found: tuple[Finding, ...]) -> str:
    counts = Counter(each.code for each in found)
    if counts.keys() == {NO_GUIDE}:
        return "no map"
    counts.pop(NO_GUIDE, None)
    several = (f"{code} x{n}" if n > 1 else code for code, n in sorted(counts.items()))
    return ", ".join(several) or "legal"


def _why(row: dict[str, str], found: Verdicts) -> str:
    """Return why a row disagrees; "" where it does not."""
    is_good = row["status"] == "good"
    if found.refusal:
        return found.refusal.message if is_good else ""
    words = []
    if not _is_same(found):
        words.append("pyx12 gives up there; see above.")
    errors = [each for each in (*found.envelope, *found.ours) if each.code != NO_GUIDE]
    if is_good and errors:
        words.append(_shortened([*dict.fromkeys(map(_said, errors))]))
    is_above = any(each.severity is Severity.ERROR for each in found.above)
    if not is_good and not errors and not is_above and _is_judged(found):
        kind = "content" if row["status"] in _SUMS else "envelope"
        words.append(f"What the index says of its {kind} is no matter of the guide: {row['why']}")
    return " ".join(words)


def _shortened(messages: list[str]) -> str:
    others = len(messages) - _MESSAGES_MAX
    text = " ".join(messages[:_MESSAGES_MAX])
    return f"{text} And {others} more." if others > 0 else text


def _said(found: Finding) -> str:
    place = found.place
    element = f"{place.segment_id}{place.element:02d}" if place.element else place.segment_id
    where = " ".join(part for part in (place.loop, element) if part)
    return f"{found.message.rstrip('.')}{f' ({where})' if where else ''}."


def main() -> None:
    """Write the table into the page."""
    above = PAGE.read_text(encoding="utf-8").partition(MARK)[0]
    PAGE.write_text(above + MARK + table(), encoding="utf-8")


if __name__ == "__main__":
    main()

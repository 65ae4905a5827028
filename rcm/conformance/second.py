"""A second opinion on received files: whose turn it is, and what it is worth. Pure."""

from collections.abc import Iterable
from hashlib import sha256

from edi.findings import Finding, Severity, warning
from rcm.conformance.model import STOPPED


def is_chosen(body: bytes, percent: int) -> bool:
    """Tell whether pyx12 judges a file too: the bytes decide, so that a file judged again is again.

    >>> [is_chosen(b"any file", percent) for percent in (0, 100)]
    [False, True]
    """
    return int.from_bytes(sha256(body).digest()[:4], "big") % 100 < percent


def second_opinion(ours: Iterable[Finding], theirs: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return what pyx12 adds to our findings: nothing where both refuse the same sets.

    Where it refuses others, all of its findings stand beside ours, behind a warning. A set that it
    could not finish is told, and is no disagreement.
    """
    theirs = tuple(theirs)
    stopped = tuple(each for each in theirs if each.code == STOPPED)
    unfinished = {each.place.transaction_set for each in stopped}
    if _refused(ours) - unfinished == _refused(theirs) - unfinished:
        return stopped
    differ = warning(
        "GUIDE-OPINIONS",
        "pyx12 and we do not refuse the same sets of this file by its guide.",
        cure="Look at both; report it as a fault of this program if the file holds no patients.",
    )
    return (differ, *theirs)


def _refused(found: Iterable[Finding]) -> set[str]:
    return {each.place.transaction_set for each in found if each.severity is Severity.ERROR}

"""Two files are compared by segment and element, however long they are."""

from pathlib import Path

import pytest

from edi import compare as module
from edi.annotation import annotate
from edi.compare import Difference, compare

BODY = Path("tests/edi/golden/835-two-claims.edi").read_bytes()


def differences(before: bytes, after: bytes) -> list[Difference]:
    return list(compare(annotate(before).segments, annotate(after).segments))


@pytest.mark.parametrize("aligned", [4_000, 3])
def test_the_same_file_has_no_difference(monkeypatch: pytest.MonkeyPatch, aligned: int) -> None:
    monkeypatch.setattr(module, "_ALIGN_MAX", aligned)
    assert differences(BODY, BODY) == []
    assert differences(b"", b"") == []


@pytest.mark.parametrize("aligned", [4_000, 3])
def test_everything_that_differs_is_told(monkeypatch: pytest.MonkeyPatch, aligned: int) -> None:
    monkeypatch.setattr(module, "_ALIGN_MAX", aligned)
    segments = [each + b"~" for each in BODY.replace(b"\n", b"").split(b"~") if each]
    changed = [
        each.replace(b"*C*", b"*D*") if each.startswith(b"BPR") else each for each in segments
    ]
    del changed[-5]
    found = differences(b"".join(segments), b"".join(changed))
    before = [each.before.text for each in found if each.before and not each.after]
    assert segments[-5].decode()[:-1] in before or aligned == 3
    rebuilt = [each.text for each in annotate(b"".join(segments)).segments]
    for each in found:
        if each.before and each.after:
            rebuilt[each.before.number - 1] = each.after.text
        elif each.before:
            rebuilt[each.before.number - 1] = ""
    left = [each for each in rebuilt if each]
    added = [each.after.text for each in found if each.after and not each.before]
    assert sorted([*left, *added]) == sorted(each.decode()[:-1] for each in changed)


def test_only_the_elements_that_differ_are_named() -> None:
    after = BODY.replace(b"BPR*I*", b"BPR*H*", 1)
    assert [each.elements for each in differences(BODY, after)] == [(1,)]

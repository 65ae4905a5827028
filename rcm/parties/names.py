"""Names of files at a partner: which may be fetched or sent, and how ours are made. Pure."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from fnmatch import fnmatchcase

NAME_LENGTH_MAX = 200  #: Characters; leaves room for `.tmp-<attempt>` below the usual 255 bytes.
PLACEHOLDERS = ("isa13", "gs06", "type", "date", "time")

_SAFE_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._()+=@,-]*[A-Za-z0-9_()+=@-])?")
_TEMPORARY = re.compile(r"\.tmp-|\.(?:tmp|part|filepart)$", re.IGNORECASE)
_PATTERN = re.compile(r"[A-Za-z0-9 ._()+=@,\-*?\[\]!]{1,200}")
_BRACES = re.compile(r"\{([^{}]*)\}")


def is_safe_name(name: str) -> bool:
    """Tell whether a file of this name may be fetched, or sent.

    An allow-list: ASCII letters, digits and a few signs, first a letter or digit, at most
    NAME_LENGTH_MAX characters, and not the name of an upload in progress.

    >>> is_safe_name("ERA_20260105 (2).835"), is_safe_name("../etc/passwd"), is_safe_name("a.part")
    (True, False, False)
    """
    return (
        len(name) <= NAME_LENGTH_MAX
        and _SAFE_NAME.fullmatch(name) is not None
        and _TEMPORARY.search(name) is None
    )


def is_fetchable_name(name: str, patterns: Sequence[str]) -> bool:
    """Tell whether a safe name fits one of a partner's patterns; none lets every safe name in.

    >>> is_fetchable_name("a.835", ["*.835", "*.999"]), is_fetchable_name("a.pdf", ["*.835"])
    (True, False)
    >>> is_fetchable_name("a.pdf", []), is_fetchable_name(".835", ["*.835"])
    (True, False)
    """
    fits = not patterns or any(fnmatchcase(name, pattern) for pattern in patterns)
    return fits and is_safe_name(name)


def is_pattern(text: str) -> bool:
    """Tell whether this is a pattern of names: their characters, `*`, `?` and `[...]`.

    >>> is_pattern("ERA_*.835"), is_pattern("../*"), is_pattern("")
    (True, False, False)
    """
    return _PATTERN.fullmatch(text) is not None


def outbound_name(
    template: str, *, interchange: int, group: int, file_type: str, written_at: datetime
) -> str:
    """Return the name of a file we send; `written_at` is in the partner's time zone.

    >>> at = datetime(2026, 11, 23, 9, 5, 7)
    >>> outbound_name("{type}_{isa13}_{gs06}_{date}{time}.x12", interchange=7, group=8,
    ...     file_type="837P", written_at=at)
    '837P_000000007_8_20261123090507.x12'
    """
    values = {
        "isa13": f"{interchange:09d}",
        "gs06": str(group),
        "type": file_type,
        "date": written_at.strftime("%Y%m%d"),
        "time": written_at.strftime("%H%M%S"),
    }
    return _BRACES.sub(lambda found: values[found[1]], template)


def template_fault(template: str) -> str:
    """Return what is wrong with a template of names, in words; empty where nothing is.

    >>> template_fault("{isa13}_{type}.x12")
    ''
    >>> template_fault("claims.x12"), template_fault("{isa13}_{patient}")[:27]
    ('It must contain {isa13}: no two files may have one name.', 'It knows only {isa13}, {gs0')
    """
    if any(name not in PLACEHOLDERS for name in _BRACES.findall(template)):
        known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        return f"It knows only {known}."
    if "{isa13}" not in template:
        return "It must contain {isa13}: no two files may have one name."
    widest = outbound_name(
        template,
        interchange=999_999_999,
        group=999_999_999,
        file_type="837P",
        written_at=datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
    )
    if not is_safe_name(widest):
        return "It gives names with characters that are not safe, or too long, or temporary ones."
    return ""

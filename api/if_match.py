"""Edits that say which version they are of: the ETag of what was read, in If-Match."""

import re
from typing import Annotated

from fastapi import Header

from api.kinds import IfMatchMissingError

IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", description="The ETag of what you have read."),
]
_TAG = re.compile(r'"([0-9a-f-]{1,40})"')


def read_tag(if_match: str | None) -> str:
    """Return what stands between the quotes; what no answer ever had matches no version.

    Raises IfMatchMissingError.
    """
    if if_match is None:
        raise IfMatchMissingError
    tag = _TAG.fullmatch(if_match.strip())
    return tag[1] if tag else ""


def read_version(if_match: str | None) -> int:
    """Return the version that the tag is; -1, which nothing ever has, where it is none.

    Raises IfMatchMissingError.
    """
    tag = read_tag(if_match)
    return int(tag) if tag.isdigit() else -1

"""A kind of problem (RFC 9457)."""

from dataclasses import dataclass
from http import HTTPStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of problem: what people read, and what programs decide by."""

    status: HTTPStatus
    code: str
    title: str
    detail: str
    headers: tuple[tuple[str, str], ...] = ()

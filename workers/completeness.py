"""Whether a file has arrived whole, told from its ISA and IEA alone, without reading it.

A parse would need many times the file's size in memory, beside the connection; it comes later, in
a job of its own.
"""

import re
from collections import deque

from edi.delimiters import ISA_LENGTH

_BLANK = b" \t\r\n\0\x1a"
_LEADING = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n\0\x1a]*")
#: 106 bytes, the element separator at each of its places: ISA13 and the terminator are kept.
_ISA = re.compile(
    rb"ISA(?P<separator>[^0-9A-Za-z ])" + rb".{2}\1.{10}\1" * 2 + rb".{2}\1.{15}\1" * 2
    + rb".{6}\1.{4}\1.\1.{5}\1(?P<number>.{9})\1.\1.\1.(?P<terminator>.)",
    re.DOTALL,
)  # fmt: skip


def is_whole(body: bytes) -> bool:
    r"""Tell whether the last interchange of a file ends in its IEA, with only blanks after it.

    What begins otherwise than with an ISA is as whole as it will ever be: its reader refuses it.

    >>> is_whole(b"Dear practice"), is_whole(b""), is_whole(b"IS"), is_whole(b"ISA*00*")
    (True, False, False, False)
    """
    leading = _LEADING.match(body)
    start = leading.end() if leading else 0
    head = body[start : start + ISA_LENGTH]
    if len(head) < ISA_LENGTH or not head.startswith(b"ISA"):
        return not b"ISA".startswith(head[:3])
    headers = deque(_ISA.finditer(body, start), maxlen=1)
    if not headers:
        return True
    last = headers.pop()
    separator, number, terminator = last.group("separator", "number", "terminator")
    trailer_at = body.rfind(b"IEA" + separator, last.end())
    if trailer_at < 0:
        return False
    trailer, end, rest = body[trailer_at:].partition(terminator)
    elements = trailer.split(separator)
    return (
        end == terminator
        and body[trailer_at - 1 : trailer_at] in (terminator, b"\r", b"\n")
        and len(elements) == 3
        and elements[2].lstrip(b" 0") == number.lstrip(b" 0")
        and not rest.strip(_BLANK)
    )

"""What is left of a call's body when it is answered: read and thrown away, within limits.

Who is cut off while still sending sees a broken connection instead of our answer; but a body
without end would keep the line, and us, busy for ever.
"""

import asyncio
from contextlib import suppress

from starlette.types import Message, Receive, Scope

from rcm.limits import BODY_BYTES_MAX

BYTES_MAX = 8 * BODY_BYTES_MAX
SECONDS_MAX = 2
SMALL_DIGITS = 4  #: Of a Content-Length: under 10 kB.


class Unread:
    """The `receive` of a call that knows whether the body came to its end."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self._receive = receive
        told = dict(scope["headers"])
        length = told.get(b"content-length", b"0")
        self.is_over = length == b"0" and b"transfer-encoding" not in told
        #: A little is read of anybody, so that the line lives on; more, only of whom we know.
        self.is_wanted = len(length) <= SMALL_DIGITS and b"transfer-encoding" not in told

    async def __call__(self) -> Message:
        self.is_wanted = True
        message = await self._receive()
        self.is_over |= message["type"] != "http.request" or not message.get("more_body", False)
        return message

    async def swallow(self) -> None:
        """Read the rest, and throw it away. Where it does not end, the line has to."""
        if not self.is_wanted:
            return
        size = 0
        with suppress(TimeoutError):
            async with asyncio.timeout(SECONDS_MAX):
                while not self.is_over and size <= BYTES_MAX:
                    size += len((await self()).get("body", b""))

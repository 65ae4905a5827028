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


class Unread:
    """The `receive` of a call that knows whether the body came to its end."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self._receive = receive
        told = dict(scope["headers"])
        has_body = told.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in told
        self.is_over = not has_body

    async def __call__(self) -> Message:
        message = await self._receive()
        self.is_over |= message["type"] != "http.request" or not message.get("more_body", False)
        return message

    async def swallow(self) -> None:
        """Read the rest, and throw it away. Where it does not end, the line has to."""
        size = 0
        with suppress(TimeoutError):
            async with asyncio.timeout(SECONDS_MAX):
                while not self.is_over and size <= BYTES_MAX:
                    size += len((await self()).get("body", b""))

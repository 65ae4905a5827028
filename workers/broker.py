"""What kombu's Redis transport does not forgive: a lost acknowledgment, a message that is none.

Both would end or silence a worker that everything else survives; jobs are rows, so neither matters.
"""

import logging
from queue import Empty
from typing import Any

from kombu.transport import redis, virtual

log = logging.getLogger(__name__)


class FreeingQoS(redis.QoS):
    """Frees the place of a message whatever the broker says; what comes again runs once anyway.

    kombu's frees it only after the broker has answered. An error there is logged and forgotten, and
    the place stays taken: a worker of one process whose broker was restarted at that moment took no
    other message for ever, alive and silent.
    """

    def ack(self, delivery_tag: Any) -> None:  # noqa: ANN401  # As kombu names it.
        """Tell the broker that a message is done, and take the next. Raises as kombu does."""
        try:
            super().ack(delivery_tag)
        except BaseException:
            virtual.QoS.ack(self, delivery_tag)
            raise


class HardenedChannel(redis.Channel):
    """Drops what lies in a queue and is no message: kombu's ends the whole worker by it."""

    QoS = FreeingQoS

    def _brpop_read(self, **options: Any) -> Any:  # noqa: ANN401  # As kombu names it.
        try:
            return super()._brpop_read(**options)  # type: ignore[misc]  # Not in the stubs.
        except (ValueError, LookupError, TypeError, AttributeError):
            log.warning("something in a queue was no message; it was dropped")
            raise Empty from None


def harden() -> None:
    """Let every worker of this process use HardenedChannel."""
    redis.Transport.Channel = HardenedChannel

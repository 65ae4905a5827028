"""A worker outlives a broker that goes away at the wrong moment, and rubbish in its queues."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from kombu import Connection
from redis import ConnectionError as BrokenError

from cli.embedded import Servers
from rcm.doorbell import _broker
from workers.broker import FreeingQoS, harden

QUEUE = "test-broker"


@pytest.fixture
def queue(servers: Servers) -> Iterator[Any]:
    """A queue of a hardened transport."""
    harden()
    with (
        Connection(_broker(servers.redis_url)) as connection,
        connection.SimpleQueue(QUEUE) as queue,
    ):
        queue.clear()
        yield queue
        queue.clear()


def test_the_place_of_a_message_is_free_when_its_acknowledgment_is_lost(
    queue: Any,  # noqa: ANN401  # kombu's own, with its channel.
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    queue.channel.basic_qos(prefetch_count=1)
    queue.put({"n": 1})
    message = queue.get(timeout=5)
    qos = queue.channel.qos
    assert isinstance(qos, FreeingQoS)
    assert not qos.can_consume()

    def fail(*_: object) -> None:
        raise BrokenError

    monkeypatch.setattr(qos, "_remove_from_indices", fail)
    with pytest.raises(BrokenError):
        message.ack()
    assert qos.can_consume()
    monkeypatch.undo()


@pytest.mark.parametrize("rubbish", [b"\x80\x04\xff", b"{}", b"[1]", b'"x"', b'{"properties": 1}'])
def test_what_is_no_message_is_dropped_and_the_next_is_taken(
    queue: Any,  # noqa: ANN401  # kombu's own, with its channel.
    servers: Servers,
    rubbish: bytes,
) -> None:
    with redis.Redis.from_url(servers.redis_url) as broker:
        broker.lpush(QUEUE, rubbish)
        queue.put({"n": 1})
        deadline = time.monotonic() + 10
        message = None
        while message is None and time.monotonic() < deadline:
            try:
                message = queue.get(timeout=1)
            except queue.Empty:
                continue
        assert message is not None
        assert message.payload == {"n": 1}
        message.ack()
        assert broker.llen(QUEUE) == 0

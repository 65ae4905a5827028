"""The broker as somebody sees it who stole it: what waits in it while no worker runs."""

import base64
import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import redis

from cli.stack import WORKERS, Stack


@contextmanager
def stopped_workers(stack: Stack) -> Iterator[None]:
    """Let the workers of `stack` stand still in the block: their messages wait."""
    groups = [stack.supervisor.pids()[name] for name in WORKERS]
    for group in groups:
        os.killpg(group, signal.SIGSTOP)
    try:
        yield
    finally:
        for group in groups:
            os.killpg(group, signal.SIGCONT)


def waiting_messages(stack: Stack) -> list[dict[str, Any]]:
    """Every message that waits in a queue, its body as JSON."""
    with redis.Redis.from_url(stack.servers.redis_url) as broker:
        queues = [key for key in broker.scan_iter() if broker.type(key) == b"list"]
        messages = [
            json.loads(raw) for key in queues for raw in broker.lrange(str(key, "ascii"), 0, -1)
        ]
    return [
        message | {"body": json.loads(base64.b64decode(message["body"]))} for message in messages
    ]

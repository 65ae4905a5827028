"""A partner's settings as they are posted, good in everything, and changed by a path."""

import json
from typing import Any

from sandbox.keys import new_key_pair
from tests.harness import PARTIES
from tests.rcm.intake import changed

PRIVATE_KEY, PUBLIC_KEY = new_key_pair()
HOST_KEY = new_key_pair()[1]


def settings(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    """Settings that are taken; keys of `changes` are paths with `__` for `/`."""
    document = {
        **PARTIES["partner"],
        "name": "Another Clearinghouse",
        "usage": "T",
        "host": "sftp.clearinghouse.example",
        "port": 22,
        "private_key": PRIVATE_KEY,
        "host_keys": [HOST_KEY],
        "delimiters": {"element": "*", "component": ":", "repetition": "^", "terminator": "~"},
    }
    return changed(document, {path.replace("__", "/"): value for path, value in changes.items()})


def body(**changes: Any) -> bytes:  # noqa: ANN401 - any JSON
    """The same as bytes."""
    return json.dumps(settings(**changes)).encode()

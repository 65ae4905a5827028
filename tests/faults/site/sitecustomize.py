"""Python runs this first where PYTHONPATH names this folder: a worker that dies at a pop.

While the file of RCM_TEST_DIE_AT_POP is there, the process that has taken a message off its queue
removes it and is killed before the message is noted as unacknowledged (kombu's `QoS.append`).
"""

import os
import signal
from pathlib import Path
from typing import Any

from kombu.transport.redis import QoS

_FLAG = "RCM_TEST_DIE_AT_POP"
_append = QoS.append


def _die_or_append(self: QoS, message: Any, delivery_tag: Any) -> Any:  # noqa: ANN401  # kombu's
    try:
        Path(os.environ[_FLAG]).unlink()
    except FileNotFoundError:
        return _append(self, message, delivery_tag)
    return os.kill(os.getpid(), signal.SIGKILL)


if _FLAG in os.environ:  # Not where pytest looks for doctests in all files.
    setattr(QoS, "append", _die_or_append)  # noqa: B010  # mypy knows it as a method.

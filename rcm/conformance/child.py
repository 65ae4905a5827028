"""The validator's process: it limits itself, then answers one transaction set after another.

Run by `rcm.conformance.pyx12`, with a socket as its standard input and no environment: it knows no
secret, and what it prints goes nowhere. Arguments: the parent's pid, bytes of memory.
"""

import ctypes
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Sequence
from math import ceil

from edi.pyx12_validator import validate_all
from rcm.conformance.wire import findings_to_rows, receive_bytes, receive_json, send_json
from rcm.limits import FILE_BYTES_MAX

OUT_OF_MEMORY = 3  #: Exit code.
_PR_SET_PDEATHSIG = 1  #: linux/prctl.h.
_PAGES = "/proc/self/statm"  #: Its first number: pages of address space.


def main(arguments: Sequence[str]) -> None:
    """Answer until the parent is gone."""
    _tie_to(int(arguments[0]))
    line = socket.socket(fileno=os.dup(0))
    _limit(int(arguments[1]))
    try:
        send_json(line, {})  # Ready: what ends us from here on is what we were given.
        while True:
            _answer(line)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except (EOFError, OSError):
        return  # The parent wants no more.


def _tie_to(parent: int) -> None:
    """Ask to be killed when the parent dies: it may be while we compute, and read nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("the parent died first")


def _limit(memory_bytes_max: int) -> None:
    """Take away what no validation needs: memory without end, files, a core dump."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if sys.platform == "linux":
        with open(_PAGES, encoding="ascii") as pages:  # noqa: PTH123 - not a file of anybody's
            used = int(pages.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + memory_bytes_max,) * 2)


def _answer(line: socket.socket) -> None:
    seconds = receive_json(line)["seconds"]
    body = receive_bytes(line, bytes_max=FILE_BYTES_MAX)
    began = time.process_time()
    # The kernel counts from the start of the process, in whole seconds, and ends it there.
    until = ceil(began + seconds)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (until, hard))
    rows = findings_to_rows(validate_all(body))
    milliseconds = ceil((time.process_time() - began) * 1000)
    send_json(line, {"findings": rows, "milliseconds": milliseconds})


if __name__ == "__main__":
    main(sys.argv[1:])

"""Clears the lock file of a PostgreSQL that was killed, when it would stop the next start.

PostgreSQL itself trusts the process id in `postmaster.pid`: as long as such a process exists it
does not start. In a container that is often wrong: nobody reaps the killed server, or after a
restart the number belongs to another program. Its shared memory tells the truth.
"""

import time
from pathlib import Path

SHARED_MEMORY = Path("/proc/sysvipc/shm")  #: Linux; readable by all. One line a block, with a head.
FORMER_SECONDS_MAX = 30
PAUSE_SECONDS = 0.02
BLOCK_LINE = 7  #: Of `postmaster.pid`: key and id of the shared memory (miscadmin.h).


def clear_stale_lock(cluster: Path) -> None:
    """Remove `postmaster.pid` once no process is attached to the shared memory that it names.

    Call it only with the lock of the folder held. Waits at most 30 s for the last processes of a
    killed server; leaves all to PostgreSQL where the kernel does not list shared memory.
    """
    lock = cluster / "postmaster.pid"
    if not lock.exists() or not SHARED_MEMORY.exists():
        return
    deadline = time.monotonic() + FORMER_SECONDS_MAX
    while _is_attached(lock):
        if time.monotonic() > deadline:
            return  # PostgreSQL says what is wrong.
        time.sleep(PAUSE_SECONDS)
    lock.unlink(missing_ok=True)


def _is_attached(lock: Path) -> bool:
    """Tell whether a process uses the shared memory named in the lock."""
    lines = lock.read_text().splitlines() if lock.exists() else []
    if len(lines) < BLOCK_LINE:  # Killed before it had any.
        return False
    block = lines[BLOCK_LINE - 1].split()
    for row in SHARED_MEMORY.read_text().splitlines()[1:]:
        key, block_id, _rights, _size, _creator, _last, attached = row.split()[:7]
        if [key, block_id] == block:
            return int(attached) > 0
    return False

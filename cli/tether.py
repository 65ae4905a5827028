"""Ties a program to the one that starts it: when the starter dies, even by SIGKILL, it is told.

Run as a script by `cli.spawn`, with `python -I -S`, so it imports the standard library only:

    tether.py PARENT_PID SIGNAL ACCOUNT PROGRAM [ARGUMENT...]

ACCOUNT is `UID:GID`, or `-` to stay who we are. The order matters: Linux forgets the signal when
the user changes, so the user comes first; the parent may die before we asked, so we look last.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1  #: linux/prctl.h.


def main(arguments: Sequence[str]) -> None:
    """Become the program that `arguments` name; returns only by an exception."""
    parent, death_signal, account, *argv = arguments
    # Loaded before the user changes: the new user may not be able to read Python's folder.
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    if account != "-":
        uid, gid = (int(number) for number in account.split(":"))
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if libc is not None and libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) was refused")
    if os.getppid() != int(parent):
        sys.exit("the parent died first")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)  # A shell's `&` and nohup leave them ignored.
    os.execvp(argv[0], argv)  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main(sys.argv[1:])

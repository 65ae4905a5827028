"""A worker that is asked to stop ends in time, whatever its libraries wait for."""

import signal
from collections.abc import Callable
from types import FrameType

SECONDS_MAX = 45  #: For the jobs in hand; who starts workers waits longer before it kills them.

_Handler = Callable[[int, FrameType | None], object]


def end_in_time(seconds_max: int = SECONDS_MAX) -> None:
    """Let this process live no longer than so many seconds after it is first asked to stop.

    To be called when Celery has set its handlers. The kernel then ends the process by SIGALRM: no
    lock that a thread of it waits for holds that up. Its children follow; what they ran is run
    again when its lease lapses.
    """
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        theirs = signal.getsignal(number)
        assert callable(theirs)
        signal.signal(number, _with_alarm(theirs, seconds_max))


def _with_alarm(theirs: _Handler, seconds_max: int) -> _Handler:
    def stop(number: int, frame: FrameType | None) -> None:
        if not signal.getitimer(signal.ITIMER_REAL)[0]:
            signal.alarm(seconds_max)
        theirs(number, frame)

    return stop

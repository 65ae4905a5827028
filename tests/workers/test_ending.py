"""A process that is asked to stop ends in time, also where its own way of stopping hangs."""

import signal
import subprocess
import sys

import pytest

HANGS = """
import signal, threading, time
from workers.ending import end_in_time

def stop(number, frame):
    lock = threading.Lock()
    lock.acquire()
    print("stops", flush=True)
    lock.acquire()

for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
    signal.signal(number, stop)
end_in_time(seconds_max=1)
print("ready", flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGQUIT])
def test_it_ends_by_itself_though_its_handler_waits_for_ever(number: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", HANGS], stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(number)
        assert process.stdout.readline() == b"stops\n", "its own handler has its turn"
        assert process.wait(timeout=30) == -signal.SIGALRM

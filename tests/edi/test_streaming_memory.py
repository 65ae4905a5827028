"""A large 835 is read within 64 MB over what the process has before, in a process of its own."""

import logging
import subprocess
import sys

import pytest

from tests.scale import scaled

MEMORY_BYTES_MAX = 64 * 1024 * 1024
CLAIMS = 430_000  #: 100 MB. What 500 MB needs stands in CHANGELOG.md.
READ = """
import sys
from edi.streaming import Part, stream_interchanges
from tests.edi.large_files import Pieces

def peak():  # Of this process alone: what getrusage says begins with that of its parent.
    for line in open("/proc/self/status", encoding="ascii"):
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024

before, claims = peak(), 0
for each in stream_interchanges(Pieces(int(sys.argv[1]))):
    if isinstance(each, Part):
        claims += sum(segment.id == "CLP" for segment in each.segments)
    else:
        assert not [found for found in each.findings if found.severity == "error"]
print(claims, before, peak())
"""


@pytest.mark.long
def test_a_large_remittance_is_read_within_64_mb() -> None:
    claims = scaled(CLAIMS)
    done = subprocess.run(
        [sys.executable, "-c", READ, str(claims)], capture_output=True, text=True, check=True
    )
    read, before, after = map(int, done.stdout.split())
    assert read == claims
    assert after - before < MEMORY_BYTES_MAX
    logging.getLogger(__name__).info("%d claims: %d KiB", claims, (after - before) // 1024)

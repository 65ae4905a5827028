"""What a reader must have read: every amount, code and date, added up in any order.

Only the standard library: peers run it in an environment of their own.
"""

import zlib
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path


class Tally:
    """A sum over what was read: equal for readers that read the same, in whatever order."""

    def __init__(self) -> None:
        self.items = 0
        self._sum = 0

    def code(self, *texts: str) -> None:
        """Add a code, or several that belong together."""
        self._add("c" + "\0".join(texts))

    def cents(self, cents: int) -> None:
        """Add an amount."""
        self._add(f"a{cents}")

    def amount(self, amount: Decimal | str | None) -> None:
        """Add an amount of dollars, where there is one."""
        if amount not in (None, ""):
            assert amount is not None
            self.cents(int(Decimal(amount) * 100))

    def day(self, text: str) -> None:
        """Add a date, YYYYMMDD."""
        self._add("d" + text)

    def codes(self, texts: Iterable[str]) -> None:
        """Add codes."""
        for text in texts:
            self.code(text)

    @property
    def checksum(self) -> str:
        """Return the sum, in hexadecimal."""
        return f"{self._sum % 2**32:08x}"

    def _add(self, text: str) -> None:
        self.items += 1
        self._sum += zlib.crc32(text.encode()) * 2654435761 % 4294967291


def peak_kb() -> int:
    """Return the most memory that this process had: of its own, not of whoever started it."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    return 0

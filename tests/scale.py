"""How much of a long test to run: all of it, or the part that RCM_LONG_SCALE names."""

import os
from fractions import Fraction

SCALE = Fraction(os.environ.get("RCM_LONG_SCALE", "1"))  #: Of the counts of `make test-long`.


def scaled(count: int) -> int:
    """Return the part of `count` to do, at least 1.

    >>> scaled(0)
    1
    """
    return max(1, int(count * SCALE))

"""What a verdict of pyx12 is to whoever asks for it. Pure."""

from typing import Protocol

from edi.findings import Finding

STOPPED = "PYX12-STOPPED"  #: The code of the finding that a set was not judged to its end.


class Conformance(Protocol):
    """What says whether the sets of a file are legal by their guides."""

    def __call__(self, body: bytes, *, seconds: int = ...) -> tuple[Finding, ...]:
        """Return pyx12's findings on every set of `body`, within `seconds` of processor time."""

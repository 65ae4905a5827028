"""X12: bytes to values and back. Pure: no clock, no counter, no network, no database.

`from edi import read_835` and the other names below are the public ones: docs/library.md has ten
lines for each common task. What values are made of stands beside them: `edi.remittance_835.model`,
`edi.claim_837`, and so on.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from edi.acknowledge_group import acknowledge
    from edi.acknowledgment_277ca import read_277ca, write_277ca
    from edi.acknowledgment_999 import read_997, read_999, write_999
    from edi.acknowledgment_ta1 import acknowledge_interchange, read_ta1, write_ta1
    from edi.annotation.annotate import annotate
    from edi.checks import CHECKS, run_checks
    from edi.claim_837 import read_837p, write_837p
    from edi.claim_837.filed import read_837, write_837
    from edi.claim_status import read_276, read_277, write_276, write_277
    from edi.codes import CodeList, is_known, words_of
    from edi.codes.check import unknown_codes
    from edi.delimiters import STANDARD, Delimiters
    from edi.eligibility_270 import read_270, write_270
    from edi.eligibility_271 import read_271, write_271
    from edi.envelope import Envelope
    from edi.findings import Finding, ReadError, Severity, WriteError, X12Error
    from edi.guide import validate_guides, validate_with_guide
    from edi.guides import FileType, Guide
    from edi.reader import read_interchanges
    from edi.remittance_835.balance import check_balance
    from edi.remittance_835.read import read_835
    from edi.remittance_835.write import write_835
    from edi.streaming import stream_interchanges
    from edi.writer import write_interchange

__all__ = [
    "CHECKS", "STANDARD", "CodeList", "Delimiters", "Envelope", "FileType", "Finding", "Guide",
    "ReadError", "Severity", "WriteError", "X12Error", "acknowledge", "acknowledge_interchange",
    "annotate", "check_balance", "is_known", "read_270", "read_271", "read_276", "read_277",
    "read_277ca", "read_835", "read_837", "read_837p", "read_997", "read_999", "read_interchanges",
    "read_ta1", "run_checks", "stream_interchanges", "unknown_codes", "validate_guides",
    "validate_with_guide", "words_of", "write_270", "write_271", "write_276", "write_277",
    "write_277ca", "write_835", "write_837", "write_837p", "write_999", "write_interchange",
    "write_ta1",
]  # fmt: skip

#: Where a name is defined. It is imported when it is first asked for: who reads an 835 needs no
#: maps, and a process that needs one module starts without the others.
_HOMES = {
    "edi.acknowledge_group": ("acknowledge",),
    "edi.acknowledgment_277ca": ("read_277ca", "write_277ca"),
    "edi.acknowledgment_999": ("read_997", "read_999", "write_999"),
    "edi.acknowledgment_ta1": ("acknowledge_interchange", "read_ta1", "write_ta1"),
    "edi.annotation.annotate": ("annotate",),
    "edi.checks": ("CHECKS", "run_checks"),
    "edi.claim_837": ("read_837p", "write_837p"),
    "edi.claim_837.filed": ("read_837", "write_837"),
    "edi.claim_status": ("read_276", "read_277", "write_276", "write_277"),
    "edi.codes": ("CodeList", "is_known", "words_of"),
    "edi.codes.check": ("unknown_codes",),
    "edi.delimiters": ("STANDARD", "Delimiters"),
    "edi.eligibility_270": ("read_270", "write_270"),
    "edi.eligibility_271": ("read_271", "write_271"),
    "edi.envelope": ("Envelope",),
    "edi.findings": ("Finding", "ReadError", "Severity", "WriteError", "X12Error"),
    "edi.guide": ("validate_guides", "validate_with_guide"),
    "edi.guides": ("FileType", "Guide"),
    "edi.reader": ("read_interchanges",),
    "edi.remittance_835.balance": ("check_balance",),
    "edi.remittance_835.read": ("read_835",),
    "edi.remittance_835.write": ("write_835",),
    "edi.streaming": ("stream_interchanges",),
    "edi.writer": ("write_interchange",),
}
_MODULES = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any public name
    """Return a public name from its home. Raises AttributeError for any other."""
    if name not in _MODULES:
        raise AttributeError(f"module 'edi' has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    return __all__

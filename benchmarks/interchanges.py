"""The bytes of synthetic files: an envelope, and of an 835 what was paid."""

from collections.abc import Sequence
from datetime import date, datetime

from edi.money import Cents, write_amount
from rcm.rows import BillingProviderRow, PayerRow

#: GS01 and GS08 of each type of file.
_GROUPS = {
    "837P": ("HC", "005010X222A1"),
    "999": ("FA", "005010X231A1"),
    "277CA": ("HN", "005010X214"),
    "835": ("HP", "005010X221A1"),
}


def enveloped(file_type: str, number: int, at: datetime, segments: Sequence[str]) -> bytes:
    """Return a file of one transaction set with these segments."""
    group, version = _GROUPS[file_type]
    day, minute = f"{at:%Y%m%d}", f"{at:%H%M}"
    lines = (
        (
            "ISA*00*          *00*          *ZZ*HARBORBILLING  *ZZ*SANDBOXCH      "
            f"*{day[2:]}*{minute}*^*00501*{number:09d}*0*T*:"
        ),
        f"GS*{group}*HARBORBILLING*SANDBOXCH*{day}*{minute}*{number}*X*{version}",
        f"ST*{file_type[:3]}*0001*{version}",
        *segments,
        f"SE*{len(segments) + 2}*0001",
        f"GE*1*{number}",
        f"IEA*1*{number:09d}",
    )
    return "".join(f"{line}~" for line in lines).encode("ascii")


def remittance_header(
    payer: PayerRow, practice: BillingProviderRow, trace: str, total: Cents, day: date
) -> tuple[str, ...]:
    """Return the segments of an 835 before its claims."""
    return (
        (
            f"BPR*I*{write_amount(total)}*C*ACH*CCP*01*111000025*DA*1*1{payer.identifier}**01*111000025"
            f"*DA*2*{day:%Y%m%d}"
        ),
        f"TRN*1*{trace}*1{payer.identifier}",
        f"DTM*405*{day:%Y%m%d}",
        f"N1*PR*{payer.name}",
        f"N1*PE*{practice.name}*XX*{practice.npi}",
        "LX*1",
    )

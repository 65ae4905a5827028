"""Remittances of any size, made as they are read: balanced, and every patient named Canary."""

from collections.abc import Iterator

_ISA = (
    "ISA*00*          *00*          *ZZ*PAYER          *ZZ*PRACTICE       "
    "*260301*0905*^*00501*000000007*0*T*:~"
)
_HEADER = (
    "TRN*1*77*1559123456~DTM*405*20260301~N1*PR*HARBOR HEALTH~N3*1 PIER~N4*AUSTIN*TX*78701~"
    "REF*2U*60054~PER*BL*CLAIM DESK*TE*5125550100~N1*PE*HARBOR FAMILY*XX*1234567893~LX*1~"
)
_CLAIM = (
    "CLP*PCN{n:09d}*1*200*150*10*12*ICN{n:09d}*11*1~NM1*QC*1*CANARY*ADA****MI*W{n:08d}~"
    "DTM*232*20260211~SVC*HC:99213*125*100**1~DTM*472*20260211~CAS*CO*45*25~AMT*B6*100~"
    "SVC*HC:85025*75*50**1~DTM*472*20260211~CAS*CO*45*15~CAS*PR*3*10~"
)
_CLAIM_SEGMENTS = 11


def remittance_pieces(claims: int) -> Iterator[bytes]:
    """Yield an 835 of one set, a piece at a time."""
    yield (_ISA + "GS*HP*PAYER*PRACTICE*20260301*0905*7*X*005010X221A1~ST*835*0001~").encode()
    yield f"BPR*I*{claims * 150}*C*CHK************20260303~{_HEADER}".encode()
    for first in range(0, claims, 500):
        numbers = range(first, min(first + 500, claims))
        yield "".join(_CLAIM.format(n=n) for n in numbers).encode()
    count = claims * _CLAIM_SEGMENTS + 12
    yield f"SE*{count}*0001~GE*1*7~IEA*1*000000007~".encode()


def remittance_of(claims: int) -> bytes:
    """Return an 835 of so many claims."""
    return b"".join(remittance_pieces(claims))


class Pieces:
    """Such an 835 as an open file."""

    def __init__(self, claims: int) -> None:
        self._pieces = remittance_pieces(claims)

    def read(self, _size: int, /) -> bytes:
        """Return the next piece; none at the end."""
        return next(self._pieces, b"")

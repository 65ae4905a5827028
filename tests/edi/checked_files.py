"""Files in which every check above the guide finds nothing, and what to change so that one does."""

from typing import NamedTuple

from tests.edi.x12_texts import GOLDEN

Changes = tuple[tuple[str, str], ...]


class Case(NamedTuple):
    """A file with one fault: what to replace in a good one, and where the fault is found."""

    code: str
    good: str
    changes: Changes
    segment: str  #: How the segment begins in the file with the fault.
    element: int
    component: int = 0
    loop: str = ""
    with_guide: bool = True  #: False where the guide says the same in its own words.


def changed(text: str, changes: Changes) -> str:
    """Return the text with each replaced once; SE01 follows the number of segments."""
    before = text.count("~")
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    more = text.count("~") - before
    start, _, rest = text.partition("\nSE*")
    count, _, end = rest.partition("*")
    return f"{start}\nSE*{int(count) + more}*{end}"


def _golden(name: str) -> str:
    return (GOLDEN / name).read_text(encoding="ascii")


_EAF = "AMT*EAF*70.5~\nOI*"
_FIRST_LINE = "CAS*CO*45*70~\nCAS*PR*1*50**2*20.5~\nDTP*573*D8*20260225~\nAMT*EAF*70.5~\n"
_SECOND_LINE = "SVD*60054*70*HC:J0897**60~\nCAS*CO*45*30~\nDTP*573*D8*20260225~\n"
_BY_ANOTHER = _SECOND_LINE.replace("60054", "P9")

PROFESSIONAL = _golden("837p-whole.edi")
BY_CLAIM = changed(  # The other payer decided the claim as a whole.
    PROFESSIONAL,
    (
        ("SVD*60054*630*HC:A0427:SH**1*1~\n" + _FIRST_LINE, ""),
        (_SECOND_LINE, ""),
        ("AMT*D*670~", "AMT*D*840.5~"),
    ),
)
INSTITUTIONAL = _golden("837i-whole.edi")
DENTAL = _golden("837d-whole.edi")
REMITTANCE = _golden("835-two-claims.edi")

CASES = (
    Case("837-CHARGE-SUM", DENTAL, (("D8080*3200*", "D8080*3201*"),), "CLM*", 2, loop="2300"),
    Case(
        "837-POINTER-RANGE", PROFESSIONAL, (("*1:2**Y~", "*1:4**Y~"),), "SV1*HC:A0427", 7, 2, "2400"
    ),
    Case("837-FREQUENCY", DENTAL, (("11:B:1", "11:B:2"),), "CLM*", 5, 3, "2300"),
    Case("837-ORIGINAL", DENTAL, (("11:B:1", "11:B:7"),), "CLM*", 5, 3, "2300"),
    Case(
        "837-DATE-ORDER",
        PROFESSIONAL,
        (("20260220-20260222", "20260220-20260219"),),
        "DTP*472*RD8",
        3,
        0,
        "2400",
    ),
    Case(
        "837-ADMISSION",
        INSTITUTIONAL,
        (("*202602101405", "*202602151405"),),
        "DTP*434",
        3,
        0,
        "2300",
    ),
    Case(
        "837-DATE-FUTURE",
        DENTAL,
        (("*472*D8*20260220", "*472*D8*20260302"),),
        "DTP*472",
        3,
        0,
        "2300",
    ),
    Case(
        "837-PAYER-ORDER",
        PROFESSIONAL,
        (("SBR*P*18*GRP1", "SBR*S*18*GRP1"),),
        "SBR*S*18*GRP1",
        1,
        0,
        "2320",
    ),
    Case(
        "837-COB-LINE",
        PROFESSIONAL,
        (("SVD*60054*630*", "SVD*60054*631*"),),
        "SVD*60054*631",
        2,
        0,
        "2430",
    ),
    Case("837-COB-CLAIM", PROFESSIONAL, (("AMT*D*670~", "AMT*D*671~"),), "AMT*D*671", 2, 0, "2320"),
    Case(
        "837-COB-PAYER", PROFESSIONAL, (("LQ*UT*", f"{_BY_ANOTHER}LQ*UT*"),), "SVD*P9", 1, 0, "2430"
    ),
    Case(
        "837-COB-NEGATIVE",
        PROFESSIONAL,
        (
            ("SVD*60054*70*", "SVD*60054*-70*"),
            ("*45*30~", "*45*170~"),
            ("AMT*D*670~", "AMT*D*530~"),
        ),
        "SVD*60054*-70*",
        2,
        0,
        "2430",
    ),
    Case(
        "837-COB-PAIR",
        PROFESSIONAL,
        (("CAS*CO*45*30~", "CAS*CO*45*30**1**2~"),),
        "CAS*CO*45*30*",
        6,
        0,
        "2430",
    ),
    Case("837-COB-DATE", BY_CLAIM, (("DTP*573*D8*20260225~\n", ""),), "AMT*D", 0, 0, "2320"),
    Case("837-COB-LIABILITY", PROFESSIONAL, (("OI*", _EAF),), "AMT*EAF", 1, 0, "2320"),
    Case(
        "X12-NPI",
        PROFESSIONAL,
        (("XX*1193000514~\nPRV", "XX*1193000515~\nPRV"),),
        "NM1*82*1*OKAFOR",
        9,
    ),
    Case("X12-CODE-UNKNOWN", REMITTANCE, (("LQ*HE*N130", "LQ*HE*N9999"),), "LQ*HE", 2),
    Case(
        "X12-HL-NUMBER",
        PROFESSIONAL,
        (("HL*2*1*22*0", "HL*3*1*22*0"),),
        "HL*3",
        1,
        with_guide=False,
    ),
    Case(
        "X12-HL-PARENT",
        INSTITUTIONAL,
        (("HL*3*2*23*0", "HL*3*9*23*0"), ("HL*2*1*22*1", "HL*2*1*22*0")),
        "HL*3",
        2,
        with_guide=False,
    ),
    Case("X12-HL-CHILD", PROFESSIONAL, (("HL*2*1*22*0", "HL*2*1*22*1"),), "HL*2", 4),
    Case(
        "835-DATE-ORDER",
        REMITTANCE,
        (("DTM*050*20260215", "DTM*233*20260209"),),
        "DTM*233",
        2,
        0,
        "2100",
    ),
    Case("835-METHOD", REMITTANCE, (("*C*ACH*CCP*", "*C*NON*CCP*"),), "BPR", 4),
    Case("835-BALANCE-SET", REMITTANCE, (("BPR*I*212.5*", "BPR*I*212.51*"),), "BPR", 2),
    Case(
        "835-BALANCE-CLAIM",
        REMITTANCE,
        (("BPR*I*212.5*", "BPR*I*213.5*"), ("*1*200*120*30*", "*1*200*121*30*")),
        "CLP*PCN0001",
        4,
        0,
        "2100",
    ),
    Case(
        "835-BALANCE-SERVICE",
        REMITTANCE,
        (("*120*80**1~", "*120*81**1~"),),
        "SVC*HC:99213",
        3,
        0,
        "2110",
    ),
    Case(
        "835-LINES-CHARGE",
        REMITTANCE,
        (
            ("*120*80**1~", "*130*80**1~"),
            ("CAS*CO*45*20*", "CAS*CO*45*30*"),
            ("*1*200*120*30*", "*1*200*110*30*"),
            ("BPR*I*212.5*", "BPR*I*202.5*"),
        ),
        "CLP*PCN0001",
        3,
        0,
        "2100",
    ),
    Case(
        "835-PATIENT-SHARE",
        REMITTANCE,
        (("*200*120*30*", "*200*120*31*"),),
        "CLP*PCN0001",
        5,
        0,
        "2100",
    ),
)

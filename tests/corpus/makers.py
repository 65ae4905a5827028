"""Files that are too large to be kept: each is made of one that is in order."""

from collections.abc import Callable

MIB = 1024 * 1024


def _inside(piece: bytes, count: int = 1) -> Callable[[bytes], bytes]:
    """Return what puts a piece before the first LX, so many times; SE01 counts it."""
    more = count * piece.count(b"~") * (piece != b"~")  # An empty segment does not count.

    def make(body: bytes) -> bytes:
        body = body.replace(b"LX*1~", piece * count + b"LX*1~")
        return body.replace(b"SE*22*", b"SE*%d*" % (22 + more))

    return make


def _around(before: bytes, after: bytes) -> Callable[[bytes], bytes]:
    return lambda body: before + body + after


def _sets(count: int) -> Callable[[bytes], bytes]:
    """Return what adds empty sets behind the first."""
    more = b"".join(b"ST*835*%05d~SE*2*%05d~" % (n, n) for n in range(count))
    return lambda body: body.replace(b"GE*1*1~", more + b"GE*%d*1~" % (count + 1))


MAKERS: dict[str, Callable[[bytes], bytes]] = {
    "a segment of 3 MB": _inside(b"N3*" + b"A" * 3 * MIB + b"~"),
    "a segment of 16 KiB and one byte": _inside(b"N3*" + b"A" * 8_000 + b"*" + b"B" * 8_381 + b"~"),
    "an element of 8 KiB and one byte": _inside(b"N3*" + b"A" * 8_193 + b"~"),
    "101 elements": _inside(b"N3" + b"*A" * 101 + b"~"),
    "100 elements": _inside(b"N3" + b"*A" * 100 + b"~"),
    "a million empty elements": _inside(b"N3" + b"*" * 1_000_000 + b"~"),
    "10,000 empty segments": _inside(b"~", 10_000),
    "2,000 LX": _inside(b"LX*1~", 2_000),
    "2,000 segments that are no segments": _inside(b"ZZZ*1~", 2_000),
    "an error storm: every amount is wrong": _inside(b"CLP*X*1*A*B~CAS*CO*45*C~", 1_000),
    "10,001 claims": _inside(b"CLP*X*1*0*0~", 10_000),
    "a set beyond 10,000": _sets(10_000),
    "a megabyte of spaces before": _around(b" " * MIB, b""),
    "a megabyte of line ends behind": _around(b"", b"\r\n" * (MIB // 2)),
    "a megabyte of rubbish behind": _around(b"", b"\xb2" * MIB),
    "no terminator for a megabyte": lambda body: body[:-2] + b"A" * MIB,
    "a second ISA after every segment": lambda body: body.replace(b"~\n", b"~\n" + body[:108]),
    "components without end": _inside(b"SVC*HC" + b":A" * 5_000 + b"*1*1~"),
    "repetitions without end": _inside(b"SVC*HC" + b"^A" * 5_000 + b"*1*1~"),
}

"""Files damaged by chance: the same seed makes the same damage, so that a failure is a number."""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

NOISE = b"*~:^\n\r AZ09.-+\x00\x1a\xb2\xff"
#: What is worth putting in the place of an element.
NASTY = (
    b"", b"0", b"-1", b"1E9", b"NaN", b"9" * 30, b"A" * 300, b"\x00", b"\xc9", b"\xef\xbb\xbf",
    b"20260230", b"CANARY ADA", b"ISA", b"SE", b"22", b"*", b"~", b"ISA*00~", b"SE*1*0001~",
)  # fmt: skip

Chance = random.Random
Operator = Callable[[bytes, Sequence[bytes], Chance], bytes]


def mutant(body: bytes, seed: int, others: Sequence[bytes] = ()) -> bytes:
    """Return the file with one to four operators applied; `others` are files to splice from."""
    chance = random.Random(seed)
    for _ in range(chance.randint(1, 4)):
        body = chance.choice(OPERATORS)(body or b"~", others or (body,), chance)
    return body


@contextmanager
def naming(seed: int, kind: str) -> Iterator[None]:
    """Say by which seed a failure can be seen again."""
    try:
        yield
    except BaseException as failure:
        failure.add_note(f"mutant {seed} of the {kind}: tests.corpus.mutations.mutant")
        raise


def _places(body: bytes, chance: Chance) -> tuple[int, int]:
    start = chance.randrange(len(body))
    return start, min(len(body), start + chance.randint(1, 40))


def change_a_byte(body: bytes, _: Sequence[bytes], chance: Chance) -> bytes:
    at = chance.randrange(len(body))
    return body[:at] + bytes([chance.randrange(256)]) + body[at + 1 :]


def insert_noise(body: bytes, _: Sequence[bytes], chance: Chance) -> bytes:
    at = chance.randrange(len(body))
    return body[:at] + bytes([chance.choice(NOISE)]) + body[at:]


def remove_bytes(body: bytes, _: Sequence[bytes], chance: Chance) -> bytes:
    start, end = _places(body, chance)
    return body[:start] + body[end:]


def repeat_bytes(body: bytes, _: Sequence[bytes], chance: Chance) -> bytes:
    start, end = _places(body, chance)
    return body[:end] + body[start:end] + body[end:]


def reverse_bytes(body: bytes, _: Sequence[bytes], chance: Chance) -> bytes:
    start, end = _places(body, chance)
    return body[:start] + body[start:end][::-1] + body[end:]


def cut(body: bytes, _: Sequence[bytes], chance: Chance) -> bytes:
    return body[: chance.randrange(len(body))]


def drop_a_segment(body: bytes, _: Sequence[bytes], chance: Chance) -> bytes:
    lines, at = _line(body, chance)
    return b"~".join(lines[:at] + lines[at + 1 :])


def repeat_a_segment(body: bytes, _: Sequence[bytes], chance: Chance) -> bytes:
    lines, at = _line(body, chance)
    return b"~".join(lines[: at + 1] + lines[at:])


def move_a_segment(body: bytes, _: Sequence[bytes], chance: Chance) -> bytes:
    lines, at = _line(body, chance)
    line = lines.pop(at)
    lines.insert(chance.randint(0, len(lines)), line)
    return b"~".join(lines)


def swap_two_segments(body: bytes, _: Sequence[bytes], chance: Chance) -> bytes:
    lines, at = _line(body, chance)
    other = chance.randrange(len(lines))
    lines[at], lines[other] = lines[other], lines[at]
    return b"~".join(lines)


def drop_an_element(body: bytes, _: Sequence[bytes], chance: Chance) -> bytes:
    return _with_elements(body, chance, lambda elements, at: elements.pop(at))


def repeat_an_element(body: bytes, _: Sequence[bytes], chance: Chance) -> bytes:
    return _with_elements(body, chance, lambda elements, at: elements.insert(at, elements[at]))


def swap_elements(body: bytes, _: Sequence[bytes], chance: Chance) -> bytes:
    return _with_elements(body, chance, lambda elements, _: chance.shuffle(elements))


def replace_an_element(body: bytes, _: Sequence[bytes], chance: Chance) -> bytes:
    nasty = chance.choice(NASTY)
    return _with_elements(body, chance, lambda elements, at: elements.__setitem__(at, nasty))


def splice_a_file(body: bytes, others: Sequence[bytes], chance: Chance) -> bytes:
    """The beginning of this file, and the end of another."""
    other = chance.choice(others)
    return body[: chance.randrange(len(body))] + other[chance.randrange(len(other)) :]


def splice_segments(body: bytes, others: Sequence[bytes], chance: Chance) -> bytes:
    """A few segments of another file inside this one."""
    lines, at = _line(body, chance)
    foreign, start = _line(chance.choice(others), chance)
    return b"~".join([*lines[:at], *foreign[start : start + chance.randint(1, 5)], *lines[at:]])


OPERATORS: tuple[Operator, ...] = (
    change_a_byte, insert_noise, remove_bytes, repeat_bytes, reverse_bytes, cut,
    drop_a_segment, repeat_a_segment, move_a_segment, swap_two_segments,
    drop_an_element, repeat_an_element, swap_elements, replace_an_element,
    splice_a_file, splice_segments,
)  # fmt: skip


def _line(body: bytes, chance: Chance) -> tuple[list[bytes], int]:
    lines = body.split(b"~")
    return lines, chance.randrange(len(lines))


def _with_elements(
    body: bytes, chance: Chance, change: Callable[[list[bytes], int], object]
) -> bytes:
    lines, at = _line(body, chance)
    elements = lines[at].split(b"*")
    change(elements, chance.randrange(len(elements)))
    lines[at] = b"*".join(elements)
    return b"~".join(lines)

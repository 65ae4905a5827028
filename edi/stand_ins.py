"""A file that can be shared: people replaced by stand-ins of the same form, the same each time.

What `edi.annotation.privacy` hides of people, and text where no guide has any, is replaced letter
by letter and digit by digit: every length, count, amount, code and check stays as it was. The same
value has the same stand-in, wherever it stands, in every file masked with the same key. Days of
birth are moved back within their year. Days of service, states, codes and amounts stay: the result
is a limited data set, not an anonymous one.
"""

import hmac
import re
from datetime import date, timedelta
from hashlib import sha256

from edi.annotation import AnnotatedElement, AnnotatedSegment, annotate
from edi.elements import is_npi, read_date, write_date

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#: Bytes outside ASCII, first and count: what is UTF-8 stays UTF-8, what is Latin-1 a letter.
_BYTES = ((0x80, 64), (0xC3, 23), (0xE1, 12))
_BORN = frozenset({"DMG02"})
_DIED = frozenset({"PAT06", "INS12"})
#: Names, numbers, addresses and free text: replaced where the viewer hides them.
_PERSONAL = frozenset(
    {
        "NM103", "NM104", "NM105", "NM106", "NM107", "NM109", "NM112", "N102", "N104", "N201",
        "N202", "N301", "N302", "N401", "N403", "PER02", "PER04", "PER06", "PER08", "REF02",
        "REF03", "DMG02", "PAT06", "INS12", "ISA02", "ISA04", "BPR09", "BPR15", "SBR03", "SBR04",
        "PWK06", "PWK07", "ENT04", "RMR02", "III04", "FRM03", "NTE02", "MSG01", "K301", "STC12",
        "AK404", "IK404", "CTX01-2", "SV101-7", "SV202-7", "SV301-7", "SVC01-7", "SVC06-7",
        "SVD03-7", "EQ02-7", "EB13-7",
    }
)  # fmt: skip
#: What stands where codes and amounts stand has this form; the viewer hides it if no guide has it.
_CODE = re.compile(r"[A-Za-z0-9]{1,3}|-?[0-9]{0,12}(\.[0-9]{0,6})?|[0-9]{8}-[0-9]{8}")
#: Numbers of a patient's account that the viewer shows, and a stranger should not see.
_ACCOUNTS = frozenset({"CLM01", "CLP01", "CLP07"})
_ACCOUNT_REFERENCES = frozenset({"1K", "6R", "9A", "9C", "D9", "F8", "FJ", "BLT"})
_TRACED = frozenset({"2200D", "2200E", "2000C", "2000D"})  #: Loops whose TRN02 is of a patient.
_PROVIDERS = frozenset({"NM103", "NM104", "NM105", "N102", "N301", "N302", "N401", "PER02"})
_NUMBERS_OF_PROVIDERS = frozenset({"NM109", "N104", "PER04", "PER06", "PER08", "N403", "PLB01"})
_TAX_REFERENCES = frozenset({"EI", "SY", "TJ"})
_NO_ACCOUNT = "0"  #: CLP01 where no number came.


def mask_file(body: bytes, key: bytes, *, with_providers: bool = False) -> bytes:
    """Return a file of the same length, in which nobody can be recognised by name or number.

    `key` decides the stand-ins: the same key, the same bytes. `with_providers` replaces names and
    numbers of providers and payers too; an NPI stays one with a true check digit. Bytes that are
    no segment are replaced whole. Raises nothing.
    """
    annotated = annotate(body)
    index = annotated.index
    stand_ins = StandIns(key)
    out: list[str] = []
    text = body.decode("latin-1")
    for segment in annotated.segments:
        delimiters = index.delimiters(segment.number)
        raw = text[segment.start : segment.end]
        if not segment.id:
            out.append(stand_ins.plain(raw))
            continue
        lead = index.starts[segment.number - 1] - segment.start
        elements = raw[lead:].split(delimiters.terminator, 1)
        loop = index.loops[segment.loop].id
        masked = _masked(segment, loop, stand_ins, with_providers=with_providers)
        parts = elements[0].split(delimiters.element)
        for element, replaced in masked.items():
            if element < len(parts):
                parts[element] = _replace(parts[element], replaced)
        end = raw[lead + len(elements[0]) :]
        out.append(raw[:lead] + delimiters.element.join(parts) + end)
    return "".join(out).encode("latin-1")


def _masked(
    segment: AnnotatedSegment, loop: str, stand_ins: "StandIns", *, with_providers: bool
) -> dict[int, list[tuple[str, str]]]:
    """Return for each element the values that are replaced, and by what, in order."""
    found: dict[int, list[tuple[str, str]]] = {}
    for each in segment.elements:
        hidden = _is_personal(each) or _is_account(each, segment, loop)
        if not hidden and with_providers:
            hidden = _is_of_provider(each, segment)
        new = stand_ins.of(each.value, each.position) if hidden else each.value
        found.setdefault(each.element, []).append((each.value, new))
    return {
        element: pairs for element, pairs in found.items() if any(old != new for old, new in pairs)
    }


def _replace(text: str, pairs: list[tuple[str, str]]) -> str:
    """Return an element with its components and repetitions replaced, in order."""
    out, at = "", 0
    for old, new in pairs:
        out += new
        at += len(old)
        out += text[at : at + 1]  # The delimiter between them.
        at += 1
    return out + text[at:]


def _first(segment: AnnotatedSegment, element: int) -> str:
    return next((each.value for each in segment.elements if each.element == element), "")


def _is_personal(each: AnnotatedElement) -> bool:
    """Tell whether a hidden value may be of a person: a code that no guide has here is not."""
    if not each.is_private:
        return False
    return each.position in _PERSONAL or not _CODE.fullmatch(each.value)


def _is_account(each: AnnotatedElement, segment: AnnotatedSegment, loop: str) -> bool:
    if each.position in _ACCOUNTS:
        return each.value != _NO_ACCOUNT
    if each.position == "REF02":
        return _first(segment, 1) in _ACCOUNT_REFERENCES
    return each.position == "TRN02" and loop in _TRACED


def _is_of_provider(each: AnnotatedElement, segment: AnnotatedSegment) -> bool:
    if each.position == "REF02":
        return _first(segment, 1) in _TAX_REFERENCES
    return each.position in _PROVIDERS or each.position in _NUMBERS_OF_PROVIDERS


class StandIns:
    """What stands in place of each value; the same for the same key."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._known: dict[str, str] = {}
        self._taken: set[str] = set()

    def of(self, value: str, position: str = "") -> str:
        """Return the stand-in of a value: of the same length and form."""
        day = read_date(value)
        if day is not None and position in _BORN | _DIED:
            return write_date(self._day(day, is_later=position in _DIED))
        known = self._known.get(value)
        if known is None:
            known = self._known[value] = self._unused(value)
        return known

    def plain(self, text: str) -> str:
        """Return any text with its letters and digits replaced."""
        return "".join(self._character(each, n) for each, n in zip(text, self._stream(text, 0)))  # noqa: B905 - the stream has no end

    def _unused(self, value: str) -> str:
        for attempt in range(20):
            made = "".join(
                self._character(each, n)
                for each, n in zip(value, self._stream(value, attempt))  # noqa: B905 - the stream has no end
            )
            if is_npi(value):
                made = _with_check_digit(value[0] + made[1:])
            if made not in self._taken:
                break
        self._taken.add(made)
        return made

    def _character(self, character: str, number: int) -> str:
        """Return another letter for a letter, digit for a digit, byte of its kind for a byte."""
        if character.isascii() and character.isdigit():
            return str((int(character) + 1 + number % 9) % 10)
        if character.isascii() and character.isalpha():
            letter = _LETTERS[(_LETTERS.index(character.upper()) + 1 + number % 25) % 26]
            return letter if character.isupper() else letter.lower()
        for first, count in _BYTES:
            if 0 <= (at := ord(character) - first) < count:
                return chr(first + (at + 1 + number % (count - 1)) % count)
        return character

    def _stream(self, value: str, attempt: int) -> "_Numbers":
        return _Numbers(self._key, f"{attempt}:{value}")

    def _day(self, day: date, *, is_later: bool) -> date:
        number = next(self._stream(day.isoformat(), 0))
        number = number * 256 + next(self._stream(day.isoformat(), 1))
        edge = date(day.year, 12, 31) if is_later else date(day.year, 1, 1)
        span = abs((edge - day).days) + 1
        return day + timedelta(days=number % span) * (1 if is_later else -1)


class _Numbers:
    """Bytes without end, of a key and a text."""

    def __init__(self, key: bytes, text: str) -> None:
        self._key, self._text = key, text.encode("utf-8")
        self._block, self._count = b"", 0

    def __iter__(self) -> "_Numbers":
        return self

    def __next__(self) -> int:
        if not self._block:
            message = b"%d:" % self._count + self._text
            self._block = hmac.new(self._key, message, sha256).digest()
            self._count += 1
        number, self._block = self._block[0], self._block[1:]
        return number


def _with_check_digit(npi: str) -> str:
    return next(made for digit in "0123456789" if is_npi(made := npi[:9] + digit))

"""The four delimiters of an interchange, and where the ISA segment says them."""

from dataclasses import dataclass

from edi.findings import Place, ReadError, error

ISA_LENGTH = 106  #: Bytes, terminator included: 16 fixed-width elements.
_ELEMENT_OFFSETS = (3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103)
_REPETITION_OFFSET = 82  #: ISA11; a letter or digit there is the older "U".
#: UTF-16 with its mark, or without; and "ISA" in EBCDIC.
_OTHER_ENCODINGS = ("\xff\xfe", "\xfe\xff", "I\0S\0", "\xc9\xe2\xc1")
_VERSION_WITH_REPETITION = "00402"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delimiters:
    """One byte each, as Latin-1 characters."""

    element: str = "*"
    component: str = ":"
    repetition: str = "^"  #: Empty where the version has none.
    terminator: str = "~"
    line_end: str = ""  #: What follows each terminator when we write: "", CR LF or LF.

    @property
    def forbidden(self) -> str:
        """Characters that no value may contain."""
        return self.element + self.component + self.repetition + self.terminator


STANDARD = Delimiters()  #: What we write unless a partner asks for others.


def is_legal(character: str, *, is_terminator: bool = False) -> bool:
    r"""Tell whether a character may delimit: a sign of ASCII, or a control made for it.

    >>> is_legal("|"), is_legal("a"), is_legal(" "), is_legal("\x1d"), is_legal("\n")
    (True, False, False, True, False)
    >>> is_legal("\n", is_terminator=True), is_legal("")
    (True, False)
    """
    if len(character) != 1 or character > "~" or character.isalnum() or character == " ":
        return False
    controls = "\x1c\x1d\x1e\x1f" + ("\r\n" if is_terminator else "")
    return character.isprintable() or character in controls


def delimiters_of(isa: str, *, offset: int = 0) -> Delimiters:
    """Return the delimiters that a 106 character ISA segment declares.

    Raises ReadError where the segment is not an ISA of fixed width, or two delimiters clash.
    """

    def refuse(code: str, message: str, element: int = 0) -> ReadError:
        place = Place(segment_number=1, segment_id="ISA", element=element, byte_offset=offset)
        cure = "Ask the sender for an interchange that starts with a 106 byte ISA segment."
        return ReadError(error(code, message, place=place, cure=cure))

    if not isa.startswith("ISA"):
        raise refuse(*_not_x12(isa))
    if len(isa) < ISA_LENGTH:
        raise refuse("X12-ISA-LENGTH", "The ISA segment is shorter than 106 bytes.")
    separator = isa[3]
    for element, at in enumerate(_ELEMENT_OFFSETS, start=1):
        if isa[at] != separator:
            raise refuse("X12-ISA-WIDTH", "An ISA element does not have its fixed width.", element)
    component, terminator = isa[104], isa[105]
    repetition = isa[_REPETITION_OFFSET]
    if isa[84:89] < _VERSION_WITH_REPETITION or repetition.isalnum() or repetition == " ":
        repetition = ""
    used = [c for c in (separator, component, repetition, terminator) if c]
    if len(set(used)) != len(used):
        raise refuse("X12-DELIMITER-CLASH", "Two delimiters of the interchange are the same.")
    for character in used:
        if not is_legal(character, is_terminator=character == terminator):
            raise refuse("X12-DELIMITER-ILLEGAL", "A delimiter is a letter, digit, space or NUL.")
    return Delimiters(
        element=separator, component=component, repetition=repetition, terminator=terminator
    )


def _not_x12(text: str) -> tuple[str, str]:
    if text.startswith(_OTHER_ENCODINGS):
        return "X12-ENCODING", "The file is text in another encoding than ASCII."
    return "X12-NOT-X12", "The file does not start with an ISA segment."

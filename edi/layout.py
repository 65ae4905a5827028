"""A segment as a value: a table says which element each field is, and both roads follow it."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Generic, NewType, Protocol, Self, TypeVar, cast, get_args, get_type_hints

from edi.elements import write_date
from edi.money import Cents, Thousandths, write_amount, write_quantity
from edi.notes import Notes
from edi.segment import Segment
from edi.writer import Element, Repeated

T = TypeVar("T")
Components = NewType("Components", tuple[str, ...])  #: Of a composite that is only a list.


class Composite(Protocol):
    """A value that is one composite element."""

    @classmethod
    def from_components(cls, parts: tuple[str, ...]) -> Self:
        """Return the value of these components; there may be fewer or more than the guide has."""

    def components(self) -> tuple[str, ...]:
        """Return the components that `from_components` would take."""


Reader = Callable[[Notes, Segment, int, str], Any]
Writer = Callable[[Any], Element]


class Layout(Generic[T]):
    """The elements of one segment, as the fields of a value.

    `names` are the fields of `kind` in the order of the elements, "" for an element that is not
    modelled. How an element is read and written follows from its field's type. `tail` is a field
    that holds all further elements, so many at a time as the layout of its values has.
    """

    def __init__(
        self,
        segment_id: str,
        kind: Callable[..., T],
        *names: str,
        tail: "tuple[str, Layout[Any]] | None" = None,
    ) -> None:
        self.segment_id = segment_id
        self._kind = kind
        hints = get_type_hints(kind)
        self._keeps_number = "segment_number" in hints
        self._codecs = {
            element: (name, *_codec(hints[name]))
            for element, name in enumerate(names, start=1)
            if name
        }
        self._width = len(names)
        self._tail = tail

    def read(self, segment: Segment, notes: Notes, loop: str, /, **more: Any) -> T:  # noqa: ANN401 - of any field
        """Return the value; `more` are the fields that other segments say."""
        return self._kind(**self.values(segment, notes, loop), **more)

    def values(self, segment: Segment, notes: Notes, loop: str) -> dict[str, Any]:
        """Return the fields that the segment says; what has no field is a warning."""
        values = self._values_at(0, segment, notes, loop)
        if self._tail is not None:
            name, cell = self._tail
            values[name] = tuple(cell.cells(self._width, segment, notes, loop))
        for element in range(1, 1 + (self._width if self._tail else len(segment.elements) - 1)):
            if element not in self._codecs and segment.get(element):
                _unread(notes, segment, element, loop)
                break  # One is enough: a segment may have a thousand elements too many.
        if self._keeps_number:
            values["segment_number"] = segment.number
        return values

    def cells(self, start: int, segment: Segment, notes: Notes, loop: str) -> Iterator[T]:
        """Yield a value for each so many elements behind the `start`-th, none for empty ones."""
        for at in range(start, len(segment.elements) - 1, self._width):
            if any(segment.elements[at + 1 : at + 1 + self._width]):
                yield self._kind(**self._values_at(at, segment, notes, loop))

    def _values_at(self, start: int, segment: Segment, notes: Notes, loop: str) -> dict[str, Any]:
        return {
            name: read(notes, segment, start + element, loop)
            for element, (name, read, _) in self._codecs.items()
        }

    def elements(self, value: T) -> list[Element]:
        """Return the elements of the segment."""
        elements: list[Element] = [""] * (self._width if self._tail else max(self._codecs))
        for element, (name, _, write) in self._codecs.items():
            elements[element - 1] = write(getattr(value, name))
        if self._tail is not None:
            name, cell = self._tail
            for each in getattr(value, name):
                elements += cell.elements(each)
        return elements


def _unread(notes: Notes, segment: Segment, element: int, loop: str) -> None:
    message = "The guide has no such element here; it was not read."
    notes.warn("X12-UNREAD", message, segment, element, loop)


def _codec(hint: object) -> tuple[Reader, Writer]:
    if (known := _CODECS.get(hint)) is not None:
        return known
    kind, *nothing = get_args(hint) or (hint,)
    return _composite(cast("type[Composite]", kind), is_optional=bool(nothing))


def _composite(kind: type[Composite], *, is_optional: bool) -> tuple[Reader, Writer]:
    def read(notes: Notes, segment: Segment, element: int, loop: str) -> Composite | None:
        text = segment.get(element)
        if is_optional and not text:
            return None
        parts = _parts(notes, segment, element)
        value = kind.from_components(parts)
        if _stripped(value.components()) != parts:
            _unread(notes, segment, element, loop)
        return value

    def write(value: Composite | None) -> Element:
        return () if value is None else value.components()

    return read, write


def _components(notes: Notes, segment: Segment, element: int, loop: str) -> Components:
    del loop
    return Components(_parts(notes, segment, element))


def _parts(notes: Notes, segment: Segment, element: int) -> tuple[str, ...]:
    return _stripped(tuple(segment.get(element).split(notes.delimiters.component)))


def _stripped(parts: tuple[str, ...]) -> tuple[str, ...]:
    while parts and not parts[-1]:
        parts = parts[:-1]
    return parts


def _amount(cents: Cents | None) -> str:
    return "" if cents is None else write_amount(cents)


def _quantity(quantity: Thousandths | None) -> str:
    return "" if quantity is None else write_quantity(quantity)


def _date(day: date | None) -> str:
    return "" if day is None else write_date(day)


def _yes_no(answer: bool) -> str:  # noqa: FBT001 - the one field of a codec
    return "Y" if answer else "N"


_CODECS: dict[object, tuple[Reader, Writer]] = {
    str: (Notes.text, str),
    bool: (Notes.yes_no, _yes_no),
    Cents | None: (Notes.amount, _amount),
    Thousandths | None: (Notes.quantity, _quantity),
    date | None: (Notes.date, _date),
    tuple[str, ...]: (Notes.repeated, Repeated),
    Components: (_components, tuple),
}

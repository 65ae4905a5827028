"""A posted JSON document: bytes to a model, or every finding of a bad one at once."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from edi.findings import Finding, Place, error
from rcm.limits import JSON_DEPTH_MAX, JSON_DIGITS_MAX

Model = TypeVar("Model", bound=BaseModel)


class BadDocumentError(Exception):
    """The body is not what it should be. Carries findings; never the values."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(f"{len(findings)} findings")
        self.findings = tuple(findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """How a kind of document is refused: its exception, and the code of each way to be wrong."""

    error: type[BadDocumentError]
    not_json: str
    missing: str
    unknown_field: str
    invalid: str


def read_document(body: bytes, model: type[Model], refusal: Refusal) -> Model:
    """Return the document in `body`. Raises `refusal.error` with all findings."""
    try:
        document = strict_json(body)
    except ValueError as mistake:
        cure = "Send one JSON object in UTF-8, without duplicate keys, NaN or Infinity."
        found = error(refusal.not_json, f"The body is not strict JSON{_where(mistake)}.", cure=cure)
        raise refusal.error([found]) from None
    try:
        return model.model_validate(document)
    except ValidationError as failure:
        refused = failure.errors(include_url=False, include_context=False, include_input=False)
        own = [each for each in refused if not _follows(each, refused)]
        raise refusal.error([_finding(each, refusal) for each in own]) from None


def _where(mistake: ValueError) -> str:
    if isinstance(mistake, json.JSONDecodeError):
        return f": line {mistake.lineno}, character {mistake.colno}"
    return ""


def strict_json(body: bytes) -> object:
    """Return the document in `body`, which is UTF-8.

    Raises ValueError for what parsers differ about, or choke on: a key twice, NaN and Infinity, a
    number without end, nesting deeper than JSON_DEPTH_MAX.

    >>> strict_json(b'{"a": [1, true]}')
    {'a': [1, True]}
    """
    try:
        return json.loads(
            _shallow(body),
            object_pairs_hook=_no_twins,
            parse_constant=_no_constant,
            parse_float=_fraction,
            parse_int=_integer,
        )
    except RecursionError:
        raise ValueError("too deep") from None


_EXPONENT_MAX = 308  #: What other parsers take for infinity is no number here.
_SIGNS = re.compile(r'\\.|["\[\]{}]', re.DOTALL)


def _shallow(body: bytes) -> str:
    text = body.decode("utf-8")
    depth = 0
    is_text = False
    for found in _SIGNS.finditer(text):
        match found[0]:
            case '"':
                is_text = not is_text
            case "[" | "{" if not is_text:
                depth += 1
                if depth > JSON_DEPTH_MAX:
                    raise ValueError("too deep")
            case "]" | "}" if not is_text:
                depth -= 1
            case _:
                pass  # Inside a text.
    return text


def _integer(text: str) -> int:
    if len(text) > JSON_DIGITS_MAX:
        raise ValueError("a number without end")
    return int(text)


def _fraction(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:  # An exponent that it does not compute.
        raise ValueError("a number without end") from None
    if len(text) > 2 * JSON_DIGITS_MAX or abs(number.adjusted()) > _EXPONENT_MAX:
        raise ValueError("a number without end")
    return number


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("duplicate key")
    return members


def _no_constant(_: str) -> None:
    raise ValueError("NaN and Infinity are not JSON")


_CURES = {
    "missing": "Send it.",
    "too_short": "Send at least one.",
    "tuple_type": "Send a list: `[...]`.",
    "model_type": "Send an object: `{...}`.",
    "extra_forbidden": "Remove it, or correct its name: /docs lists the fields.",
    "string_pattern_mismatch": "See the pattern of this field in /docs.",
    "int_type": "Send a whole number, without quotes or a point; amounts are cents: 12500 is $125.",
}
_MESSAGES = {  #: Instead of pydantic's, which speak of Python.
    "too_short": "At least one is required.",
    "tuple_type": "A list is wanted here.",
    "model_type": "An object is wanted here.",
}
_OWN_WORDS = "Value error, "  #: What pydantic puts before the words of our own rules.


def _finding(found: Any, refusal: Refusal) -> Finding:  # noqa: ANN401  # pydantic's ErrorDetails.
    """Translate one pydantic error: its place and its rule, never its input."""
    kind = str(found["type"])
    codes = {
        "missing": (refusal.missing, "This field is required."),
        "extra_forbidden": (refusal.unknown_field, "There is no such field."),
    }
    rule = str(found["msg"]).removeprefix(_OWN_WORDS)
    rule = rule.replace("Tuple", "List").replace(" after validation", "")
    told = _MESSAGES.get(kind, f"{rule[:1].upper()}{rule[1:]}.")
    code, message = codes.get(kind, (refusal.invalid, told))
    pointer = "".join(f"/{_escape(str(step))}" for step in found["loc"])
    cure = _CURES.get(kind, "Correct this field and post again.")
    return error(code, message, cure=cure, place=Place(pointer=pointer))


def _follows(found: Any, refused: Sequence[Any]) -> bool:  # noqa: ANN401  # ErrorDetails.
    """Tell whether pydantic only counts the items that it refused as missing from their list."""
    place = found["loc"]
    return found["type"] == "too_short" and any(
        len(each["loc"]) > len(place) and each["loc"][: len(place)] == place for each in refused
    )


def _escape(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")

"""An encounter as the sections of the paper form, with what is wrong pinned to its fields. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rcm.encounters.fields import FIELDS, SECTIONS, Field

Found = Mapping[str, Any]  #: A finding as rows show it.
_BIRTH = "••••-••-••"
_DOTS = "•••••••"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """One field of one claim."""

    label: str
    box: str
    kind: str
    pointer: str
    value: Any = field(repr=False)  #: None: nothing stands there. Masked where it is PHI.
    is_masked: bool
    findings: tuple[Found, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSection:
    """Fields that belong together."""

    id: str
    title: str
    fields: tuple[FormField, ...]
    findings: tuple[Found, ...]  #: Of the section as a whole.


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The form of one claim."""

    sections: tuple[FormSection, ...]
    findings: tuple[Found, ...]  #: Of no field of it.


def make_form(document: Mapping[str, Any], findings: Sequence[Found]) -> Form:
    """Return the form of an encounter, `document` as JSON; PHI is masked."""
    pinned: set[int] = set()
    sections = []
    for section_id, title, fields in _sections(document):
        shown = tuple(_field(each, pointer, document, findings) for each, pointer in fields)
        pinned |= {id(found) for each in shown for found in each.findings}
        own = tuple(
            found
            for found in findings
            if id(found) not in pinned and _is_of(found, {pointer for _, pointer in fields})
        )
        pinned |= {id(found) for found in own}
        sections.append(FormSection(id=section_id, title=title, fields=shown, findings=own))
    rest = tuple(found for found in findings if id(found) not in pinned)
    return Form(sections=tuple(sections), findings=rest)


def value_at(document: Any, pointer: str) -> Any:  # noqa: ANN401  # JSON.
    """Return what stands at a pointer; None where nothing does."""
    part = document
    for step in pointer.split("/")[1:]:
        if isinstance(part, Mapping):
            part = part.get(step)
        elif isinstance(part, list) and step.isdigit() and int(step) < len(part):
            part = part[int(step)]
        else:
            return None
    return part


def masked_at(each: Field, value: Any) -> Any:  # noqa: ANN401  # JSON.
    """Return what stands in the place of PHI: enough to know the field is filled."""
    if value is None or value == "":
        return None
    if each.kind == "day":
        return _BIRTH
    is_id = each.pointer.endswith("/member_id")
    return f"{str(value)[:2]}{_DOTS}" if is_id else _DOTS


def _sections(
    document: Mapping[str, Any],
) -> list[tuple[str, str, list[tuple[Field, str]]]]:
    found = []
    for section_id, title in SECTIONS.items():
        fields = [each for each in FIELDS if each.section == section_id]
        if section_id == "line":
            found += [
                (f"line-{n + 1}", f"{title} {n + 1}", _numbered(fields, [n]))
                for n in range(len(document["lines"]))
            ]
        elif section_id == "diagnosis":
            numbers = range(len(document["diagnoses"]))
            found.append((section_id, title, _numbered(fields, numbers)))
        elif section_id == "other":
            found += [
                (f"other-{n}", f"{title} {n}", _numbered(fields, [n]))
                for n in range(1, len(document["coverages"]))
            ]
        else:
            found.append((section_id, title, [(each, each.pointer) for each in fields]))
    return found


def _numbered(fields: Sequence[Field], numbers: Sequence[int]) -> list[tuple[Field, str]]:
    return [(each, each.pointer.replace("*", str(n))) for n in numbers for each in fields]


def _field(
    each: Field, pointer: str, document: Mapping[str, Any], findings: Sequence[Found]
) -> FormField:
    value = value_at(document, pointer)
    return FormField(
        label=each.label,
        box=each.box,
        kind=each.kind,
        pointer=pointer,
        value=masked_at(each, value) if each.is_phi else value,
        is_masked=each.is_phi and value not in (None, ""),
        findings=tuple(found for found in findings if _is_at(found, pointer)),
    )


def _is_at(found: Found, pointer: str) -> bool:
    at = str(found["place"].get("pointer", ""))
    return at == pointer or at.startswith(f"{pointer}/")


def _is_of(found: Found, pointers: set[str]) -> bool:
    at = str(found["place"].get("pointer", ""))
    is_one = at not in ("", "/lines")  # Of every line is of no line.
    return is_one and any(pointer.startswith(f"{at}/") for pointer in pointers)

"""Patients by what people have at hand: a record number, a member id, a family name, a birth date.

Names, numbers and days are kept as keyed digests; only who fits one is opened, to be ranked.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import product
from time import strptime
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, LargeBinary, false, literal, or_, select

from edi.elements import fold_text
from rcm.crypto import Keys
from rcm.db import ReadSession
from rcm.limits import SEARCH_HITS_MAX
from rcm.reading.patient_names import PatientName, open_name
from rcm.rows import CoverageRow, PatientRow

_PREFIX_LENGTHS = range(3, 9)  #: Of family names, as rcm.matching.store keeps them.
_NAMESAKES_MAX = 200  #: Opened to rank them.
_WORDS_MAX = 5  #: Of a name.
_NAME = re.compile(r"[A-Z][A-Z ,.'-]+")
_DAY_FORMS = ("%Y-%m-%d", "%m/%d/%Y", "%m-%d-%Y")  #: With the year whole.


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPatient:
    """A patient who fits what was typed: PHI, to be masked."""

    id: UUID
    name: PatientName
    is_exact: bool  #: The whole number, the whole family name, or the day alone.


def find_patients(session: ReadSession, keys: Keys, text: str) -> list[FoundPatient]:
    """Return who fits `text`, whole numbers first, then whole names, each by name."""
    return [*_numbered(session, keys, text), *_named(session, keys, text)]


def _numbered(session: ReadSession, keys: Keys, text: str) -> list[FoundPatient]:
    """By record number or member id, whole."""
    by_member = select(CoverageRow.patient_id).where(
        CoverageRow.member_id_index == keys.index("member_id", fold_text(text))
    )
    numbered = or_(
        PatientRow.record_number_index == keys.index("record_number", text),
        PatientRow.id.in_(by_member),
    )
    query = select(PatientRow.id, PatientRow.identity).where(numbered).limit(SEARCH_HITS_MAX)
    return [
        FoundPatient(id=row.id, name=open_name(keys, row.id, row.identity), is_exact=True)
        for row in session.execute(query)
    ]


def _named(session: ReadSession, keys: Keys, text: str) -> list[FoundPatient]:
    """By birth date, or by family name, whole or its first letters; or by both."""
    rest, born = _split_day(text)
    readings = _read_as_names(fold_text(rest))
    wanted = []
    if born:
        wanted.append(PatientRow.birth_date_index == keys.index("birth_date", born.isoformat()))
    if rest:
        wanted.append(_is_any_of(keys, {last for last, _ in readings}))
    query = select(PatientRow.id, PatientRow.identity).where(*wanted).limit(_NAMESAKES_MAX)
    found = []
    for row in session.execute(query):
        name = open_name(keys, row.id, row.identity)
        known = fold_text(name.last_name), fold_text(name.first_name)
        fits = [
            last
            for last, first in readings
            if known[0].startswith(last) and known[1].startswith(first)
        ]
        if fits or not rest:
            is_exact = not rest or known[0] in fits
            found.append((known, FoundPatient(id=row.id, name=name, is_exact=is_exact)))
    found.sort(key=lambda each: (not each[1].is_exact, each[0]))
    return [patient for _, patient in found]


def _split_day(text: str) -> tuple[str, date | None]:
    """Return what else was typed, and the first day that was.

    >>> _split_day("Canary, Ada 2/14/1980")
    ('Canary , Ada', datetime.date(1980, 2, 14))
    >>> _split_day("13/13/1980")
    ('13/13/1980', None)
    """
    words = text.replace(",", " , ").split()
    for word, form in product(words, _DAY_FORMS):
        try:
            day = date(*strptime(word, form)[:3])
        except ValueError:
            continue
        words.remove(word)
        return " ".join(words).strip(" ,"), day
    return text, None


def _read_as_names(folded: str) -> list[tuple[str, str]]:
    """Return each (family name, first name) that somebody may have meant.

    >>> _read_as_names("CANARY, ADA")
    [('CANARY', 'ADA')]
    >>> _read_as_names("ADA CANARY")
    [('ADA CANARY', ''), ('CANARY', 'ADA'), ('ADA', 'CANARY')]
    """
    last_name, comma, first_name = (part.strip() for part in folded.partition(","))
    readings = [(last_name, first_name)]
    words = last_name.split()[:_WORDS_MAX]
    if not comma:
        for n in range(1, len(words)):
            one, other = " ".join(words[:n]), " ".join(words[n:])
            readings += [(other, one), (one, other)]
    return [(last, first) for last, first in readings if _NAME.fullmatch(last)]


def _is_any_of(keys: Keys, last_names: Iterable[str]) -> ColumnElement[bool]:
    return or_(false(), *(_is_named(keys, last_name) for last_name in last_names))


def _is_named(keys: Keys, last_name: str) -> ColumnElement[bool]:
    whole = PatientRow.last_name_index == keys.index("last_name", last_name)
    letters = min(len(last_name), _PREFIX_LENGTHS[-1])
    if letters not in _PREFIX_LENGTHS:
        return whole
    prefix = keys.index("last_name_prefix", last_name[:letters])
    holds = PatientRow.last_name_prefix_indexes.bool_op("@>")
    return or_(whole, holds(literal([prefix], ARRAY(LargeBinary))))

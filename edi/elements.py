"""Rules of single elements: dates, identifiers, text that X12 can carry."""

import re
import unicodedata
from datetime import date
from functools import lru_cache

_DATE_LENGTH = 8
_NPI = re.compile(r"[12][0-9]{9}")
_CODE = re.compile(r"[A-Z0-9]{1,5}")
DAYS_KNOWN = 4096  #: A file has few days, each many times.
#: Capitals that Unicode does not take apart, and the dashes and apostrophes of typographers.
_FOLDED = str.maketrans(
    {
        "ẞ": "SS", "Ł": "L", "Ø": "O", "Æ": "AE", "Œ": "OE",
        "Đ": "D", "Ð": "D", "Þ": "TH", "Ħ": "H", "Ŧ": "T",
        "\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u2010": "-", "\u2013": "-", "\u2014": "-",
    }
)  # fmt: skip
_NPI_PREFIX_SUM = 24  #: What the prefix 80840 adds to the Luhn sum.


def read_date(text: str) -> date | None:
    """Return a CCYYMMDD date, or None where there is no such day.

    >>> read_date("20260229") is None, read_date("20260228")
    (True, datetime.date(2026, 2, 28))
    """
    try:
        return day_of(text)
    except ValueError:
        return None


@lru_cache(maxsize=DAYS_KNOWN)
def day_of(text: str) -> date:
    """Return the day, kept for the next who asks; what is no day is a ValueError, and not kept."""
    if len(text) != _DATE_LENGTH or not text.isascii() or not text.isdigit():
        raise ValueError
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


def write_date(day: date) -> str:
    """Return CCYYMMDD.

    >>> write_date(date(2026, 11, 3))
    '20261103'
    """
    return f"{day.year:04d}{day.month:02d}{day.day:02d}"


def is_code(text: str) -> bool:
    """Tell whether `text` has the shape of a code: in a broken file, a name may stand there.

    >>> is_code("N290"), is_code("CANARY ADA"), is_code("")
    (True, False, False)
    """
    return _CODE.fullmatch(text) is not None


def is_npi(text: str) -> bool:
    """Tell whether `text` is a National Provider Identifier with a true check digit.

    Source: 45 CFR 162.406; the Luhn sum over 80840 and the ten digits.

    >>> is_npi("1234567893"), is_npi("1234567890")
    (True, False)
    """
    if not _NPI.fullmatch(text):
        return False
    total = _NPI_PREFIX_SUM
    for position, digit in enumerate(reversed(text)):
        number = int(digit) * (2 if position % 2 else 1)
        total += number - 9 if number > 9 else number
    return total % 10 == 0


def fold_text(text: str) -> str:
    """Return `text` as X12 carries names: capitals, no accents, single spaces, legal characters.

    Delimiters are not treated here: the writer refuses them.

    >>> fold_text("  Zoë   O'Néill~ ")
    "ZOE O'NEILL"
    >>> fold_text("Weiß Łukasz Ødegård Æsir Œuvre Đorđe Þór")
    'WEISS LUKASZ ODEGARD AESIR OEUVRE DORDE THOR'
    """
    # First apart, so that an accent on such a letter is gone; then up: sharp s and dotless i.
    capitals = unicodedata.normalize("NFKD", text).upper().translate(_FOLDED)
    plain = capitals.encode("ascii", "ignore").decode("ascii")
    return " ".join(re.sub(r"[^A-Z0-9 !\"&'(),\-./;?=%@#$+]", " ", plain).split())

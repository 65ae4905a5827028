"""Money is whole cents: the only place where an X12 amount becomes a number and back."""

import re
from functools import lru_cache
from typing import NewType

Cents = NewType("Cents", int)
Thousandths = NewType("Thousandths", int)  #: A quantity with up to three decimals.

# S9(8)V99 in X12 is at most ten digits; `[0-9]` and not `\d`, which admits other scripts.
_AMOUNT = re.compile(r"-?(?:[0-9]{1,10}(?:\.[0-9]{0,2}0*)?|\.[0-9]{1,2}0*)")
_QUANTITY = re.compile(r"-?(?:[0-9]{1,12}(?:\.[0-9]{0,3}0*)?|\.[0-9]{1,3}0*)")
_LENGTH_MAX = 18  #: Data type R, element 782.
_KNOWN = 8192  #: Texts whose number is kept for the next who asks: amounts come again and again.


class AmountError(ValueError):
    """The text is not an amount. Never quotes the text."""


def read_amount(text: str) -> Cents:
    """Return the cents in an X12 decimal element (data type R).

    Raises AmountError for anything else: letters, a plus sign, an exponent, a third decimal.

    >>> read_amount("100.5"), read_amount("-.05"), read_amount("7")
    (10050, -5, 700)
    """
    return _cents(text)


def write_amount(cents: Cents) -> str:
    """Return the shortest X12 decimal element for `cents`.

    >>> write_amount(Cents(10050)), write_amount(Cents(-5)), write_amount(Cents(0))
    ('100.5', '-.05', '0')
    """
    return _write_decimal(cents, places=2)


def read_quantity(text: str) -> Thousandths:
    """Return a quantity element in thousandths of a unit. Raises AmountError.

    >>> read_quantity("1"), read_quantity("1.5")
    (1000, 1500)
    """
    return _thousandths(text)


def write_quantity(quantity: Thousandths) -> str:
    """Return the shortest X12 decimal element for a quantity in thousandths.

    >>> write_quantity(Thousandths(1500)), write_quantity(Thousandths(2000))
    ('1.5', '2')
    """
    return _write_decimal(quantity, places=3)


@lru_cache(maxsize=_KNOWN)
def _cents(text: str) -> Cents:
    if len(text) > _LENGTH_MAX or not _AMOUNT.fullmatch(text):
        raise AmountError("not an amount with at most ten digits and two decimals")
    return Cents(_shifted(text, 2))


@lru_cache(maxsize=_KNOWN)
def _thousandths(text: str) -> Thousandths:
    if len(text) > _LENGTH_MAX or not _QUANTITY.fullmatch(text):
        raise AmountError("not a quantity with at most three decimals")
    return Thousandths(_shifted(text, 3))


def _shifted(decimal: str, places: int) -> int:
    """Return a decimal that its pattern allows as a whole number of its last place."""
    whole, _, fraction = decimal.partition(".")
    return int(whole + fraction[:places].ljust(places, "0"))


def _write_decimal(number: int, *, places: int) -> str:
    whole, fraction = divmod(abs(number), 10**places)
    decimals = f"{fraction:0{places}d}".rstrip("0")
    digits = f"{whole or ''}.{decimals}" if decimals else str(whole)
    return f"-{digits}" if number < 0 else digits

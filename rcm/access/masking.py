"""What stands in the place of what names a patient, until somebody asks to see it. Pure."""

import re
from typing import Any

DOTS = "••••"
_LAST_DIGITS = re.compile(r"[0-9]{1,4}\Z")


def masked_name(last_name: str, first_name: str) -> str:
    """Return a name as lists show it: written as names are, also where a payer tells capitals.

    >>> masked_name("Canary", "Ada"), masked_name("Li", ""), masked_name("", "Ada")
    ('Ca••••, A.', 'Li••••', '••••, A.')
    >>> masked_name("CANARY", "ADA"), masked_name("McCanary", "Bo")
    ('Ca••••, A.', 'Mc••••, B.')
    """
    first = f", {first_name[:1]}." if first_name else ""
    begin = last_name[:2].capitalize() if last_name.isupper() else last_name[:2]
    return f"{begin}{DOTS}{first}"


def masked_number(number: str) -> str:
    """Return a partner's number as lists show it: its last digits. The rest may name a person.

    >>> masked_number("ICN0000000094"), masked_number("CANARY-ADA"), masked_number("")
    ('••••0094', '••••', '')
    """
    found = _LAST_DIGITS.search(number)
    return f"{DOTS}{found[0]}" if found else number and DOTS


def masked(value: Any) -> str | None:  # noqa: ANN401  # Any field of an encounter.
    """Return what tells that there is a value, and not how long it is; None where there is none.

    >>> masked("SBX0212"), masked(""), masked(None)
    ('••••', None, None)
    """
    return None if value is None or value == "" else DOTS

"""What a claim's status and its reporters are called, in our own words. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from rcm.claims.status import ClaimStatus

STATUS: Mapping[ClaimStatus, str] = {
    ClaimStatus.HELD: "Held: something must be corrected",
    ClaimStatus.ON_HOLD: "On hold: a person holds it back",
    ClaimStatus.READY: "Ready for the next batch",
    ClaimStatus.BATCHED: "In a file, not sent yet",
    ClaimStatus.SUBMITTED: "Sent",
    ClaimStatus.ACKNOWLEDGED: "Received",
    ClaimStatus.ACCEPTED: "Accepted by the clearinghouse",
    ClaimStatus.ACCEPTED_BY_PAYER: "Accepted for a decision",
    ClaimStatus.REFUSED: "Refused with its file",
    ClaimStatus.REJECTED: "Rejected by the clearinghouse",
    ClaimStatus.REJECTED_BY_PAYER: "Rejected by the payer",
    ClaimStatus.PAID: "Paid",
    ClaimStatus.DENIED: "Denied",
    ClaimStatus.PENDED: "Pending with the payer",
    ClaimStatus.REVERSED: "Payment taken back",
}


class Said(NamedTuple):
    """Who says something, and in which kind of file."""

    who: str
    what: str  #: 277CA, 835, ...; empty where it is no file.


def said_by(reporter: str, *, payer: str, partner: str) -> Said:
    """Return who an event's reporter is by name.

    >>> said_by("payer, 277CA", payer="Northwind", partner="Meridian")
    Said(who='Northwind', what='277CA')
    >>> said_by("us, D. Reyes", payer="Northwind", partner="Meridian").who
    'D. Reyes'
    """
    who, _, what = reporter.partition(", ")
    names = {"payer": payer, "clearinghouse": partner}
    if who in names:
        return Said(who=names[who], what=what)
    return Said(who=what or "Us", what="")


def source_words(said: Said, at: datetime, time_zone: str) -> str:
    """Return who said it and on which day, as people read it.

    >>> from datetime import UTC
    >>> source_words(Said("Northwind", "277CA"), datetime(2026, 11, 14, 20, tzinfo=UTC), "UTC")
    'Northwind, 277CA, 14 Nov'
    """
    day = at.astimezone(ZoneInfo(time_zone))
    parts = [said.who, said.what, f"{day.day} {day:%b}"]
    return ", ".join(part for part in parts if part)

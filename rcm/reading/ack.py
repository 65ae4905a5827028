"""What became of a file, in words: pure, from its row and from what was said of its claims."""

from dataclasses import dataclass
from datetime import datetime, timedelta

ANSWER_HOURS = 24  #: A 999 that is not here by then is missing (domain: it comes within hours).
ACKNOWLEDGED_TYPES = frozenset({"837P", "837I", "837D", "270", "276"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The claims of a file that we sent: each is accepted, rejected or waits."""

    accepted: int = 0
    rejected: int = 0
    waiting: int = 0
    accepted_cents: int = 0
    rejected_cents: int = 0
    waiting_cents: int = 0

    @property
    def claims(self) -> int:
        """How many were sent."""
        return self.accepted + self.rejected + self.waiting

    @property
    def billed_cents(self) -> int:
        """What they charge."""
        return self.accepted_cents + self.rejected_cents + self.waiting_cents


@dataclass(frozen=True, slots=True, kw_only=True)
class Ack:
    """The state of a file in plain words."""

    tone: str  #: good, wait, late, bad.
    words: str
    said: str = ""  #: More, in small.
    is_missing: bool = False  #: An answer is late.


_STATES = {
    "frozen": Ack(tone="wait", words="Waits to be sent"),
    "uncertain": Ack(
        tone="late", words="Perhaps sent", said="The next visit looks whether it is there."
    ),
    "received": Ack(tone="wait", words="Is being read"),
    "read": Ack(tone="good", words="Read"),
    "quarantined": Ack(tone="bad", words="Kept aside", said="Waits for a decision."),
    "discarded": Ack(tone="good", words="Set aside"),
    "accepted": Ack(tone="good", words="999 accepted"),
    "rejected": Ack(tone="bad", words="Refused as a whole", said="Send its claims again."),
}


def is_missing(file_type: str, state: str, sent_at: datetime | None, now: datetime) -> bool:
    """Tell whether a file that we sent is without the answer that it should have by now."""
    return (
        state == "sent"
        and file_type in ACKNOWLEDGED_TYPES
        and sent_at is not None
        and now - sent_at > timedelta(hours=ANSWER_HOURS)
    )


def ack_of(
    *,
    file_type: str,
    state: str,
    sent_at: datetime | None,
    now: datetime,
    counts: Counts | None = None,
) -> Ack:
    """Return what a file's state is called; `counts` where its claims were looked at.

    >>> day = datetime(2026, 11, 20)
    >>> late = ack_of(file_type="837P", state="sent", sent_at=day, now=day + timedelta(hours=26))
    >>> late.words, late.is_missing
    ('999 missing for 26 h', True)
    """
    if counts and counts.claims and (counts.accepted or counts.rejected) and state != "rejected":
        if counts.rejected:
            words = f"{counts.rejected} of {counts.claims} rejected"
            return Ack(tone="bad", words=words, said="Correct them and send them again.")
        if not counts.waiting:
            return Ack(tone="good", words="All claims accepted")
        return Ack(tone="wait", words=f"{counts.accepted} of {counts.claims} accepted")
    if state != "sent" or sent_at is None:
        return _STATES.get(state) or Ack(tone="wait", words="Sent")
    if file_type not in ACKNOWLEDGED_TYPES:
        return Ack(tone="good", words="Sent")
    hours = int((now - sent_at).total_seconds()) // 3600
    if is_missing(file_type, state, sent_at, now):
        return Ack(
            tone="late",
            words=f"999 missing for {hours} h",
            said=f"Due within {ANSWER_HOURS} h. Ask the partner whether the file arrived.",
            is_missing=True,
        )
    return Ack(tone="wait", words="999 awaited", said=f"Due within {ANSWER_HOURS} h.")

"""Events of a claim as people read them: one table of words, with a tone. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rcm.claims.status import ClaimEvent
from rcm.claims.status_words import statuses_words
from rcm.encounters.fields import label_of

_SHOWN_MAX = 3  #: Of fields or reasons named in one sentence.


class Tone(StrEnum):
    """How an entry looks."""

    GOOD = "good"
    BAD = "bad"
    WARN = "warn"
    NEUTRAL = "neutral"


class Side(StrEnum):
    """Who speaks."""

    US = "us"
    PAYER = "payer"
    CLEARINGHOUSE = "clearinghouse"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """An event in words."""

    words: str
    tone: Tone
    codes: tuple[str, ...] = ()  #: The evidence.


def side_of(reporter: str) -> Side:
    """Return who speaks, by the reporter of an event.

    >>> side_of("payer, 835"), side_of("us, D. Reyes"), side_of("us, proof of the 837")
    (<Side.PAYER: 'payer'>, <Side.PERSON: 'person'>, <Side.US: 'us'>)
    """
    who, _, what = reporter.partition(", ")
    if who in (Side.PAYER, Side.CLEARINGHOUSE):
        return Side(who)
    return Side.PERSON if what and what != "proof of the 837" else Side.US


def event_words(event: ClaimEvent, reporter: str, detail: Mapping[str, Any]) -> Words:
    """Return an event in words, with its codes."""
    return _WORDS[event](reporter, detail)


def dollars(cents: int) -> str:
    """Return an amount for a sentence.

    >>> dollars(21156), dollars(-5)
    ('$211.56', '-$0.05')
    """
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}${whole:,}.{rest:02d}"


def first_of(names: Sequence[str]) -> str:
    """Return the first few of these names, and how many more there are.

    >>> first_of(["a", "b"]), first_of(["a", "b", "c", "d", "e"])
    ('a, b', 'a, b, c and 2 more')
    """
    more = len(names) - _SHOWN_MAX
    shown = ", ".join(names[:_SHOWN_MAX])
    return f"{shown} and {more} more" if more > 0 else shown


def _clean(reporter: str, detail: Mapping[str, Any]) -> Words:
    if reporter == "payer, 271":
        return Words(words="Released: the payer says the coverage is active", tone=Tone.GOOD)
    what = _edited(detail)
    codes = tuple(detail.get("findings", ()))
    if what:
        return Words(words=f"{what}; it waits for the next batch", tone=Tone.NEUTRAL, codes=codes)
    return Words(words="Checked: nothing stops it", tone=Tone.GOOD, codes=codes)


def _wanting(reporter: str, detail: Mapping[str, Any]) -> Words:
    codes = tuple(detail.get("findings", ()))
    if reporter == "payer, 271":
        words = "Held: the payer says the coverage is not active"
    else:
        count = "1 thing" if len(codes) == 1 else f"{len(codes)} things"
        what = _edited(detail)
        words = f"{what}; held: see {count}" if what else f"Held: {count} to look at"
    return Words(words=words, tone=Tone.BAD, codes=codes)


def _edited(detail: Mapping[str, Any]) -> str:
    """Return what a person did before the check; empty where it is the first check."""
    if "patient_control_number" not in detail:
        return ""
    labels = list(dict.fromkeys(label_of(each) for each in detail.get("changed", ())))
    if detail.get("corrected"):
        return f"Corrected: {first_of(labels)}" if labels else "Corrected"
    return "Made ready again, unchanged"


def _refused(reporter: str, detail: Mapping[str, Any]) -> Words:
    if reporter.endswith("TA1"):
        note = f"TA1-{detail.get('note', '')}"
        return Words(words="File refused as a whole", tone=Tone.BAD, codes=(note,))
    codes = tuple(
        f"{each.get('segment', '')}:{each.get('code', '')}" for each in detail.get("errors", ())
    )
    return Words(words="File refused", tone=Tone.BAD, codes=(detail.get("code", ""), *codes))


def _acknowledged(reporter: str, detail: Mapping[str, Any]) -> Words:
    if reporter.endswith("999"):
        code = detail.get("code", "")
        return Words(words="File accepted", tone=Tone.GOOD, codes=(code,) if code else ())
    return _status("Received", Tone.NEUTRAL, detail)


def _status(begin: str, tone: Tone, detail: Mapping[str, Any], *, is_told: bool = False) -> Words:
    codes = tuple(detail.get("statuses", ()))
    words = f"{begin}: {statuses_words(codes)}" if codes and is_told else begin
    return Words(words=words, tone=tone, codes=codes)


def _rejected(_: str, detail: Mapping[str, Any]) -> Words:
    return _status("Rejected", Tone.BAD, detail, is_told=True)


def _money(begin: str, tone: Tone) -> Callable[[str, Mapping[str, Any]], Words]:
    event_pays = begin == "Paid"

    def words(_: str, detail: Mapping[str, Any]) -> Words:
        codes = (*detail.get("reasons", ()), *detail.get("remarks", ()))
        paid = detail.get("paid_cents", 0)
        amount = f" {dollars(paid)}" if event_pays else ""
        other = " by another payer" if detail.get("payer") == "other" else ""
        by_hand = f", matched by {detail['matched_by']}" if "matched_by" in detail else ""
        return Words(words=f"{begin}{amount}{other}{by_hand}", tone=tone, codes=tuple(codes))

    return words


def _plain(words: str, tone: Tone = Tone.NEUTRAL) -> Callable[[str, Mapping[str, Any]], Words]:
    return lambda _reporter, detail: Words(
        words=words, tone=tone, codes=tuple(detail.get("statuses", ()))
    )


def _unmatched(_: str, detail: Mapping[str, Any]) -> Words:
    paid = dollars(detail.get("paid_cents", 0))
    return Words(words=f"Match taken back: {paid} is in suspense again", tone=Tone.WARN)


_WORDS: Mapping[ClaimEvent, Callable[[str, Mapping[str, Any]], Words]] = {
    ClaimEvent.FOUND_CLEAN: _clean,
    ClaimEvent.FOUND_WANTING: _wanting,
    ClaimEvent.PUT_ON_HOLD: _plain("Put on hold", Tone.WARN),
    ClaimEvent.RELEASED: _plain("Released"),
    ClaimEvent.BATCHED: _plain("Put into a file"),
    ClaimEvent.DELIVERED: _plain("Sent"),
    ClaimEvent.ACKNOWLEDGED: _acknowledged,
    ClaimEvent.REFUSED: _refused,
    ClaimEvent.ACCEPTED_BY_CLEARINGHOUSE: _plain("Accepted, passed on to the payer", Tone.GOOD),
    ClaimEvent.REJECTED_BY_CLEARINGHOUSE: _rejected,
    ClaimEvent.ACCEPTED_BY_PAYER: _plain("Accepted for a decision", Tone.GOOD),
    ClaimEvent.REJECTED_BY_PAYER: _rejected,
    ClaimEvent.PAID: _money("Paid", Tone.GOOD),
    ClaimEvent.DENIED: _money("Denied", Tone.BAD),
    ClaimEvent.PENDED: _money("Decided in part: the rest is pending", Tone.WARN),
    ClaimEvent.REVERSED: _money("Payment taken back", Tone.BAD),
    ClaimEvent.UNMATCHED: _unmatched,
}

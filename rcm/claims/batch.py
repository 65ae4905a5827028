"""READY claims of one partner become transaction sets, and a finding finds its claims again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from edi.claim_837 import Claim, ClaimBatch, write_837p
from edi.envelope import TransactionSet
from edi.findings import WriteError
from rcm.limits import CLAIMS_PER_SET_MAX


def in_writing_order(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """Return claims so that those of one provider, subscriber and patient follow each other.

    At most CLAIMS_PER_SET_MAX of them: the rest waits for the next file.
    """

    def key(claim: Claim) -> tuple[str, str, str, str, str]:
        return (
            claim.billing_provider.npi,
            claim.payer.id,
            claim.subscriber.member_id,
            claim.patient.person.first_name if claim.patient else "",
            claim.patient_control_number,
        )

    return tuple(sorted(claims, key=key)[:CLAIMS_PER_SET_MAX])


def ready_until(cut_off: time | None, time_zone: str, *, now: datetime) -> datetime | None:
    """Return until when a claim had to be ready to go with a batch by schedule at `now`.

    After the cut-off of a day (the partner's) only what was ready by then goes; what came later
    goes from the next day on. None: every claim goes.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 11, 23, 18, tzinfo=UTC)
    >>> ready_until(time(11, 30), "America/Chicago", now=noon).astimezone(UTC).strftime("%H:%M")
    '17:30'
    >>> ready_until(time(17), "America/Chicago", now=noon) is None
    True
    """
    if cut_off is None:
        return None
    there = now.astimezone(ZoneInfo(time_zone))
    cut = datetime.combine(there.date(), cut_off, tzinfo=there.tzinfo)
    return cut if cut < now else None


def unwritable(batch: ClaimBatch) -> tuple[int, ...]:
    """Return the positions of claims that X12 cannot carry, each tried alone."""

    def fails(claim: Claim) -> bool:
        try:
            write_837p(replace(batch, claims=(claim,)))
        except WriteError:
            return True
        return False

    return tuple(position for position, claim in enumerate(batch.claims) if fails(claim))


def claims_at(transaction_set: TransactionSet) -> dict[int, tuple[int, ...]]:
    """Return, for each segment number of an 837, the positions of the claims it speaks of.

    A segment of a claim speaks of that claim, a segment of a level (HL) of every claim below, and
    what stands before the first level of none.
    """
    segments = transaction_set.segments
    owner: list[tuple[str, int]] = []  # For each segment: its level, and where that began.
    level, began = "", 0
    for index, segment in enumerate(segments):
        if segment.id == "HL":
            level, began = segment.get(3), index
        elif segment.id == "CLM":
            level, began = "CLM", index
        owner.append((level, began))
    starts = [index for index, segment in enumerate(segments) if segment.id == "CLM"]

    def below(level: str, began: int) -> tuple[int, ...]:
        if not level:
            return ()
        if level == "CLM":
            return (starts.index(began),)
        end = len(segments)
        for index in range(began + 1, len(segments)):
            other = segments[index]
            if other.id == "HL" and other.get(3) <= level:
                end = index
                break
        return tuple(n for n, start in enumerate(starts) if began <= start < end)

    speaks = {place: below(*place) for place in set(owner)}
    return {segment.number: speaks[place] for segment, place in zip(segments, owner, strict=True)}

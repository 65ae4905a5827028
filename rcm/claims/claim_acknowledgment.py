"""What a 277CA says about our claims. Pure: its levels in, one verdict for each claim out.

A rejection of a whole batch or provider with nothing said below is one of all its claims
(rules-that-bite M37).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from edi.acknowledgment_277ca import (
    AcknowledgedBatch,
    AcknowledgedProvider,
    ClaimAcknowledgment,
    Reporter,
)
from edi.claim_status import StatusInformation
from rcm.claims.events import NewEvent
from rcm.claims.status import ClaimEvent

_CATEGORY = re.compile(r"[A-Z][0-9][A-Z0-9]?")
_STATUS = re.compile(r"[0-9]{1,4}")
_ENTITY = re.compile(r"[A-Z0-9]{2}[A-Z0-9]?")


class Verdict(StrEnum):
    """What the categories of STC01, STC10 and STC11 amount to (remittance.md 6)."""

    REJECTED = "rejected"  #: A3, A6, A7, A8.
    ACCEPTED = "accepted"  #: A2.
    RECEIVED = "received"  #: A0, A1, A5: receipt is no acceptance.
    UNKNOWN = "unknown"  #: A4, and what is no acknowledgment.


_VERDICTS = {
    "A0": Verdict.RECEIVED,
    "A1": Verdict.RECEIVED,
    "A2": Verdict.ACCEPTED,
    "A3": Verdict.REJECTED,
    "A5": Verdict.RECEIVED,
    "A6": Verdict.REJECTED,
    "A7": Verdict.REJECTED,
    "A8": Verdict.REJECTED,
}

REJECTED_CATEGORIES = frozenset(
    category for category, verdict in _VERDICTS.items() if verdict is Verdict.REJECTED
)

_EVENTS: Mapping[tuple[Verdict, bool], ClaimEvent] = {
    (Verdict.RECEIVED, False): ClaimEvent.ACKNOWLEDGED,
    (Verdict.RECEIVED, True): ClaimEvent.ACKNOWLEDGED,
    (Verdict.ACCEPTED, False): ClaimEvent.ACCEPTED_BY_CLEARINGHOUSE,
    (Verdict.ACCEPTED, True): ClaimEvent.ACCEPTED_BY_PAYER,
    (Verdict.REJECTED, False): ClaimEvent.REJECTED_BY_CLEARINGHOUSE,
    (Verdict.REJECTED, True): ClaimEvent.REJECTED_BY_PAYER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """A claim of a file that we sent."""

    claim_id: UUID
    file_id: UUID
    patient_control_number: str
    provider_npi: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one reporter says about one claim."""

    claim_id: UUID
    outbound_id: UUID  #: The file of ours in which the claim stood.
    verdict: Verdict
    statuses: tuple[StatusInformation, ...]
    is_payer: bool
    payer_claim_number: str = ""  #: REF*1K of a claim that was not rejected.


def verdict_of(statuses: Sequence[StatusInformation]) -> Verdict:
    """Return what statuses amount to: any rejection wins, then the furthest acceptance."""
    found = {
        _VERDICTS.get(code.category, Verdict.UNKNOWN) for each in statuses for code in each.codes
    }
    ranked = (Verdict.REJECTED, Verdict.ACCEPTED, Verdict.RECEIVED)
    return next((verdict for verdict in ranked if verdict in found), Verdict.UNKNOWN)


def control_number(text: str) -> int | None:
    """Return a control number; None where the text is none, such as a superscript digit."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def batch_numbers(acknowledgment: ClaimAcknowledgment) -> list[int]:
    """Return the numbers of the batches that it speaks of: our BHT03, with or without zeros."""
    return [
        number
        for reporter in acknowledgment.reporters
        for batch in reporter.batches
        if (number := control_number(batch.trace.number)) is not None
    ]


def read_verdicts(
    acknowledgment: ClaimAcknowledgment, submitted: Mapping[int, Sequence[Submitted]]
) -> tuple[Told, ...]:
    """Return what is said of each of our claims; `submitted` is by the BHT03 that we sent.

    Claims are known by the control number we gave them, in whatever batch they stand; the
    batch tells whose they are only where no claims are named.
    """
    # The last file counts where a claim stood in several: answers name their batch, if any.
    ours = {each.patient_control_number: each for of in submitted.values() for each in of}
    return tuple(
        told
        for reporter in acknowledgment.reporters
        for batch in reporter.batches
        for told in _of_batch(reporter, batch, _submitted_in(batch, submitted), ours)
    )


def _submitted_in(
    batch: AcknowledgedBatch, submitted: Mapping[int, Sequence[Submitted]]
) -> Sequence[Submitted]:
    number = control_number(batch.trace.number)
    return () if number is None else submitted.get(number, ())


def _is_silent(provider: AcknowledgedProvider) -> bool:
    """Tell whether a provider is only named: what is said of its batch is said of it."""
    return not provider.patients and verdict_of(provider.statuses) is Verdict.UNKNOWN


def _of_batch(
    reporter: Reporter,
    batch: AcknowledgedBatch,
    submitted: Sequence[Submitted],
    ours: Mapping[str, Submitted],
) -> Iterator[Told]:
    is_whole = all(_is_silent(provider) for provider in batch.providers)
    if is_whole and verdict_of(batch.statuses) is Verdict.REJECTED:
        yield from _all(submitted, batch.statuses, is_payer=reporter.is_payer)
    of_batch = {each.patient_control_number: each for each in submitted}
    for provider in batch.providers:
        if verdict_of(provider.statuses) is Verdict.REJECTED and not provider.patients:
            npi = provider.name.id if provider.name else ""
            of_provider = [each for each in submitted if each.provider_npi == npi]
            yield from _all(of_provider, provider.statuses, is_payer=reporter.is_payer)
        yield from _named(provider, {**ours, **of_batch}, is_payer=reporter.is_payer)


def _all(
    submitted: Sequence[Submitted], statuses: tuple[StatusInformation, ...], *, is_payer: bool
) -> Iterator[Told]:
    for each in submitted:
        yield Told(
            claim_id=each.claim_id,
            outbound_id=each.file_id,
            verdict=Verdict.REJECTED,
            statuses=statuses,
            is_payer=is_payer,
        )


def _named(
    provider: AcknowledgedProvider, ours: Mapping[str, Submitted], *, is_payer: bool
) -> Iterator[Told]:
    for patient in provider.patients:
        for claim in patient.claims:
            known = ours.get(claim.patient_control_number)
            of_lines = tuple(status for line in claim.lines for status in line.statuses)
            verdict = verdict_of((*claim.statuses, *of_lines))
            if known is None or verdict is Verdict.UNKNOWN:
                continue
            is_rejected = verdict is Verdict.REJECTED
            yield Told(
                claim_id=known.claim_id,
                outbound_id=known.file_id,
                verdict=verdict,
                statuses=(*claim.statuses, *of_lines),
                is_payer=is_payer,
                # A number on a rejection is none that the payer will know (claims.md 5).
                payer_claim_number="" if is_rejected else claim.payer_claim_number,
            )


def events_of(told: Sequence[Told], *, file_id: UUID, set_number: str) -> tuple[NewEvent, ...]:
    """Return the event of each verdict."""
    return tuple(
        NewEvent(
            claim_id=each.claim_id,
            key=f"277CA/{file_id}/{set_number}/{n}/{each.claim_id}",
            event=_EVENTS[each.verdict, each.is_payer],
            reporter="payer, 277CA" if each.is_payer else "clearinghouse, 277CA",
            file_id=file_id,
            outbound_id=each.outbound_id,
            segment_number=each.statuses[0].segment_number or None,
            detail={"statuses": [code_text(code) for code in codes_of(each)]},
        )
        for n, each in enumerate(told, start=1)
        if each.verdict is not Verdict.UNKNOWN
    )


def codes_of(told: Told) -> list[tuple[str, str, str]]:
    """Return category, status and entity of everything that was said, each once, in order.

    What has not the form of a code may be a name in a damaged file: it is left out.
    """
    codes = (code for each in told.statuses for code in each.codes)
    known = (
        (
            code.category,
            code.status if _STATUS.fullmatch(code.status) else "",
            code.entity if _ENTITY.fullmatch(code.entity) else "",
        )
        for code in codes
        if _CATEGORY.fullmatch(code.category)
    )
    return list(dict.fromkeys(known))


def code_text(code: tuple[str, str, str]) -> str:
    """Return a status as it is written: category, status and entity.

    >>> code_text(("A7", "164", "IL")), code_text(("A1", "20", ""))
    ('A7:164:IL', 'A1:20')
    """
    return ":".join(code).rstrip(":")

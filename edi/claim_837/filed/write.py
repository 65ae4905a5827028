"""FiledClaims to the inner segments of an 837, in the order of the guides."""

from edi.claim_837.filed.model import (
    BillingLevel,
    FiledClaims,
    PatientLevel,
    SubscriberLevel,
)
from edi.claim_837.filed.party import write_parties
from edi.claim_837.filed.segments import COVERAGE, CURRENCY, PATIENT
from edi.claim_837.filed.write_claim import write_claim
from edi.delimiters import STANDARD, Delimiters
from edi.loops import LoopWriter
from edi.party_segments import BEGINNING, PROVIDER_ROLE
from edi.writer import SetWriter


def write_837(filed: FiledClaims, delimiters: Delimiters = STANDARD) -> SetWriter:
    """Return the segments between ST and SE; `read_837` of them gives the claims back.

    The levels are numbered 1, 2, 3; which guide it is stands in the envelope. Raises WriteError for
    values that X12 cannot carry.
    """
    loop = LoopWriter(delimiters, filed.delimiters)
    loop.start(BEGINNING, filed.beginning)
    loop.raw(filed.other)
    write_parties(loop, filed.parties)
    for provider in filed.providers:
        _billing(loop, provider)
    return loop.out


def _billing(loop: LoopWriter, provider: BillingLevel) -> None:
    level = loop.level("20", 0, "1" if provider.subscribers else "0")
    with loop.ordered(provider.order):
        loop.add(PROVIDER_ROLE, provider.specialty)
        loop.add(CURRENCY, provider.currency)
        loop.raw(provider.other)
    write_parties(loop, provider.parties)
    for subscriber in provider.subscribers:
        _subscriber(loop, subscriber, level)


def _subscriber(loop: LoopWriter, subscriber: SubscriberLevel, parent: int) -> None:
    level = loop.level("22", parent, "1" if subscriber.patients else "0")
    with loop.ordered(subscriber.order):
        loop.add(COVERAGE, subscriber.coverage)
        loop.add(PATIENT, subscriber.facts)
        loop.raw(subscriber.other)
    write_parties(loop, subscriber.parties)
    for claim in subscriber.claims:
        write_claim(loop, claim)
    for patient in subscriber.patients:
        _patient(loop, patient, level)


def _patient(loop: LoopWriter, patient: PatientLevel, parent: int) -> None:
    loop.level("23", parent, "0")
    with loop.ordered(patient.order):
        loop.add(PATIENT, patient.facts)
        loop.raw(patient.other)
    write_parties(loop, patient.parties)
    for claim in patient.claims:
        write_claim(loop, claim)

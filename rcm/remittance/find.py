"""Use case: which of our claims a remittance speaks of, by as many looks as are needed."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from edi.remittance_835.model import ClaimPayment, Remittance
from rcm.crypto import Keys
from rcm.db import ReadSession
from rcm.remittance.hand_store import claims_told
from rcm.remittance.known import Person, claims_by_id, known_claims
from rcm.remittance.match import (
    BY_HAND,
    IN_FULL,
    Match,
    match_claims,
    member_indexes,
    plain,
    record_indexes,
    reference,
    service_days,
)


def find_matches(
    session: ReadSession, keys: Keys, remittance: Remittance, partner_id: UUID
) -> dict[int, Match]:
    """Return the match of each claim position that has one.

    The first look is by numbers that are told in full. Only what it does not find is looked for by
    numbers that were cut off, and by person: among all claims that these could be, not among those
    that happen to be known for another payment.
    """
    numbers = {payment.patient_control_number for payment in remittance.claims}
    known = known_claims(
        session,
        control_numbers=sorted(numbers | {plain(number) for number in numbers}),
        payer_numbers=sorted({payment.payer_claim_number for payment in remittance.claims}),
    )
    looked = match_claims(remittance, known, partner_id=partner_id, index=keys.index)
    matches = {n: match for n, match in looked.items() if match.rule in IN_FULL}
    matches |= _followed(session, keys, remittance, matches)
    lost = [payment for payment in remittance.claims if payment.position not in matches]
    if not lost:
        return matches
    more = known_claims(
        session,
        control_numbers=(),
        payer_numbers=sorted({reference(payment, "F8") for payment in lost}),
        prefixes=sorted({plain(payment.patient_control_number) for payment in lost}),
        person=_person(lost, keys),
    )
    every = {claim.id: claim for claim in (*known, *more)}
    found = match_claims(remittance, list(every.values()), partner_id=partner_id, index=keys.index)
    return found | matches


def told_index(remittance: Remittance, payment: ClaimPayment, keys: Keys) -> bytes | None:
    """Return a blind index of who speaks of which claim: TRN03, CLP01 and CLP07.

    None where the payer has no number of its own: then nothing says that it is the same claim.
    """
    if not payment.payer_claim_number:
        return None
    told = (
        remittance.trace.payer_id,
        payment.patient_control_number,
        payment.payer_claim_number,
    )
    return keys.index("told_claim", "\0".join(told))


def _followed(
    session: ReadSession, keys: Keys, remittance: Remittance, matches: Mapping[int, Match]
) -> dict[int, Match]:
    """What comes with the numbers of a payment that a person matched goes the same way.

    So its reversal finds the claim. Our own number in full says more than a person did.
    """
    indexes = {
        payment.position: index
        for payment in remittance.claims
        if (match := matches.get(payment.position)) is None or match.confidence != "certain"
        if (index := told_index(remittance, payment, keys)) is not None
    }
    told = claims_told(session, set(indexes.values())) if indexes else {}
    known = claims_by_id(session, set(told.values())) if told else {}
    return {
        position: Match(claim=known[told[index]], rule=BY_HAND, confidence="certain")
        for position, index in indexes.items()
        if index in told
    }


def _person(payments: Sequence[ClaimPayment], keys: Keys) -> Person:
    return Person(
        indexes={
            index
            for payment in payments
            for index in (
                *record_indexes(payment, keys.index),
                *member_indexes(payment, keys.index),
            )
        },
        days={day for payment in payments for day in service_days(payment)},
        charges_cents={abs(payment.charge_cents) for payment in payments},
    )

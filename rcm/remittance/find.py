"""Use case: which of our claims a remittance speaks of, by as many looks as are needed."""

from collections.abc import Sequence
from uuid import UUID

from edi.remittance_835.model import ClaimPayment, Remittance
from rcm.crypto import Keys
from rcm.db import ReadSession
from rcm.remittance.known import Person, known_claims
from rcm.remittance.match import (
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
    numbers that were cut off, and by person.
    """
    numbers = {payment.patient_control_number for payment in remittance.claims}
    known = known_claims(
        session,
        control_numbers=sorted(numbers | {plain(number) for number in numbers}),
        payer_numbers=sorted({payment.payer_claim_number for payment in remittance.claims}),
    )
    matches = match_claims(remittance, known, partner_id=partner_id, index=keys.index)
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
    return match_claims(remittance, list(every.values()), partner_id=partner_id, index=keys.index)


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

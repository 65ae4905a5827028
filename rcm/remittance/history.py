"""What a remittance adds to the history of its claims, and what it takes back. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from edi.findings import Finding, Place
from edi.money import Cents
from edi.remittance_835.model import ClaimPayment, Remittance
from rcm.remittance.decide import ClaimState
from rcm.remittance.match import Match
from rcm.remittance.reverse import ALONE, DIFFERS, EXPANDED, is_bare, mirrors
from rcm.remittance.settle import Adjudication, Verdict, is_secondary, pair, verdict_of


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What payers have said of the claims of a remittance, this remittance included."""

    before: Mapping[UUID, Sequence[Adjudication]]  #: By claim.
    here: Mapping[int, Adjudication]  #: By position, of the claims that are posted.
    claims: Mapping[int, UUID]  #: Whose each of these positions is.
    by_claim: Mapping[UUID, Sequence[Adjudication]]  #: What is here, claim by claim.
    originals: Mapping[int, Adjudication]  #: What each reversal here takes back, by position.
    reversals: Mapping[int, Adjudication]  #: What came first and takes back what is here.
    payments: Mapping[int, ClaimPayment]  #: The originals, as the payer told them.
    charges: Mapping[UUID, Cents]  #: What each claim charged.

    def of(self, claim_id: UUID) -> list[Adjudication]:
        """Return all that was said of one claim, in order."""
        return [*self.before.get(claim_id, ()), *self.by_claim.get(claim_id, ())]


def by_claim(
    here: Mapping[int, Adjudication], claims: Mapping[int, UUID]
) -> dict[UUID, list[Adjudication]]:
    """Return what a remittance says, claim by claim, in file order."""
    found: dict[UUID, list[Adjudication]] = {}
    for position, told in here.items():
        found.setdefault(claims[position], []).append(told)
    return found


def adjudications_here(
    remittance: Remittance,
    matches: Mapping[int, Match],
    states: Mapping[int, ClaimState],
    remittance_id: UUID,
) -> dict[int, Adjudication]:
    """Return what a remittance says of each claim that is posted, by position."""
    return {
        payment.position: Adjudication(
            remittance_id=remittance_id,
            position=payment.position,
            is_other=is_secondary(payment),
            verdict=verdict_of(payment, matches[payment.position].claim.contractual_codes),
            payer_claim_number=payment.payer_claim_number,
            charge_cents=payment.charge_cents,
            paid_cents=payment.paid_cents,
        )
        for payment in remittance.claims
        if states[payment.position] is ClaimState.POSTED
    }


def with_originals(history: History, remittance_id: UUID) -> History:
    """Return the history with the original of each reversal that this remittance brings.

    Both are of one payer, the first or another: which, the one that was posted first tells.
    """
    originals: dict[int, Adjudication] = {}
    before: dict[int, Adjudication] = {}
    here = dict(history.here)
    for claim_id in set(history.claims.values()):
        said = history.of(claim_id)
        places = {(each.remittance_id, each.position): each for each in said}
        _, paired = pair(said)
        for (of_remittance, position), original in paired.items():
            if of_remittance == remittance_id and position in here:
                originals[position] = original
                here[position] = replace(here[position], is_other=original.is_other)
            elif original.remittance_id == remittance_id and original.position in here:
                reversal = places[of_remittance, position]
                before[original.position] = reversal
                here[original.position] = replace(original, is_other=reversal.is_other)
    return replace(
        history,
        originals=originals,
        reversals=before,
        here=here,
        by_claim=by_claim(here, history.claims),
    )


def reversal_findings(remittance: Remittance, history: History) -> list[Finding]:
    """Return what people should know about the reversals of a remittance."""
    found: list[Finding] = []

    def say(finding: Finding, payment: ClaimPayment) -> None:
        place = Place(
            transaction_set=remittance.set_control_number,
            loop="2100",
            segment_number=payment.segment_number,
            segment_id="CLP",
        )
        found.append(replace(finding, place=place))

    for payment in remittance.claims:
        told = history.here.get(payment.position)
        if told is None or told.verdict is not Verdict.TAKEN_BACK:
            continue
        original = history.payments.get(payment.position)
        if original is None:
            say(ALONE, payment)
        elif is_bare(payment, history.payments):
            say(EXPANDED, payment)
        elif not mirrors(payment, original):
            say(DIFFERS, payment)
    return found


def payer_numbers(history: History) -> dict[UUID, str]:
    """Return the first payer's number of each claim: of the last answer that stands."""
    numbers: dict[UUID, str] = {}
    for claim_id in set(history.claims.values()):
        said = history.of(claim_id)
        standing, _ = pair(said)
        for each in standing or said:
            if each.payer_claim_number and not each.is_other:
                numbers[claim_id] = each.payer_claim_number
    return numbers

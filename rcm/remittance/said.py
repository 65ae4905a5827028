"""One claim payment of a remittance, read again from its raw file, and whose it may be."""

from dataclasses import dataclass, replace

from edi.remittance_835.model import ClaimPayment, Remittance
from edi.remittance_835.read import read_835
from rcm.clock import today
from rcm.db import ReadSession
from rcm.remittance.decide import content_sha256
from rcm.remittance.hand_store import payers_of, practice_of
from rcm.remittance.match import KnownClaim
from rcm.remittance.post import Source, payment_key
from rcm.remittance.recall import read_set
from rcm.rows import RemittanceRow
from rcm.tools import Tools


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidPayment:
    """One claim payment in its remittance, read again from the raw file."""

    row: RemittanceRow
    payment: ClaimPayment
    remittance: Remittance
    source: Source

    @property
    def alone(self) -> Remittance:
        """The remittance with nothing but this payment."""
        return replace(self.remittance, claims=(self.payment,), provider_adjustments=())

    @property
    def key(self) -> str:
        """What entries and events of this payment begin with."""
        return f"{payment_key(self.remittance, self.source.content)}/clp/{self.payment.position}"


def read_payment(
    session: ReadSession, tools: Tools, row: RemittanceRow, position: int
) -> SaidPayment:
    """Return the payment at `position` of a remittance, as its payer said it."""
    transaction_set = read_set(session, tools.keys, row.id)
    remittance = read_835(transaction_set)
    return SaidPayment(
        row=row,
        payment=remittance.claims[position - 1],
        remittance=remittance,
        source=Source(
            remittance_id=row.id,
            file_id=row.file_id,
            received_on=today(row.received_at, tools.time_zone),
            content=content_sha256(transaction_set),
        ),
    )


def is_of_same_parties(session: ReadSession, row: RemittanceRow, claim: KnownClaim) -> bool:
    """Tell whether a claim is of the practice that is paid and of the payer that pays.

    Which payers speak under a TRN03, earlier matches and names tell; where they tell nothing, one
    that is reached through the same partner counts.
    """
    practice = practice_of(session, row.payee_id)
    payers = payers_of(session, row.payer_id, row.payer_name)
    is_payer = claim.payer_id in payers if payers else claim.partner_id == row.partner_id
    return is_payer and practice in (None, claim.billing_provider_id)

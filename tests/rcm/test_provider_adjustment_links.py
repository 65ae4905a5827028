"""Whose claim and whose practice a PLB pair speaks of."""

from dataclasses import replace

from edi.remittance_835.model import Party, Reference
from tests.harness import PARTIES, Practice
from tests.rcm.partner_files import Sent, file_835, plb, receive, remit
from tests.rcm.test_reversals import back, let_arrive, paid


def test_a_number_that_was_corrected_since_names_its_claim(practice: Practice, claim: Sent) -> None:
    one = paid(claim, 7_000, payer_claim_number="ICN1")
    let_arrive(practice, one)
    corrected = paid(claim, 6_000, payer_claim_number="ICN2")
    told = remit(back(one), corrected, plbs=[plb("WO", -1_000, "ICN1")], trace="T2")
    receive(practice, file_835(told, number=2))
    later = remit(plbs=[plb("WO", 1_000, "ICN1"), plb("CS", -1_000, "x")], trace="T3")
    receive(practice, file_835(later, number=3))
    rows = practice.rows("SELECT claim_id FROM provider_adjustment WHERE reason = 'WO'")
    assert [row.claim_id for row in rows] == [claim.id, claim.id]


def test_a_reference_of_another_payer_names_no_claim(practice: Practice, claim: Sent) -> None:
    one = paid(claim, 8_000, payer_claim_number="12345")
    receive(practice, file_835(remit(one), number=1))
    other = remit(plbs=[plb("WO", -1_000, "12345")], trace="T2")
    other = replace(
        other,
        trace=replace(other.trace, payer_id="1777777777"),
        payer=Party(name="ANOTHER PAYER"),
    )
    receive(practice, file_835(other, number=2))
    ((found,),) = practice.rows("SELECT claim_id FROM provider_adjustment")
    assert found is None


def test_a_practice_is_known_by_its_tax_number(practice: Practice, claim: Sent) -> None:
    tax = Reference("TJ", PARTIES["practices"][0]["tax_id"])
    payee = Party(name="HARBOR", id_qualifier="XX", id="9999999999", references=(tax,))
    pair = replace(plb("CS", -1_000), provider_id="9999999999")
    receive(practice, file_835(replace(remit(paid(claim, 8_000), plbs=[pair]), payee=payee)))
    ((found,),) = practice.rows("SELECT billing_provider_id FROM provider_adjustment")
    assert found is not None

"""What explains an 835 beside its money, typed."""

from datetime import date

from edi.remittance_835.read import read_835
from edi.remittance_835.summaries import (
    inpatient_adjudication,
    inpatient_summary,
    outpatient_adjudication,
    provider_summary,
)
from tests.edi.x12_texts import CLAIM, HEADER, set_of_texts

TS3 = "TS3*1234567893*11*20261231*2*300********10**20**30*40**5*6*7*1*8.5"
TS2 = "TS2*59786*55375.77*1000*1*2*3*1*4*5*4.1*2*3*9*0*6*1.2345*7*8*9"
MIA = "MIA*4**60*4800*MA01*100*5*900*500*400*30*12*22*4000*4*3900*77*10*6*N1*N2*N3*N4*15"
MOA = "MOA*.85*600*N290*MA01**MA18**10*3.5"


def test_what_stands_before_and_in_a_claim_is_typed() -> None:
    remittance = read_835(set_of_texts(*HEADER, "LX*1", TS3, TS2, CLAIM, MIA, MOA))
    (claim,) = remittance.claims
    provider, inpatient = provider_summary(claim), inpatient_summary(claim)
    assert provider is not None
    assert (provider.fiscal_period_date, provider.claims) == (date(2026, 12, 31), 2000)
    assert (provider.charge_cents, provider.msp_payer_cents) == (30000, 1000)
    assert (provider.hcpcs_reportable_cents, provider.hcpcs_payable_cents) == (3000, 4000)
    assert provider.interim_payment_adjustment_cents == 850
    assert inpatient is not None
    assert (inpatient.drg_cents, inpatient.federal_specific_cents) == (5978600, 5537577)
    assert (inpatient.average_weight, inpatient.capital_dsh_drg_cents) == ("1.2345", 900)
    stay, visit = inpatient_adjudication(claim), outpatient_adjudication(claim)
    assert stay is not None
    assert (stay.covered_days, stay.drg_cents, stay.capital_exception_cents) == (4000, 480000, 1500)
    assert stay.remarks == ("MA01", "N1", "N2", "N3", "N4")
    assert visit is not None
    assert (visit.reimbursement_rate, visit.professional_component_cents) == (850, 350)
    assert set(claim.remark_codes) == {*stay.remarks, *visit.remarks}


def test_what_is_not_there_is_none_and_what_cannot_be_read_is_none() -> None:
    (claim,) = read_835(set_of_texts(*HEADER, "LX*1", CLAIM, "MIA*X*1")).claims
    assert provider_summary(claim) is None
    assert inpatient_summary(claim) is None
    assert outpatient_adjudication(claim) is None
    stay = inpatient_adjudication(claim)
    assert stay is not None
    assert (stay.covered_days, stay.operating_outlier_cents) == (None, 100)

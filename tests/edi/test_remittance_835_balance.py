"""The proof of an 835 at its three levels, to the cent."""

import pytest
from hypothesis import HealthCheck, given, settings

from edi.findings import Severity
from edi.remittance_835.balance import Balance, check_balance
from edi.remittance_835.model import Remittance
from edi.remittance_835.read import read_835
from tests.edi.x12_texts import CLAIM, GOLDEN, HEADER, set_of_texts, sole_set
from tests.strategies import remittances

TRN = HEADER[1]


def balance(*segments: str) -> Balance:
    return check_balance(read_835(set_of_texts(*segments)))


def bpr(amount: str) -> str:
    return f"BPR*I*{amount}*C*CHK************20260303"


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(remittances())
def test_remittances_of_the_strategy_balance(remittance: Remittance) -> None:
    proof = check_balance(remittance)
    assert proof.is_balanced
    assert proof.unbalanced_claims == ()
    assert all(finding.severity is Severity.WARNING for finding in proof.findings())


def test_golden_file_balances() -> None:
    proof = check_balance(read_835(sole_set((GOLDEN / "835-two-claims.edi").read_bytes())[0]))
    assert proof.is_balanced
    assert proof.findings() == ()


@pytest.mark.parametrize("paid", ["99.99", "100.01"])
def test_one_cent_off_at_the_set(paid: str) -> None:
    proof = balance(bpr(paid), TRN, CLAIM)
    assert not proof.is_set_balanced
    assert proof.unbalanced_claims == ()
    assert proof.difference_cents == (1 if paid == "99.99" else -1)
    (finding,) = proof.findings()
    assert (finding.code, finding.place.segment_id) == ("835-BALANCE-SET", "BPR")


@pytest.mark.parametrize(("charge", "difference"), [("100.01", 1), ("99.99", -1)])
def test_one_cent_off_at_a_claim(charge: str, difference: int) -> None:
    proof = balance(bpr("200"), TRN, f"CLP*A*1*{charge}*100", CLAIM)
    assert proof.is_set_balanced
    assert not proof.is_balanced
    assert proof.unbalanced_claims == (1,)
    assert proof.claims[0].difference_cents == difference
    (finding,) = proof.findings()
    assert (finding.code, finding.place.segment_number) == ("835-BALANCE-CLAIM", 6)


@pytest.mark.parametrize(("first", "second"), [("39.99", "60.01"), ("40.01", "59.99")])
def test_one_cent_off_at_a_line_while_its_claim_balances(first: str, second: str) -> None:
    proof = balance(bpr("100"), TRN, CLAIM, f"SVC*HC:1*40*{first}", f"SVC*HC:2*60*{second}")
    assert proof.is_set_balanced
    assert [claim.difference_cents for claim in proof.claims] == [0]
    assert proof.unbalanced_claims == (1,)
    assert [abs(line.difference_cents) for line in proof.claims[0].services] == [1, 1]
    assert [finding.place.segment_number for finding in proof.findings()] == [7, 8]


def test_claim_level_adjustment_needs_no_line_to_equal_the_payment() -> None:
    claim = "CLP*A*1*120*90"
    assert balance(bpr("90"), TRN, claim, "CAS*CO*45*30", "SVC*HC:1*120*120").is_balanced


def test_provider_adjustment_kept_by_the_payer_reduces_the_payment() -> None:
    assert balance(bpr("70"), TRN, CLAIM, "PLB*1*20261231*WO:F*30").is_balanced
    assert balance(bpr("130"), TRN, CLAIM, "PLB*1*20261231*WO:F*-30").is_balanced


def test_a_set_of_provider_adjustments_alone_balances() -> None:
    assert balance(bpr("25"), TRN, "PLB*1*20261231*L6:C*-25").is_balanced
    assert balance(bpr("0"), TRN, "PLB*1*20261231*WO:F*50*FB:T*-50").is_balanced


def test_reversal_balances_with_every_sign_turned() -> None:
    reversal = ("CLP*A*22*-120*-90", "SVC*HC:1*-120*-90", "CAS*CO*45*-30")
    assert balance(bpr("0"), TRN, *reversal, "CLP*A*1*120*90", "CAS*CO*45*30").is_balanced


def test_what_explains_is_no_part_of_the_balance() -> None:
    more = ("MOA*.5*10", "AMT*I*10", "QTY*CA*3", "SVC*HC:1*100*100", "AMT*B6*80")
    assert balance(bpr("100"), TRN, CLAIM, *more).is_balanced


def test_a_predetermination_is_not_paid() -> None:
    assert balance(bpr("100"), TRN, CLAIM, "CLP*B*25*50*50").is_balanced


@pytest.mark.parametrize(
    ("segments", "code"),
    [
        (("CLP*A*1*100*70*30", "CAS*CO*45*30"), "835-PATIENT-SHARE"),
        (("CLP*A*1*100*70*30", "CAS*CO*45*10", "CAS*PR*1*20"), "835-PATIENT-SHARE"),
        (("CLP*A*1*100*70", "CAS*CO*45*30", "SVC*HC:1*90*90"), "835-LINES-CHARGE"),
    ],
)
def test_worth_a_look_but_no_hold(segments: tuple[str, ...], code: str) -> None:
    proof = balance(bpr("70"), TRN, *segments)
    assert proof.is_balanced
    assert [finding.code for finding in proof.findings()] == [code]


def test_patient_share_of_claim_and_lines_counts_once() -> None:
    claim = ("CLP*A*1*100*70*30", "CAS*PR*1*10", "SVC*HC:1*100*80", "CAS*PR*2*20")
    assert balance(bpr("70"), TRN, *claim).findings() == ()


def test_clp05_of_a_reversal_is_not_compared() -> None:
    claim = ("CLP*A*22*-100*-70*30", "CAS*PR*1*-30")
    assert balance(bpr("-70"), TRN, *claim).findings() == ()

"""What explains an 835 beside its money: MIA and MOA of a claim, TS3 and TS2 of a provider.

The remittance keeps these segments as they stand; they are typed here for who asks. None of them
is ever part of the balance (RFI 2601). What cannot be read is None.
"""

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from edi.adjudication_segments import (
    INPATIENT,
    OUTPATIENT,
    InpatientAdjudication,
    OutpatientAdjudication,
)
from edi.delimiters import STANDARD
from edi.layout import Layout
from edi.money import Cents, Thousandths
from edi.notes import Unnoted
from edi.remittance_835.model import ClaimPayment
from edi.segment import Segment

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderSummary:
    """A TS3 segment: the sums of one provider, facility type and fiscal period; Medicare Part A."""

    provider_id: str = ""  #: TS301.
    facility_type: str = ""  #: TS302.
    fiscal_period_date: date | None = None  #: TS303.
    claims: Thousandths | None = None  #: TS304: how many, in thousandths.
    charge_cents: Cents | None = None  #: TS305.
    msp_payer_cents: Cents | None = None  #: TS313.
    non_lab_charge_cents: Cents | None = None  #: TS315.
    hcpcs_reportable_cents: Cents | None = None  #: TS317.
    hcpcs_payable_cents: Cents | None = None  #: TS318.
    professional_component_cents: Cents | None = None  #: TS320.
    msp_patient_liability_cents: Cents | None = None  #: TS321.
    patient_reimbursement_cents: Cents | None = None  #: TS322.
    interim_payment_claims: Thousandths | None = None  #: TS323.
    interim_payment_adjustment_cents: Cents | None = None  #: TS324.


@dataclass(frozen=True, slots=True, kw_only=True)
class InpatientSummary:
    """A TS2 segment: the sums of what makes up inpatient payments; Medicare Part A."""

    drg_cents: Cents | None = None  #: TS201.
    federal_specific_cents: Cents | None = None  #: TS202.
    hospital_specific_cents: Cents | None = None  #: TS203.
    disproportionate_share_cents: Cents | None = None  #: TS204.
    capital_cents: Cents | None = None  #: TS205.
    teaching_cents: Cents | None = None  #: TS206.
    outlier_days: Thousandths | None = None  #: TS207.
    day_outlier_cents: Cents | None = None  #: TS208.
    cost_outlier_cents: Cents | None = None  #: TS209.
    average_stay: Thousandths | None = None  #: TS210: days.
    discharges: Thousandths | None = None  #: TS211.
    cost_report_days: Thousandths | None = None  #: TS212.
    covered_days: Thousandths | None = None  #: TS213.
    not_covered_days: Thousandths | None = None  #: TS214.
    msp_pass_through_cents: Cents | None = None  #: TS215.
    average_weight: str = ""  #: TS216: of the DRGs, as written.
    capital_fsp_drg_cents: Cents | None = None  #: TS217.
    capital_hsp_drg_cents: Cents | None = None  #: TS218.
    capital_dsh_drg_cents: Cents | None = None  #: TS219.


_PROVIDER = Layout(
    "TS3", ProviderSummary, "provider_id", "facility_type", "fiscal_period_date", "claims",
    "charge_cents", *("",) * 7, "msp_payer_cents", "", "non_lab_charge_cents", "",
    "hcpcs_reportable_cents", "hcpcs_payable_cents", "", "professional_component_cents",
    "msp_patient_liability_cents", "patient_reimbursement_cents", "interim_payment_claims",
    "interim_payment_adjustment_cents",
)  # fmt: skip
_INPATIENT_SUMMARY = Layout(
    "TS2", InpatientSummary, "drg_cents", "federal_specific_cents", "hospital_specific_cents",
    "disproportionate_share_cents", "capital_cents", "teaching_cents", "outlier_days",
    "day_outlier_cents", "cost_outlier_cents", "average_stay", "discharges", "cost_report_days",
    "covered_days", "not_covered_days", "msp_pass_through_cents", "average_weight",
    "capital_fsp_drg_cents", "capital_hsp_drg_cents", "capital_dsh_drg_cents",
)  # fmt: skip


def inpatient_adjudication(claim: ClaimPayment) -> InpatientAdjudication | None:
    """Return the MIA of a claim, None where there is none."""
    return _first(INPATIENT, claim.adjudication)


def outpatient_adjudication(claim: ClaimPayment) -> OutpatientAdjudication | None:
    """Return the MOA of a claim, None where there is none."""
    return _first(OUTPATIENT, claim.adjudication)


def provider_summary(claim: ClaimPayment) -> ProviderSummary | None:
    """Return the TS3 that stands before this claim, None where there is none."""
    return _first(_PROVIDER, claim.summaries)


def inpatient_summary(claim: ClaimPayment) -> InpatientSummary | None:
    """Return the TS2 that stands before this claim, None where there is none."""
    return _first(_INPATIENT_SUMMARY, claim.summaries)


def _first(layout: Layout[T], segments: tuple[Segment, ...]) -> T | None:
    """Return the first segment of this layout; none of them has a composite to split."""
    found = next((each for each in segments if each.id == layout.segment_id), None)
    return None if found is None else layout.read(found, Unnoted(STANDARD), "")

"""MIA and MOA: how a payer came to its decision, in the 835 and in the next payer's 837."""

from dataclasses import dataclass

from edi.layout import Layout
from edi.money import Cents, Thousandths


@dataclass(frozen=True, slots=True, kw_only=True)
class InpatientAdjudication:
    """An MIA segment; amounts are cents."""

    covered_days: Thousandths | None = None  #: MIA01.
    operating_outlier_cents: Cents | None = None  #: MIA02; used in 004010 only.
    lifetime_psychiatric_days: Thousandths | None = None  #: MIA03.
    drg_cents: Cents | None = None  #: MIA04.
    remark1: str = ""  #: MIA05.
    disproportionate_share_cents: Cents | None = None  #: MIA06.
    msp_pass_through_cents: Cents | None = None  #: MIA07.
    pps_capital_cents: Cents | None = None  #: MIA08.
    capital_fsp_drg_cents: Cents | None = None  #: MIA09.
    capital_hsp_drg_cents: Cents | None = None  #: MIA10.
    capital_dsh_drg_cents: Cents | None = None  #: MIA11.
    old_capital_cents: Cents | None = None  #: MIA12.
    capital_ime_cents: Cents | None = None  #: MIA13.
    operating_hsp_drg_cents: Cents | None = None  #: MIA14.
    cost_report_days: Thousandths | None = None  #: MIA15.
    operating_fsp_drg_cents: Cents | None = None  #: MIA16.
    capital_outlier_cents: Cents | None = None  #: MIA17.
    teaching_cents: Cents | None = None  #: MIA18.
    professional_component_cents: Cents | None = None  #: MIA19.
    remark2: str = ""  #: MIA20.
    remark3: str = ""  #: MIA21.
    remark4: str = ""  #: MIA22.
    remark5: str = ""  #: MIA23.
    capital_exception_cents: Cents | None = None  #: MIA24.

    @property
    def remarks(self) -> tuple[str, ...]:
        """MIA05 and MIA20 to MIA23, those that are there."""
        every = (self.remark1, self.remark2, self.remark3, self.remark4, self.remark5)
        return tuple(code for code in every if code)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutpatientAdjudication:
    """An MOA segment; amounts are cents."""

    reimbursement_rate: Thousandths | None = None  #: MOA01, as a ratio.
    hcpcs_payable_cents: Cents | None = None  #: MOA02.
    remark1: str = ""  #: MOA03.
    remark2: str = ""  #: MOA04.
    remark3: str = ""  #: MOA05.
    remark4: str = ""  #: MOA06.
    remark5: str = ""  #: MOA07.
    esrd_cents: Cents | None = None  #: MOA08.
    professional_component_cents: Cents | None = None  #: MOA09.

    @property
    def remarks(self) -> tuple[str, ...]:
        """MOA03 to MOA07, those that are there."""
        every = (self.remark1, self.remark2, self.remark3, self.remark4, self.remark5)
        return tuple(code for code in every if code)


INPATIENT = Layout(
    "MIA", InpatientAdjudication, "covered_days", "operating_outlier_cents",
    "lifetime_psychiatric_days", "drg_cents", "remark1", "disproportionate_share_cents",
    "msp_pass_through_cents", "pps_capital_cents", "capital_fsp_drg_cents",
    "capital_hsp_drg_cents", "capital_dsh_drg_cents", "old_capital_cents", "capital_ime_cents",
    "operating_hsp_drg_cents", "cost_report_days", "operating_fsp_drg_cents",
    "capital_outlier_cents", "teaching_cents", "professional_component_cents",
    "remark2", "remark3", "remark4", "remark5", "capital_exception_cents",
)  # fmt: skip
OUTPATIENT = Layout(
    "MOA", OutpatientAdjudication, "reimbursement_rate", "hcpcs_payable_cents", "remark1",
    "remark2", "remark3", "remark4", "remark5", "esrd_cents", "professional_component_cents",
)  # fmt: skip

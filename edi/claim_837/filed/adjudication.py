"""Segments that say what another payer decided before: loops 2320 and 2430."""

from dataclasses import dataclass

from edi.layout import Layout
from edi.money import Cents, Thousandths
from edi.party_segments import Procedure


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One of the up to six reasons of a CAS segment."""

    code: str  #: CAS02, 05, 08, 11, 14 or 17.
    cents: Cents | None = None  #: CAS03, 06, ... A positive amount reduced the payment.
    quantity: Thousandths | None = None  #: CAS04, 07, ...: units; no money.


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorAdjustment:
    """A CAS segment."""

    group: str  #: CAS01: CO, CR, OA, PI or PR.
    reasons: tuple[Reason, ...] = ()

    @property
    def total_cents(self) -> int:
        """The sum of its amounts."""
        return sum(reason.cents or 0 for reason in self.reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """An OI segment: what the patient allowed the other payer."""

    filing_code: str = ""  #: OI01; not used.
    submission_code: str = ""  #: OI02; not used.
    benefits_assigned: str = ""  #: OI03: Y, N or W.
    signature_source: str = ""  #: OI04: P.
    provider_agreement: str = ""  #: OI05; not used.
    release_of_information: str = ""  #: OI06: Y or I.


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorPayment:
    """An SVD segment: what another payer paid for a line."""

    payer_id: str  #: SVD01: the NM109 of its loop 2330B.
    paid_cents: Cents | None = None  #: SVD02.
    procedure: Procedure | None = None  #: SVD03: what it paid on.
    revenue_code: str = ""  #: SVD04; institutional only.
    quantity: Thousandths | None = None  #: SVD05.
    bundled_into: str = ""  #: SVD06: the line it was bundled or unbundled into.


@dataclass(frozen=True, slots=True, kw_only=True)
class FormCode:
    """An LQ segment: a form, by its code list."""

    code_list: str = ""  #: LQ01: AS form type, UT a Medicare certificate of equipment.
    code: str = ""  #: LQ02.


ADJUSTMENT = Layout(
    "CAS", PriorAdjustment, "group",
    tail=("reasons", Layout("", Reason, "code", "cents", "quantity")),
)  # fmt: skip
RELEASE = Layout(
    "OI", Release, "filing_code", "submission_code", "benefits_assigned", "signature_source",
    "provider_agreement", "release_of_information",
)  # fmt: skip
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
PAYMENT = Layout(
    "SVD", PriorPayment, "payer_id", "paid_cents", "procedure", "revenue_code", "quantity",
    "bundled_into",
)  # fmt: skip
FORM_CODE = Layout("LQ", FormCode, "code_list", "code")

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
PAYMENT = Layout(
    "SVD", PriorPayment, "payer_id", "paid_cents", "procedure", "revenue_code", "quantity",
    "bundled_into",
)  # fmt: skip
FORM_CODE = Layout("LQ", FormCode, "code_list", "code")

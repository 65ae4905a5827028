"""What the sandbox payer decides, as values: the kind of an answer, and each line to the cent."""

from dataclasses import dataclass, field, replace
from enum import Enum, StrEnum, auto

from edi.claim_837 import Claim, ServiceLine
from edi.money import Cents
from edi.remittance_835.model import Adjustment, AdjustmentGroup

CONTRACTUAL_REASON = "45"  #: CARC: the charge exceeds the contracted fee.
PENDING_REASON = "133"  #: CARC: the line waits for a further decision.
PAID_TO_PATIENT_REASON = "100"  #: CARC: who pays has paid the patient.
PRIOR_PAYER_REASON = "23"  #: CARC: what payers before did.
ANTICIPATED_REASON = "101"  #: CARC: a price; the payment that is to be expected.


class Kind(StrEnum):
    """How a claim is answered."""

    PAID_REDUCED = "paid_reduced"  #: CO-45, the rest paid.
    PATIENT_SHARE = "patient_share"  #: CO-45, PR-1, PR-2 and PR-3, the rest paid.
    PAID_IN_FULL = "paid_in_full"
    DENIED_MISSING = "denied_missing"  #: CO-16 with a remark code.
    DENIED_TIMELY = "denied_timely"  #: CO-29.
    DENIED_BUNDLED = "denied_bundled"  #: CO-97 on the last line, the others paid.
    DENIED_AUTHORIZATION = "denied_authorization"  #: CO-197.
    DEDUCTIBLE = "deductible"  #: All that is allowed is PR-1: nothing paid, nothing denied.
    REJECTED_999 = "rejected_999"  #: The whole transaction set is refused; no 835 comes.
    REJECTED_277CA = "rejected_277ca"  #: The claim is refused in the 277CA; no 835 comes.
    REJECTED_277CA_BATCH = "rejected_277ca_batch"  #: So is the whole transaction set.
    REJECTED_277CA_PROVIDER = "rejected_277ca_provider"  #: So is all of the billing provider.
    NEVER_ANSWERED = "never_answered"  #: A 999 and nothing more.
    DENIED_NECESSITY = "denied_necessity"  #: CO-50.
    ZERO_PAY = "zero_pay"  #: CO-45 of the whole charge, in an 835 that moves no money.
    FORWARDED = "forwarded"  #: CLP02 19 to 21, with whom it was forwarded to (NM1*TT).
    REVERSED_SAME_FILE = "reversed_same_file"  #: Paid; then reversed and corrected in one 835.
    REVERSED_LATER = "reversed_later"  #: Paid; reversed; corrected one visit later.
    PLB_WO = "plb_wo"  #: An overpayment is recovered, by the number of a letter.
    PLB_FB = "plb_fb"  #: More is recovered than is paid: the rest is carried forward.
    PLB_L6 = "plb_l6"  #: Interest.
    PLB_72 = "plb_72"  #: A cheque of the provider came in: 72 and WO cancel each other.
    PLB_ONLY = "plb_only"  #: Paid; then interest in an 835 without claims.
    UNBALANCED_SERVICE = "unbalanced_service"  #: SVC03 is wrong.
    UNBALANCED_CLAIM = "unbalanced_claim"  #: CLP04 is wrong, and BPR02 is its sum.
    UNBALANCED_SET = "unbalanced_set"  #: BPR02 is wrong.
    NOT_OURS = "not_ours"  #: Paid, beside a claim that nobody sent.
    DUPLICATE_BYTES = "duplicate_bytes"  #: The same 835 under another name.
    DUPLICATE_INTERCHANGE = "duplicate_interchange"  #: The same ISA13 with other bytes.
    DUPLICATE_PAYMENT = "duplicate_payment"  #: The same payment in a new interchange.
    PRENOTE = "prenote"  #: BPR01 P.
    TEST_FLAG = "test_flag"  #: ISA15 of the 835 is not that of the 837.
    TA1_WITH_999 = "ta1_with_999"  #: A TA1 stands before the group of the 999.
    ODD_DELIMITERS = "odd_delimiters"  #: Of the 835.
    CRLF = "crlf"  #: After each segment of the 835.
    TRUNCATED = "truncated"  #: The last third of the 835 is missing.
    EARLY_835 = "early_835"  #: Paid; the 277CA comes one visit later.
    CORRECTION_FIRST = "correction_first"  #: Paid; corrected; reversed in an 835 of its own.
    REVERSED_BARE = "reversed_bare"  #: Paid; then reversed without lines, and corrected.
    REVERSED_ONLY = "reversed_only"  #: Paid; then reversed, and no correction comes.
    PENDING_LINE = "pending_line"  #: PI-133 on the last line; paid one visit later.
    PAID_TO_PATIENT = "paid_to_patient"  #: CO-45, and OA-100 of the rest.
    UNPROCESSABLE = "unprocessable"  #: CO-16 with MA130: to be sent as a new claim.
    NO_CONTROL_NUMBER = "no_control_number"  #: CLP01 0, and a CLP07 that nobody knows.
    SECONDARY = "secondary"  #: Paid; one visit later another payer pays half of the coinsurance.
    MEDICARE_ADVANTAGE = "medicare_advantage"  #: CO-24: another plan has the patient.
    SPLIT = "split"  #: Told in two CLPs: the first line, and the others.
    FULL_PREDETERMINATION = "full_predetermination"  #: CLP02 25, a price; then paid.


class Column(Enum):
    """Where the books show an adjustment."""

    CONTRACTUAL = auto()  #: CO-45.
    PATIENT = auto()  #: PR, whatever the reason; and what the patient was paid.
    PENDING = auto()  #: PI-133: still open with the payer.
    PRIOR = auto()  #: OA-23: nowhere, it stands in the books of who paid before.
    DENIED = auto()  #: Every other.


def column(adjustment: Adjustment) -> Column:
    """Return where the books show an adjustment."""
    match adjustment.group, adjustment.reason:
        case AdjustmentGroup.PATIENT, _:
            return Column.PATIENT
        case AdjustmentGroup.OTHER, str(reason) if reason == PAID_TO_PATIENT_REASON:
            return Column.PATIENT
        case AdjustmentGroup.CONTRACTUAL, str(reason) if reason == CONTRACTUAL_REASON:
            return Column.CONTRACTUAL
        case AdjustmentGroup.PAYER_INITIATED, str(reason) if reason == PENDING_REASON:
            return Column.PENDING
        case AdjustmentGroup.OTHER, str(reason) if reason == PRIOR_PAYER_REASON:
            return Column.PRIOR
        case _:
            return Column.DENIED


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDecision:
    """What is decided about one service line."""

    line: ServiceLine = field(repr=False)
    adjustments: tuple[Adjustment, ...] = ()  #: None of zero cents.
    remark_codes: tuple[str, ...] = ()  #: LQ*HE.

    @property
    def paid_cents(self) -> Cents:
        """The charge less every adjustment: SVC03."""
        return Cents(self.line.charge_cents - sum(each.amount_cents for each in self.adjustments))

    @property
    def responsibility_cents(self) -> Cents:
        """PR, whatever the reason."""
        of_patient = (a for a in self.adjustments if a.group is AdjustmentGroup.PATIENT)
        return Cents(sum(each.amount_cents for each in of_patient))

    @property
    def allowed_cents(self) -> Cents:
        """AMT*B6: what payer and patient pay together, or are to."""
        to_come = (a for a in self.adjustments if a.reason == ANTICIPATED_REASON)
        own = self.paid_cents + self.in_column(Column.PATIENT)
        return Cents(own + sum(each.amount_cents for each in to_come))

    def in_column(self, shown: Column) -> Cents:
        """Return the sum of the adjustments that the books show there."""
        counted = (each for each in self.adjustments if column(each) is shown)
        return Cents(sum(each.amount_cents for each in counted))


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is decided about a claim; without lines where it was not adjudicated at all."""

    kind: Kind
    lines: tuple[LineDecision, ...] = ()
    remark_codes: tuple[str, ...] = ()  #: MOA03 to MOA07.

    @property
    def paid_cents(self) -> Cents:
        """CLP04."""
        return Cents(sum(line.paid_cents for line in self.lines))

    @property
    def responsibility_cents(self) -> Cents:
        """CLP05: PR of all lines."""
        return Cents(sum(line.responsibility_cents for line in self.lines))

    def in_column(self, shown: Column) -> Cents:
        """Return the sum of the adjustments of all lines that the books show there."""
        return Cents(sum(line.in_column(shown) for line in self.lines))


def reverse(claim: Claim, decision: Decision) -> tuple[Claim, Decision]:
    """Return claim and decision with every amount negated; units stay (rules-that-bite M21)."""
    lines = tuple(_reversed(each) for each in decision.lines)
    charge_cents = Cents(-claim.charge_cents)
    claim = replace(claim, charge_cents=charge_cents, lines=tuple(each.line for each in lines))
    return claim, replace(decision, lines=lines)


def _reversed(decision: LineDecision) -> LineDecision:
    line = decision.line
    return replace(
        decision,
        line=replace(line, charge_cents=Cents(-line.charge_cents)),
        adjustments=tuple(
            replace(each, amount_cents=Cents(-each.amount_cents)) for each in decision.adjustments
        ),
    )

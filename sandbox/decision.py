"""What the sandbox payer decides, as values: the kind of an answer, and each line to the cent."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from edi.claim_837 import Claim, ServiceLine
from edi.money import Cents
from edi.remittance_835.model import Adjustment, AdjustmentGroup

CONTRACTUAL_REASON = "45"  #: CARC: the charge exceeds the contracted fee.


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


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDecision:
    """What is decided about one service line."""

    line: ServiceLine = field(repr=False)
    adjustments: tuple[Adjustment, ...] = ()  #: None of zero cents.
    remark_codes: tuple[str, ...] = ()  #: LQ*HE.

    @property
    def paid_cents(self) -> Cents:
        """The charge less every adjustment: SVC03."""
        return Cents(self.line.charge_cents - self.sum_cents(lambda _: True))

    @property
    def contractual_cents(self) -> Cents:
        """CO-45."""
        return self.sum_cents(_is_contractual)

    @property
    def patient_cents(self) -> Cents:
        """PR, whatever the reason."""
        return self.sum_cents(_is_of_patient)

    @property
    def denied_cents(self) -> Cents:
        """Every other adjustment."""
        return self.sum_cents(lambda each: not (_is_contractual(each) or _is_of_patient(each)))

    def sum_cents(self, is_counted: Callable[[Adjustment], bool]) -> Cents:
        """The sum of the adjustments that are counted."""
        return Cents(sum(each.amount_cents for each in self.adjustments if is_counted(each)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is decided about a claim; without lines where it was not adjudicated at all."""

    kind: Kind
    lines: tuple[LineDecision, ...] = ()

    @property
    def paid_cents(self) -> Cents:
        """CLP04."""
        return Cents(sum(line.paid_cents for line in self.lines))

    @property
    def contractual_cents(self) -> Cents:
        """CO-45 of all lines."""
        return Cents(sum(line.contractual_cents for line in self.lines))

    @property
    def patient_cents(self) -> Cents:
        """CLP05: PR of all lines."""
        return Cents(sum(line.patient_cents for line in self.lines))

    @property
    def denied_cents(self) -> Cents:
        """Every other adjustment of all lines."""
        return Cents(sum(line.denied_cents for line in self.lines))


def _is_contractual(adjustment: Adjustment) -> bool:
    group, reason = adjustment.group, adjustment.reason
    return group is AdjustmentGroup.CONTRACTUAL and reason == CONTRACTUAL_REASON


def _is_of_patient(adjustment: Adjustment) -> bool:
    return adjustment.group is AdjustmentGroup.PATIENT


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

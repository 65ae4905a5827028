"""What the sandbox payer decides about a claim: one row of a table for each kind of answer.

Amounts follow from the charges alone, in whole cents; every line balances by construction.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from edi.claim_837 import Claim, ServiceLine
from edi.money import Cents
from edi.remittance_835.model import Adjustment, AdjustmentGroup

CONTRACTUAL_REASON = "45"  #: CARC: the charge exceeds the contracted fee.
MEMBER_PREFIX = "SBX"  #: A member id SBX04... asks for the kind with the code 04.
_CODE_LENGTH = 2
_COPAY_CENTS = 2500  #: Of a claim, at most; a tenth of what is allowed where that is less.


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


_Lines = Sequence[ServiceLine]


def _adjusted(
    line: ServiceLine, *amounts: tuple[AdjustmentGroup, str, int], remarks: tuple[str, ...] = ()
) -> LineDecision:
    adjustments = tuple(
        Adjustment(group=group, reason=reason, amount_cents=Cents(cents))
        for group, reason, cents in amounts
        if cents
    )
    return LineDecision(line=line, adjustments=adjustments, remark_codes=remarks)


def _reduction(line: ServiceLine) -> tuple[AdjustmentGroup, str, int]:
    return AdjustmentGroup.CONTRACTUAL, CONTRACTUAL_REASON, line.charge_cents * 3 // 10


def _reduced(lines: _Lines) -> Iterable[LineDecision]:
    return [_adjusted(line, _reduction(line)) for line in lines]


def _in_full(lines: _Lines) -> Iterable[LineDecision]:
    return [_adjusted(line) for line in lines]


def _shared(lines: _Lines) -> Iterable[LineDecision]:
    """A tenth of the claim to the deductible, a fifth of the rest to the patient, and a copay.

    Deductible and copay are of the claim: they are taken from its lines in order, until used up.
    """
    allowed = [line.charge_cents - _reduction(line)[2] for line in lines]
    deductible_left = sum(allowed) // 10
    copay_left = min(_COPAY_CENTS, deductible_left)
    for line, allowed_cents in zip(lines, allowed, strict=True):
        deductible = min(deductible_left, allowed_cents)
        coinsurance = (allowed_cents - deductible) // 5
        copay = min(copay_left, allowed_cents - deductible - coinsurance)
        deductible_left -= deductible
        copay_left -= copay
        yield _adjusted(
            line,
            _reduction(line),
            (AdjustmentGroup.PATIENT, "1", deductible),
            (AdjustmentGroup.PATIENT, "2", coinsurance),
            (AdjustmentGroup.PATIENT, "3", copay),
        )


def _all_deductible(lines: _Lines) -> Iterable[LineDecision]:
    for line in lines:
        group, reason, cents = _reduction(line)
        rest = (AdjustmentGroup.PATIENT, "1", line.charge_cents - cents)
        yield _adjusted(line, (group, reason, cents), rest)


def _denial(reason: str, *remarks: str) -> Callable[[_Lines], Iterable[LineDecision]]:
    def deny(lines: _Lines) -> Iterable[LineDecision]:
        group = AdjustmentGroup.CONTRACTUAL
        return [
            _adjusted(line, (group, reason, line.charge_cents), remarks=remarks) for line in lines
        ]

    return deny


def _bundled(lines: _Lines) -> Iterable[LineDecision]:
    return (*_reduced(lines[:-1]), *_denial("97", "M15")(lines[-1:]))


def _not_adjudicated(_: _Lines) -> Iterable[LineDecision]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How a kind is asked for, how often it comes unasked, and what it does to the lines."""

    code: str  #: The two digits after MEMBER_PREFIX.
    weight: int  #: Of 100 ordinary claims.
    decide: Callable[[_Lines], Iterable[LineDecision]]


RULES: Mapping[Kind, Rule] = MappingProxyType({
    Kind.PAID_REDUCED: Rule(code="01", weight=22, decide=_reduced),
    Kind.PATIENT_SHARE: Rule(code="02", weight=50, decide=_shared),
    Kind.PAID_IN_FULL: Rule(code="03", weight=6, decide=_in_full),
    Kind.DENIED_MISSING: Rule(code="04", weight=4, decide=_denial("16", "M76")),
    Kind.DENIED_TIMELY: Rule(code="05", weight=2, decide=_denial("29", "N211")),
    Kind.DENIED_BUNDLED: Rule(code="06", weight=4, decide=_bundled),
    Kind.DENIED_AUTHORIZATION: Rule(code="07", weight=3, decide=_denial("197")),
    Kind.DEDUCTIBLE: Rule(code="08", weight=9, decide=_all_deductible),
    Kind.REJECTED_999: Rule(code="09", weight=0, decide=_not_adjudicated),
})  # fmt: skip

_KIND_BY_CODE = {rule.code: kind for kind, rule in RULES.items()}
_WEIGHTED = tuple(kind for kind, rule in RULES.items() for _ in range(rule.weight))


def adjudicate(claim: Claim, kind: Kind) -> Decision:
    """Return what is decided about each line of the claim. Same claim and kind, same decision."""
    return Decision(kind=kind, lines=tuple(RULES[kind].decide(claim.lines)))


def choose(claim: Claim) -> Kind:
    """Return the kind that the member id asks for (SBX04...), else one of the ordinary mix.

    The ordinary mix goes by a hash of the patient control number: a claim sent again is answered
    alike, whatever was sent between.
    """
    member_id = claim.subscriber.member_id
    if member_id.startswith(MEMBER_PREFIX):
        code = member_id.removeprefix(MEMBER_PREFIX)[:_CODE_LENGTH]
        if code in _KIND_BY_CODE:
            return _KIND_BY_CODE[code]
    digest = hashlib.sha256(claim.patient_control_number.encode()).digest()
    return _WEIGHTED[int.from_bytes(digest[:8], "big") % len(_WEIGHTED)]

"""What the sandbox payer decides about a claim: one row of a table for each kind of answer.

Amounts follow from the charges alone, in whole cents; every line balances by construction.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from edi.claim_837 import Claim, ServiceLine
from edi.money import Cents
from edi.remittance_835.model import Adjustment, AdjustmentGroup
from sandbox.decision import (
    ANTICIPATED_REASON,
    CONTRACTUAL_REASON,
    PAID_TO_PATIENT_REASON,
    PENDING_REASON,
    PRIOR_PAYER_REASON,
    Column,
    Decision,
    Kind,
    LineDecision,
)

MEMBER_PREFIX = "SBX"  #: A member id SBX04... asks for the kind with the code 04.
_CODE_LENGTH = 2
_COPAY_CENTS = 2500  #: Of a claim, at most; a tenth of what is allowed where that is less.


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


def _allowed_goes(group: AdjustmentGroup, reason: str) -> Callable[[_Lines], list[LineDecision]]:
    """Reduce every line, and adjust all the rest by this reason: nothing is paid."""

    def decide(lines: _Lines) -> list[LineDecision]:
        return [
            _adjusted(
                line,
                _reduction(line),
                (group, reason, line.charge_cents - _reduction(line)[2]),
            )
            for line in lines
        ]

    return decide


def _coinsured(lines: _Lines) -> Iterable[LineDecision]:
    """Reduce every line, and leave a fifth of the rest to the patient."""
    for line in lines:
        share = (line.charge_cents - _reduction(line)[2]) // 5
        yield _adjusted(line, _reduction(line), (AdjustmentGroup.PATIENT, "2", share))


def _denial(reason: str, *remarks: str) -> Callable[[_Lines], Iterable[LineDecision]]:
    def deny(lines: _Lines) -> Iterable[LineDecision]:
        group = AdjustmentGroup.CONTRACTUAL
        return [
            _adjusted(line, (group, reason, line.charge_cents), remarks=remarks) for line in lines
        ]

    return deny


def _bundled(lines: _Lines) -> Iterable[LineDecision]:
    return (*_reduced(lines[:-1]), *_denial("97", "M15")(lines[-1:]))


def _last_pending(lines: _Lines) -> Iterable[LineDecision]:
    last = lines[-1]
    waits = (AdjustmentGroup.PAYER_INITIATED, PENDING_REASON, last.charge_cents)
    return (*_reduced(lines[:-1]), _adjusted(last, waits))


def _not_adjudicated(_: _Lines) -> Iterable[LineDecision]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How a kind is asked for, how often it comes unasked, and what it does to the lines."""

    code: str  #: The two digits after MEMBER_PREFIX.
    weight: int = 0  #: Of 100 ordinary claims.
    decide: Callable[[_Lines], Iterable[LineDecision]] = _reduced
    remarks: tuple[str, ...] = ()  #: Of the claim.


RULES: Mapping[Kind, Rule] = MappingProxyType({
    Kind.PAID_REDUCED: Rule(code="01", weight=22, decide=_reduced),
    Kind.PATIENT_SHARE: Rule(code="02", weight=50, decide=_shared),
    Kind.PAID_IN_FULL: Rule(code="03", weight=6, decide=_in_full),
    Kind.DENIED_MISSING: Rule(code="04", weight=4, decide=_denial("16", "M76")),
    Kind.DENIED_TIMELY: Rule(code="05", weight=2, decide=_denial("29", "N211")),
    Kind.DENIED_BUNDLED: Rule(code="06", weight=4, decide=_bundled),
    Kind.DENIED_AUTHORIZATION: Rule(code="07", weight=3, decide=_denial("197")),
    Kind.DEDUCTIBLE: Rule(code="08", weight=9, decide=_allowed_goes(AdjustmentGroup.PATIENT, "1")),
    Kind.REJECTED_999: Rule(code="09", decide=_not_adjudicated),
    Kind.REJECTED_277CA: Rule(code="10", decide=_not_adjudicated),
    Kind.REJECTED_277CA_BATCH: Rule(code="11", decide=_not_adjudicated),
    Kind.REJECTED_277CA_PROVIDER: Rule(code="12", decide=_not_adjudicated),
    Kind.NEVER_ANSWERED: Rule(code="13", decide=_not_adjudicated),
    Kind.DENIED_NECESSITY: Rule(code="14", decide=_denial("50")),
    Kind.ZERO_PAY: Rule(code="15", decide=_denial(CONTRACTUAL_REASON)),
    Kind.FORWARDED: Rule(code="16"),
    Kind.REVERSED_SAME_FILE: Rule(code="17"),
    Kind.REVERSED_LATER: Rule(code="18"),
    Kind.PLB_WO: Rule(code="19"),
    Kind.PLB_FB: Rule(code="20"),
    Kind.PLB_L6: Rule(code="21"),
    Kind.PLB_72: Rule(code="22"),
    Kind.PLB_ONLY: Rule(code="23"),
    Kind.UNBALANCED_SERVICE: Rule(code="24"),
    Kind.UNBALANCED_CLAIM: Rule(code="25"),
    Kind.UNBALANCED_SET: Rule(code="26"),
    Kind.NOT_OURS: Rule(code="27"),
    Kind.DUPLICATE_BYTES: Rule(code="28"),
    Kind.DUPLICATE_INTERCHANGE: Rule(code="29"),
    Kind.DUPLICATE_PAYMENT: Rule(code="30"),
    Kind.PRENOTE: Rule(code="31"),
    Kind.TEST_FLAG: Rule(code="32"),
    Kind.TA1_WITH_999: Rule(code="33"),
    Kind.ODD_DELIMITERS: Rule(code="34"),
    Kind.CRLF: Rule(code="35"),
    Kind.TRUNCATED: Rule(code="36"),
    Kind.EARLY_835: Rule(code="37"),
    Kind.CORRECTION_FIRST: Rule(code="51"),
    Kind.REVERSED_BARE: Rule(code="52"),
    Kind.REVERSED_ONLY: Rule(code="53"),
    Kind.PENDING_LINE: Rule(code="54", decide=_last_pending),
    Kind.PAID_TO_PATIENT: Rule(
        code="55", decide=_allowed_goes(AdjustmentGroup.OTHER, PAID_TO_PATIENT_REASON)
    ),
    Kind.UNPROCESSABLE: Rule(code="56", decide=_denial("16", "N290"), remarks=("MA130",)),
    Kind.NO_CONTROL_NUMBER: Rule(code="57"),
    Kind.SECONDARY: Rule(code="58", decide=_coinsured),
    Kind.MEDICARE_ADVANTAGE: Rule(code="59", decide=_denial("24")),
    Kind.SPLIT: Rule(code="60"),
    Kind.FULL_PREDETERMINATION: Rule(code="61"),
})  # fmt: skip

_KIND_BY_CODE = {rule.code: kind for kind, rule in RULES.items()}
_WEIGHTED = tuple(kind for kind, rule in RULES.items() for _ in range(rule.weight))


def adjudicate(claim: Claim, kind: Kind) -> Decision:
    """Return what is decided about each line of the claim. Same claim and kind, same decision."""
    rule = RULES[kind]
    return Decision(kind=kind, lines=tuple(rule.decide(claim.lines)), remark_codes=rule.remarks)


def correct(claim: Claim, decision: Decision) -> Decision:
    """Return what is decided after a reversal: the reduction is a fifth, so more is paid."""
    group, reason = AdjustmentGroup.CONTRACTUAL, CONTRACTUAL_REASON
    lines = (_adjusted(line, (group, reason, line.charge_cents // 5)) for line in claim.lines)
    return replace(decision, lines=tuple(lines))


def settle(claim: Claim, decision: Decision) -> Decision:
    """Return what is decided when nothing waits any more: every line is paid reduced."""
    return replace(decision, lines=tuple(_reduced(claim.lines)))


def price(claim: Claim, decision: Decision) -> Decision:
    """Return what would be paid, without a payment."""
    lines = _allowed_goes(AdjustmentGroup.OTHER, ANTICIPATED_REASON)(claim.lines)
    return replace(decision, lines=tuple(lines))


def supplement(decision: Decision) -> Decision:
    """Return what the next payer decides: it pays half of what was left to the patient."""

    def second(before: LineDecision) -> LineDecision:
        share = before.in_column(Column.PATIENT)
        return _adjusted(
            before.line,
            (AdjustmentGroup.OTHER, PRIOR_PAYER_REASON, before.line.charge_cents - share),
            (AdjustmentGroup.PATIENT, "2", share - share // 2),
        )

    return replace(decision, lines=tuple(second(line) for line in decision.lines))


def choose_all(claims: Sequence[Claim]) -> tuple[Kind, ...]:
    """Return the kind of each claim of a set; a set or provider is refused whole."""
    asked = [choose(claim) for claim in claims]
    for whole in (Kind.REJECTED_999, Kind.REJECTED_277CA_BATCH):
        if whole in asked:
            return (whole,) * len(asked)
    of_provider = Kind.REJECTED_277CA_PROVIDER
    refused = {
        claim.billing_provider.npi
        for claim, kind in zip(claims, asked, strict=True)
        if kind is of_provider
    }
    return tuple(
        of_provider if claim.billing_provider.npi in refused else kind
        for claim, kind in zip(claims, asked, strict=True)
    )


def choose(claim: Claim) -> Kind:
    """Return the kind that the member id asks for (SBX04...), else one of the ordinary mix.

    The ordinary mix goes by a hash of the patient control number: a claim sent again is answered
    alike, whatever was sent between.
    """
    code = asked_code(claim.subscriber.member_id)
    if code in _KIND_BY_CODE:
        return _KIND_BY_CODE[code]
    digest = hashlib.sha256(claim.patient_control_number.encode()).digest()
    return _WEIGHTED[int.from_bytes(digest[:8], "big") % len(_WEIGHTED)]


def asked_code(member_id: str) -> str:
    """Return the code of the answer that a member id asks for, "" where it asks for none.

    >>> asked_code("SBX041234567"), asked_code("W123456789")
    ('04', '')
    """
    if not member_id.startswith(MEMBER_PREFIX):
        return ""
    return member_id.removeprefix(MEMBER_PREFIX)[:_CODE_LENGTH]

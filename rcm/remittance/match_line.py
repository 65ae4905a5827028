"""Which line of a claim each service of a payment is. Rule and confidence are kept. Pure.

First the rules that say it in full; then, among the lines that are left, those that say less. What
no rule finds, such as services that were bundled, is of the claim as a whole: never spread silently
(rules-that-bite M27).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from edi.remittance_835.model import ClaimPayment, Procedure, ServicePayment
from rcm.remittance.match import KnownClaim, KnownLine

_UNIT = 1000  #: Thousandths: SVC05 absent means one (remittance.md 4).


@dataclass(frozen=True, slots=True, kw_only=True)
class LineMatch:
    """The line of a service, and why we believe it is this one."""

    line: int | None  #: None: the claim as a whole.
    rule: str
    confidence: str  #: certain, likely or none.


NO_LINE = LineMatch(line=None, rule="GROUP", confidence="none")
#: A reversal without lines came before it: both are of the claim as a whole.
OF_WHOLE = LineMatch(line=None, rule="TAKEN-BACK", confidence="certain")

_Fits = Callable[[ServicePayment, KnownLine], bool]


def match_lines(payment: ClaimPayment, claim: KnownClaim) -> tuple[LineMatch, ...]:
    """Return the match of each service of a payment, in file order."""
    found = [_by_number(service, claim) for service in payment.services]
    for rule, fits in _RULES:
        taken = {match.line for match in found if match is not None}
        left = [line for line in claim.lines if line.line not in taken]
        for n, service in enumerate(payment.services):
            if found[n] is None:
                found[n] = _only(service, left, rule, fits)
    return tuple(match or NO_LINE for match in found)


def _by_number(service: ServicePayment, claim: KnownClaim) -> LineMatch | None:
    number = service.line_control_number
    for line in claim.lines:
        sent = next((sent for sent in claim.journeys if number == f"{sent}{line.line:02d}"), None)
        # A correction since then may have put another line in its place.
        if sent == claim.patient_control_number or (sent and _is_code(service, line)):
            return LineMatch(line=line.line, rule="6R", confidence="certain")
    return None


def _only(
    service: ServicePayment, lines: Sequence[KnownLine], rule: str, fits: _Fits
) -> LineMatch | None:
    fitting = [line for line in lines if fits(service, line)]
    if len(fitting) != 1:
        return None
    return LineMatch(line=fitting[0].line, rule=rule, confidence="likely")


def _billed(service: ServicePayment) -> Procedure:
    """SVC06 where the payer changed the code: SVC01 is what it paid on."""
    return service.original_procedure or service.procedure


def _is_code(service: ServicePayment, line: KnownLine) -> bool:
    return line.procedure == _billed(service).code


def _is_charge(service: ServicePayment, line: KnownLine) -> bool:
    return _is_code(service, line) and line.charge_cents == abs(service.charge_cents)


def _is_billed_so(service: ServicePayment, line: KnownLine) -> bool:
    days = {item.day for item in service.dates if item.qualifier in ("472", "150")}
    return (
        _is_charge(service, line)
        and sorted(line.modifiers) == sorted(_billed(service).modifiers)
        and (not days or line.service_from in days)
    )


def _is_all(service: ServicePayment, line: KnownLine) -> bool:
    units = service.original_units or service.units or _UNIT
    return _is_billed_so(service, line) and abs(units) == line.quantity


_RULES: tuple[tuple[str, _Fits], ...] = (
    ("CODE-MODIFIERS-DAY-CHARGE-UNITS", _is_all),
    ("CODE-MODIFIERS-DAY-CHARGE", _is_billed_so),
    ("CODE-CHARGE", _is_charge),
    ("CODE", _is_code),
)

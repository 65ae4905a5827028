"""Loops 2100 and 2110: a claim payment and its service lines."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from edi.cursor import Cursor
from edi.loops import order_of
from edi.money import Cents
from edi.remittance_835.elements import Notes
from edi.remittance_835.model import (
    INFORMATION_STATUSES,
    REMARK_ELEMENTS,
    STATUSES,
    Adjustment,
    ClaimPayment,
    Name,
    Procedure,
    QualifiedAmount,
    QualifiedDate,
    QualifiedQuantity,
    Reference,
    ServicePayment,
)
from edi.remittance_835.read_adjustment import read_adjustments
from edi.segment import Segment

_LAST_ROLE = 9  #: The rank of names without a field of their own.
_CLAIM_ENDS = frozenset({"CLP", "LX", "PLB"})
_SERVICE_ENDS = _CLAIM_ENDS | {"SVC"}
_CLAIM_LOOP, _SERVICE_LOOP = "2100", "2110"
#: SVC01-1 and SVC06-1; ID, RB and ZZ were in 004010.
_PROCEDURE_QUALIFIERS = frozenset(
    {"AD", "ER", "HC", "HP", "ID", "IV", "N4", "N6", "NU", "RB", "UI", "WK", "ZZ"}
)
_STATUSES = STATUSES | INFORMATION_STATUSES
_NAMES = {"QC": "patient", "IL": "insured", "74": "corrected", "82": "rendering", "TT": "crossover"}
_ZERO = Cents(0)


class _Ranks(NamedTuple):
    """In what order the segments of a loop are written: `edi.remittance_835.write`."""

    dates: int
    adjustments: int
    other: int
    names: int = 20  #: And the place of their role.
    adjudication: int = 30
    line_number: int = 40
    references: int = 50
    amounts: int = 70
    quantities: int = 80
    remarks: int = 90


_CLAIM_RANKS = _Ranks(adjustments=10, dates=55, other=60)
_SERVICE_RANKS = _Ranks(dates=5, adjustments=10, other=95)
_ROLES = {entity: rank for rank, entity in enumerate(_NAMES)}


@dataclass(slots=True)
class _Body:
    """What loops 2100 and 2110 have in common, while one of them is being read."""

    loop: str
    notes: Notes
    ranks: _Ranks
    found: list[int] = field(default_factory=list)  #: The rank of each segment, as they stood.
    adjustments: list[Adjustment] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    dates: list[QualifiedDate] = field(default_factory=list)
    amounts: list[QualifiedAmount] = field(default_factory=list)
    quantities: list[QualifiedQuantity] = field(default_factory=list)
    other: list[Segment] = field(default_factory=list)
    is_readable: bool = True

    def required_amount(self, segment: Segment, element: int) -> Cents:
        """Return the amount, or zero and a body that is not readable."""
        amount = self.notes.amount(segment, element, self.loop)
        if amount is None:
            self.is_readable = False
            return _ZERO
        return amount

    def code(self, segment: Segment, element: int, finding: str) -> str:
        """Return the code, or "" and a body that is not readable: a name may stand there."""
        code = self.notes.code(segment, element, self.loop, finding)
        if code is None:
            self.is_readable = False
        return code or ""

    def take(self, segment: Segment) -> int:
        """Keep one segment that either loop may hold, and return its rank."""
        match segment.elements[0]:
            case "CAS":
                adjustments = read_adjustments(segment, self.loop, self.notes)
                if adjustments is not None:
                    self.adjustments.extend(adjustments)
                    return self.ranks.adjustments
                self.is_readable = False
            case "REF":
                self.references.append(Reference(segment.get(1), segment.get(2)))
                return self.ranks.references
            case "DTM":
                if (dated := self.notes.qualified_date(segment, self.loop)) is not None:
                    self.dates.append(dated)
                    return self.ranks.dates
            case "AMT":
                if (amount := self.notes.qualified_amount(segment, self.loop)) is not None:
                    self.amounts.append(amount)
                    return self.ranks.amounts
            case "QTY":
                if (quantity := self.notes.qualified_quantity(segment, self.loop)) is not None:
                    self.quantities.append(quantity)
                    return self.ranks.quantities
            case _:
                pass
        return self.keep(segment)

    def keep(self, segment: Segment) -> int:
        """Keep a segment raw: it is not modelled, or cannot be read."""
        self.other.append(segment)
        return self.ranks.other


def read_claim(
    clp: Segment,
    cursor: Cursor,
    notes: Notes,
    *,
    position: int,
    header: Sequence[Segment],
    assigned_number: str,
) -> ClaimPayment:
    """Return the claim that starts with `clp`, taking its segments and lines from the cursor."""
    body = _Body(_CLAIM_LOOP, notes, _CLAIM_RANKS)
    status = body.code(clp, 2, "835-STATUS-CODE")
    charge = body.required_amount(clp, 3)
    paid = body.required_amount(clp, 4)
    responsibility = body.required_amount(clp, 5) if clp.get(5) else None
    names, other_names, adjudication = _take_names(cursor, body)
    services: list[ServicePayment] = []
    lines_readable = True
    while (svc := cursor.take_if("SVC")) is not None:
        service, readable = _read_service(svc, cursor, notes, position=len(services) + 1)
        services.append(service)
        lines_readable = lines_readable and readable
    if status == clp.get(2) and status not in _STATUSES:
        message = "The status of the claim is none of the guide; the amounts decide."
        notes.warn("835-STATUS", message, clp, 2, _CLAIM_LOOP)
    return ClaimPayment(
        position=position,
        patient_control_number=clp.get(1),
        status_code=status,
        charge_cents=charge,
        paid_cents=paid,
        patient_responsibility_cents=responsibility,
        filing_indicator=clp.get(6),
        payer_claim_number=clp.get(7),
        facility_type=clp.get(8),
        frequency=clp.get(9),
        drg_code=clp.get(11),
        drg_weight=clp.get(12),
        discharge_fraction=clp.get(13),
        adjustments=tuple(body.adjustments),
        patient=names.get("patient"),
        insured=names.get("insured"),
        corrected=names.get("corrected"),
        rendering=names.get("rendering"),
        crossover=names.get("crossover"),
        other_names=tuple(other_names),
        adjudication=tuple(adjudication),
        references=tuple(body.references),
        dates=tuple(body.dates),
        amounts=tuple(body.amounts),
        quantities=tuple(body.quantities),
        services=tuple(services),
        assigned_number=assigned_number,
        summaries=tuple(header[1:]),
        begins_header=bool(header),
        other=tuple(body.other),
        order=order_of(body.found),
        is_readable=body.is_readable and lines_readable,
        segment_number=clp.number,
    )


def _take_names(cursor: Cursor, body: _Body) -> tuple[dict[str, Name], list[Name], list[Segment]]:
    """Take what stands before the first line: the names by role, the others, MIA and MOA."""
    names: dict[str, Name] = {}
    other_names: list[Name] = []
    adjudication: list[Segment] = []
    for segment in cursor.take_to(_SERVICE_ENDS):
        match segment.elements[0]:
            case "NM1":
                entity = segment.get(1)
                role = _NAMES.get(entity, "")
                if role and role not in names:
                    names[role] = _read_name(segment)
                    body.found.append(body.ranks.names + _ROLES[entity])
                else:
                    other_names.append(_read_name(segment))
                    body.found.append(body.ranks.names + _LAST_ROLE)
            case "MIA" | "MOA" as name:
                adjudication.append(segment)
                for element in REMARK_ELEMENTS[name]:
                    body.code(segment, element, "835-REMARK")
                body.found.append(body.ranks.adjudication)
            case _:
                body.found.append(body.take(segment))
    return names, other_names, adjudication


def _read_name(nm1: Segment) -> Name:
    return Name(
        entity=nm1.get(1),
        entity_type=nm1.get(2),
        last_name=nm1.get(3),
        first_name=nm1.get(4),
        middle_name=nm1.get(5),
        suffix=nm1.get(7),
        id_qualifier=nm1.get(8),
        id=nm1.get(9),
    )


def _read_service(
    svc: Segment, cursor: Cursor, notes: Notes, *, position: int
) -> tuple[ServicePayment, bool]:
    """Return the line that starts with `svc`, and whether all its money could be read."""
    body = _Body(_SERVICE_LOOP, notes, _SERVICE_RANKS)
    procedure = _read_procedure(svc, 1, cursor, notes)
    charge = body.required_amount(svc, 2)
    paid = body.required_amount(svc, 3)
    units = notes.quantity(svc, 5, _SERVICE_LOOP)
    original = _read_procedure(svc, 6, cursor, notes) if svc.get(6) else None
    original_units = notes.quantity(svc, 7, _SERVICE_LOOP)
    remark_codes: list[str] = []
    line_control_number = ""
    for segment in cursor.take_to(_SERVICE_ENDS):
        name = segment.elements[0]
        if name == "LQ" and segment.get(1) == "HE" and segment.get(2):
            if remark := body.code(segment, 2, "835-REMARK"):
                remark_codes.append(remark)
                body.found.append(body.ranks.remarks)
            else:
                body.found.append(body.keep(segment))
        elif name == "REF" and segment.get(1) == "6R" and not line_control_number:
            line_control_number = segment.get(2)
            body.found.append(body.ranks.line_number if line_control_number else body.keep(segment))
        else:
            body.found.append(body.take(segment))
    service = ServicePayment(
        position=position,
        procedure=procedure,
        charge_cents=charge,
        paid_cents=paid,
        revenue_code=svc.get(4),
        units=units,
        original_procedure=original,
        original_units=original_units,
        dates=tuple(body.dates),
        adjustments=tuple(body.adjustments),
        line_control_number=line_control_number,
        references=tuple(body.references),
        amounts=tuple(body.amounts),
        quantities=tuple(body.quantities),
        remark_codes=tuple(remark_codes),
        other=tuple(body.other),
        order=order_of(body.found),
        segment_number=svc.number,
    )
    return service, body.is_readable


def _read_procedure(svc: Segment, element: int, cursor: Cursor, notes: Notes) -> Procedure:
    parts = cursor.components(svc.get(element))
    qualifier, code, modifiers = parts[0], "".join(parts[1:2]), parts[2:6]
    if qualifier not in _PROCEDURE_QUALIFIERS:
        message = "The procedure qualifier is not one of the guide; the line is kept."
        notes.warn("835-PROCEDURE-QUALIFIER", message, svc, element, _SERVICE_LOOP)
    return Procedure(
        qualifier=qualifier,
        code=code,
        modifiers=tuple(modifier for modifier in modifiers if modifier),
        description="".join(parts[6:7]),
    )

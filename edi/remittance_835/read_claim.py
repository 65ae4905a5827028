"""Loops 2100 and 2110: a claim payment and its service lines."""

from collections.abc import Sequence
from functools import lru_cache

from edi.cursor import Cursor
from edi.loops import order_of
from edi.quick import maker
from edi.remittance_835.body import CLAIM_RANKS, SERVICE_RANKS, LoopBody
from edi.remittance_835.elements import Notes
from edi.remittance_835.model import (
    INFORMATION_STATUSES,
    REMARK_ELEMENTS,
    STATUSES,
    ClaimPayment,
    Name,
    Procedure,
    ServicePayment,
)
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
_ROLES = {entity: rank for rank, entity in enumerate(_NAMES)}
_claim_payment, _service_payment = maker(ClaimPayment), maker(ServicePayment)
_name = maker(Name)
_KNOWN_LENGTH_MAX = len("HC:99213:25:59:XS:LT")


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
    body = LoopBody(_CLAIM_LOOP, notes, CLAIM_RANKS)
    number, _, _, _, share, filing, payer_number, facility, frequency, _, drg, weight, fraction = (
        clp.first(13)
    )
    status = body.code(clp, 2, "835-STATUS-CODE")
    charge = body.required_amount(clp, 3)
    paid = body.required_amount(clp, 4)
    responsibility = body.required_amount(clp, 5) if share else None
    names, other_names, adjudication = _take_names(cursor, body)
    services, lines_readable = _read_services(cursor, notes)
    if status == clp.get(2) and status not in _STATUSES:
        message = "The status of the claim is none of the guide; the amounts decide."
        notes.warn("835-STATUS", message, clp, 2, _CLAIM_LOOP)
    return _claim_payment(
        position=position,
        patient_control_number=number,
        status_code=status,
        charge_cents=charge,
        paid_cents=paid,
        patient_responsibility_cents=responsibility,
        filing_indicator=filing,
        payer_claim_number=payer_number,
        facility_type=facility,
        frequency=frequency,
        drg_code=drg,
        drg_weight=weight,
        discharge_fraction=fraction,
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
        services=services,
        assigned_number=assigned_number,
        summaries=tuple(header[1:]),
        begins_header=bool(header),
        other=tuple(body.other),
        order=order_of(body.found),
        is_readable=body.is_readable and lines_readable,
        segment_number=clp.number,
    )


def _take_names(
    cursor: Cursor, body: LoopBody
) -> tuple[dict[str, Name], list[Name], list[Segment]]:
    """Take what stands before the first line: the names by role, the others, MIA and MOA."""
    names: dict[str, Name] = {}
    other_names: list[Name] = []
    adjudication: list[Segment] = []
    for segment in cursor.take_to(_SERVICE_ENDS):
        segment_id = segment.elements[0]
        if segment_id == "NM1":
            name = _read_name(segment)
            role = _NAMES.get(name.entity, "")
            if role and role not in names:
                names[role] = name
                body.found.append(body.ranks["NM1"] + _ROLES[name.entity])
            else:
                other_names.append(name)
                body.found.append(body.ranks["NM1"] + _LAST_ROLE)
        elif segment_id in REMARK_ELEMENTS:
            adjudication.append(segment)
            for element in REMARK_ELEMENTS[segment_id]:
                body.code(segment, element, "835-REMARK")
            body.found.append(body.ranks[segment_id])
        else:
            body.take(segment)
    return names, other_names, adjudication


def _read_name(nm1: Segment) -> Name:
    entity, entity_type, last, first, middle, _, suffix, qualifier, identifier = nm1.first(9)
    return _name(
        entity=entity,
        entity_type=entity_type,
        last_name=last,
        first_name=first,
        middle_name=middle,
        suffix=suffix,
        id_qualifier=qualifier,
        id=identifier,
    )


def _read_services(cursor: Cursor, notes: Notes) -> tuple[tuple[ServicePayment, ...], bool]:
    """Take the lines of a claim; tells whether all their money could be read."""
    services: list[ServicePayment] = []
    are_readable = True
    while (svc := cursor.take_if("SVC")) is not None:
        service, is_readable = _read_service(svc, cursor, notes, position=len(services) + 1)
        services.append(service)
        are_readable = are_readable and is_readable
    return tuple(services), are_readable


def _read_service(
    svc: Segment, cursor: Cursor, notes: Notes, *, position: int
) -> tuple[ServicePayment, bool]:
    """Return the line that starts with `svc`, and whether all its money could be read."""
    body = LoopBody(_SERVICE_LOOP, notes, SERVICE_RANKS)
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
                body.found.append(body.ranks[name])
            else:
                body.keep(segment)
        elif name == "REF" and segment.get(1) == "6R" and not line_control_number:
            if line_control_number := segment.get(2):
                body.found.append(body.ranks["6R"])
            else:
                body.keep(segment)
        else:
            body.take(segment)
    service = _service_payment(
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
    text, separator = svc.get(element), cursor.delimiters.component
    read = _known_procedure if len(text) <= _KNOWN_LENGTH_MAX else _procedure
    procedure = read(text, separator)
    if procedure.qualifier not in _PROCEDURE_QUALIFIERS:
        message = "The procedure qualifier is not one of the guide; the line is kept."
        notes.warn("835-PROCEDURE-QUALIFIER", message, svc, element, _SERVICE_LOOP)
    return procedure


def _procedure(text: str, separator: str) -> Procedure:
    parts = text.split(separator)
    return Procedure(
        qualifier=parts[0],
        code="".join(parts[1:2]),
        modifiers=tuple(modifier for modifier in parts[2:6] if modifier),
        description="".join(parts[6:7]),
    )


#: Kept for the next line: a file has few procedures. Not where there may be a description.
_known_procedure = lru_cache(maxsize=4096)(_procedure)

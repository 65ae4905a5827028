"""Segments to loop 2300 and what stands below it."""

from collections import defaultdict

from edi.adjudication_segments import INPATIENT, OUTPATIENT
from edi.claim_837.filed.adjudication import (
    ADJUSTMENT,
    FORM_CODE,
    PAYMENT,
    RELEASE,
)
from edi.claim_837.filed.care_layouts import (
    ADMISSION,
    AMBULANCE,
    CERTIFICATE,
    DENTAL,
    DRUG,
    DRUG_QUANTITY,
    EQUIPMENT,
    FORM_ANSWER,
    INSTITUTIONAL,
    MEASUREMENT,
    ORTHODONTICS,
    PROFESSIONAL,
    PURCHASED,
    SPINAL,
    TOOTH,
    TOOTH_STATUS,
)
from edi.claim_837.filed.claim import (
    CLAIM,
    FiledClaim,
    FiledDrug,
    FiledLine,
    Form,
    LineAdjudication,
    OtherCoverage,
)
from edi.claim_837.filed.codes import CODED_FACTS
from edi.claim_837.filed.party import read_party
from edi.claim_837.filed.segments import (
    CONDITION,
    CONTRACT,
    COVERAGE,
    FIXED_FORMAT,
    NOTE,
    PAPERWORK,
    REPRICING,
)
from edi.loops import LoopReader, split
from edi.notes import Notes
from edi.party_segments import AMOUNT, QUANTITY, REFERENCE, read_periods
from edi.segment import Segment


def read_claim(segments: list[Segment], notes: Notes) -> FiledClaim:
    """Return the claim whose CLM comes first."""
    (clm, *body), lines = split(segments, "LX")
    body, others = split(body, "SBR")
    body, names = split(body, "NM1")
    loop = LoopReader(body, notes, "2300")
    return CLAIM.read(
        clm,
        notes,
        loop.loop,
        dates=read_periods(loop),
        admission=loop.first(ADMISSION),
        orthodontics=loop.first(ORTHODONTICS),
        teeth=loop.all(TOOTH_STATUS),
        paperwork=loop.all(PAPERWORK),
        contract=loop.first(CONTRACT),
        amounts=loop.all(AMOUNT),
        references=loop.all(REFERENCE),
        fixed_formats=loop.all(FIXED_FORMAT),
        notes=loop.all(NOTE),
        ambulance=loop.first(AMBULANCE),
        spinal=loop.first(SPINAL),
        conditions=loop.all(CONDITION),
        codes=loop.all(CODED_FACTS),
        repricing=loop.first(REPRICING),
        parties=tuple(read_party(each, notes, "2310") for each in names),
        other_coverages=tuple(_other_coverage(each, notes) for each in others),
        lines=tuple(_line(each, notes) for each in lines),
        other=loop.rest(),
        order=loop.order,
    )


def _other_coverage(segments: list[Segment], notes: Notes) -> OtherCoverage:
    (sbr, *body), names = split(segments, "NM1")
    loop = LoopReader(body, notes, "2320")
    return OtherCoverage(
        coverage=COVERAGE.read(sbr, notes, loop.loop),
        adjustments=loop.all(ADJUSTMENT),
        amounts=loop.all(AMOUNT),
        release=loop.first(RELEASE),
        inpatient=loop.first(INPATIENT),
        outpatient=loop.first(OUTPATIENT),
        parties=tuple(read_party(each, notes, "2330") for each in names),
        other=loop.rest(),
        order=loop.order,
    )


def _line(segments: list[Segment], notes: Notes) -> FiledLine:
    (lx, *body), groups = split(segments, "LIN", "NM1", "SVD", "LQ")
    below: dict[str, list[list[Segment]]] = defaultdict(list)
    for group in groups:
        below[group[0].id].append(group)
    loop = LoopReader(body, notes, "2400")
    return FiledLine(
        number=lx.get(1),
        professional=loop.first(PROFESSIONAL),
        institutional=loop.first(INSTITUTIONAL),
        dental=loop.first(DENTAL),
        teeth=loop.all(TOOTH),
        equipment=loop.first(EQUIPMENT),
        paperwork=loop.all(PAPERWORK),
        ambulance=loop.first(AMBULANCE),
        certificate=loop.first(CERTIFICATE),
        conditions=loop.all(CONDITION),
        dates=read_periods(loop),
        quantities=loop.all(QUANTITY),
        measurements=loop.all(MEASUREMENT),
        contract=loop.first(CONTRACT),
        references=loop.all(REFERENCE),
        amounts=loop.all(AMOUNT),
        fixed_formats=loop.all(FIXED_FORMAT),
        notes=loop.all(NOTE),
        purchased=loop.first(PURCHASED),
        repricing=loop.first(REPRICING),
        drugs=tuple(_drug(each, notes) for each in below["LIN"]),
        parties=tuple(read_party(each, notes, "2420") for each in below["NM1"]),
        adjudications=tuple(_adjudication(each, notes) for each in below["SVD"]),
        forms=tuple(_form(each, notes) for each in below["LQ"]),
        other=loop.rest(),
        order=loop.order,
    )


def _drug(segments: list[Segment], notes: Notes) -> FiledDrug:
    lin, *body = segments
    loop = LoopReader(body, notes, "2410")
    return FiledDrug(
        drug=DRUG.read(lin, notes, loop.loop),
        quantity=loop.first(DRUG_QUANTITY),
        references=loop.all(REFERENCE),
        other=loop.rest(),
        order=loop.order,
    )


def _adjudication(segments: list[Segment], notes: Notes) -> LineAdjudication:
    svd, *body = segments
    loop = LoopReader(body, notes, "2430")
    return LineAdjudication(
        payment=PAYMENT.read(svd, notes, loop.loop),
        adjustments=loop.all(ADJUSTMENT),
        dates=read_periods(loop),
        amounts=loop.all(AMOUNT),
        other=loop.rest(),
        order=loop.order,
    )


def _form(segments: list[Segment], notes: Notes) -> Form:
    lq, *body = segments
    loop = LoopReader(body, notes, "2440")
    return Form(
        code=FORM_CODE.read(lq, notes, loop.loop),
        answers=loop.all(FORM_ANSWER),
        other=loop.rest(),
        order=loop.order,
    )

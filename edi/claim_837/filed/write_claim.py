"""Loop 2300 and what stands below it to segments."""

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
from edi.claim_837.filed.party import write_parties
from edi.claim_837.filed.segments import (
    CONDITION,
    CONTRACT,
    COVERAGE,
    FIXED_FORMAT,
    NOTE,
    PAPERWORK,
    REPRICING,
)
from edi.findings import WriteError
from edi.loops import LoopWriter
from edi.party_segments import AMOUNT, QUANTITY, REFERENCE, write_periods

LINES_MAX = 999  #: LX loops of an institutional claim; a professional or dental one has 50.


def write_claim(loop: LoopWriter, claim: FiledClaim) -> None:
    """Write a claim. Raises WriteError where it has no line, or more than any guide allows."""
    if not 1 <= len(claim.lines) <= LINES_MAX:
        raise WriteError("a claim has 1 to 999 lines")
    loop.start(CLAIM, claim)
    with loop.ordered(claim.order):
        write_periods(loop, claim.dates)
        loop.add(ADMISSION, claim.admission)
        loop.add(ORTHODONTICS, claim.orthodontics)
        loop.all(TOOTH_STATUS, claim.teeth)
        loop.all(PAPERWORK, claim.paperwork)
        loop.add(CONTRACT, claim.contract)
        loop.all(AMOUNT, claim.amounts)
        loop.all(REFERENCE, claim.references)
        loop.all(FIXED_FORMAT, claim.fixed_formats)
        loop.all(NOTE, claim.notes)
        loop.add(AMBULANCE, claim.ambulance)
        loop.add(SPINAL, claim.spinal)
        loop.all(CONDITION, claim.conditions)
        loop.all(CODED_FACTS, claim.codes)
        loop.add(REPRICING, claim.repricing)
        loop.raw(claim.other)
    write_parties(loop, claim.parties)
    for coverage in claim.other_coverages:
        _other_coverage(loop, coverage)
    for line in claim.lines:
        _line(loop, line)


def _other_coverage(loop: LoopWriter, other: OtherCoverage) -> None:
    loop.start(COVERAGE, other.coverage)
    with loop.ordered(other.order):
        loop.all(ADJUSTMENT, other.adjustments)
        loop.all(AMOUNT, other.amounts)
        loop.add(RELEASE, other.release)
        loop.add(INPATIENT, other.inpatient)
        loop.add(OUTPATIENT, other.outpatient)
        loop.raw(other.other)
    write_parties(loop, other.parties)


def _line(loop: LoopWriter, line: FiledLine) -> None:
    loop.out.add("LX", line.number)
    with loop.ordered(line.order):
        loop.add(PROFESSIONAL, line.professional)
        loop.add(INSTITUTIONAL, line.institutional)
        loop.add(DENTAL, line.dental)
        loop.all(TOOTH, line.teeth)
        loop.add(EQUIPMENT, line.equipment)
        loop.all(PAPERWORK, line.paperwork)
        loop.add(AMBULANCE, line.ambulance)
        loop.add(CERTIFICATE, line.certificate)
        loop.all(CONDITION, line.conditions)
        write_periods(loop, line.dates)
        loop.all(QUANTITY, line.quantities)
        loop.all(MEASUREMENT, line.measurements)
        loop.add(CONTRACT, line.contract)
        loop.all(REFERENCE, line.references)
        loop.all(AMOUNT, line.amounts)
        loop.all(FIXED_FORMAT, line.fixed_formats)
        loop.all(NOTE, line.notes)
        loop.add(PURCHASED, line.purchased)
        loop.add(REPRICING, line.repricing)
        loop.raw(line.other)
    for drug in line.drugs:
        _drug(loop, drug)
    write_parties(loop, line.parties)
    for adjudication in line.adjudications:
        _adjudication(loop, adjudication)
    for form in line.forms:
        _form(loop, form)


def _drug(loop: LoopWriter, drug: FiledDrug) -> None:
    loop.start(DRUG, drug.drug)
    with loop.ordered(drug.order):
        loop.add(DRUG_QUANTITY, drug.quantity)
        loop.all(REFERENCE, drug.references)
        loop.raw(drug.other)


def _adjudication(loop: LoopWriter, adjudication: LineAdjudication) -> None:
    loop.start(PAYMENT, adjudication.payment)
    with loop.ordered(adjudication.order):
        loop.all(ADJUSTMENT, adjudication.adjustments)
        write_periods(loop, adjudication.dates)
        loop.all(AMOUNT, adjudication.amounts)
        loop.raw(adjudication.other)


def _form(loop: LoopWriter, form: Form) -> None:
    loop.start(FORM_CODE, form.code)
    with loop.ordered(form.order):
        loop.all(FORM_ANSWER, form.answers)
        loop.raw(form.other)

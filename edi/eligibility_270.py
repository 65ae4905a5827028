"""The 270 (005010X279A1): whether a person is covered, and for what."""

from dataclasses import dataclass, field
from typing import TypeAlias

from edi.delimiters import Delimiters
from edi.eligibility_levels import read_tree, write_tree
from edi.eligibility_tree import (
    INDUSTRY_CODE,
    Eligibility,
    IndustryCode,
)
from edi.envelope import TransactionSet
from edi.findings import ReadError, error
from edi.layout import Components, Layout
from edi.loops import LoopReader, LoopWriter
from edi.notes import Notes
from edi.party_segments import (
    AMOUNT,
    REFERENCE,
    Amount,
    Period,
    Procedure,
    Reference,
    read_periods,
    write_periods,
)
from edi.segment import Segment
from edi.writer import SetWriter

_NO_POINTERS = Components(())


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitInquiry:
    """Loop 2110 of the 270: what is asked."""

    service_types: tuple[str, ...] = ()  #: EQ01, with its repetitions: 30 asks for the whole plan.
    procedure: Procedure | None = None  #: EQ02.
    coverage_level: str = ""  #: EQ03: FAM.
    insurance_type: str = ""  #: EQ04; used in 004010 only.
    diagnosis_pointers: Components = _NO_POINTERS  #: EQ05: into HI, from 1.
    amounts: tuple[Amount, ...] = ()  #: AMT*R, AMT*PB: spend down.
    industry_codes: tuple[IndustryCode, ...] = ()  #: III.
    references: tuple[Reference, ...] = field(default=(), repr=False)  #: REF*9F, REF*G1.
    dates: tuple[Period, ...] = field(default=(), repr=False)  #: DTP*291.
    other: tuple[Segment, ...] = field(default=(), repr=False)  #: What is not modelled.
    order: tuple[int, ...] = field(default=(), compare=False)  #: See `LoopReader.order`.


EligibilityInquiry: TypeAlias = Eligibility[BenefitInquiry]

_INQUIRY = Layout(
    "EQ", BenefitInquiry, "service_types", "procedure", "coverage_level", "insurance_type",
    "diagnosis_pointers",
)  # fmt: skip


def read_270(transaction_set: TransactionSet) -> EligibilityInquiry:
    """Return what the set asks; whatever is wrong with it is a finding.

    Older versions are read alike. Raises ReadError only where the set is no 270 at all: ST01 is
    another, or it has no BHT.
    """
    inquiry = None
    if transaction_set.set_id == "270":
        inquiry = read_tree(transaction_set, "EQ", _read_inquiry)
    if inquiry is None:
        place = transaction_set.segments[0].place(transaction_set=transaction_set.control_number)
        message = "The transaction set is no eligibility inquiry."
        cure = "Read it as what it is, or ask the sender for a 270."
        raise ReadError(error("270-NOT-270", message, cure=cure, place=place))
    return inquiry


def _read_inquiry(segments: list[Segment], notes: Notes, name: str) -> BenefitInquiry:
    eq, *body = segments
    loop = LoopReader(body, notes, name)
    return _INQUIRY.read(
        eq,
        notes,
        name,
        amounts=loop.all(AMOUNT),
        industry_codes=loop.all(INDUSTRY_CODE),
        references=loop.all(REFERENCE),
        dates=read_periods(loop),
        other=loop.rest(),
        order=loop.order,
    )


def write_270(inquiry: EligibilityInquiry, delimiters: Delimiters) -> SetWriter:
    """Return the segments between ST and SE; `read_270` of them gives the inquiry back.

    The levels are numbered 1, 2, 3. Raises WriteError for values that X12 cannot carry.
    """
    return write_tree(inquiry, delimiters, _write_inquiry)


def _write_inquiry(loop: LoopWriter, inquiry: BenefitInquiry) -> None:
    loop.start(_INQUIRY, inquiry)
    with loop.ordered(inquiry.order):
        loop.all(AMOUNT, inquiry.amounts)
        loop.all(INDUSTRY_CODE, inquiry.industry_codes)
        loop.all(REFERENCE, inquiry.references)
        write_periods(loop, inquiry.dates)
        loop.raw(inquiry.other)

"""The HI segment: diagnoses, procedures, and the codes by which a bill tells its story."""

from dataclasses import dataclass, field
from enum import Enum

from edi.layout import Layout


class CodeUse(Enum):
    """What a code of HI is for, by the qualifiers of its composite: ICD-10, then ICD-9."""

    PRINCIPAL_DIAGNOSIS = ("ABK", "BK")
    OTHER_DIAGNOSIS = ("ABF", "BF")
    DIAGNOSIS = ("ABK", "BK", "ABF", "BF")
    ADMITTING_DIAGNOSIS = ("ABJ", "BJ")
    REASON_FOR_VISIT = ("APR", "PR")
    EXTERNAL_CAUSE = ("ABN", "BN")
    DRG = ("DR",)
    PRINCIPAL_PROCEDURE = ("BBR", "BR", "CAH")
    OTHER_PROCEDURE = ("BBQ", "BQ")
    ANESTHESIA_PROCEDURE = ("BP", "BO")
    OCCURRENCE_SPAN = ("BI",)
    OCCURRENCE = ("BH",)
    VALUE = ("BE",)
    CONDITION = ("BG",)
    TREATMENT = ("TC",)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedFact:
    """The composite health care code information, C022."""

    qualifier: str  #: Component 1: what the code is, see CodeUse.
    code: str = field(default="", repr=False)  #: Component 2: an ICD code has no dot. PHI.
    date_format: str = ""  #: Component 3: D8 or RD8.
    date: str = field(default="", repr=False)  #: Component 4.
    amount: str = ""  #: Component 5: of a value code, as written.
    quantity: str = ""  #: Component 6, as written.
    version: str = ""  #: Component 7.
    code_to: str = field(default="", repr=False)  #: Component 8; not used.
    present_on_admission: str = ""  #: Component 9: N, U, W or Y; institutional only.

    @classmethod
    def from_components(cls, parts: tuple[str, ...]) -> "CodedFact":
        """Return the fact of these components."""
        qualifier, code, form, date, amount, quantity, version, code_to, present = (
            *parts[:9], *("",) * (9 - len(parts)),
        )  # fmt: skip
        return cls(
            qualifier=qualifier,
            code=code,
            date_format=form,
            date=date,
            amount=amount,
            quantity=quantity,
            version=version,
            code_to=code_to,
            present_on_admission=present,
        )

    def components(self) -> tuple[str, ...]:
        """Return the nine components."""
        return (
            self.qualifier, self.code, self.date_format, self.date, self.amount, self.quantity,
            self.version, self.code_to, self.present_on_admission,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cell:
    fact: CodedFact


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedFacts:
    """An HI segment: up to twelve facts of one kind."""

    cells: tuple[_Cell, ...] = ()

    @classmethod
    def of(cls, *facts: CodedFact) -> "CodedFacts":
        """Return the segment of these facts."""
        return cls(cells=tuple(_Cell(fact=fact) for fact in facts))

    @property
    def facts(self) -> tuple[CodedFact, ...]:
        """HI01 to HI12."""
        return tuple(cell.fact for cell in self.cells)


CODED_FACTS = Layout("HI", CodedFacts, tail=("cells", Layout("", _Cell, "fact")))

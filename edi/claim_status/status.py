"""The STC segment: what a payer or clearinghouse says about a claim, a line or a whole batch."""

from dataclasses import dataclass, field
from datetime import date

from edi.layout import Layout
from edi.money import Cents


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusCode:
    """The composite health care claim status, C043."""

    category: str  #: Component 1: A1 received, A2 accepted, A3 and A6 to A8 rejected, ...
    status: str = ""  #: Component 2: why, a health care claim status code.
    entity: str = ""  #: Component 3: whose data the status is about: 85 billing provider, ...
    code_list: str = ""  #: Component 4: RX for the status codes of pharmacies.

    @classmethod
    def from_components(cls, parts: tuple[str, ...]) -> "StatusCode":
        """Return the status of these components."""
        category, status, entity, code_list = (*parts, "", "", "", "")[:4]
        return cls(category=category, status=status, entity=entity, code_list=code_list)

    def components(self) -> tuple[str, ...]:
        """Return the four components."""
        return (self.category, self.status, self.entity, self.code_list)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusInformation:
    """An STC segment. Its three statuses count alike: any of them may be a rejection."""

    code: StatusCode  #: STC01.
    effective_date: date | None = None  #: STC02.
    action: str = ""  #: STC03: WQ accepted, U rejected.
    charge_cents: Cents | None = None  #: STC04: of the claim, or of the whole batch.
    paid_cents: Cents | None = None  #: STC05; STC05 to STC09 are of the 277 X212 only.
    adjudication_date: date | None = None  #: STC06.
    payment_method: str = ""  #: STC07.
    payment_date: date | None = None  #: STC08.
    check_number: str = ""  #: STC09.
    second_code: StatusCode | None = None  #: STC10.
    third_code: StatusCode | None = None  #: STC11.
    message: str = field(default="", repr=False)  #: STC12: free text. May hold PHI.
    segment_number: int = field(default=0, compare=False)

    @property
    def codes(self) -> tuple[StatusCode, ...]:
        """The statuses of STC01, STC10 and STC11 that are there."""
        every = (self.code, self.second_code, self.third_code)
        return tuple(code for code in every if code is not None)


STATUS_INFORMATION = Layout(
    "STC", StatusInformation, "code", "effective_date", "action", "charge_cents", "paid_cents",
    "adjudication_date", "payment_method", "payment_date", "check_number", "second_code",
    "third_code", "message",
)  # fmt: skip

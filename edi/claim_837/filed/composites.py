"""The composites of CLM."""

from dataclasses import dataclass

from edi.findings import WriteError

_CAUSES_MAX = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
    """The composite health care service location, CLM05."""

    code: str = ""  #: Component 1: place of service, or the first digits of the type of bill.
    qualifier: str = ""  #: Component 2: B place of service, A type of bill.
    frequency: str = ""  #: Component 3: 1 original, 7 replacement, 8 void, 2 to 4 interim.

    @classmethod
    def from_components(cls, parts: tuple[str, ...]) -> "Facility":
        """Return the facility of these components."""
        code, qualifier, frequency = (*parts, "", "", "")[:3]
        return cls(code=code, qualifier=qualifier, frequency=frequency)

    def components(self) -> tuple[str, ...]:
        """Return the three components."""
        return (self.code, self.qualifier, self.frequency)


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedCauses:
    """The composite related causes, CLM11."""

    causes: tuple[str, ...] = ()  #: Components 1 to 3: AA auto accident, EM employment, OA other.
    state: str = ""  #: Component 4: of an auto accident.
    country: str = ""  #: Component 5.

    @classmethod
    def from_components(cls, parts: tuple[str, ...]) -> "RelatedCauses":
        """Return the causes of these components."""
        *causes, state, country = (*parts, "", "", "", "", "")[:5]
        return cls(causes=tuple(cause for cause in causes if cause), state=state, country=country)

    def components(self) -> tuple[str, ...]:
        """Return the five components. Raises WriteError for more than three causes."""
        if len(self.causes) > _CAUSES_MAX:
            raise WriteError("a claim has at most three related causes")
        empty = ("",) * (_CAUSES_MAX - len(self.causes))
        return (*self.causes, *empty, self.state, self.country)

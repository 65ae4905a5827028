"""What every use case needs besides a session: keys, chance, clock, and where it runs."""

from dataclasses import dataclass, field
from datetime import date

from rcm.clock import Clock, Randomness, SystemRandomness, system_clock, today
from rcm.conformance.model import Conformance
from rcm.conformance.pyx12 import Pyx12
from rcm.crypto import Keys, load_keys
from rcm.settings import Deployment, Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """Made once for each process; tests make their own."""

    keys: Keys
    randomness: Randomness
    clock: Clock
    deployment: Deployment
    time_zone: str  #: The organisation's.
    second_opinion_percent: int = 0  #: Of received files, as `Settings` says.
    conformance: Conformance = field(default_factory=Pyx12)  #: Starts a process when first asked.

    def today(self) -> date:
        """Return the organisation's date."""
        return today(self.clock(), self.time_zone)


def make_tools(settings: Settings) -> Tools:
    """Return the tools of this process. Raises KeyFileError."""
    return Tools(
        keys=load_keys(settings.key_file),
        randomness=SystemRandomness(),
        clock=system_clock,
        deployment=settings.deployment,
        time_zone=settings.time_zone,
        second_opinion_percent=settings.second_opinion_percent,
    )

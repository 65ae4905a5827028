"""How a connection is, in one word, with who or what says so. Pure."""

from dataclasses import dataclass
from datetime import datetime

from rcm.parties.silence import Silence
from rcm.reading.breaker_state import BreakerState
from rcm.reading.job_words import job_words
from rcm.reading.traffic import Stopped, Traffic


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerState:
    """running, paused, waiting (for them), look (somebody should look) or stopped."""

    word: str
    said: str  #: By whom or by what.
    at: datetime | None = None  #: And when; read on behind `said`.


def state_of(
    *,
    paused: tuple[str, datetime] | None,
    is_paused: bool,
    breaker: BreakerState,
    stopped: Stopped | None,
    traffic: Traffic,
    silence: Silence | None,
    quarantined: int,
    unfetched: int,
    last_exchange_at: datetime | None,
) -> PartnerState:
    """Return the worst that is true of a connection; a pause is somebody's will and comes first."""
    if is_paused:
        who, at = paused or ("a person", None)
        return PartnerState(word="paused", said=f"By {who}", at=at)
    if breaker.waits_for_person:
        return PartnerState(word="stopped", said=breaker.why, at=breaker.since)
    if breaker.state != "closed":
        return PartnerState(word="waiting", said="Next try", at=breaker.until)
    if stopped is not None and _is_last(stopped.at, last_exchange_at):
        return PartnerState(word="stopped", said=job_words(stopped.code).message, at=stopped.at)
    troubles = (
        (traffic.missing, f"{_files(traffic.missing)} without an answer"),
        (quarantined, f"{_files(quarantined)} kept aside"),
        (unfetched, f"{_files(unfetched)} in their folder not fetched"),
        (traffic.failed, "A job failed"),
    )
    for is_so, said in troubles:
        if is_so:
            return PartnerState(word="look", said=said)
    if silence is not None:
        said = "Nothing received since" if silence.since else silence.words.capitalize()
        return PartnerState(word="look", said=said, at=silence.since)
    return PartnerState(word="running", said="Looked", at=last_exchange_at)


def _is_last(stopped_at: datetime | None, last_exchange_at: datetime | None) -> bool:
    """Tell whether nothing has travelled since the journey that was given up."""
    return stopped_at is None or last_exchange_at is None or stopped_at >= last_exchange_at


def _files(count: int) -> str:
    return f"{count} file{'' if count == 1 else 's'}"

"""How a connection is, in one word, with who or what says so. Pure."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from rcm.reading.job_words import job_words
from rcm.reading.traffic import Stopped, Traffic


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerState:
    """running, paused, look (somebody should look) or stopped."""

    word: str
    said: str  #: By whom or by what, and when.


def state_of(
    *,
    paused: tuple[str, datetime] | None,
    is_paused: bool,
    stopped: Stopped | None,
    traffic: Traffic,
    silence: str | None,
    quarantined: int,
    unfetched: int,
    last_exchange_at: datetime | None,
    time_zone: str,
) -> PartnerState:
    """Return the worst that is true of a connection; a pause is somebody's will and comes first."""
    zone = ZoneInfo(time_zone)

    def when(at: datetime | None) -> str:
        return f"{at.astimezone(zone):%-d %b %H:%M}" if at else "not yet"

    if is_paused:
        said = f"{paused[0]}, {when(paused[1])}" if paused else "By a person"
        return PartnerState(word="paused", said=said)
    if stopped is not None and _is_last(stopped.at, last_exchange_at):
        return PartnerState(
            word="stopped", said=f"{job_words(stopped.code).message} {when(stopped.at)}"
        )
    troubles = (
        (traffic.missing, f"{_files(traffic.missing)} without an answer"),
        (quarantined, f"{_files(quarantined)} kept aside"),
        (unfetched, f"{_files(unfetched)} in their folder not fetched"),
        (traffic.failed, "A job failed"),
        (silence is not None, (silence or "").capitalize()),
    )
    for is_so, said in troubles:
        if is_so:
            return PartnerState(word="look", said=said)
    return PartnerState(word="running", said=f"Looked {when(last_exchange_at)}")


def _is_last(stopped_at: datetime | None, last_exchange_at: datetime | None) -> bool:
    """Tell whether nothing has travelled since the journey that was given up."""
    return stopped_at is None or last_exchange_at is None or stopped_at >= last_exchange_at


def _files(count: int) -> str:
    return f"{count} file{'' if count == 1 else 's'}"

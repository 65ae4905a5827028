"""Driving a running service over HTTP, as its users do: post, check, exchange, until it is done."""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import httpx

from rcm.refusals import RefusalError

SECONDS_MAX = 90
_POSTERS = 4
_OPEN_STATUSES = (
    "ready", "batched", "submitted", "acknowledged", "accepted", "accepted_by_payer", "pended",
)  # fmt: skip
_PAUSE_SECONDS = 0.2
_VISIT_SECONDS = 1.2  #: The sandbox shows later answers at its next visit.
_QUIET_ROUNDS = 3  #: Exchanges that bring nothing new: then nothing more will come by itself.


class DemoError(RefusalError):
    """The demo did not end as it must. Says where to look."""


def post_encounters(
    client: httpx.Client, made: Sequence[tuple[str, Mapping[str, Any]]], step: Callable[[], None]
) -> None:
    """Post encounters as a few EHR systems do; `step` is called after each. Raises DemoError."""

    def post(encounter: Mapping[str, Any]) -> httpx.Response:
        key = f"demo-{encounter['external_id']}"
        return client.post("/encounters", json=encounter, headers={"Idempotency-Key": key})

    with ThreadPoolExecutor(_POSTERS) as posters:
        for answer in posters.map(post, [encounter for _, encounter in made]):
            if answer.status_code != httpx.codes.ACCEPTED:
                raise DemoError(f"an encounter was refused: {answer.text}")
            step()


def check_coverages(client: httpx.Client) -> int:
    """Ask about every coverage that was not asked about today; returns how many are asked."""
    asked = 0
    while True:
        wait_for_jobs(client)
        answer = client.post("/eligibility-checks/batch", json={"not_checked_in_days": 1})
        batch = answer.raise_for_status().json()
        asked += int(batch["asked"])
        if not batch["has_more"]:
            return asked


def settle(
    client: httpx.Client,
    partner_id: UUID,
    expected: int,
    show: Callable[[int], None],
    *,
    seconds_max: int = SECONDS_MAX,
) -> None:
    """Exchange now, again and again, until every claim and check is settled and no job waits.

    `show` is told how many claims are settled. Raises DemoError when that takes too long.
    """
    deadline = time.monotonic() + seconds_max
    while True:
        client.post(f"/partners/{partner_id}/exchange").raise_for_status()
        wait_for_jobs(client, seconds_max=int(deadline - time.monotonic()))
        claims = _page(client, "/claims")
        by_status = claims["facets"]["status"]
        unsettled = sum(by_status.get(status, 0) for status in _OPEN_STATUSES)
        unanswered = sum(
            _page(client, "/eligibility-checks", state=state)["total"]
            for state in ("waiting", "frozen", "sent")
        )
        show(claims["total"] - unsettled)
        if claims["total"] == expected and not (unsettled or unanswered) and not _busy(client):
            return
        if time.monotonic() >= deadline:
            raise DemoError(
                f"the cycle did not end in {seconds_max} s: claims {by_status},"
                f" {unanswered} checks, jobs {client.get('/jobs/summary').json()}"
            )


def wait_for_quiet(
    client: httpx.Client,
    partner_id: UUID,
    show: Callable[[int], None],
    *,
    seconds_max: int = SECONDS_MAX,
) -> None:
    """Exchange now, again and again, until that brings nothing new any more.

    For mixes in which some claims are never answered. Raises DemoError when it takes too long.
    """
    deadline = time.monotonic() + seconds_max
    seen: list[object] = []
    while len(seen) <= _QUIET_ROUNDS or len({str(each) for each in seen[-_QUIET_ROUNDS:]}) > 1:
        if time.monotonic() >= deadline:
            raise DemoError(f"answers still came after {seconds_max} s")
        client.post(f"/partners/{partner_id}/exchange").raise_for_status()
        wait_for_jobs(client, seconds_max=int(deadline - time.monotonic()))
        claims = _page(client, "/claims")
        by_status = claims["facets"]["status"]
        show(claims["total"] - sum(by_status.get(status, 0) for status in _OPEN_STATUSES))
        others = ("/files", "/remittances", "/eligibility-checks")
        seen.append([by_status, *(_page(client, url)["facets"] for url in others)])
        time.sleep(_VISIT_SECONDS)


def wait_for_jobs(client: httpx.Client, *, seconds_max: int = SECONDS_MAX) -> None:
    """Wait until no job is ready or running. Raises DemoError for one that ended badly."""
    deadline = time.monotonic() + seconds_max
    while _busy(client) and time.monotonic() < deadline:
        time.sleep(_PAUSE_SECONDS)


def _busy(client: httpx.Client) -> bool:
    jobs = client.get("/jobs/summary").raise_for_status().json()
    if jobs["failures"]:
        raise DemoError(f"a job ended badly: {jobs['failures']}")
    return any(count["state"] in ("ready", "running") for count in jobs["counts"])


def _page(client: httpx.Client, url: str, **query: str) -> dict[str, Any]:
    answer = client.get(url, params={"limit": "1", **query}).raise_for_status()
    page: dict[str, Any] = answer.json()
    return page

"""Chooses the servers of the service: by URL, from the wheels, or from the system."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cli.embedded.binaries import FINDERS, Binaries, copy_for
from cli.embedded.daemon import has_ended
from cli.embedded.errors import ServersError, ServersUnavailableError
from cli.embedded.place import occupied
from cli.embedded.postgres import APP, OWNER, running_postgres
from cli.embedded.valkey import running_valkey

FORCE = "RCM_SERVERS"  #: Names one link of the chain, and no other is tried.
URLS = {
    "app_url": "DATABASE_URL",
    "owner_url": "DATABASE_OWNER_URL",
    "redis_url": "REDIS_URL",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Servers:
    """The addresses of one PostgreSQL and one Valkey, and the link of the chain they come from."""

    owner_url: str = field(repr=False)  #: SQLAlchemy URL of rcm_owner, with its password.
    app_url: str = field(repr=False)  #: SQLAlchemy URL of rcm_app, with its password.
    redis_url: str = field(
        repr=False
    )  #: redis-py URL; one from the environment may hold a password.
    link: str  #: "url", "wheel" or "local".
    #: The process of each that we started, by name.
    started: Mapping[str, int] = field(default_factory=dict, repr=False, compare=False)
    log: Path | None = field(default=None, repr=False)  #: Where they write.

    def refuse_ended(self) -> None:
        """Raise ServersError where one that we started has ended by itself."""
        for name, pid in self.started.items():
            if has_ended(pid):
                raise ServersError(
                    f"{name} has ended, so all of it was stopped. Start it again: what is stored"
                    f" is kept, and work goes on. {self.log} may say why"
                )


@contextmanager
def running_servers(
    folder: Path, *, env: Mapping[str, str] = os.environ, prefix: str = "RCM_"
) -> Iterator[Servers]:
    """Yield servers that answer; on leaving stop those that we started. Only they use `folder`.

    Raises ServersUnavailableError when there are none, ServersBusyError when the folder's already
    run, ServerStartError with the end of the log when one does not start, ServersError otherwise.
    """
    forced = env.get(FORCE, "")
    if forced not in {"", "url", *FINDERS}:
        raise ServersError(f"{FORCE}={forced} is none of url, {', '.join(FINDERS)}")
    if forced in {"", "url"} and (given := _given(env, prefix)):
        yield given
        return
    link, binaries = _found(env, forced)
    with occupied(folder) as place:
        for private in (place.secrets, place.log):
            private.mkdir(mode=0o700, exist_ok=True)
        if place.account:
            binaries = copy_for(place.account, binaries, place.home / "wheel")
        with (
            running_postgres(place, binaries) as urls,
            running_valkey(place, binaries) as redis_url,
        ):
            yield Servers(
                owner_url=urls[OWNER],
                app_url=urls[APP],
                redis_url=redis_url,
                link=link,
                started=place.started,
                log=place.log,
            )


def _given(env: Mapping[str, str], prefix: str) -> Servers | None:
    """Return the servers that the environment names; None when it names none."""
    names = {attribute: prefix + name for attribute, name in URLS.items()}
    given = {attribute: env[name] for attribute, name in names.items() if env.get(name)}
    missing = [name for attribute, name in names.items() if attribute not in given]
    if given and missing:
        raise ServersError(f"set all of {', '.join(names.values())}; missing: {', '.join(missing)}")
    if not given:
        return None
    return Servers(
        owner_url=given["owner_url"],
        app_url=given["app_url"],
        redis_url=given["redis_url"],
        link="url",
    )


def _found(env: Mapping[str, str], forced: str) -> tuple[str, Binaries]:
    for link, find in FINDERS.items():
        if forced in {"", link} and (binaries := find(env)):
            return link, binaries
    reason = f"{FORCE}={forced} finds no servers." if forced else "PostgreSQL and Valkey not found."
    raise ServersUnavailableError(reason)

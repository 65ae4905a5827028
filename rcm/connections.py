"""Database connections: how many a process may open, and whether the server has them."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text

from rcm.refusals import RefusalError

WORKER_POOL = 2  #: Of each process of a worker: the job, and the thread that renews its lease.
RINGER = 1  #: Of a worker's main process, which rings beside the relay.
RELAY = 1
COMMANDS = 5  #: Kept free: health checks, `rcm` commands, a person with psql.

_ROOM = text("""
    SELECT current_setting('max_connections')::int AS most,
        current_setting('superuser_reserved_connections')::int
            + coalesce(current_setting('reserved_connections', true)::int, 0) AS reserved,
        (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user) AS of_role,
        (SELECT datconnlimit FROM pg_database WHERE datname = current_database()) AS of_database,
        (SELECT coalesce(sum(numbackends), 0)::int FROM pg_stat_database) AS used
""")

log = logging.getLogger(__name__)


class TooFewConnectionsError(RefusalError):
    """This process may open more connections than the server would ever give it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Processes of one sort, and the connections that each may open."""

    name: str
    processes: int
    each: int

    @property
    def total(self) -> int:
        """What they open together."""
        return self.processes * self.each


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What the server gives to us."""

    max_connections: int
    reserved: int  #: For superusers, and for those with pg_use_reserved_connections.
    limit: int  #: What is left for us; less where role or database has a limit of its own.
    used: int  #: By anybody, at this moment; this one too.


def of_worker(concurrency: int) -> int:
    """Return what a worker may open.

    >>> of_worker(2)
    5
    """
    return concurrency * WORKER_POOL + RINGER


def plan(*, pool_size: int, apis: int, workers: Sequence[int], relays: int) -> tuple[Part, ...]:
    """Return what a deployment may open; `workers` are the processes of each worker.

    >>> sum(part.total for part in plan(pool_size=10, apis=1, workers=[2, 2], relays=1))
    26
    """
    return (
        Part(name="api", processes=apis, each=pool_size),
        *(Part(name=f"worker of {each}", processes=1, each=of_worker(each)) for each in workers),
        Part(name="relay", processes=relays, each=RELAY),
        Part(name="commands", processes=1, each=COMMANDS),
    )


def room(connection: Connection) -> Room:
    """Ask the server."""
    row = connection.execute(_ROOM).one()
    limits = [each for each in (row.of_role, row.of_database) if each >= 0]
    return Room(
        max_connections=row.most,
        reserved=row.reserved,
        limit=min([row.most - row.reserved, *limits]),
        used=row.used,
    )


def check_room(connection: Connection, needed: int) -> None:
    """Warn where the server may not give `needed` connections now.

    Raises TooFewConnectionsError where it never can.
    """
    found = room(connection)
    words = (
        f"this process may open {needed} connections; the server gives us {found.limit}"
        f" (max_connections {found.max_connections}, {found.reserved} reserved)"
    )
    if needed > found.limit:
        raise TooFewConnectionsError(
            f"{words}: lower RCM_POOL_SIZE or --concurrency, or raise max_connections"
        )
    if needed > found.limit - found.used:
        log.warning(
            "%s and %d are in use: `rcm connections` counts what a deployment needs",
            words,
            found.used,
        )

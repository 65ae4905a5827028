"""Keeps a process from beginning work on a database that another version has migrated.

A process that started before an upgrade ends what it holds, and takes nothing new: its code knows
neither the new columns nor the new rules. What it leaves waits for a process of the new version.
"""

import logging
import time

from sqlalchemy.orm import Session

from rcm.db import SCHEMA_VERSION, schema_version

_SAID_EVERY_SECONDS = 60

log = logging.getLogger(__name__)


class SchemaFence:
    """Whether this process may begin something; says why not, once a minute."""

    def __init__(self, version: str = SCHEMA_VERSION) -> None:
        self.version = version
        self._quiet_until = 0.0

    def is_open(self, session: Session) -> bool:
        """Tell whether the database is at the migration that this code is written for."""
        found = schema_version(session.connection())
        if found == self.version:
            return True
        if time.monotonic() >= self._quiet_until:
            self._quiet_until = time.monotonic() + _SAID_EVERY_SECONDS
            log.error(
                "the database is at %s, this process at %s: it takes no work any more;"
                " stop it and start the new version",
                found,
                self.version,
            )
        return False

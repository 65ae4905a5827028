"""What a request may use: the database and the tools, made once when the process starts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from rcm.access import Actor, audit
from rcm.db import ReadSession, UnitOfWork, make_unit_of_work, snapshot
from rcm.doorbell import Broker, Doorbell, make_celery
from rcm.failpoint import refuse_failpoints
from rcm.opening import open_database
from rcm.reading.scope import refuse_text, within_practices
from rcm.settings import Settings
from rcm.tools import Tools, make_tools


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Shared by all requests of this process."""

    engine: Engine
    unit_of_work: UnitOfWork
    tools: Tools
    broker: Broker
    checkpoint_folder: Path | None

    @contextmanager
    def reading(self) -> Iterator[ReadSession]:
        """Give a session whose queries all see one moment; the database refuses any write."""
        with snapshot(self.unit_of_work) as session:
            refuse_text(session)
            yield session

    @contextmanager
    def audited(
        self,
        actor: Actor,
        action: str,
        *,
        about: str = "",
        about_id: UUID | None = None,
        detail: str = "",
    ) -> Iterator[Session]:
        """Give a session for a read that shows PHI; that it was read is recorded with it.

        The queries see one moment. Where the block raises, nothing was shown and nothing is
        recorded: `with service.audited(actor, "claim.view", about="claim", about_id=id) as session`
        """
        with self.unit_of_work() as session:
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            refuse_text(session)
            yield session
            audit.record(
                session, self.tools, actor, action, about=about, about_id=about_id, detail=detail
            )

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()
        self.broker.close()


def start_service(settings: Settings) -> Service:
    """Connect. Raises KeyFileError, FailpointError and what `open_database` raises."""
    refuse_failpoints(settings.deployment)
    tools = make_tools(settings)
    engine = open_database(
        settings, tools.keys, pool_size=settings.pool_size, room=settings.pool_size
    )
    redis_url = settings.redis_url.get_secret_value()
    bell = Doorbell(make_celery(redis_url))
    return Service(
        engine=engine,
        unit_of_work=make_unit_of_work(engine, bell),
        tools=tools,
        broker=Broker(redis_url),
        checkpoint_folder=settings.checkpoint_folder,
    )


async def _service(request: Request) -> Service:
    """Return the service as this request may use it: of its caller's practices only."""
    service: Service = request.app.state.service
    limited = within_practices(service.unit_of_work, lambda: getattr(request.state, "actor", None))
    return replace(service, unit_of_work=limited)


ServiceHere = Annotated[Service, Depends(_service)]

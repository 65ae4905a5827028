"""What a request may use: the database and the tools, made once when the process starts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Engine

from rcm.db import ReadSession, UnitOfWork, make_engine, make_unit_of_work, refuse_unsafe, snapshot
from rcm.doorbell import Doorbell, make_celery
from rcm.settings import Settings
from rcm.tools import Tools, make_tools


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Shared by all requests of this process."""

    engine: Engine
    unit_of_work: UnitOfWork
    tools: Tools

    @contextmanager
    def reading(self) -> Iterator[ReadSession]:
        """Give a session whose queries all see one moment; the database refuses any write."""
        with snapshot(self.unit_of_work) as session:
            yield session


def start_service(settings: Settings) -> Service:
    """Connect. Raises KeyFileError, UnsafeRoleError, SchemaVersionError."""
    tools = make_tools(settings)
    engine = make_engine(settings.database_url.get_secret_value(), pool_size=settings.pool_size)
    try:
        refuse_unsafe(engine, deployment=settings.deployment)
    except BaseException:
        engine.dispose()
        raise
    bell = Doorbell(make_celery(settings.redis_url.get_secret_value()))
    return Service(engine=engine, unit_of_work=make_unit_of_work(engine, bell), tools=tools)


async def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


ServiceHere = Annotated[Service, Depends(_service)]

"""A lease is renewed while its process lives, so that only the work of the dead is taken over."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from rcm.db import UnitOfWork
from rcm.failpoint import failpoint

_RENEW = text("""
    UPDATE job SET lease_until = now() + make_interval(secs => :seconds)
    WHERE id = :id AND lease_token = :token AND state = 'running'
""")


@contextmanager
def renewed(unit_of_work: UnitOfWork, job_id: UUID, token: UUID, *, seconds: int) -> Iterator[None]:
    """Renew a job's lease from a thread of this process, which dies with it."""
    over = threading.Event()

    def renew() -> None:
        values = {"id": job_id, "token": token, "seconds": seconds}
        while not over.wait(seconds / 4):
            try:
                with unit_of_work() as session:
                    session.execute(_RENEW, values)
                failpoint("lease.renewed")
            except SQLAlchemyError:
                continue  # The database is away: the lease runs out, and the token stops us.

    thread = threading.Thread(target=renew, name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()

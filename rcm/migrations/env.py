"""How Alembic connects: as rcm_owner, one transaction for all steps, one migration at a time."""

from alembic import context
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from rcm.rows import METADATA

_LOCK = 0x52434D  #: Ours among the advisory locks of the database: "RCM".
#: Who waits for a lock of a table keeps all others from it: better to give up and try again.
_OPTIONS = "-c lock_timeout=3000"

engine = create_engine(
    context.config.attributes["url"], poolclass=NullPool, connect_args={"options": _OPTIONS}
)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=METADATA, transactional_ddl=True)
    with context.begin_transaction():
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        context.run_migrations()

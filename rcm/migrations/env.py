"""How Alembic connects: as rcm_owner, one transaction for all steps."""

from alembic import context
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from rcm.rows import METADATA

engine = create_engine(context.config.attributes["url"], poolclass=NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=METADATA, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()

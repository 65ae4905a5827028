"""Opens the database of a process that starts, or refuses to: one place says what is refused."""

from sqlalchemy import Engine

from rcm.connections import check_room
from rcm.crypto import Keys
from rcm.db import make_engine, refuse_unsafe
from rcm.key_fence import refuse_other_key
from rcm.settings import Settings


def open_database(
    settings: Settings, keys: Keys | None, *, pool_size: int, room: int = 0
) -> Engine:
    """Return up to `pool_size` connections to the database that the settings name.

    `keys` are None for who opens nothing that is sealed; `room` is how many connections this
    process and its children may open, where the server has to have so many.

    Raises what `refuse_unsafe`, `refuse_other_key` and `check_room` raise, and OperationalError
    where the database does not answer; no connection is left open then.
    """
    engine = make_engine(settings.database_url.get_secret_value(), pool_size=pool_size)
    try:
        refuse_unsafe(engine, deployment=settings.deployment)
        with engine.connect() as connection:
            if keys is not None:
                refuse_other_key(connection, keys)
            if room:
                check_room(connection, room)
    except BaseException:
        engine.dispose()
        raise
    return engine

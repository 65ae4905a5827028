"""How the tests of the embedded servers look at them from outside."""

import os
import time
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

SEARCH = os.environ.get("PATH", os.defpath)


def forced(link: str) -> Mapping[str, str]:
    """An environment in which only `link` of the chain is tried."""
    return {"RCM_SERVERS": link, "PATH": SEARCH}


def home_of(folder: Path) -> Path:
    note = folder / "where"
    return Path(note.read_text().strip()) if note.exists() else folder


def living_in(home: Path) -> set[int]:
    """The processes that work in a folder below `home`: PostgreSQL's all do, and Valkey does."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "cwd").readlink().is_relative_to(home):
                found.add(int(entry.name))
        except OSError:
            continue  # Ended, or another user's.
    return found


def await_none_in(home: Path) -> None:
    deadline = time.monotonic() + 15
    while living_in(home):
        assert time.monotonic() < deadline, "servers still run"
        time.sleep(0.02)


def ask(url: str, statement: str) -> object:
    """The first value that `statement` answers over `url`, None without rows; committed."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        result = connection.execute(text(statement))
        return result.scalar() if result.returns_rows else None

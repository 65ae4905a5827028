"""The database and the tools that the settings name, for a command."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from rcm.crypto import Keys
from rcm.db import UnitOfWork, make_unit_of_work
from rcm.opening import open_database
from rcm.settings import Settings, load_settings
from rcm.tools import Tools, make_tools

#: For commands about a service that somebody runs on one folder.
DATA = click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where `rcm demo` or `rcm serve` runs: instead of RCM_... settings.",
)


def chosen_settings(data: Path | None) -> Settings:
    """Return the settings that `--data` names, or our own."""
    return load_settings() if data is None else settings_of(data / "settings.json")


@contextmanager
def running_service(settings: Settings | None = None) -> Iterator[tuple[UnitOfWork, Tools]]:
    """Give the database and the tools that the settings name: our own, or those given."""
    settings = settings or load_settings()
    tools = make_tools(settings)
    with _opened(settings, tools.keys) as unit_of_work:
        yield unit_of_work, tools


@contextmanager
def running_database(settings: Settings) -> Iterator[UnitOfWork]:
    """Give the database alone: for who has no key that opens what is sealed, and needs none."""
    with _opened(settings, None) as unit_of_work:
        yield unit_of_work


@contextmanager
def _opened(settings: Settings, keys: Keys | None) -> Iterator[UnitOfWork]:
    engine = open_database(settings, keys, pool_size=1)
    try:
        yield make_unit_of_work(engine)
    finally:
        engine.dispose()


def settings_of(file: Path) -> Settings:
    """Return the settings that `rcm demo` and `rcm serve` note in their data folder."""
    try:
        noted = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise click.ClickException(
            f"{file.parent} holds no data of `rcm demo` or `rcm serve`: name the folder they ran on"
        ) from None
    prefix = "RCM_"
    return Settings.model_validate(
        {
            name.removeprefix(prefix).lower(): value
            for name, value in noted.items()
            if name.startswith(prefix)
        }
    )

"""The database and the tools that the settings name, for a command."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from rcm.db import UnitOfWork, make_engine, make_unit_of_work, refuse_unsafe
from rcm.key_fence import refuse_other_key
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
    with running_database(settings) as unit_of_work:
        tools = make_tools(settings)
        with unit_of_work() as session:
            refuse_other_key(session.connection(), tools.keys)
        yield unit_of_work, tools


@contextmanager
def running_database(settings: Settings) -> Iterator[UnitOfWork]:
    """Give the database alone: for who has no key that opens what is sealed, and needs none."""
    engine = make_engine(settings.database_url.get_secret_value(), pool_size=1)
    try:
        refuse_unsafe(engine, deployment=settings.deployment)
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

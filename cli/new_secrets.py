"""`rcm secrets`: every secret of a new deployment, a file each, for docker-compose.yml."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

import click

from rcm.crypto import make_key_file
from rcm.signing import make_signing_key_file
from sandbox.keys import new_key_pair

_OURS, _SERVERS = 0o600, 0o644  #: PostgreSQL's image reads as another user; the folder is closed.


@click.command("secrets")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--host", default="postgres", show_default=True, help="Where PostgreSQL will be.")
def new_secrets(folder: Path, host: str) -> None:
    """Make the keys and passwords of a new deployment in FOLDER. Nothing is ever overwritten.

    Keep a copy of seal.key elsewhere: without it, what is sealed is lost for ever.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise click.ClickException(f"{folder} is not empty: secrets are made once")
    make_key_file(folder / "seal.key")
    make_signing_key_file(folder / "signing.key")
    for name, (text, mode) in _texts(host).items():
        descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
        (folder / name).chmod(mode)
    click.echo(f"{len(list(folder.iterdir()))} secrets in {folder}")


def _texts(host: str) -> Mapping[str, tuple[str, int]]:
    owner, app = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    private, public = new_key_pair()
    roles = (
        f"CREATE ROLE rcm_owner LOGIN PASSWORD '{owner}';\n"
        f"CREATE ROLE rcm_app LOGIN PASSWORD '{app}';\n"
        "CREATE DATABASE rcm OWNER rcm_owner;\n"
        "REVOKE ALL ON DATABASE postgres, template1, rcm FROM PUBLIC;\n"
        "GRANT CONNECT ON DATABASE rcm TO rcm_app;\n"
    )
    return {
        "rcm_database_url": (_url("rcm_app", app, host), _OURS),
        "rcm_database_owner_url": (_url("rcm_owner", owner, host), _OURS),
        "postgres_password": (secrets.token_urlsafe(24), _SERVERS),
        "roles.sql": (roles, _SERVERS),
        "sftp.key": (private, _OURS),
        "sftp.pub": (f"{public}\n", _SERVERS),
    }


def _url(role: str, password: str, host: str) -> str:
    return f"postgresql+psycopg://{role}:{password}@{host}:5432/rcm"

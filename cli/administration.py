"""`rcm db`, `rcm key`, `rcm parties`: what an operator does with RCM_... settings."""

from pathlib import Path

import click

from cli.service import running_service
from rcm.access import Role, create_api_key
from rcm.access.api_keys import KeyNameTakenError
from rcm.migrations import upgrade
from rcm.parties.document import read_parties
from rcm.parties.read import BadPartnerError
from rcm.parties.seed import seed_parties
from rcm.settings import load_settings


@click.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to this version's migration (needs RCM_DATABASE_OWNER_URL)."""
    settings = load_settings()
    if settings.database_owner_url is None:
        raise click.ClickException("set RCM_DATABASE_OWNER_URL: migrations run as rcm_owner")
    owner_url = settings.database_owner_url.get_secret_value()
    upgrade(owner_url, deployment=settings.deployment)
    click.echo("the database is up to date")


@click.group()
def key() -> None:
    """API keys of EHR systems and scripts."""


@key.command("create")
@click.argument("name")
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice([role.value for role in Role]),
    default=(Role.EHR.value,),
    show_default=True,
    help="What the key is for; may be given several times.",
)
def key_create(name: str, roles: tuple[str, ...]) -> None:
    """Print a new API key for NAME. It is shown this once: only its SHA-256 is kept."""
    try:
        with running_service() as (unit_of_work, tools), unit_of_work() as session:
            secret = create_api_key(session, tools, name, roles=[Role(role) for role in roles])
    except KeyNameTakenError:
        raise click.ClickException("there is a key of this name already") from None
    click.echo(secret)


@click.group()
def parties() -> None:
    """Practices, payers and the trading partner."""


@parties.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--host", required=True, help="The partner's SFTP server.")
@click.option("--port", default=22, show_default=True)
@click.option(
    "--private-key",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Our OpenSSH private key at the partner, without a passphrase.",
)
@click.option(
    "--host-key", required=True, multiple=True, help="The partner's public host key line; pinned."
)
def parties_load(
    file: Path, host: str, port: int, private_key: Path, host_key: tuple[str, ...]
) -> None:
    """Set up or update the parties of FILE (JSON shaped like samples/parties.json)."""
    connection = {
        "host": host,
        "port": port,
        "private_key": private_key.read_text(encoding="utf-8", errors="replace"),
        "host_keys": host_key,
    }
    with running_service() as (unit_of_work, tools), unit_of_work() as session:
        usage = tools.deployment.usage
        try:
            document = read_parties(file.read_bytes(), connection, usage=usage)
        except BadPartnerError as refusal:
            raise click.ClickException(_told(refusal)) from None
        partner_id = seed_parties(session, tools, document, connection)
    click.echo(f"the partner's id is {partner_id}")


def _told(refusal: BadPartnerError) -> str:
    """Return the findings as lines: where, what, and what to do."""
    lines = (
        f"{found.place.pointer or 'the file'}: {found.message} {found.cure}"
        for found in refusal.findings
    )
    return "nothing was stored\n" + "\n".join(f"  {line}" for line in lines)

"""`rcm init`, `rcm users`: the first administrator, and an operator's way to let somebody in."""

import json
from pathlib import Path

import click

from cli.service import DATA, chosen_settings, running_service
from rcm.access import Role, users
from rcm.access.tickets import NotASandboxError, Purpose, make_ticket
from rcm.access.user_store import find_by_email, has_other_administrator
from rcm.migrations import upgrade
from rcm.settings import load_settings

_ADDRESS = "the address of this service"


def link_of(ticket: str, purpose: Purpose, url: str = "") -> str:
    """Return the link of a ticket: what follows `#` never reaches a server or its log."""
    return f"{url}/#/{purpose}/{ticket}"


@click.command()
@click.option("--email", required=True, help="Of the first administrator.")
@click.option("--name", required=True, help="Of the first administrator.")
@click.option("--url", default="", help="Where browsers find this service: begins the link.")
def init(email: str, name: str, url: str) -> None:
    """Make the database ready and invite the first administrator, as RCM_... settings say."""
    settings = load_settings()
    if settings.database_owner_url is not None:
        owner_url = settings.database_owner_url.get_secret_value()
        upgrade(owner_url, deployment=settings.deployment)
    try:
        with running_service() as (unit_of_work, tools), unit_of_work() as session:
            if has_other_administrator(session, None):
                raise click.ClickException(
                    "there is an administrator already: `rcm users link EMAIL` makes a new link"
                )
            invitation = users.invite_user(
                session, tools, email=email, name=name, roles=[Role.ADMIN], practices=None, by=None
            )
    except users.EmailTakenError:
        raise click.ClickException(
            "somebody has this email already: `rcm users link EMAIL` makes a new link"
        ) from None
    _show(invitation.ticket, Purpose.INVITE, url)


@click.group("users")
def people() -> None:
    """People who sign in."""


@people.command("link")
@click.argument("email")
@click.option("--enter", is_flag=True, help="Sign in at once, without a password: sandbox only.")
@click.option("--url", default="", help="Where browsers find this service: begins the link.")
@DATA
def users_link(email: str, *, enter: bool, url: str, data: Path | None) -> None:
    """Print a one-time link for EMAIL: a new invitation, which resets how they sign in."""
    settings = chosen_settings(data)
    announced = data / "api.json" if data and not url else None
    if announced and announced.exists():
        url = f"http://127.0.0.1:{json.loads(announced.read_text())['port']}"
    try:
        with running_service(settings) as (unit_of_work, tools), unit_of_work() as session:
            found = find_by_email(session, email.strip().lower())
            if found is None:
                raise click.ClickException("nobody who may sign in has this email")
            purpose = Purpose.ENTER if enter else Purpose.INVITE
            if enter:
                ticket, _ = make_ticket(session, tools, found[0].id, purpose)
            else:
                ticket = users.invite_again(session, tools, found[0].id, by=None).ticket
    except NotASandboxError:
        raise click.ClickException(
            "--enter is for a sandbox; here people sign in with a password and a second factor"
        ) from None
    _show(ticket, purpose, url)


def _show(ticket: str, purpose: Purpose, url: str) -> None:
    if not url:
        click.echo(f"Put {_ADDRESS} before this, for example https://rcm.example.org:", err=True)
    click.echo(link_of(ticket, purpose, url.rstrip("/")))

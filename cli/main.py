"""The `rcm` command, whose parts are imported when they are asked for."""

import signal
from importlib import import_module
from types import FrameType

import click

from rcm.refusals import refusals_in_words

#: Where each command is made. A health check of a worker need not import the API first.
COMMANDS = {
    "api": "cli.serve_api:api",
    "audit": "cli.proofs:audit",
    "backup": "cli.backup:backup",
    "connections": "cli.connections:connections",
    "db": "cli.administration:db",
    "demo": "cli.running:demo",
    "edi": "cli.edi:edi",
    "health": "cli.health:health",
    "init": "cli.people:init",
    "key": "cli.administration:key",
    "ledger": "cli.proofs:ledger",
    "parties": "cli.administration:parties",
    "relay": "workers.relay:relay",
    "restore": "cli.backup:restore",
    "secrets": "cli.new_secrets:new_secrets",
    "serve": "cli.running:serve",
    "settings": "cli.settings:settings",
    "users": "cli.people:people",
    "worker": "workers.app:worker",
}


class Commands(click.Group):
    """The commands of COMMANDS."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """Return the names, as `rcm --help` lists them."""
        return list(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """Import a command; None: there is none of this name."""
        if name not in COMMANDS:
            return None
        module, _, command = COMMANDS[name].partition(":")
        found: click.Command = getattr(import_module(module), command)
        return found


@click.group(cls=Commands)
@click.version_option(package_name="rcm-edi")
def cli() -> None:
    """Revenue cycle EDI: encounters in, claims out, every cent of the answers posted."""


def main() -> None:
    """Run the command; what can be expected to go wrong is said in words, without a trace."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + signal.SIGTERM)

    signal.signal(signal.SIGTERM, stop)
    with refusals_in_words():
        cli()


if __name__ == "__main__":
    main()

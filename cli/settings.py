"""`rcm settings`: every setting, what it is for this process, and what is wrong with it."""

import dataclasses
import json
import sys

import click

from rcm.settings_told import Told, load_and_check, markdown, told


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for machines.")
@click.option("--markdown", "as_markdown", is_flag=True, help="The table of docs/operations.md.")
def settings(*, as_json: bool, as_markdown: bool) -> None:
    """List every setting: what it does, its value and where that came from. Shows no secret.

    Exit 2 where one is wrong or missing, or a name begins with RCM_ and is no setting.
    """
    if as_markdown:
        click.echo(markdown(), nl=False)
        return
    found, wrong = load_and_check()
    listed = list(told(found))
    if as_json:
        rows = [dataclasses.asdict(each) for each in listed]
        click.echo(json.dumps({"settings": rows, "wrong": wrong}, indent=2))
    else:
        for each in listed:
            click.echo(f"{each.name}={_value(each)}  ({each.source})\n    {each.meaning}")
        for line in wrong:
            click.echo(f"rcm: {line}", err=True)
    if wrong:
        sys.exit(2)


def _value(each: Told) -> str:
    if each.is_secret and each.source in ("environment", "file"):
        return "(set, not shown)"
    return each.value or ""

"""The drill: the database burns, the backup of last night is restored, and the money is right."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from cli.driving import post_encounters, settle, wait_for_jobs
from cli.embedded import erase_servers
from cli.main import cli
from cli.stack import running_stack
from rcm.db import snapshot
from rcm.proof import verify
from samples.encounters import encounters
from sandbox.journal import PaymentRow, read_journal
from tests.e2e.books import client

_KEPT = ("seal.key", "sftp.", "api.key")  #: What an operator keeps apart from the database.
_Made = Sequence[tuple[str, dict[str, Any]]]


def test_last_nights_backup_and_the_partners_archive_give_every_payment_once(
    tmp_path: Path,
) -> None:
    data, backup = tmp_path / "data", tmp_path / "last-night.backup"
    try:
        with running_stack(data) as stack, client(stack) as http:
            made = encounters(10, seed=21, today=stack.tools.today())
            night, day = made[:6], made[6:]
            post_encounters(http, night, lambda: None)
            settle(http, stack.partner_id, len(night), lambda _: None)
            written = CliRunner().invoke(cli, ["backup", str(backup), "--data", str(data)])
            assert written.exit_code == 0, written.output
            post_encounters(http, day, lambda: None)
            settle(http, stack.partner_id, len(made), lambda _: None)
        burn(data)
        said = CliRunner().invoke(cli, ["restore", str(backup), "--verify", "--data", str(data)])
        assert said.exit_code == 0, said.output
        assert "proven" in said.output
        assert "1 were paused" in said.output
        with running_stack(data) as stack, client(stack) as http:
            wait_for_jobs(http)
            refused = http.post(f"/partners/{stack.partner_id}/exchange")
            assert refused.status_code == 409, "nothing is sent before a person says so"
            post_encounters(http, made, lambda: None)  # The EHR is asked to post the day again.
            wait_for_jobs(http)
            with snapshot(stack.unit_of_work) as session:
                proof = verify(session, stack.tools)
            payments = [
                row.payment_cents
                for row in read_journal(stack.places.journal)
                if isinstance(row, PaymentRow)
            ]
            assert proof.differences == ()
            assert proof.payments_cents == sum(payments) > 0
            claims = http.get("/claims", params={"limit": 50}).json()
            assert claims["total"] == len(made), "the night's encounters were not taken twice"
    finally:
        erase_servers(data)


def burn(data: Path) -> None:
    """Lose the database and all that lies beside it; what was kept elsewhere stays."""
    erase_servers(data)
    for path in data.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif not path.name.startswith(_KEPT):
            path.unlink()

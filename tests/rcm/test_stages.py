"""What tests begin with is what the product made, whatever the test before did to it."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from rcm.db import UnitOfWork
from rcm.tools import Tools
from tests.harness import Practice, make_practice
from tests.rcm.intake import encounter
from tests.rcm.partner_files import send_first
from tests.stages import Stages, empty_database, rows_of


def world(owner: Engine, practice: Practice) -> tuple[Mapping[str, list[bytes]], dict[str, bytes]]:
    """Every row of every table, and every file of the practice's folder."""
    rows = {table.name: sorted(rows) for table, rows in rows_of(owner).items()}
    folder = practice.account.parent
    files = [path for path in folder.rglob("*") if path.is_file()]
    return rows, {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_what_is_put_back_is_what_was_made(
    unit_of_work: UnitOfWork, tools: Tools, owner: Engine, tmp_path: Path
) -> None:
    stages = Stages(owner)
    practice = make_practice(unit_of_work, tools, tmp_path / "first", stages)
    sent = send_first(practice, encounter())
    made = world(owner, practice)
    assert len(made[0]["claim"]) == len(made[1]) - 1 == 1  # One sent file, beside the state.
    practice.post(encounter(external_id="two"))
    practice.drain()
    with owner.begin() as connection:
        connection.execute(text("UPDATE claim SET charge_cents = 1"))
    empty_database(owner)
    again = make_practice(unit_of_work, tools, tmp_path / "again", stages)
    assert send_first(again, encounter()) == sent
    assert world(owner, again) == made


def test_what_stands_beside_it_stays(practice: Practice, tmp_path: Path) -> None:
    (tmp_path / "beside").write_text("mine")
    practice.rows("UPDATE payer SET name = 'Mine' RETURNING id")
    send_first(practice, encounter())
    assert {row.name for row in practice.rows("SELECT name FROM payer")} == {"Mine"}
    assert (tmp_path / "beside").read_text() == "mine"


def test_only_the_first_claims_are_put_back(practice: Practice) -> None:
    send_first(practice, encounter())
    with pytest.raises(AssertionError):
        send_first(practice, encounter(external_id="two"))

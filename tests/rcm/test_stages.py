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
    stages = Stages(owner, tmp_path)
    practice = make_practice(unit_of_work, tools, tmp_path / "first", stages)
    sent = send_first(practice, encounter())
    made = world(owner, practice)
    assert len(made[0]["claim"]) == len(made[1]) - 1 == 1  # One sent file, beside the state.
    practice.post(encounter(external_id="two"))
    practice.drain()
    with owner.begin() as connection:
        connection.execute(text("UPDATE claim SET charge_cents = 1"))
    empty_database(owner)
    of_another_process = Stages(owner, tmp_path)
    for n, each in enumerate((stages, of_another_process)):
        again = make_practice(unit_of_work, tools, tmp_path / f"again-{n}", each)
        assert send_first(again, encounter()) == sent
        assert world(owner, again) == made
        empty_database(owner)


def test_what_was_made_in_another_database_goes_on_behind_its_numbers(
    practice: Practice, owner: Engine
) -> None:
    (sent,) = send_first(practice, encounter())
    ((first,),) = practice.rows("SELECT min(id) FROM claim_event")
    empty_database(owner)
    with owner.begin() as connection:
        connection.execute(text(f"ALTER TABLE claim_event ALTER id RESTART WITH {first}"))
    again = make_practice(
        practice.unit_of_work, practice.tools, practice.account.parent, practice.stages
    )
    assert send_first(again, encounter()) == [sent]
    again.post(encounter(external_id="two"))
    again.drain()
    assert len(again.rows("SELECT id FROM claim")) == 2


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

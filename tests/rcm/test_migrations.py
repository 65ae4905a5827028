"""The migrations and the typed rows say the same, and rcm_app may not rewrite history."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from rcm.db import (
    SCHEMA_VERSION,
    SchemaVersionError,
    UnsafeRoleError,
    WrongDeploymentError,
    make_engine,
    refuse_unsafe,
)
from rcm.rows import METADATA
from rcm.settings import Settings

APPEND_ONLY = (
    "ledger_entry",
    "posting",
    "claim_event",
    "decision",
    "audit_event",
    "work_item_event",
    "claim_note",
    "hand_match",
    "chain_link",
    "chained_entry",
    "chained_event",
)


def test_rows_are_what_the_migrations_made(owner: Engine) -> None:
    with owner.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), METADATA)
        columns = {
            table: {
                column["name"]: column["nullable"]
                for column in inspect(connection).get_columns(table)
            }
            for table in METADATA.tables
        }
    wrong = [
        each
        for each in differences
        if "index" not in each[0] and "constraint" not in each[0] and "fk" not in each[0]
    ]
    assert wrong == [] or all(
        each[0] == "remove_table" and each[1].name == "alembic_version" for each in wrong
    )
    for name, table in METADATA.tables.items():
        assert columns[name] == {column.name: bool(column.nullable) for column in table.columns}


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize(
    "verb", ["UPDATE {} SET file_id = file_id", "DELETE FROM {}", "TRUNCATE {}"]
)
def test_history_cannot_be_rewritten_by_the_service(engine: Engine, table: str, verb: str) -> None:
    column = {
        "posting": "n",
        "audit_event": "at",
        "work_item_event": "at",
        "claim_note": "kind",
        "hand_match": "what",
        "chain_link": "chain",
        "chained_entry": "kind",
        "chained_event": "kind",
    }.get(table, "file_id")
    verb = verb.replace("file_id", column)
    with engine.connect() as connection, pytest.raises(DBAPIError, match="permission denied"):
        connection.execute(text(verb.format(table)))


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_history_cannot_be_rewritten_even_by_the_owner_unawares(owner: Engine, table: str) -> None:
    with owner.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.execute(text(f"DELETE FROM {table}"))


def test_a_process_with_the_owners_login_refuses_to_start(owner: Engine, engine: Engine) -> None:
    refuse_unsafe(engine, deployment="sandbox")
    with pytest.raises(UnsafeRoleError):
        refuse_unsafe(owner, deployment="sandbox")


def test_a_process_of_the_other_deployment_refuses_to_start(engine: Engine) -> None:
    with pytest.raises(WrongDeploymentError):
        refuse_unsafe(engine, deployment="production")


def test_a_process_refuses_a_schema_it_was_not_written_for(
    owner: Engine, settings: Settings
) -> None:
    with owner.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    try:
        fresh = make_engine(settings.database_url.get_secret_value(), pool_size=1)
        with pytest.raises(SchemaVersionError):
            refuse_unsafe(fresh, deployment="sandbox")
        fresh.dispose()
    finally:
        with owner.begin() as connection:
            connection.execute(
                text("UPDATE alembic_version SET version_num = :known"), {"known": SCHEMA_VERSION}
            )

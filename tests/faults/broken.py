"""Ways to break what an invariant guards: each with the words in which that must be told."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import redis
from sqlalchemy import text

from tests.faults.evidence import Evidence

Break = Callable[[Evidence, Path], None]  #: Given a folder of its own.


def sql(*statements: str) -> Break:
    """Break the tables as their owner, whatever guards them."""

    def act(e: Evidence, _: Path) -> None:
        for table in ("posting", "ledger_entry", "claim_event", "audit_event", "chain_link"):
            e.session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        for statement in statements:
            e.session.execute(text(statement))

    return act


def double(table: str) -> Break:
    """Let every row of a table be there twice: a temporary table hides the one with the keys."""
    return sql(
        f"CREATE TEMP TABLE {table} ON COMMIT DROP AS SELECT * FROM public.{table}",
        f"INSERT INTO {table} SELECT * FROM public.{table}",
    )


def move(source: str, target: str) -> Break:
    def act(e: Evidence, _: Path) -> None:
        file = e.folder(source)[0]
        file.rename(e.account / target / file.name)

    return act


def spoil(folder: str, name: str | None = None) -> Break:
    """Change one byte of a file of the partner, or make it another file."""

    def act(e: Evidence, _: Path) -> None:
        file = e.folder(folder)[0]
        body = file.read_bytes()
        (e.account / folder / (name or file.name)).write_bytes(body[:-1] + b"\n")

    return act


def vanish(e: Evidence, _: Path) -> None:
    """Let an answer be gone that we have never seen."""
    file = e.folder("archive")[0]
    file.unlink()
    e.session.execute(text("DELETE FROM file_sighting WHERE name = :name"), {"name": file.name})


def leave_old_upload(e: Evidence, _: Path) -> None:
    left = e.account / "to_payer" / "claims.x12.tmp-1"
    left.write_bytes(b"ISA")
    os.utime(left, (time.time() - 3700,) * 2)


def log_a_name(_: Evidence, folder: Path) -> None:
    (folder / "log").mkdir()
    (folder / "log" / "worker.log").write_text("claim of Canary, Ada")


def ring_a_name(e: Evidence, _: Path) -> None:
    with redis.Redis.from_url(e.redis_url) as broker:
        broker.rpush("rcm:test", b'{"args": ["CANARY"]}')


ONE_PAYMENT = "(SELECT min(id::text)::uuid FROM remittance WHERE state = 'posted')"
ONE_ENTRY = "(SELECT entry_id FROM posting WHERE account = 'cash:in-transit' LIMIT 1)"

BROKEN: list[tuple[str, str, Break]] = [
    ("I1", "accepted encounter is lost", sql(
        "UPDATE encounter SET external_id = 'other'"
        " WHERE id = (SELECT id FROM encounter LIMIT 1)")),
    ("I1", "contradict", sql("UPDATE encounter SET status = 'held' WHERE id ="
        " (SELECT encounter_id FROM claim LIMIT 1)")),
    ("I1", "payment of a file is lost", sql(
        f"UPDATE remittance SET set_index = 7 WHERE id = {ONE_PAYMENT}")),
    ("I1", "a file still waits", sql("UPDATE file SET state = 'uncertain' WHERE id ="
        " (SELECT id FROM file WHERE direction = 'outbound' LIMIT 1)")),
    ("I1", "a job still waits", sql("UPDATE job SET state = 'ready' WHERE id ="
        " (SELECT id FROM job LIMIT 1)")),
    ("I1", "a failed job still waits", sql("UPDATE job SET state = 'dead' WHERE id ="
        " (SELECT id FROM job LIMIT 1)")),
    ("I1", "lie with the partner", move("archive", "from_payer")),
    ("I2", "sums to", sql("UPDATE posting SET amount_cents = amount_cents + 1"
        f" WHERE entry_id = {ONE_ENTRY} AND n = 1")),
    ("I2", "has no postings", sql(f"DELETE FROM posting WHERE entry_id = {ONE_ENTRY}")),
    ("I3", "and cash has", sql("UPDATE posting SET amount_cents = amount_cents + 1"
        f" WHERE entry_id = {ONE_ENTRY} AND account = 'cash:in-transit'")),
    ("I3", "cash of no posted", sql(
        f"UPDATE remittance SET state = 'recorded' WHERE id = {ONE_PAYMENT}")),
    ("I4", "ledger key", double("ledger_entry")),
    ("I4", "payment", double("remittance")),
    ("I4", "transaction set", double("remittance")),
    ("I4", "received file", double("file")),
    ("I4", "interchange number", double("file")),
    ("I4", "encounter", double("encounter")),
    ("I4", "claim of an encounter", double("claim")),
    ("I4", "event of a claim", double("claim_event")),
    ("I4", "work item", double("work_item")),
    ("I4", "tick", sql("CREATE TEMP TABLE cron_tick ON COMMIT DROP AS"
        " SELECT 'exchange/1' AS name, now() AS scheduled_for FROM generate_series(1, 2)")),
    ("I4", "charge of a claim", sql("UPDATE posting SET amount_cents = amount_cents * 2"
        " WHERE account = 'revenue:charges'")),
    ("I4", "submission of a claim", double("submission")),
    ("I5", "ledger entry", sql("UPDATE posting SET reason = 'CO-50' WHERE entry_id = "
        f"{ONE_ENTRY}")),
    ("I5", "audit event", sql("DELETE FROM audit_event")),
    ("I5", "no link covers", sql("DELETE FROM chain_link WHERE n = 1")),
    ("I6", "moved away, and not ours", spoil("archive")),
    ("I6", "is gone", vanish),
    ("I7", "is not what was frozen", spoil("to_payer")),
    ("I7", "was sent as", spoil("to_payer", "again.x12")),
    ("I7", "which we do not know", spoil("to_payer", "again.x12")),
    ("I7", "not with the partner", move("to_payer", "archive")),
    ("I7", "not those that were frozen", sql("UPDATE file_chunk SET sealed ="
        " set_byte(sealed, 40, (get_byte(sealed, 40) + 1) % 256)")),
    ("I8", "in nobody's hands", sql("UPDATE job SET state = 'running', lease_until ="
        " now() - interval '1 hour' WHERE id = (SELECT id FROM job LIMIT 1)")),
    ("I9", "in worker.log", log_a_name),
    ("I9", "in the broker", ring_a_name),
    ("I10", "quarantined file", sql("UPDATE file SET findings = '[]' WHERE state = 'quarantined'")),
    ("I10", "held remittance", sql(
        "UPDATE work_item SET remittance_id = NULL WHERE remittance_id IS NOT NULL")),
    ("I10", "held claim", sql("UPDATE claim SET findings = '[]' WHERE status = 'held'")),
    ("I10", "held encounter", sql("UPDATE encounter SET status = 'held', findings = '[]'")),
    ("I10", "failed job", sql("UPDATE job SET state = 'dead', last_error_code = NULL"
        " WHERE id = (SELECT id FROM job LIMIT 1)")),
    ("I12", "left behind", leave_old_upload),
]  # fmt: skip

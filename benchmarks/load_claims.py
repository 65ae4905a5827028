"""A seeded loader: an organisation with many claims, by COPY, as years of work would leave it.

The rows are such as the service itself writes: sealed, indexed, posted in entries that balance.
Files are envelopes with nothing in them: `rcm ledger verify`, which reads them, is not for this.
"""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from itertools import count as numbers
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from benchmarks.answered import Exchange, Office
from benchmarks.people import make_person, make_templates
from benchmarks.tables import COLUMNS, Rows
from benchmarks.written import Writer
from edi.elements import is_npi
from rcm.access import Role, create_api_key, find_api_key
from rcm.db import UnitOfWork
from rcm.parties.seed import seed_parties
from rcm.rows import BillingProviderRow, PayerRow
from rcm.tools import Tools

CLAIMS_PER_BATCH = 5_000
CLAIMS_PER_PATIENT = 4
_PARTIES = Path("samples/parties.json")
_NOWHERE = {"host": "127.0.0.1", "port": 1, "private_key": "none", "host_keys": ()}
_PAYERS = ("NORTH STAR HEALTH", "PRAIRIE MUTUAL", "CEDAR BENEFITS", "HARVEST PLAN", "UNITY CARE",
           "SUMMIT ADVANTAGE", "BAYSIDE HMO", "GRANITE LIFE", "CLEARWATER PPO")  # fmt: skip
_PRACTICES = ("RIVERSIDE PEDIATRICS", "OLD TOWN CARDIOLOGY", "MESA PHYSICAL THERAPY")
_ROLES = (Role.EHR, Role.MANAGER, Role.INTEGRATION, Role.ADMIN)


def load_claims(
    engine: Engine, unit_of_work: UnitOfWork, tools: Tools, *, count: int, seed: int = 1
) -> str:
    """Load `count` claims into an empty database; returns an API key with every right.

    `engine` and `unit_of_work` are rcm_app's: triggers and checks hold for what is loaded too.
    """
    random = Random(seed)  # Repeatable, no secrets.
    parties = _parties()
    with unit_of_work() as session:
        partner_id = seed_parties(session, tools, parties, _NOWHERE)
        secret = create_api_key(session, tools, "bench", roles=_ROLES)
        actor = find_api_key(session, secret)
        assert actor is not None
        office = Office(
            keys=tools.keys,
            actor_id=actor.id,
            partner_id=partner_id,
            payers=_payers(session, parties),
            practices=_practices(session, parties),
            templates=make_templates(parties, today=tools.today()),
            today=tools.today(),
            claims=count,
        )
    people = [
        make_person(n, random, payers=len(office.payers), practices=len(office.practices))
        for n in range(max(1, count // CLAIMS_PER_PATIENT))
    ]
    writer = Writer(
        office=office,
        random=random,
        people=people,
        exchange=Exchange(office=office, random=random),
    )
    with ThreadPoolExecutor(1) as copying:  # One batch is copied while the next is made.
        copied = None
        for first in range(0, count, CLAIMS_PER_BATCH):
            rows = writer.batch(range(first, min(first + CLAIMS_PER_BATCH, count)))
            if copied is not None:
                copied.result()
            copied = copying.submit(_copy, engine, rows)
        if copied is not None:
            copied.result()
    return secret


def _copy(engine: Engine, rows: Rows) -> None:
    """Copy the rows of each table, in one transaction."""
    with engine.begin() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        for table, columns in COLUMNS.items():
            names = ", ".join(columns)
            with (
                driver.cursor() as cursor,
                cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy,
            ):
                for row in rows[table]:
                    copy.write_row(row)


def analyze(owner: Engine) -> None:
    """Let the planner know what was loaded, as autovacuum does in time."""
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _parties() -> dict[str, Any]:
    """Return the sample parties, with more practices and payers."""
    parties: dict[str, Any] = json.loads(_PARTIES.read_text(encoding="utf-8"))
    npis = (str(n) for n in numbers(1_500_000_000) if is_npi(str(n)))
    for n, name in enumerate(_PRACTICES):
        practice = deepcopy(parties["practices"][0])
        tax_id = f"4500000{n:02d}"
        parties["practices"].append(practice | {"name": name, "npi": next(npis), "tax_id": tax_id})
    for n, name in enumerate(_PAYERS):
        payer = deepcopy(parties["payers"][0])
        parties["payers"].append(payer | {"name": name, "identifier": f"7{n:04d}"})
    return parties


def _payers(session: Session, parties: Mapping[str, Any]) -> tuple[PayerRow, ...]:
    rows = {row.identifier: row for row in session.scalars(select(PayerRow))}
    return tuple(rows[payer["identifier"]] for payer in parties["payers"])


def _practices(session: Session, parties: Mapping[str, Any]) -> tuple[BillingProviderRow, ...]:
    rows = {row.npi: row for row in session.scalars(select(BillingProviderRow))}
    return tuple(rows[practice["npi"]] for practice in parties["practices"])

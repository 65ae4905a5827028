"""A broken 835 can have a name where a code should be: nothing that is stored in clear has it."""

import pytest

from rcm.db import snapshot
from rcm.proof import verify
from tests.harness import Practice
from tests.rcm.intake import encounter
from tests.rcm.partner_files import adjust, file_835, payment, plb, receive, remit, send

NAME = "CANARY ADA"
CODES = ("CAS*CO*", "CAS*", "CLP*PCN*", "MOA***", "PLB*1234567893*20261231*")


def stored(practice: Practice) -> list[str]:
    """Every row of every table, as text."""
    tables = practice.rows(
        "SELECT table_name FROM information_schema.tables"
        " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
    )
    return [
        str(row.said)
        for (table,) in tables
        for row in practice.rows(f'SELECT each::text AS said FROM "{table}" AS each')
    ]


@pytest.mark.parametrize("at", CODES)
def test_a_name_in_the_place_of_a_code_is_stored_nowhere(practice: Practice, at: str) -> None:
    (claim,) = send(practice, encounter())
    told = payment(claim.number, 10_000, 8_000, adjust("CO", "45", 2_000))
    body = file_835(remit(told, plbs=[plb("L6", -500)]))
    receive(practice, named(body, at.replace("PCN", claim.number).encode()))
    assert not [row for row in stored(practice) if NAME in row]
    ((balance,),) = practice.rows(
        "SELECT sum(amount_cents)::int FROM posting WHERE account LIKE 'suspense:%'"
    )
    assert balance == (-500 if at.startswith("PLB") else -8_000)
    with snapshot(practice.unit_of_work) as session:
        assert verify(session, practice.tools).differences == ()


def named(body: bytes, at: bytes) -> bytes:
    """The 835 with a name behind `at`, which is put below the claim where it has none."""
    if at in body:
        before, _, after = body.partition(at)
        end = min(after.index(each) for each in (b"*", b":") if each in after)
        return before + at + NAME.encode() + after[end:]
    before, _, after = body.partition(b"PLB*")
    head, _, tail = after.partition(b"SE*")
    count, _, rest = tail.partition(b"*")
    added = at + NAME.encode() + b"~"
    return before + added + b"PLB*" + head + b"SE*%d*" % (int(count) + 1) + rest

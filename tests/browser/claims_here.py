"""Claims that a test makes for itself, and how it reads the pages of claims."""

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from playwright.sync_api import Locator, Page

from rcm.exchange.now import exchange_now
from tests.harness import Practice
from tests.rcm.answer_files import file_277ca, said
from tests.rcm.intake import encounter
from tests.rcm.partner_files import receive

NEVER_ANSWERED = "SBX13"  #: The sandbox's payer is silent: no later exchange moves the claim.
_TEST_INTERCHANGES = 900_000  #: Ours as the partner's: above what the sandbox counts to.
_TABLE = "table.cards tbody tr"


def claim_ids(world: Practice, count: int, **changes: object) -> list[UUID]:
    """Post encounters; return the ids of their claims, checked and not sent."""
    visits = [f"B{uuid4().hex[:12].upper()}" for _ in range(count)]
    day = world.tools.today().replace(day=1).isoformat()
    usual = {
        "source": "browser-tests",
        "lines__0__date_of_service": day,
        "coverages__0__member_id": f"{NEVER_ANSWERED}{uuid4().int % 10**7:07d}",
    }
    for visit in visits:
        own = {"external_id": visit, "patient__external_id": f"M{visit}"}
        world.post(encounter(**usual | own | changes))
    world.drain()
    found = world.rows(
        "SELECT external_id, claim.id FROM claim JOIN encounter ON encounter.id = encounter_id"
        " WHERE external_id = ANY(:visits)",
        visits=visits,
    )
    ids = {row[0]: row[1] for row in found}
    return [ids[visit] for visit in visits]


def rejected(world: Practice, count: int) -> list[UUID]:
    """Send claims of which the payer says that it does not know the member id."""
    ids = claim_ids(world, count)
    with world.unit_of_work() as session:
        exchange_now(session, world.partner_id)
    world.drain()
    rows = world.rows(
        "SELECT patient_control_number, interchange_number FROM submission"
        " JOIN file ON file.id = file_id WHERE claim_id = ANY(:ids)",
        ids=ids,
    )
    (batch,) = {row[1] for row in rows}
    patients = [said(row[0], "A7:164:IL") for row in rows]
    number = _TEST_INTERCHANGES + batch
    receive(world, file_277ca(*patients, batch=batch, is_payer=True, number=number))
    return ids


def status(world: Practice, claim_id: UUID) -> str:
    """What the claim is, as the database says."""
    ((found,),) = world.rows("SELECT status FROM claim WHERE id = :id", id=claim_id)
    return str(found)


def number(world: Practice, claim_id: UUID) -> str:
    """The patient control number of a claim."""
    ((found,),) = world.rows("SELECT patient_control_number FROM claim WHERE id = :id", id=claim_id)
    return str(found)


def one(world: Practice, state: str) -> UUID:
    """A claim of the world in this status."""
    ((found,),) = world.rows("SELECT id FROM claim WHERE status = :s ORDER BY id LIMIT 1", s=state)
    return UUID(str(found))


def assignee(world: Practice, claim_id: UUID) -> object:
    """Whose the open work of a claim is; None: nobody's."""
    ((name,),) = world.rows(
        "SELECT actor.name FROM work_item LEFT JOIN actor ON actor.id = assignee_id"
        " WHERE claim_id = :id AND state = 'open'",
        id=claim_id,
    )
    return name


def asked(page: Page, path: str) -> Any:  # noqa: ANN401 - JSON
    """What the API answers to the person at this window."""
    return page.evaluate("path => fetch('/api/v1' + path).then(told => told.json())", path)


def cents(text: str) -> int:
    """The cents of an amount in a cell; an en dash is nothing.

    >>> cents("1,234.50"), cents("–"), cents("−3.00")
    (123450, 0, -300)
    """
    shown = text.strip().replace(",", "")
    if shown == "–":
        return 0
    sign = -1 if shown.startswith("−") else 1
    whole, _, part = shown.lstrip("−").partition(".")
    return sign * (int(whole) * 100 + int(part))


def listed(page: Page) -> list[str]:
    """The ids of the claims in the list, in order."""
    links = page.locator(f"{_TABLE} th a").evaluate_all("all => all.map((a) => a.pathname)")
    return [link.rpartition("/")[2] for link in links]


def row(page: Page, name: str) -> Locator:
    """The row of a claim, by its control number."""
    return page.locator(_TABLE).filter(has_text=name)


def counted(page: Page) -> int:
    """How many claims the list says it has."""
    text = page.locator("main [role=status]").first.inner_text()
    found = re.match(r"([\d,]+) claims?,", text)
    assert found, text
    return int(found[1].replace(",", ""))


def equation(page: Page) -> Sequence[int]:
    """Billed, paid, adjusted, patient and open, as the totals row states them."""
    text = page.locator("tfoot .said").inner_text()
    found = re.fullmatch(
        r"(\S+) billed − (\S+) paid − (\S+) adjusted − (\S+) patient = (\S+) open", text
    )
    assert found, text
    return [cents(part) for part in found.groups()]

"""A practice with a day's work behind it: claims of every kind, their answers, and what is left to do."""

from datetime import timedelta
from pathlib import Path

from rcm.db import UnitOfWork
from rcm.tools import Tools
from samples.encounters import encounters
from samples.hostile import hostile
from tests.harness import Practice, make_practice

ORDINARY = 84  #: Each of the 42 kinds of sample twice.
SERVED_DAYS_AGO = 20


def make_world(unit_of_work: UnitOfWork, tools: Tools, folder: Path) -> Practice:
    """Seed, post, exchange until the payer has said all it will say at once."""
    practice = make_practice(unit_of_work, tools, folder)
    day = tools.today() - timedelta(days=SERVED_DAYS_AGO)
    practice.post(*(each for _, each in encounters(ORDINARY, seed=7, today=day)))
    practice.post(*(each for _, each in hostile(seed=7, today=day)))
    practice.exchange(rounds=4)
    # A second morning: some that wait, some just sent.
    later = encounters(12, seed=11, today=tools.today(), source="walk-in")
    practice.post(*(each for _, each in later))
    practice.drain()
    return practice

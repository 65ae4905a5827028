"""What the tests of jobs that meet a partner share."""

from pathlib import Path

import pytest

from rcm.db import UnitOfWork
from rcm.tools import Tools
from tests.harness import Practice, make_practice
from tests.stages import Stages


@pytest.fixture
def practice(unit_of_work: UnitOfWork, tools: Tools, tmp_path: Path, stages: Stages) -> Practice:
    """The sample organisation on an empty database, with its clearinghouse in a folder."""
    return make_practice(unit_of_work, tools, tmp_path, stages)

"""A clearinghouse for each test."""

from pathlib import Path

import pytest

from tests.sandbox.house import House


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Return a clearinghouse that was not started yet."""
    return House(tmp_path)

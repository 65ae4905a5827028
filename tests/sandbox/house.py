"""A clearinghouse in a folder, that can be killed at any step and started again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sandbox import clearinghouse as module
from sandbox.clearinghouse import Clearinghouse
from tests.claims import batch, claim, lines, upload

NOW = datetime(2026, 3, 3, 9, 1, tzinfo=UTC)


class Killed(BaseException):
    """Stands for SIGKILL: nothing catches it."""


class House:
    """A clearinghouse in a folder, that can be started again and again."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.hour = 0

    def start(self) -> Clearinghouse:
        self.hour += 1  # A later answer would have another time: the same bytes were kept.
        now = NOW.replace(hour=self.hour)
        return Clearinghouse(
            account=self.root / "account",
            private=self.root / "private",
            journal=self.root / "journal.jsonl",
            now=lambda: now,
        )

    def put(self, body: bytes, name: str = "batch.x12") -> None:
        (self.root / "account" / "to_payer" / name).write_bytes(body)

    def answers(self) -> dict[str, bytes]:
        folder = self.root / "account" / "from_payer"
        return {path.name: path.read_bytes() for path in folder.iterdir()}

    def journal(self) -> bytes:
        return (self.root / "journal.jsonl").read_bytes()


BODY = upload(
    batch(
        claim(member_id="SBX02", patient_control_number="A", lines=lines(10010, 999)),
        claim(member_id="SBX04", patient_control_number="B"),
    )
)
OTHER_BODY = upload(batch(claim(patient_control_number="C")), interchange_number=8)


@contextmanager
def killed_at(number: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Raise Killed before the step with this number, and again before each step after it.

    The steps are every write and rename that the clearinghouse does to the disk.
    """
    steps: list[str] = []

    def before(name: str, step: Callable[..., None]) -> Callable[..., None]:
        def do(*args: object, **kwargs: object) -> None:
            steps.append(name)
            if len(steps) >= number:
                raise Killed
            step(*args, **kwargs)

        return do

    with monkeypatch.context() as patch:
        for name in ("write_whole", "write_state", "append_rows", "rename"):
            patch.setattr(module, name, before(name, getattr(module, name)))
        yield steps

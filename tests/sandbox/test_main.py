"""The sandbox as a process: started, logged in to, asked, ended, and started again."""

import io
import json
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import paramiko
import pytest

from edi.reader import read_interchanges
from sandbox.journal import ClaimRow, read_journal
from sandbox.keys import new_key_pair
from tests.claims import batch, claim, upload

ROOT = Path(__file__).parents[2]
START_SECONDS = 30  #: Importing and listening, on a busy machine.
ANSWER_SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    folder: Path
    private_key: str

    @property
    def port_file(self) -> Path:
        return self.folder / "port.json"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    private, public = new_key_pair()
    (tmp_path / "authorized_keys").write_text(f"# keys of the test\n{public} practice\n")
    return Place(folder=tmp_path, private_key=private)


@contextmanager
def running(place: Place, time_zone: str = "UTC") -> Iterator[subprocess.Popen[bytes]]:
    command = [
        sys.executable, "-m", "sandbox.main", "--folder", str(place.folder / "sandbox"),
        "--port-file", str(place.port_file), "--username", "harbor",
        "--authorized-keys", str(place.folder / "authorized_keys"), "--time-zone", time_zone,
    ]  # fmt: skip
    with (place.folder / "log").open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
    try:
        wait_for(lambda: place.port_file.exists() or process.poll() is not None, START_SECONDS)
        assert process.poll() is None, (place.folder / "log").read_text()
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def written(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def wait_for(is_true: Callable[[], Any], seconds: int) -> None:
    end = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < end, f"not in {seconds} seconds"
        time.sleep(0.02)


@contextmanager
def logged_in(place: Place, private_key: str) -> Iterator[paramiko.SFTPClient]:
    ready = json.loads(place.port_file.read_bytes())
    kind, host_key = ready["host_key"].split()
    with paramiko.SSHClient() as client:
        client.set_missing_host_key_policy(paramiko.RejectPolicy())
        known = paramiko.hostkeys.HostKeyEntry.from_line(
            f"[127.0.0.1]:{ready['port']} {kind} {host_key}"
        )
        assert known is not None
        assert known.key is not None
        client.get_host_keys().add(f"[127.0.0.1]:{ready['port']}", kind, known.key)
        client.connect(
            "127.0.0.1",
            port=ready["port"],
            username="harbor",
            pkey=paramiko.Ed25519Key.from_private_key(io.StringIO(private_key)),
            allow_agent=False,
            look_for_keys=False,
            timeout=START_SECONDS,
        )
        with client.open_sftp() as sftp:
            yield sftp


def put(sftp: paramiko.SFTPClient, body: bytes, name: str) -> None:
    sftp.putfo(io.BytesIO(body), f"/to_payer/.tmp-{name}")
    sftp.rename(f"/to_payer/.tmp-{name}", f"/to_payer/{name}")


def test_an_upload_by_sftp_is_answered_and_a_signal_ends_the_process(place: Place) -> None:
    with running(place) as process, logged_in(place, place.private_key) as sftp:
        assert set(sftp.listdir("/")) == {"to_payer", "from_payer", "archive"}
        put(sftp, upload(batch(claim(member_id="SBX01"))), "batch.x12")
        wait_for(lambda: len(sftp.listdir("/from_payer")) == 3, ANSWER_SECONDS)
        sets = []
        for name in sorted(sftp.listdir("/from_payer")):
            with sftp.open(f"/from_payer/{name}") as file:
                (interchange,) = read_interchanges(file.read())
            sets += [each.set_id for each in interchange.sets()]
        assert sets == ["999", "277", "835"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(START_SECONDS) == 0
    assert not place.port_file.exists()
    (row, _) = read_journal(place.folder / "sandbox" / "journal.jsonl")
    assert isinstance(row, ClaimRow)
    assert row.paid_cents == 8750
    assert "CANARY" not in (place.folder / "log").read_text()


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])  # Never one day.
def test_answers_are_dated_by_the_clock_of_the_clearinghouse(place: Place, zone: str) -> None:
    def today() -> str:
        return datetime.now(ZoneInfo(zone)).strftime("%y%m%d")

    with running(place, zone), logged_in(place, place.private_key) as sftp:
        days = {today()}
        put(sftp, upload(batch(claim(member_id="SBX01"))), "batch.x12")
        wait_for(lambda: len(sftp.listdir("/from_payer")) == 3, ANSWER_SECONDS)
        for name in sftp.listdir("/from_payer"):
            with sftp.open(f"/from_payer/{name}") as file:
                (interchange,) = read_interchanges(file.read())
            assert interchange.date in days | {today()}, name


def test_a_stranger_is_not_let_in(place: Place) -> None:
    with (
        running(place),
        pytest.raises(paramiko.AuthenticationException),
        logged_in(place, new_key_pair()[0]),
    ):
        pass


def test_a_clearinghouse_that_fails_ends_the_process_with_1(place: Place) -> None:
    with running(place) as process:
        from_payer = place.folder / "sandbox" / "accounts" / "harbor" / "from_payer"
        from_payer.rmdir()
        from_payer.touch()
        assert process.wait(START_SECONDS) == 1


def test_started_again_it_has_the_same_host_key_and_goes_on(place: Place) -> None:
    with running(place) as process:
        first = json.loads(place.port_file.read_bytes())
        process.kill()  # Not asked: the port file stays, and must not be believed.
        process.wait()
    place.port_file.write_text('{"port": 1, "host_key": "stale"}')
    with running(place) as process:
        wait_for(lambda: b"ssh-ed25519" in written(place.port_file), START_SECONDS)
        assert json.loads(place.port_file.read_bytes())["host_key"] == first["host_key"]
        process.send_signal(signal.SIGINT)
        assert process.wait(START_SECONDS) == 0
    host_key = place.folder / "sandbox" / "private" / "host_key"
    assert stat.S_IMODE(host_key.stat().st_mode) == 0o600
    for folder in ("private", "accounts/harbor", "accounts/harbor/from_payer"):
        assert stat.S_IMODE((place.folder / "sandbox" / folder).stat().st_mode) == 0o700

"""F26 and F27: a server that may not be the partner, and one that refuses our login.

By jobs, with the partner's own settings: nobody is shown a user name or a key that should not be,
everything waits and nothing is given up, and what people correct lets all of it go.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import paramiko
import pytest

from rcm.parties.store import partner as find_partner
from rcm.parties.store import save_partner
from sandbox.keys import new_key_pair
from tests.harness import Practice
from tests.workers.doors import Door
from tests.workers.journeys import interchange
from tests.workers.sftp_places import SandboxPlace, openssh, sandbox_place
from tests.workers.test_connection import reach
from workers.handlers import connect_to, make_handlers
from workers.sftp import SftpSettings


class Real(Door):
    """Jobs that connect as production does."""

    @property
    def runner(self) -> Any:  # noqa: ANN401 - the Runner, with other handlers
        handlers = make_handlers(self.practice.tools, connect_to, connect_to)
        return replace(self.practice.runner, handlers=handlers)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[SandboxPlace]:
    with sandbox_place(tmp_path / "partner") as each:
        yield each


@pytest.fixture
def door(practice: Practice) -> Real:
    return Real(practice=practice)


def set_partner(door: Door, **changes: Any) -> None:  # noqa: ANN401 - fields of the value
    practice = door.practice
    with practice.unit_of_work() as session:
        known = find_partner(session, practice.tools.keys, practice.partner_id)
        save_partner(session, practice.tools.keys, replace(known, **changes))


def ecdsa() -> str:
    key = paramiko.ECDSAKey.generate()
    return f"{key.get_name()} {key.get_base64()}"


@pytest.mark.parametrize(
    "pinned",
    [(new_key_pair()[1],), (ecdsa(),), (), ("ssh-ed25519 rubbish",)],
    ids=["changed", "another type", "unknown host", "unreadable"],
)
def test_a_host_that_is_not_the_pinned_one_is_shown_nothing_and_stops_all(
    door: Real, place: SandboxPlace, pinned: tuple[str, ...]
) -> None:
    reach(door.practice, place, host_keys=pinned, stable_seconds=0)
    jobs = [door.freeze(n, interchange(n))[1] for n in range(1, 4)] + [door.visit()]
    for _ in range(3):
        for job_id in jobs:
            row = door.run(job_id)
            assert (row.state, row.attempts) == ("ready", 0)
    assert (door.breaker().code, door.breaker().wait) == ("SFTP-HOST-KEY", None)
    assert place.server.login_attempts == 0
    assert list((place.root / "out").iterdir()) == []
    set_partner(door, host_keys=place.settings.host_keys)
    door.forget()  # As a person does, by API or by the settings (tests/api/test_breaker.py).
    for job_id in jobs:
        assert door.run(job_id).state == "done"
    assert len(list((place.root / "out").iterdir())) == 3


def stopped_at_once(door: Real, root: Path, settings: SftpSettings) -> None:
    """Run a delivery to this server: nothing is sent, and the breaker waits for a person."""
    set_partner(
        door,
        host=settings.host,
        port=settings.port,
        username=settings.username,
        private_key=settings.private_key,
        host_keys=settings.host_keys,
        outbound_folder="out",
    )
    job_id = door.freeze(1, interchange(1))[1]
    row = door.run(job_id)
    assert (row.state, row.attempts) == ("ready", 0)
    assert row.code in {"SFTP-PORT", "SFTP-HOST-KEY"}
    assert (door.breaker().standing, door.breaker().wait) == ("open", None)
    assert door.run(job_id).code == "BREAKER-OPEN"
    assert list((root / "out").iterdir()) == []


@pytest.mark.parametrize(
    "config",
    [
        "KexAlgorithms diffie-hellman-group14-sha1\n",
        "Ciphers aes128-cbc\n",
        "Ciphers aes128-ctr\nMACs hmac-sha1\n",
    ],
    ids=["SHA-1 key exchange", "CBC", "SHA-1 MAC"],
)
def test_a_server_that_was_downgraded_gets_no_login_and_stops_all(
    door: Real, tmp_path: Path, config: str
) -> None:
    with openssh(tmp_path / "partner", config_lines=config) as (root, settings):
        stopped_at_once(door, root, settings)


def test_a_server_that_signs_with_sha_1_only_gets_no_login(door: Real, tmp_path: Path) -> None:
    key = paramiko.RSAKey.generate(2048)
    path = tmp_path / "rsa_host_key"
    path.touch(mode=0o600)
    key.write_private_key_file(str(path))
    config = f"HostKey {path}\nHostKeyAlgorithms ssh-rsa\n"
    with openssh(tmp_path / "partner", config_lines=config) as (root, settings):
        pinned = (f"ssh-rsa {key.get_base64()}",)
        stopped_at_once(door, root, replace(settings, host_keys=pinned))


@pytest.mark.parametrize("change", ["key", "user"])
def test_a_login_that_is_refused_is_tried_twice_whatever_waits(
    door: Real, place: SandboxPlace, change: str
) -> None:
    wrong = {"private_key": new_key_pair()[0]} if change == "key" else {"username": "stranger"}
    reach(door.practice, place, stable_seconds=0, **wrong)
    jobs = [door.freeze(n, interchange(n))[1] for n in range(1, 8)] + [door.visit()]
    for _ in range(5):
        for job_id in jobs:
            assert door.run(job_id).state == "ready"
        if door.breaker().wait is not None:
            door.let_pass()
    assert place.server.login_attempts == 2
    assert (door.breaker().code, door.breaker().wait) == ("SFTP-LOGIN", None)
    set_partner(door, private_key=place.settings.private_key, username=place.settings.username)
    door.forget()
    for job_id in jobs:
        assert door.run(job_id).state == "done"

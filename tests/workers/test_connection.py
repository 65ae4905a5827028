"""The connection test names the step that failed, says what to do, and leaves nothing behind."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from paramiko.sftp import SFTP_PERMISSION_DENIED

from rcm.access import Actor
from rcm.claims.service import WrongUsageError
from rcm.exchange.now import UnknownPartnerError
from rcm.jobs import Runner
from rcm.parties.connection_tests import ConnectionTest, find_test, last_test
from rcm.parties.service import ask_connection_test
from rcm.parties.store import partner as find_partner
from rcm.parties.store import save_partner
from sandbox.keys import new_key_pair
from sandbox.sftp_folder import ConfinedFolder
from tests.harness import Practice
from tests.workers.sftp_places import SandboxPlace, sandbox_place
from workers.connection import STEPS
from workers.handlers import connect_to, make_handlers
from workers.mailbox import Mailbox

Change = Callable[[SandboxPlace, pytest.MonkeyPatch], dict[str, Any]]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[SandboxPlace]:
    with sandbox_place(tmp_path / "partner") as each:
        yield each


def over_sftp(practice: Practice) -> Runner:
    return replace(practice.runner, handlers=make_handlers(practice.tools, connect_to, connect_to))


def set_partner(practice: Practice, **changes: Any) -> None:  # noqa: ANN401 - fields of the value
    with practice.unit_of_work() as session:
        partner = find_partner(session, practice.tools.keys, practice.partner_id)
        save_partner(session, practice.tools.keys, replace(partner, **changes))


def reach(practice: Practice, place: SandboxPlace, **changes: Any) -> None:  # noqa: ANN401
    settings = place.settings
    there = {
        "host": settings.host,
        "port": settings.port,
        "username": settings.username,
        "private_key": settings.private_key,
        "host_keys": settings.host_keys,
        "outbound_folder": "out",
        "inbound_folder": "in",
        "archive_folder": "archive",
    }
    set_partner(practice, **there | changes)


def ask(practice: Practice) -> UUID:
    client = Actor(id=practice.actor_id, name="test", roles=frozenset())
    with practice.unit_of_work() as session:
        return ask_connection_test(session, practice.tools, practice.partner_id, client)


def outcome_of(practice: Practice) -> ConnectionTest:
    test_id = ask(practice)
    replace(practice, runner=over_sftp(practice)).drain()
    with practice.unit_of_work() as session:
        found = find_test(session, test_id)
        assert last_test(session, practice.partner_id) == found
    assert found is not None
    assert practice.rows("SELECT DISTINCT state FROM job WHERE kind = 'check_connection'") == [
        ("done",)
    ]
    return found


def left(place: SandboxPlace) -> list[Path]:
    return [path for path in place.root.rglob("*") if path.is_file()]


def test_every_step_passes_where_all_is_right(practice: Practice, place: SandboxPlace) -> None:
    reach(practice, place)
    (place.root / "in" / "era.835").write_bytes(b"x")
    found = outcome_of(practice)
    assert found.state == "passed"
    assert [step.step for step in found.steps] == list(STEPS)
    assert {step.outcome for step in found.steps} == {"ok"}
    assert all(step.milliseconds >= 0 for step in found.steps)
    assert [path.name for path in left(place)] == ["era.835"]
    assert found.asked_by == "test"


def test_a_test_that_nobody_ran_yet_waits(practice: Practice) -> None:
    test_id = ask(practice)
    with practice.unit_of_work() as session:
        found = find_test(session, test_id)
    assert found is not None
    assert (found.state, found.steps) == ("waiting", ())
    assert practice.rows("SELECT kind, queue, ref_id FROM job") == [
        ("check_connection", "send", test_id)
    ]


def refuse(*names: str) -> Change:
    def change(_: SandboxPlace, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
        for name in names:
            monkeypatch.setattr(ConfinedFolder, name, lambda *_: SFTP_PERMISSION_DENIED)
        return {}

    return change


def close(place: SandboxPlace, _: pytest.MonkeyPatch) -> dict[str, Any]:
    place.server.close()
    return {}


def without(folder: str) -> Change:
    def change(place: SandboxPlace, _: pytest.MonkeyPatch) -> dict[str, Any]:
        (place.root / folder).rmdir()
        return {}

    return change


FAILURES: dict[str, tuple[Change, str, str]] = {
    "unknown host": (lambda *_: {"host": "no..host"}, "name", "host name"),
    "closed port": (close, "port", "refused"),
    "other host key": (
        lambda *_: {"host_keys": (new_key_pair()[1],)}, "host key", "not pinned, SHA256:",
    ),
    "refused key": (lambda *_: {"private_key": new_key_pair()[0]}, "login", "login was refused"),
    "refused user": (lambda *_: {"username": "stranger"}, "login", "login was refused"),
    "no outbound folder": (without("out"), "outbound folder", "folder is missing"),
    "no inbound folder": (without("in"), "inbound folder", "folder is missing"),
    "no archive folder": (without("archive"), "archive folder", "folder is missing"),
    "read-only folder": (refuse("open"), "write", "Permission was refused"),
    "no rename": (refuse("rename", "posix_rename"), "rename", "Permission was refused"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "step", "words"), FAILURES.values(), ids=FAILURES)
def test_the_step_that_failed_is_named_with_its_cure(
    practice: Practice,
    place: SandboxPlace,
    monkeypatch: pytest.MonkeyPatch,
    change: Change,
    step: str,
    words: str,
) -> None:
    reach(practice, place, **change(place, monkeypatch))
    found = outcome_of(practice)
    at = STEPS.index(step)
    assert found.state == "failed"
    assert [each.step for each in found.steps] == list(STEPS)
    assert [each.outcome for each in found.steps] == [
        *["ok"] * at, "failed", *["not_reached"] * (len(STEPS) - at - 1),
    ]  # fmt: skip
    failed = found.steps[at]
    assert words in failed.message
    assert failed.cure
    assert all((each.message, each.cure) == ("", "") for each in found.steps if each is not failed)
    assert left(place) == []
    ((steps,),) = practice.rows("SELECT steps::text FROM connection_test")
    assert not any(name in steps for name in ("clinic", "stranger", "connection.tmp", "no..host"))


def test_a_probe_that_cannot_be_removed_is_the_last_step(
    practice: Practice, place: SandboxPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    reach(practice, place)
    monkeypatch.setattr(ConfinedFolder, "remove", lambda *_: SFTP_PERMISSION_DENIED)
    found = outcome_of(practice)
    assert [each.step for each in found.steps if each.outcome != "ok"] == ["remove"]
    (probe,) = left(place)
    assert ".tmp-" in probe.name, "no partner, and no practice, takes it for a claim file"


def test_a_server_that_never_speaks_fails_at_the_port(
    practice: Practice, place: SandboxPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.ssh.BANNER_SECONDS", 1)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        reach(practice, place, port=mute.getsockname()[1])
        found = outcome_of(practice)
    outcomes = {each.step: each.outcome for each in found.steps}
    assert (outcomes["name"], outcomes["port"], outcomes["host key"]) == (
        "ok", "failed", "not_reached",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "step"), [({"host_keys": ("rubbish",)}, "host key"), ({"private_key": ""}, "login")]
)
def test_what_is_wrong_before_the_first_byte_is_told_as_such(
    practice: Practice, place: SandboxPlace, change: dict[str, Any], step: str
) -> None:
    reach(practice, place, **change)
    found = outcome_of(practice)
    assert {each.step: each.outcome for each in found.steps if each.outcome != "not_reached"} == {
        step: "failed"
    }
    assert place.server.login_attempts == 0


def test_a_folder_on_a_disk_is_tested_too(practice: Practice) -> None:
    for name in ("to_payer", "from_payer", "archive"):
        (practice.account / name).mkdir(parents=True, exist_ok=True)
    test_id = ask(practice)
    practice.drain()
    with practice.unit_of_work() as session:
        found = find_test(session, test_id)
    assert found is not None
    assert found.state == "passed"


def test_a_stranger_and_a_production_partner_are_not_tested(practice: Practice) -> None:
    set_partner(practice, usage="P")
    with pytest.raises(WrongUsageError):
        ask(practice)
    with pytest.raises(UnknownPartnerError):
        ask(replace(practice, partner_id=UUID(int=1)))
    assert practice.rows("SELECT id FROM job UNION SELECT id FROM connection_test") == []


def test_a_partner_that_turned_to_production_meanwhile_is_not_connected_to(
    practice: Practice,
) -> None:
    ask(practice)
    set_partner(practice, usage="P")

    def nobody(*_: object) -> AbstractContextManager[Mailbox]:
        raise AssertionError

    handlers = make_handlers(practice.tools, nobody, nobody)
    replace(practice, runner=replace(practice.runner, handlers=handlers)).drain()
    assert practice.rows("SELECT state, last_error_code FROM job") == [("dead", "WRONG-USAGE")]

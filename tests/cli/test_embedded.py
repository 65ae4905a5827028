"""The chain of servers, each link really started: its roles, its secrets, its refusals."""

import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from sqlalchemy.exc import DBAPIError

from cli.embedded import (
    Servers,
    ServersBusyError,
    ServersError,
    ServersUnavailableError,
    binaries,
    erase_servers,
    running_servers,
)
from tests.cli.server_probes import SEARCH, ask, await_none_in, forced, home_of, living_in

LINKS = ("wheel", "local")


@pytest.fixture(scope="module", params=LINKS)
def started(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Servers, Path]]:
    folder = tmp_path_factory.mktemp(request.param)
    with running_servers(folder, env=forced(request.param)) as servers:
        assert servers.link == request.param
        yield servers, folder
    await_none_in(home_of(folder))
    erase_servers(folder)


def test_owner_owns_the_database_and_app_owns_nothing(started: tuple[Servers, Path]) -> None:
    servers, _ = started
    assert ask(servers.owner_url, "SELECT current_user") == "rcm_owner"
    assert ask(servers.app_url, "SELECT current_user") == "rcm_app"
    powers = "rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls"
    for url in (servers.owner_url, servers.app_url):
        mine = f"SELECT {powers} FROM pg_roles WHERE rolname = current_user"
        assert ask(url, mine) is False
    owned = "SELECT count(*) FROM pg_shdepend d JOIN pg_roles r ON r.oid = d.refobjid"
    assert ask(servers.app_url, f"{owned} WHERE r.rolname = 'rcm_app' AND d.deptype = 'o'") == 0
    owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'rcm'"
    assert ask(servers.app_url, owner) == "rcm_owner"
    settings = "SELECT current_setting('server_encoding') || current_setting('fsync')"
    assert ask(servers.app_url, settings) == "UTF8on"


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE public.mine (id int)",
        "CREATE TEMPORARY TABLE mine (id int)",
        "CREATE SCHEMA mine",
        "CREATE ROLE mine",
    ],
)
def test_app_creates_nothing(started: tuple[Servers, Path], statement: str) -> None:
    servers, _ = started
    with pytest.raises(DBAPIError, match="permission denied"):
        ask(servers.app_url, statement)


@pytest.mark.parametrize("database", ["postgres", "template1"])
def test_app_enters_no_other_database(started: tuple[Servers, Path], database: str) -> None:
    servers, _ = started
    with pytest.raises(DBAPIError, match="permission denied"):
        ask(servers.app_url.replace("/rcm?", f"/{database}?"), "SELECT 1")


def test_a_wrong_password_is_refused(started: tuple[Servers, Path]) -> None:
    servers, _ = started
    with pytest.raises(DBAPIError, match="password authentication failed"):
        ask(servers.app_url.replace("rcm_app:", "rcm_app:x"), "SELECT 1")


def test_no_value_and_no_password_reaches_a_log(started: tuple[Servers, Path]) -> None:
    servers, folder = started
    ask(servers.owner_url, "CREATE TABLE kept (name text UNIQUE)")
    ask(servers.owner_url, "INSERT INTO kept VALUES ('Canary')")
    for wrong in ("SELECT 'Canary'::int", "INSERT INTO kept VALUES ('Canary')", "SELEKT Canary"):
        with pytest.raises(DBAPIError):
            ask(servers.owner_url, wrong)
    ask(servers.owner_url, "DROP TABLE kept")
    logs = "".join(path.read_text() for path in (folder / "log").iterdir())
    assert "ready to accept connections" in logs.lower()
    assert "Canary" not in logs
    for secret in (folder / "secrets").iterdir():
        assert secret.read_text() not in logs


def test_repr_shows_no_password(started: tuple[Servers, Path]) -> None:
    servers, folder = started
    kept = {path.name: path.read_text() for path in (folder / "secrets").iterdir()}
    assert sorted(kept) == ["rcm_admin", "rcm_app", "rcm_owner"]
    assert len(set(kept.values())) == 3
    assert kept["rcm_app"] in servers.app_url
    assert not any(password in repr(servers) for password in kept.values())


def test_sockets_and_secrets_are_closed_to_others(started: tuple[Servers, Path]) -> None:
    _, folder = started
    home = home_of(folder)
    for path in (folder / "secrets", folder / "log", home / "run", *home.glob("pg-*")):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    for path in (*(folder / "secrets").iterdir(), *(folder / "log").iterdir()):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_valkey_keeps_nothing_on_disk_and_evicts_nothing(started: tuple[Servers, Path]) -> None:
    servers, _ = started
    with redis.Redis.from_url(servers.redis_url) as client:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.config_get("save") == {"save": ""}
        assert client.config_get("port") == {"port": "0"}


def test_servers_do_not_run_as_root(started: tuple[Servers, Path]) -> None:
    _, folder = started
    owners = {Path(f"/proc/{pid}").stat().st_uid for pid in living_in(home_of(folder))}
    assert len(owners) == 1
    assert 0 not in owners


def test_a_second_start_says_that_they_run(started: tuple[Servers, Path]) -> None:
    servers, folder = started
    with (
        pytest.raises(ServersBusyError, match="already run"),
        running_servers(folder, env=forced(servers.link)),
    ):
        pytest.fail("two servers on one folder")
    with pytest.raises(ServersBusyError):
        erase_servers(folder)
    assert ask(servers.app_url, "SELECT 1") == 1


def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(ServersError, match="cannot be used: Not a directory"),
        running_servers(tmp_path / "file" / "data", env=forced("wheel")),
    ):
        pytest.fail("servers in a file")


URLS = {
    "RCM_TEST_DATABASE_URL": "postgresql+psycopg://rcm_app:a@db/rcm",
    "RCM_TEST_DATABASE_OWNER_URL": "postgresql+psycopg://rcm_owner:b@db/rcm",
    "RCM_TEST_REDIS_URL": "redis://:c@cache/0",
}


@pytest.mark.parametrize("servers", ["", "url"])
def test_given_urls_are_used_and_nothing_starts(tmp_path: Path, servers: str) -> None:
    env = {**URLS, "RCM_SERVERS": servers}
    with running_servers(tmp_path / "none", env=env, prefix="RCM_TEST_") as given:
        assert given == Servers(
            app_url=URLS["RCM_TEST_DATABASE_URL"],
            owner_url=URLS["RCM_TEST_DATABASE_OWNER_URL"],
            redis_url=URLS["RCM_TEST_REDIS_URL"],
            link="url",
        )
        assert repr(given) == "Servers(link='url')"
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("missing", URLS)
def test_some_urls_without_the_others_are_an_error(tmp_path: Path, missing: str) -> None:
    env = {name: url for name, url in URLS.items() if name != missing}
    with (
        pytest.raises(ServersError, match=f"missing: {missing}$"),
        running_servers(tmp_path / "none", env=env, prefix="RCM_TEST_"),
    ):
        pytest.fail("half the servers")


@pytest.mark.parametrize("link", ["", "url", *LINKS])
def test_without_servers_the_error_names_three_remedies(
    tmp_path: Path, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binaries, "LOCAL_FOLDER", tmp_path)
    monkeypatch.setattr(binaries, "WHEEL", "no_such_wheel")
    with (
        pytest.raises(ServersUnavailableError) as error,
        running_servers(tmp_path / "none", env={"RCM_SERVERS": link, "PATH": ""}),
    ):
        pytest.fail("there are none")
    remedies = str(error.value)
    assert all(word in remedies for word in ("1. Serv", "RCM_DATABASE_URL", "2. Pinned", "3. Your"))
    assert not (tmp_path / "none").exists()


def test_the_chain_goes_from_the_wheels_to_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(binaries.FINDERS) == ["wheel", "local"]
    assert binaries.find_wheel({}) is not None
    monkeypatch.setattr(binaries, "VALKEY_WHEEL", "no_such_wheel")
    assert binaries.find_wheel({}) is None


def test_an_old_postgresql_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    assert binaries.find_local({"PATH": SEARCH}) is not None
    monkeypatch.setattr(binaries, "MAJOR_MIN", 99)
    assert binaries.find_local({"PATH": SEARCH}) is None


def test_an_unknown_link_is_an_error(tmp_path: Path) -> None:
    with (
        pytest.raises(ServersError, match="none of url, wheel, local"),
        running_servers(tmp_path, env={"RCM_SERVERS": "docker"}),
    ):
        pytest.fail("there is no such link")


def test_psycopg_reads_the_url_without_sqlalchemy(started: tuple[Servers, Path]) -> None:
    servers, _ = started
    plain = servers.app_url.replace("postgresql+psycopg:", "postgresql:")
    with psycopg.connect(plain) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("rcm_app",)

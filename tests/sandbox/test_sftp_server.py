"""The sandbox's SFTP server: who gets in, what stays inside, and who is told of a change."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import paramiko
import pytest

from sandbox.keys import new_key_pair
from sandbox.sftp_server import Account, SftpServer

HOST_KEY, _ = new_key_pair()
KEYS = {name: new_key_pair() for name in ("clinic", "other")}


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """A clinic's folder with a link that leads out of it, beside another's and a secret."""
    for name in ("clinic/in", "clinic/out", "other"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "other/theirs").write_text("theirs")
    (tmp_path / "clinic/mine").write_text("mine")
    (tmp_path / "clinic/way_out").symlink_to(tmp_path)
    (tmp_path / "clinic/secret").symlink_to(tmp_path / "secret")
    return tmp_path


@pytest.fixture
def changes() -> list[str]:
    return []


@pytest.fixture
def server(disk: Path, changes: list[str]) -> Iterator[SftpServer]:
    accounts = {
        name: Account(folder=disk / name, public_keys=(public,))
        for name, (_, public) in KEYS.items()
    }
    with SftpServer(
        accounts, host_key=HOST_KEY, on_change=lambda: changes.append("changed")
    ) as each:
        yield each


@pytest.fixture
def line(server: SftpServer) -> Iterator[paramiko.Transport]:
    transport = paramiko.Transport(socket.create_connection(("127.0.0.1", server.port)))
    transport.start_client(timeout=10)
    yield transport
    transport.close()


@pytest.fixture
def sftp(line: paramiko.Transport) -> paramiko.SFTPClient:
    return log_in(line, "clinic")


def log_in(line: paramiko.Transport, name: str) -> paramiko.SFTPClient:
    line.auth_publickey(name, private_key(name))
    client = paramiko.SFTPClient.from_transport(line)
    assert client is not None
    return client


def private_key(name: str) -> paramiko.PKey:
    return paramiko.Ed25519Key.from_private_key(io.StringIO(KEYS[name][0]))


def write(sftp: paramiko.SFTPClient, path: str, body: bytes = b"x", mode: str = "wb") -> None:
    with sftp.open(path, mode) as file:
        file.write(body)


def read(sftp: paramiko.SFTPClient, path: str) -> bytes:
    with sftp.open(path, "rb") as file:
        return file.read()


# Who gets in


def test_no_password_opens_an_account(line: paramiko.Transport) -> None:
    with pytest.raises(paramiko.BadAuthenticationType) as caught:
        line.auth_password("clinic", "secret")
    assert caught.value.allowed_types == ["publickey"]


def test_nobody_gets_in_with_nothing(line: paramiko.Transport) -> None:
    with pytest.raises(paramiko.BadAuthenticationType):
        line.auth_none("clinic")


@pytest.mark.parametrize("name", ["clinic", "nobody", ""])
def test_a_key_opens_its_own_account_only(line: paramiko.Transport, name: str) -> None:
    with pytest.raises(paramiko.AuthenticationException):
        line.auth_publickey(name, private_key("other"))
    with pytest.raises((paramiko.SSHException, EOFError)):
        line.open_session(timeout=5)


def test_there_is_no_shell_no_command_and_no_tunnel(
    line: paramiko.Transport, sftp: paramiko.SFTPClient
) -> None:
    for ask in (paramiko.Channel.invoke_shell, lambda each: each.exec_command("id")):
        with pytest.raises(paramiko.SSHException):
            ask(line.open_session())
    with pytest.raises(paramiko.ChannelException):
        line.open_channel("direct-tcpip", ("127.0.0.1", 22), ("127.0.0.1", 1))
    with pytest.raises(paramiko.SSHException):
        line.request_port_forward("127.0.0.1", 0)
    assert sftp.listdir("in") == []


def test_attempts_to_log_in_are_counted(server: SftpServer, line: paramiko.Transport) -> None:
    assert server.login_attempts == 0
    with pytest.raises(paramiko.AuthenticationException):
        line.auth_publickey("clinic", private_key("other"))
    assert server.login_attempts == 1


# What stays inside


def snapshot(disk: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(disk)): path.read_bytes()
        for path in disk.rglob("*")
        if path.is_file() and "clinic" not in path.parts
    }


OUTSIDE = (
    "../secret", "/../secret", "../../secret", "in/../../secret", "in/../../../secret",
    "./../secret", "//..//secret", "way_out/secret", "way_out/other/theirs", "/way_out/secret",
    "in/../way_out/secret", "way_out/../way_out/secret", "secret", "../other/theirs",
    "/etc/hostname", "../../../../../../../../etc/hostname", "/proc/self/environ",
    "\x00/../secret", "..\\secret", "way_out", "..", ".",
)  # fmt: skip
ACTS: dict[str, Callable[[paramiko.SFTPClient, str], object]] = {
    "read": read,
    "replace": write,
    "append": lambda sftp, path: write(sftp, path, mode="ab"),
    "change": lambda sftp, path: write(sftp, path, mode="r+b"),
    "truncate": lambda sftp, path: sftp.truncate(path, 0),
    "chmod": lambda sftp, path: sftp.chmod(path, 0o777),
    "rename from": lambda sftp, path: sftp.rename(path, "in/stolen"),
    "rename to": lambda sftp, path: sftp.posix_rename("mine", path),
    "link to": lambda sftp, path: sftp.symlink(path, "in/link"),
    "link from": lambda sftp, path: sftp.symlink("mine", path),
    "read the link": lambda sftp, path: sftp.readlink(path),
    "make a folder": lambda sftp, path: sftp.mkdir(path),
    "write below": lambda sftp, path: write(sftp, f"{path}/new"),
    "list": lambda sftp, path: sftp.listdir(path),
    "remove the folder": lambda sftp, path: sftp.rmdir(path),
    "remove": lambda sftp, path: sftp.remove(path),
}


@pytest.mark.parametrize("act", ACTS)
def test_no_path_leads_out(disk: Path, sftp: paramiko.SFTPClient, act: str) -> None:
    before = snapshot(disk)
    seen: list[object] = []
    for path in OUTSIDE:
        try:
            seen.append(ACTS[act](sftp, path))
        except OSError:
            continue
    assert snapshot(disk) == before
    assert (disk / "clinic/in").is_dir()
    for each in (b"secret", b"theirs", ["other", "clinic", "secret"], "other"):
        assert each not in seen
    assert not any("theirs" in names for names in seen if isinstance(names, list))


def test_absolute_and_rising_paths_end_at_the_account_s_root(sftp: paramiko.SFTPClient) -> None:
    for path in ("mine", "/mine", "../mine", "/../../mine", "in/../../mine"):
        assert read(sftp, path) == b"mine"
    assert sftp.normalize("../../in") == "/in"


def test_a_link_is_shown_as_a_link(sftp: paramiko.SFTPClient) -> None:
    for path in ("secret", "way_out"):
        for look in (sftp.stat, sftp.lstat):
            assert paramiko.SFTPAttributes.__str__(look(path)).startswith("l")


def test_the_root_cannot_be_removed(disk: Path, server: SftpServer) -> None:
    (disk / "other/theirs").unlink()
    with paramiko.Transport(socket.create_connection(("127.0.0.1", server.port))) as line:
        line.start_client(timeout=10)
        sftp = log_in(line, "other")
        for act in (sftp.rmdir, sftp.remove):
            with pytest.raises(PermissionError):
                act("/")
    assert (disk / "other").is_dir()


# What it does


def test_real_errors_have_their_own_codes(sftp: paramiko.SFTPClient) -> None:
    with pytest.raises(FileNotFoundError):
        sftp.stat("none")
    with pytest.raises(FileNotFoundError):
        write(sftp, "nowhere/a")
    with pytest.raises(PermissionError):
        read(sftp, "way_out/secret")
    with pytest.raises(OSError, match="Failure"):
        sftp.open("mine", "wx")
    write(sftp, "in/a")
    with pytest.raises(OSError, match="Failure"):
        sftp.rmdir("in")


def test_rename_keeps_an_existing_file_and_posix_rename_replaces_it(
    sftp: paramiko.SFTPClient,
) -> None:
    write(sftp, "in/a", b"one")
    write(sftp, "in/b", b"two")
    with pytest.raises(OSError, match="Failure"):
        sftp.rename("in/b", "in/a")
    assert read(sftp, "in/a") == b"one"
    sftp.posix_rename("in/b", "in/a")
    assert read(sftp, "in/a") == b"two"
    assert sftp.listdir("in") == ["a"]


def test_a_file_can_be_written_in_parts_appended_and_dated(
    disk: Path, sftp: paramiko.SFTPClient
) -> None:
    body = bytes(range(256)) * 1024
    with sftp.open("in/a", "w+b") as file:
        file.seek(100_000)
        file.write(body[100_000:])
        file.seek(0)
        file.write(body[:100_000])
        assert file.stat().st_size == len(body)
        file.utime((1, 2))
    assert (disk / "clinic/in/a").stat().st_mtime == 2
    write(sftp, "in/a", b"more", mode="ab")
    assert (disk / "clinic/in/a").read_bytes() == body + b"more"
    sftp.utime("in/a", (3, 4))
    assert sftp.stat("in/a").st_mtime == 4


def test_a_change_is_told_when_a_file_is_complete(
    changes: list[str], sftp: paramiko.SFTPClient
) -> None:
    sftp.listdir("in")
    read(sftp, "mine")
    assert len(changes) == 0
    write(sftp, "in/a.tmp-1")
    assert len(changes) == 1
    sftp.posix_rename("in/a.tmp-1", "in/a")
    assert len(changes) == 2
    sftp.rename("in/a", "in/b")
    assert len(changes) == 3


def test_accounts_are_served_at_once_and_apart(disk: Path, server: SftpServer) -> None:
    failures: list[str] = []

    def work(name: str, n: int) -> None:
        with paramiko.Transport(socket.create_connection(("127.0.0.1", server.port))) as line:
            line.start_client(timeout=10)
            sftp = log_in(line, name)
            for k in range(20):
                write(sftp, f"{n}-{k}", f"{name} {n} {k}".encode())
                if read(sftp, f"{n}-{k}") != f"{name} {n} {k}".encode():
                    failures.append(f"{name} {n} {k}")

    threads = [threading.Thread(target=work, args=(name, n)) for n in range(3) for name in KEYS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    for name in KEYS:
        written = {path.read_text() for path in (disk / name).glob("?-*")}
        assert written == {f"{name} {n} {k}" for n in range(3) for k in range(20)}


def test_closing_ends_connections_and_frees_the_port(
    disk: Path, server: SftpServer, sftp: paramiko.SFTPClient
) -> None:
    server.close()
    server.close()
    with pytest.raises((OSError, EOFError, paramiko.SSHException)):
        sftp.listdir("in")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port))
    account = Account(folder=disk / "clinic", public_keys=())
    with SftpServer({"clinic": account}, host_key=HOST_KEY, port=server.port) as again:
        assert again.port == server.port

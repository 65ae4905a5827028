"""Rules that no linter has, read from the code itself."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import FIRST

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
    assert [name for name in FIRST if not (ROOT / name).is_file()] == []


def test_the_walk_finds_the_code() -> None:
    assert {name_of(path).split("/")[0] for path in MODULES} == set(PACKAGES)
    assert {"README.md", "pyproject.toml", "docs/findings.md"} <= {name_of(each) for each in TEXTS}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_is_tidy(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    assert ast.get_docstring(tree), "the first line of a module says what it owns"
    assert not UNFINISHED.search(source), "finish it, or write it into the README's Not yet"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or 0) - node.lineno + 1
            assert lines <= FUNCTION_LINES_MAX, f"{node.name} has {lines} lines: split it"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_uses_no_forbidden_name(path: Path) -> None:
    used = set(words(ast.parse(path.read_text(encoding="utf-8"))))
    assert "float" not in used, "money is Cents; ratios are Fraction"
    assert not used & TRUSTING, "a host key is pinned: workers.ssh.PinnedKeysPolicy"
    if name_of(path) != COMMITS:
        assert "commit" not in used, "rcm.db.unit_of_work commits, nothing else"


def test_only_the_doors_of_the_api_are_async() -> None:
    found = {
        name_of(path)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.AsyncFunctionDef | ast.Await)
    }
    assert all(re.fullmatch(r"api/\w+\.py", each) for each in found), "docs/adr/0002"


@pytest.mark.parametrize("path", [path for path in TEXTS if path.suffix == ".py"], ids=name_of)
def test_a_file_can_be_read_in_one_sitting(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= LINES_MAX, f"{lines} lines: split it by reason to change"


@pytest.mark.parametrize(
    "path", [path for path in TEXTS if path.suffix not in {".edi", ".sql", ".png"}], ids=name_of
)
def test_a_file_names_no_registry_and_no_folder_of_one_machine(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not REGISTRY.search(text), "the installer knows where packages are"
    assert MACHINE_PATH.findall(text) == [], "a path that only one machine has"

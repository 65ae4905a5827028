"""The documents say what the code does: settings, jobs, routes, decisions, tests they name."""

import ast
import json
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import click
import pytest
from sqlalchemy import LargeBinary

from api.app import make_app
from cli.embedded.servers import FORCE
from cli.main import cli
from rcm.access import Role
from rcm.claims.status import ClaimStatus
from rcm.encounters.read import read_encounter
from rcm.jobs import KINDS
from rcm.ledger.accounts import Account
from rcm.rows.base import Base
from rcm.settings import Settings
from rcm.settings_told import BESIDE, markdown
from sandbox.adjudicate import RULES
from tests.import_picture import picture, written

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
RECORDS = sorted((ROOT / "docs" / "adr").glob("*.md"))
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
RECORD_LINES_MAX = 40
README_LINES_MAX = 200
TEST = re.compile(r"`(tests/[\w/.-]+?)(?:::(\w+))?`")
SEALED = re.compile(r"identity|body|(\w+_)?sealed")  #: As migration 0001 says.
#: `GET claims/{id}`, `POST /api/v1/encounters`, `POST .../partners/{id}/exchange`.
OPERATION = re.compile(r"`(GET|POST|PUT|PATCH|DELETE) ((?:\.\.\./|/)?[a-z][\w/{}-]*)")
COMMAND = re.compile(r"(?:`|^|/bin/|run --rm api )rcm ([a-z]+(?: [a-z]+)?)\b", re.MULTILINE)
IN_HERE = re.compile(
    r"`((?:edi|rcm|api|workers|sandbox|cli|docs|tests|scripts|samples|deploy|benchmarks)/[\w/.-]+)"
    r"[`:]"
)
TARGET = re.compile(r"(?:`|^)make ([a-z-]+)\b", re.MULTILINE)
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
ANCHOR = re.compile(r"\]\(([^)#:]*)#([^)]+)\)")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            yield node.name


def test_the_table_of_settings_is_made_of_the_model() -> None:
    written = OPERATIONS.partition("<!-- rcm settings --markdown -->\n")[2]
    assert written.partition("<!-- end -->")[0] == markdown(), "rcm settings --markdown says it"
    assert FORCE in BESIDE


def test_every_kind_of_job_stands_in_the_data_flow() -> None:
    page = (ROOT / "docs" / "data-flow.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| (\w+) \| (\d+) \| (\d+) \|$", page, re.MULTILINE)
    assert rows == [
        (name, kind.queue, str(kind.attempts_max), str(kind.seconds_max))
        for name, kind in KINDS.items()
    ]


def test_the_encounter_of_the_readme_is_one_of_a_known_practice_and_payer() -> None:
    found = re.search(r"<<'JSON'\n(.*?)\nJSON\n", README, re.DOTALL)
    assert found is not None
    encounter = read_encounter(found[1].encode())
    parties = json.loads((ROOT / "samples" / "parties.json").read_text(encoding="utf-8"))
    assert encounter.billing_provider.npi in {each["npi"] for each in parties["practices"]}
    payers = {each["identifier"] for each in parties["payers"]}
    assert encounter.coverages[0].payer.id in payers


@cache
def openapi() -> dict[str, Any]:
    settings = Settings.model_validate(
        {"database_url": "postgresql+psycopg://", "redis_url": "redis://", "key_file": "/"}
    )
    return make_app(settings).openapi()


def test_every_operation_stands_in_the_readme() -> None:
    for path in openapi()["paths"]:
        word = path.removeprefix("/api/v1/").partition("/{")[0]
        assert re.search(rf"\b{word}\b", README), path


def test_the_readme_names_the_answers_that_the_sandbox_has() -> None:
    codes = sorted(rule.code for rule in RULES.values())
    assert codes == [f"{n:02d}" for n in (*range(1, 38), *range(51, 62))]
    assert f"lists all {len(codes)}" in README


def test_every_sealed_column_stands_in_the_security_page_and_no_other() -> None:
    page = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `(\w+)` \| `(\w+)`: ", page, re.MULTILINE)
    sealed = [
        (table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary) and SEALED.fullmatch(column.name)
    ]
    assert told == sorted(sealed)


def test_the_glossary_knows_every_status_account_and_role() -> None:
    page = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    words, _, rest = page.partition("\n## Statuses\n")
    statuses, _, accounts = rest.partition("\n## Accounts")
    assert re.findall(r"^\| `(\w+)` \|", statuses, re.MULTILINE) == list(ClaimStatus)
    first = "".join(re.findall(r"^\| (.*?) \|", accounts, re.MULTILINE))
    assert set(re.findall(r"`([a-z:-]+)`", first)) == set(Account)
    assert all(re.search(rf"\b{role}\b", words) for role in Role)


def test_the_readme_is_short() -> None:
    assert README.count("\n") <= README_LINES_MAX


@pytest.mark.parametrize("path", RECORDS, ids=name_of)
def test_a_decision_is_short_and_whole(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= RECORD_LINES_MAX
    number = "NNNN" if path.name.startswith("0000") else path.name[:4]
    assert text.startswith(f"# {number}. ")
    assert re.findall(r"^\*\*(\w+)\*\*", text, re.MULTILINE) == [
        "Context",
        "Decision",
        "Consequences",
        "Guard",
    ]


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [path.name[:4] for path in RECORDS] == [f"{n:04d}" for n in range(len(RECORDS))]


def test_the_picture_of_the_imports_is_that_of_the_code() -> None:
    assert written() == picture(), ".venv/bin/python -m tests.import_picture"


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_page_names_operations_and_commands_that_are_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for method, told in OPERATION.findall(text):
        assert (method, bare(told)) in operations(), f"{method} {told}"
    for told in COMMAND.findall(text):
        assert is_command(told.split()), f"rcm {told}"
    for target in TARGET.findall(text):
        assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE), f"make {target}"


def bare(path: str) -> str:
    """Return a path without what comes before `/api/v1`, and with any name of its parts."""
    return re.sub(r"\{\w+\}", "{}", re.sub(r"^(\.\.\.)?/?(api/v1/)?", "", path).rstrip("/"))


@cache
def operations() -> frozenset[tuple[str, str]]:
    paths = openapi()["paths"].items()
    return frozenset((method.upper(), bare(path)) for path, those in paths for method in those)


def is_command(words: Sequence[str]) -> bool:
    """Tell whether `rcm` knows these words, up to the first that is an argument or an option."""
    here: click.Command | None = cli
    for word in words:
        if not isinstance(here, click.Group):
            break
        here = here.get_command(click.Context(here), word)
    return here is not None


def test_every_page_stands_in_the_index() -> None:
    folder = ROOT / "docs"
    told = set(LINK.findall((folder / "README.md").read_text(encoding="utf-8")))
    pages = {path.name for path in folder.glob("*.md")} - {"README.md"}
    assert pages <= told


def slug(heading: str) -> str:
    """Return the anchor of a heading, as renderers of Markdown make it."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_what_a_page_points_to_is_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target in LINK.findall(text):
        assert (path.parent / target).exists(), target
    for target, anchor in ANCHOR.findall(text):
        page = (path.parent / target if target else path).read_text(encoding="utf-8")
        assert anchor in {slug(each) for each in re.findall(r"^#+ (.*)$", page, re.MULTILINE)}
    for target in IN_HERE.findall(text):
        assert (ROOT / target).exists(), target
    for file, function in TEST.findall(text):
        if "*" in file:
            continue
        assert (ROOT / file).exists(), file
        assert not function or function in functions(ROOT / file), f"{file}::{function}"

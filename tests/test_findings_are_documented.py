"""docs/findings.md lists every stable code of the source, with its severity, and no other."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from workers.mailbox import Step

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "findings.md"
PACKAGES = ("edi", "rcm", "api", "workers", "cli")  # What the sandbox finds never leaves it.
#: How a code begins.
PREFIXES = (
    "X12", "PYX12", "GUIDE", "837", "999", "835", "TA1", "277CA", "270", "271", "276", "277",
    "CLAIM", "ENCOUNTER", "REQUEST", "PARTNER", "DECISION",
)  # fmt: skip
CODE = re.compile(rf"(?:{'|'.join(PREFIXES)})-[A-Z0-9]+(?:-[A-Z0-9]+)*")
FAMILY = re.compile(rf"(?:{'|'.join(PREFIXES)})-(?:[A-Z0-9]+-)+")  #: Before `{...}` of an f-string.
ROW = re.compile(
    r"^\| `([^`]+)` \| (error|warning|note|problem) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE
)
#: Functions that take a code first, and the severity of what they make.
SEVERITIES = {
    "error": "error",
    "refuse": "error",
    "add": "error",
    "bad": "error",
    "warning": "warning",
    "warn": "warning",
}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def codes_in(tree: ast.AST) -> Iterator[str]:
    """Yield each string that is a code whole, `PREFIX-*` for one that is put together, and the
    code of each kind of problem."""
    for node in ast.walk(tree):
        match node:
            case ast.JoinedStr(values=[ast.Constant(value=str(start)), *_]):
                if FAMILY.fullmatch(start):
                    yield f"{start}*"
            case ast.Constant(value=str(text)) if CODE.fullmatch(text):
                yield text
            case ast.Call(func=ast.Name(id="Kind")):
                for keyword in node.keywords:
                    if keyword.arg == "code" and isinstance(keyword.value, ast.Constant):
                        yield str(keyword.value.value)
            case _:
                pass


def severities_in(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield the codes given to error(), warning() and their like, with the severity."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Name(id=maker) | ast.Attribute(attr=maker),
                args=[ast.Constant(value=str(code)), *_],
            ) if maker in SEVERITIES:
                yield code, SEVERITIES[maker]
            case ast.Call(
                func=ast.Name(id="Check"),
                args=[ast.Constant(value=str(code)), ast.Attribute(attr=severity), *_],
            ):
                yield code, severity.lower()
            case _:
                pass


def documented() -> dict[str, str]:
    """Return the severity that the page says, by code."""
    rows = ROW.findall(PAGE.read_text(encoding="utf-8"))
    assert len({code for code, *_ in rows}) == len(rows), "a code stands twice in the page"
    return {code: severity for code, severity, _, _ in rows}


def test_every_code_is_documented_and_no_other() -> None:
    where: dict[str, set[str]] = defaultdict(set)
    for path, tree in modules():
        for code in codes_in(tree):
            where[code].add(path)
    page = documented()
    missing = [
        f"add to docs/findings.md:  | `{code}` | SEVERITY | what it means | what to do |"
        f"   (made in {', '.join(sorted(where[code]))})"
        for code in sorted(where.keys() - page.keys())
        if not any(code.startswith(each[:-1]) for each in page if each.endswith("-*"))
    ]
    gone = [
        f"remove from docs/findings.md:  `{code}` (no module makes it any more)"
        for code in sorted(page.keys() - where.keys())
    ]
    if missing or gone:
        pytest.fail("\n" + "\n".join([*missing, *gone]))


def test_the_severity_of_each_code_is_the_one_in_the_source() -> None:
    page = documented()
    wrong = [
        f"{path}: `{code}` is made as {severity}, docs/findings.md says {page[code]}"
        for path, tree in modules()
        for code, severity in severities_in(tree)
        if page.get(code, severity) not in (severity, "problem")
    ]
    assert wrong == []


def test_every_finding_begins_with_a_known_word() -> None:
    unknown = [
        f"{path}: {code} - begin with one of {', '.join(PREFIXES)}, or add its first word there"
        for path, tree in modules()
        for code, _ in severities_in(tree)
        if re.fullmatch(r"[A-Z0-9]+(-[A-Z0-9]+)+", code) and not CODE.fullmatch(code)
    ]
    assert unknown == []


def test_every_step_of_an_exchange_is_a_documented_job_code() -> None:
    page = PAGE.read_text(encoding="utf-8")
    codes = {f"`SFTP-{step.upper().replace(' ', '-')}`" for step in get_args(Step)}
    assert {code for code in codes if code not in page} == set()


def test_every_code_that_ends_a_job_is_documented_with_a_cure() -> None:
    page = PAGE.read_text(encoding="utf-8").partition("\n## Job codes")[2]
    rows = re.findall(r"^\| (`[^|]+`) \| [^|]+ \| [^|]+ \| ([^|]+) \|$", page, re.MULTILINE)
    told = {code for codes, _ in rows for code in re.findall(r"`([A-Z-]+)`", codes)}
    made = {code for _, tree in modules() for code in job_codes_in(tree)}
    assert {"FILE-DAMAGED", "HEADER-REFUSED"} <= made <= told
    assert all(cure.strip() for _, cure in rows)


def job_codes_in(tree: ast.AST) -> Iterator[str]:
    """Yield the codes given to a job's error, and those of errors that become one."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Name(id="PermanentJobError" | "TransientJobError")
                | ast.Attribute(attr="PermanentJobError" | "TransientJobError"),
                args=[ast.Constant(value=str(code))],
            ):
                yield code
            case ast.ClassDef(body=body, name=name) if name.endswith("Error"):
                for each in body:
                    match each:
                        case ast.Assign(
                            targets=[ast.Name(id="code")], value=ast.Constant(value=str(code))
                        ):
                            yield code
                        case _:
                            pass
            case _:
                pass

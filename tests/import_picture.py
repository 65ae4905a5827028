"""Which package imports which, read from the code, as the tables of docs/architecture.md.

`.venv/bin/python -m tests.import_picture` writes them into the page anew.
"""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "architecture.md"
LAYERS = ("cli", "api", "workers", "sandbox", "samples", "rcm", "edi")  #: From the top.
BEGIN, END = "<!-- imports: python -m tests.import_picture -->\n", "<!-- end -->"


def picture() -> str:
    """Return the tables as they are now."""
    files = {name: list(_modules(ROOT / name)) for name in LAYERS}
    houses = {name: {found.split(".")[0] for found in _imports(files[name])} for name in LAYERS}
    parts = {each.parent.name: each for each in sorted((ROOT / "rcm").glob("*/__init__.py"))}
    inside = {name: _parts_of(_imports(_modules(ROOT / "rcm" / name))) for name in parts}
    owns = {name: ROOT / name / "__init__.py" for name in LAYERS}
    return "\n".join(
        [
            *_table("package", owns, {name: houses[name] & set(LAYERS) for name in LAYERS}),
            "",
            *_table("part of `rcm`", parts, {name: inside[name] & set(parts) for name in parts}),
            "",
        ]
    )


def written() -> str:
    """Return the tables as the page has them."""
    return PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]


def _table(what: str, owns: Mapping[str, Path], imports: Mapping[str, set[str]]) -> Iterator[str]:
    yield f"| {what} | owns | imports |"
    yield "|---|---|---|"
    for name, file in owns.items():
        first = (ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or "").split("\n")
        told = ", ".join(f"`{each}`" for each in owns if each in imports[name] - {name})
        yield f"| `{name}` | {first[0]} | {told} |"


def _modules(folder: Path) -> Iterator[Path]:
    yield from sorted(folder.rglob("*.py"))


def _imports(files: Iterable[Path]) -> set[str]:
    """Return the dotted names that these modules import; imports are absolute here."""
    found: set[str] = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Import(names=names):
                    found |= {each.name for each in names}
                case ast.ImportFrom(module=str(module), names=names):
                    found |= {f"{module}.{each.name}" for each in names}
                case _:
                    pass
    return found


def _parts_of(names: Iterable[str]) -> set[str]:
    split = defaultdict(set)
    for name in names:
        house, _, rest = name.partition(".")
        split[house].add(rest.split(".")[0])
    return split["rcm"]


def main() -> None:
    """Write the tables into the page."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}{picture()}{END}{rest.partition(END)[2]}", encoding="utf-8")


if __name__ == "__main__":
    main()

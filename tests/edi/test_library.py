"""docs/library.md is true: its programs print what it says, and need nothing of the service."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import edi

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
PROGRAMS = re.findall(
    r"^## (.*?)\n.*?```python\n(.*?)```\n\n```text\n(.*?)\n```", PAGE, re.MULTILINE | re.DOTALL
)
GOLDEN = Path(__file__).parent / "golden"
SERVICE = {"rcm", "api", "workers", "sqlalchemy", "fastapi", "celery", "redis", "pydantic"}


@pytest.mark.parametrize(
    ("program", "printed"),
    [(program, printed) for _, program, printed in PROGRAMS],
    ids=[heading for heading, _, _ in PROGRAMS],
)
def test_a_program_of_the_page_prints_what_it_says(
    program: str, printed: str, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    shutil.copy(GOLDEN / "835-two-claims.edi", tmp_path / "payment.835")
    shutil.copy(GOLDEN / "837p-whole.edi", tmp_path / "claims.837")
    monkeypatch.chdir(tmp_path)
    exec(compile(program, "docs/library.md", "exec"), {})
    assert capsys.readouterr().out.strip() == printed


def test_the_page_has_the_five_common_tasks() -> None:
    assert len(PROGRAMS) == 5


def test_every_public_name_is_there_and_stands_in_the_code_once() -> None:
    assert set(edi.__all__) == set(edi._MODULES) == set(dir(edi))
    for name in edi.__all__:
        assert getattr(edi, name) is not None
    with pytest.raises(AttributeError, match="read_836"):
        edi.read_836  # noqa: B018 - to be refused


def test_every_reader_and_writer_of_the_page_is_a_public_name() -> None:
    table = PAGE.partition("| transaction |")[2].partition("\n\n")[0]
    assert set(re.findall(r"`((?:read|write)_\w+)`", table)) <= set(edi.__all__)


def test_nothing_of_the_service_is_imported() -> None:
    program = (
        "import edi, sys\n"
        "[getattr(edi, name) for name in edi.__all__]\n"
        f"print(*sorted(set(sys.modules) & {SERVICE!r}))"
    )
    ran = subprocess.run(  # A process of its own: this one has imported everything.
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == ""

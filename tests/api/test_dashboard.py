"""The dashboard's files: ours or of pinned packages, small, and asking nobody else."""

import gzip
import hashlib
import re
import shutil
from pathlib import Path

import pytest
from httpx import Client

from api.dashboard import PAGES, STATIC
from api.static_files import StaticFiles

ROOT = Path(__file__).parents[2]
VENDORED = (STATIC / "vendor", ROOT / "tests/browser/vendor")
OURS = sorted(
    path
    for path in STATIC.rglob("*")
    if path.suffix in {".js", ".css", ".html"} and "vendor" not in path.parts
)
SHIPPED_BYTES_MAX = 250_000  #: Of JavaScript, compressed (issue 4).
LINES_MAX = 300


@pytest.mark.parametrize("folder", VENDORED, ids=lambda folder: folder.parent.name)
def test_vendored_files_are_those_of_their_packages(folder: Path) -> None:
    sums = [line.split("  ") for line in (folder / "SHA256SUMS").read_text().splitlines()]
    assert sums
    for digest, name, package in sums:
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
        licence = package.rpartition("@")[0].lstrip("@").replace("/", "-")
        assert (folder / f"LICENSE.{licence}").exists()
    known = {name for _, name, _ in sums} | {"SHA256SUMS"}
    assert {each.name for each in folder.iterdir() if "LICENSE" not in each.name} == known


@pytest.mark.parametrize("path", OURS, ids=lambda path: str(path.relative_to(STATIC)))
def test_a_file_is_short_asks_nobody_else_and_has_nothing_inline(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= LINES_MAX
    assert not re.search(r"https?://(?!www\.w3\.org/)", text)
    assert not re.search(r"innerHTML|dangerouslySetInnerHTML|eval\(|new Function", text)
    if path.suffix == ".html":
        assert not re.search(r"<style|<script>|\sstyle=|\son\w+=", text)


def test_every_import_is_a_file_that_is_there() -> None:
    for path in OURS:
        for wanted in re.findall(r'(?:from|import\()\s*"(\.[^"]+)"', path.read_text()):
            assert (path.parent / wanted).resolve().exists(), f"{path.name} imports {wanted}"


def test_the_javascript_is_small() -> None:
    shipped = list(STATIC.rglob("*.js"))
    assert sum(len(gzip.compress(path.read_bytes())) for path in shipped) < SHIPPED_BYTES_MAX


@pytest.mark.parametrize("page", ["/", *(f"/{page}" for page in PAGES), "/claims/any-id"])
def test_a_page_is_the_one_document_for_a_stranger_too(stranger: Client, page: str) -> None:
    answer = stranger.get(page)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-cache"
    text = re.sub(r' *<link rel="modulepreload"[^>]*>\n', "", answer.text)
    assert re.sub(r"/static/[0-9a-f]{16}/", "/static/", text) == (STATIC / "index.html").read_text()


def addresses(page: str) -> list[str]:
    """The files that a document names."""
    return re.findall(r'(?:href|src)="(/static/[^"]+)"', page)


def test_a_document_names_all_that_its_page_imports_and_each_is_kept_for_good(
    stranger: Client,
) -> None:
    for page, own in (("/claims", "claims.js"), ("/claims/any-id", "claim.js"), ("/", "my-day.js")):
        named = addresses(stranger.get(page).text)
        names = {each.split("/", 3)[3] for each in named}
        assert f"js/pages/{own}" in names
        assert {"js/main.js", "vendor/preact.js", "css/tokens.css"} <= names
        for name in [each for each in names if each.endswith(".js")]:
            path = STATIC / name
            lines = path.read_text().splitlines()
            imports = [re.search(r'(?:from|import) "(\.[^"]+)";', line) for line in lines]
            for each in [found[1] for found in imports if found]:
                found = str((path.parent / each).resolve().relative_to(STATIC.resolve()))
                assert found in names, f"{name} imports {found}, which {page} does not name"
    for each in named:
        answer = stranger.get(each)
        assert answer.status_code == 200
        assert answer.content == (STATIC / each.split("/", 3)[3]).read_bytes()
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-encoding"] == "gzip"
    plain = stranger.get(each, headers={"Accept-Encoding": "identity"})
    assert plain.content == answer.content
    assert "content-encoding" not in plain.headers


def test_a_changed_file_is_another_edition(tmp_path: Path) -> None:
    folder = tmp_path / "static"
    shutil.copytree(STATIC, folder)
    files = StaticFiles(folder)
    before = files.document("/claims")
    assert files.document("/claims") == before
    (folder / "js/format.js").write_text("export const nothing = 1;\n")
    after = files.document("/claims")
    assert not set(addresses(before.decode())) & set(addresses(after.decode()))


def test_the_pages_of_the_server_are_those_of_the_browser() -> None:
    routes = (STATIC / "js/routes.js").read_text()
    assert set(re.findall(r'path: "/([a-z]+)', routes)) == set(PAGES)


def test_what_is_no_page_is_a_problem(stranger: Client) -> None:
    answer = stranger.get("/nowhere")
    assert answer.status_code == 404
    assert answer.json()["code"] == "HTTP-404"
    version = addresses(stranger.get("/").text)[0].split("/")[2]
    assert stranger.get(f"/static/{version}/icon.svg").status_code == 200
    for path in (f"{version}/nothing.js", f"{version}/../__init__.py", "icon.svg", "x/icon.svg"):
        assert stranger.get(f"/static/{path}").status_code == 404
    assert stranger.post(f"/static/{version}/icon.svg").status_code == 405

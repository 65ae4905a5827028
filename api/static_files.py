"""The dashboard's files in memory, each under an address that names the version of all of them.

A browser keeps a file for good and asks about none of them again; a new version is another address,
so it is never mixed with an old one. The document names what a page imports, so that a browser
fetches it all at once and not one file after the other.
"""

import gzip
import hashlib
import mimetypes
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

_IMPORT = re.compile(r'(?:\bfrom|^import)\s*"(\.[^"]+)"', re.MULTILINE)
_ROUTE = re.compile(r'path: "([^"]+)".*import\("\./([^"]+)"\)')
_KEPT = "public, max-age=31536000, immutable"
_ENTRY, _ROUTES = "js/main.js", "js/routes.js"
_STAMP_LENGTH = 16

Stamps = frozenset[tuple[str, int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticFile:
    """One file, as it is and compressed."""

    body: bytes
    packed: bytes
    content_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """All files of one version."""

    version: str
    files: Mapping[str, StaticFile]
    imports: Mapping[str, tuple[str, ...]]  #: Of each module, what it imports before it runs.
    stamps: Stamps

    def document(self, path: str) -> bytes:
        """Return the document of the page at `path`: index.html with what the page imports."""
        wanted = self._imports(_ENTRY)
        routes = self.files[_ROUTES].body.decode()
        for pattern, module in _ROUTE.findall(routes):
            if re.fullmatch(re.sub(r":\w+", "[^/]+", pattern), path):
                wanted |= self._imports(posixpath.join(posixpath.dirname(_ROUTES), module))
        links = "".join(
            f'  <link rel="modulepreload" href="/static/{name}">\n' for name in sorted(wanted)
        )
        text = self.files["index.html"].body.decode().replace("</head>", f"{links}</head>")
        return text.replace('"/static/', f'"/static/{self.version}/').encode()

    def _imports(self, name: str) -> set[str]:
        """Return a module and all that it imports before it runs."""
        found, left = set[str](), [name]
        while left:
            each = left.pop()
            if each not in found:
                found.add(each)
                left += self.imports[each]
        return found


class StaticFiles:
    """The ASGI application below /static; it reads `folder` again when a file there changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._edition = _read(folder)

    def document(self, path: str) -> bytes:
        """Return the document of a page; whoever edits a file sees it by loading again."""
        if _stamps(self._folder) != self._edition.stamps:
            self._edition = _read(self._folder)
        return self._edition.document(path)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a file of this version; raises HTTPException where there is none."""
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(HTTPStatus.METHOD_NOT_ALLOWED)
        edition = self._edition
        path = scope["path"].removeprefix(scope["root_path"]).lstrip("/")
        version, _, name = path.partition("/")
        file = edition.files.get(name)
        if file is None or version != edition.version:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        headers = {"Cache-Control": _KEPT, "Vary": "Accept-Encoding"}
        is_packed = b"gzip" in dict(scope["headers"]).get(b"accept-encoding", b"")
        if is_packed:
            headers["Content-Encoding"] = "gzip"
        response = Response(
            file.packed if is_packed else file.body, media_type=file.content_type, headers=headers
        )
        await response(scope, receive, send)


def _read(folder: Path) -> Edition:
    stamps = _stamps(folder)  # Before the bytes: what changes meanwhile is read again.
    digest, files = hashlib.sha256(), {}
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        name, body = path.relative_to(folder).as_posix(), path.read_bytes()
        digest.update(f"{name}\0{len(body)}\0".encode() + body)
        files[name] = StaticFile(
            body=body,
            packed=gzip.compress(body, mtime=0),
            content_type=mimetypes.guess_type(name)[0] or "text/plain",
        )
    imports = {
        name: _imports_of(name, each) for name, each in files.items() if name.endswith(".js")
    }
    return Edition(
        imports=imports, version=digest.hexdigest()[:_STAMP_LENGTH], files=files, stamps=stamps
    )


def _imports_of(name: str, module: StaticFile) -> tuple[str, ...]:
    folder = posixpath.dirname(name)
    return tuple(
        posixpath.normpath(posixpath.join(folder, wanted))
        for wanted in _IMPORT.findall(module.body.decode())
    )


def _stamps(folder: Path) -> Stamps:
    found = [(str(path), path.stat()) for path in folder.rglob("*")]
    return frozenset((name, each.st_mtime_ns, each.st_size) for name, each in found)

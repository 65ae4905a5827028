"""The dashboard: static files that call /api/v1 and nothing else. No build step."""

from http import HTTPStatus
from os import PathLike, stat_result
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).parent / "static"
#: First parts of the addresses of pages (static/js/routes.js); all of them are one document.
PAGES = (
    "account",
    "analytics",
    "audit",
    "claims",
    "compare",
    "eligibility",
    "files",
    "inspect",
    "jobs",
    "partners",
    "payments",
    "users",
    "worklists",
)


def serve_dashboard(app: FastAPI) -> None:
    """Let `app` serve the pages and their files. They hold no data: that comes by the API."""
    router = APIRouter(include_in_schema=False)

    def show_page() -> FileResponse:
        """Answer with the one document of all pages; a stranger sees its sign-in."""
        return FileResponse(STATIC / "index.html", headers={"Cache-Control": "no-cache"})

    router.add_api_route("/", show_page)
    for page in PAGES:
        router.add_api_route(f"/{page}", show_page)
        router.add_api_route(f"/{page}/{{rest:path}}", show_page)
    app.include_router(router)
    app.mount("/static", _Files(directory=STATIC))


class _Files(StaticFiles):
    """Files that a browser asks about again each time: a new version is never mixed with an old."""

    def file_response(
        self,
        full_path: str | PathLike[str],
        stat_result: stat_result,
        scope: Scope,
        status_code: int = HTTPStatus.OK,
    ) -> Response:
        """Answer with the file, or that it has not changed."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = "no-cache"
        return response

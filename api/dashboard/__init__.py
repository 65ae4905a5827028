"""The dashboard: static files that call /api/v1 and nothing else. No build step."""

from pathlib import Path

from fastapi import APIRouter, FastAPI, Request, Response

from api.static_files import StaticFiles

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
    files = StaticFiles(STATIC)

    def show_page(request: Request) -> Response:
        """Answer with the one document of all pages; a stranger sees its sign-in."""
        document = files.document(request.url.path)
        headers = {"Cache-Control": "no-cache"}
        return Response(document, media_type="text/html; charset=utf-8", headers=headers)

    router.add_api_route("/", show_page)
    for page in PAGES:
        router.add_api_route(f"/{page}", show_page)
        router.add_api_route(f"/{page}/{{rest:path}}", show_page)
    app.include_router(router)
    app.mount("/static", files)

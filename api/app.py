"""The API as an ASGI application."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from api.boundary import Boundary
from api.dashboard import serve_dashboard
from api.document import DESCRIPTION, TITLE, document
from api.errors import register
from api.routes import make_router
from api.service import start_service
from rcm.settings import Deployment, Settings, load_settings


def make_app(settings: Settings) -> FastAPI:
    """Return the API. It connects when it is started, and refuses an unsafe role or schema."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        # The server's own access log shows query strings; Boundary logs operations instead.
        logging.getLogger("uvicorn.access").disabled = True
        service = start_service(settings)
        app.state.service = service
        try:
            yield
        finally:
            service.close()

    app: FastAPI = FastAPIOffline(
        redoc_url=None,
        title=TITLE,
        description=DESCRIPTION,
        version=version("rcm-edi"),
        lifespan=lifespan,
        generate_unique_id_function=lambda route: route.name,
        swagger_ui_parameters={"validatorUrl": None},  # Swagger would send our document out.
    )
    app.include_router(make_router())
    serve_dashboard(app)
    register(app)
    app.add_middleware(Boundary, is_production=settings.deployment is Deployment.PRODUCTION)
    app.openapi = partial(document, app)  # type: ignore[method-assign]  # As FastAPI documents it.
    return app


def make_asgi() -> FastAPI:
    """Return the API by the environment: `uvicorn --factory api.app:make_asgi`."""
    return make_app(load_settings())

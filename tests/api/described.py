"""The application and its document, made once for all tests that only look at them."""

from typing import Any

from api.app import make_app
from api.document import document
from rcm.settings import Settings

APP = make_app(Settings.model_construct())  # Never started.
DOCUMENT: dict[str, Any] = document(APP)

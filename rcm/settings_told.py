"""What each setting is, where it came from, and what is wrong; never what a secret is."""

import difflib
import logging
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import SecretStr, ValidationError
from pydantic.fields import FieldInfo

from rcm.crypto import KeyFileError, load_keys
from rcm.settings import PREFIX, SECRETS, Settings, in_words, load_settings
from rcm.signing import load_signing_key

#: Read before there are settings, and by programs that have none.
BESIDE: Mapping[str, str] = {
    SECRETS: "a folder that says what the environment does not: a file a setting, such as"
    " `rcm_database_url`",
    "RCM_SERVERS": "for `demo`, `serve` and tests: `url`, `wheel` or `local` forces one source"
    " of servers",
}
#: Of the tests and benchmarks, and of docker-compose.yml: nothing that the service reads.
_OF_OTHERS = (
    "RCM_TEST_", "RCM_FAILPOINT", "RCM_LONG_SCALE", "RCM_FAULT_SEED", "RCM_BENCH_", "RCM_PORT",
)  # fmt: skip
log = logging.getLogger(__name__)

Source = Literal["environment", "file", "default", "missing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One setting as it is for this process."""

    name: str
    meaning: str
    default: str  #: "" where there is none.
    is_required: bool
    is_secret: bool
    source: Source
    value: str | None  #: None: a secret, or not set.


def told(settings: Settings | None, environ: Mapping[str, str] = os.environ) -> Iterator[Told]:
    """Every setting in the order of the model; `settings` is None where they are wrong."""
    files = {path.name.upper() for path in _files(environ)}
    set_here = {name.upper() for name in environ}
    for field_name, field in Settings.model_fields.items():
        name = PREFIX + field_name.upper()
        source = _source(name, set_here, files, is_required=field.is_required())
        value = None if settings is None else getattr(settings, field_name)
        is_secret = _is_secret(field)
        yield Told(
            name=name,
            meaning=field.description or "",
            default=_default(field),
            is_required=field.is_required(),
            is_secret=is_secret,
            source=source,
            value=None if is_secret or value is None else str(value),
        )
    for name, meaning in BESIDE.items():
        yield Told(
            name=name,
            meaning=meaning,
            default="",
            is_required=False,
            is_secret=False,
            source="environment" if name in environ else "default",
            value=environ.get(name),
        )


def unknown_names(environ: Mapping[str, str] = os.environ) -> Iterator[str]:
    """Yield a line for each name that looks like a setting and is none: a typing error is silent.

    >>> list(unknown_names({"RCM_LEASE_SECOND": "30", "RCM_LONG_SCALE": "1", "HOME": "/"}))
    ['RCM_LEASE_SECOND: there is no such setting; did you mean RCM_LEASE_SECONDS?']
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields} | set(BESIDE)
    named = [*environ, *(path.name for path in _files(environ))]
    for name in sorted(each.upper() for each in named if each.upper().startswith(PREFIX)):
        if name in known or name.startswith(_OF_OTHERS):
            continue
        close = difflib.get_close_matches(name, sorted(known), n=1)
        meant = f"; did you mean {close[0]}?" if close else ""
        yield f"{name}: there is no such setting{meant}"


def warn_of_unknown() -> None:
    """Log what looks like a setting and is none: a process that starts goes on without it."""
    for line in unknown_names():
        log.warning("%s", line)


def load_and_check() -> tuple[Settings | None, list[str]]:
    """Return the settings, None where there are none, and everything that is wrong, a line each."""
    wrong = list(unknown_names())
    folder = os.environ.get(SECRETS)
    if folder is not None and not Path(folder).is_dir():
        wrong.append(f"{SECRETS}: there is no such folder")
        return None, wrong
    try:
        settings = load_settings()
    except ValidationError as refusal:
        return None, in_words(refusal) + wrong
    try:
        load_keys(settings.key_file)
    except KeyFileError as reason:
        wrong.append(str(reason))
    try:
        if settings.signing_key_file is not None:
            load_signing_key(settings.signing_key_file)
    except KeyFileError as reason:
        wrong.append(str(reason))
    return settings, wrong


def markdown() -> str:
    """Return the table of docs/operations.md."""
    rows = ["| variable | default | meaning |", "|---|---|---|"]
    for each in told(None, {}):
        default = f"`{each.default}`" if each.default else "(required)" if each.is_required else ""
        rows.append(f"| `{each.name}` | {default} | {each.meaning} |")
    return "\n".join(rows) + "\n"


def _files(environ: Mapping[str, str]) -> list[Path]:
    folder = Path(environ.get(SECRETS) or os.devnull)
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _source(name: str, set_here: set[str], files: set[str], *, is_required: bool) -> Source:
    if name in set_here:
        return "environment"
    if name in files:
        return "file"
    return "missing" if is_required else "default"


def _default(field: FieldInfo) -> str:
    return "" if field.is_required() or field.default is None else str(field.default)


def _is_secret(field: FieldInfo) -> bool:
    return field.annotation in (SecretStr, SecretStr | None)

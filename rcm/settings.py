"""Every setting of the service, read from the environment (`RCM_...`) once at start."""

import os
from enum import StrEnum
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "RCM_"
SECRETS = "RCM_SECRETS"  #: Names a folder with settings, a file each.
_DATABASE_SCHEME = "postgresql+psycopg://"
_BROKER_SCHEMES = ("redis://", "rediss://", "unix://")


class Deployment(StrEnum):
    """What this deployment is for, for good: a sandbox never meets a production partner."""

    SANDBOX = "sandbox"
    PRODUCTION = "production"

    @property
    def usage(self) -> str:
        """The only ISA15 this deployment writes and posts."""
        return "P" if self is Deployment.PRODUCTION else "T"


class LogFormat(StrEnum):
    """How a process writes what it does."""

    TEXT = "text"
    JSON = "json"


class Settings(BaseSettings):
    """Secrets are never shown; the database URLs carry passwords.

    The descriptions are the table of docs/operations.md, and what `rcm settings` says.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    database_url: SecretStr = Field(
        description="PostgreSQL (15 or newer) as `rcm_app`, which owns nothing:"
        f" `{_DATABASE_SCHEME}...`"
    )
    database_owner_url: SecretStr | None = Field(
        default=None,
        description="as `rcm_owner`: only `rcm db upgrade`, `rcm init` and `rcm restore` use it",
    )
    redis_url: SecretStr = Field(
        description="Redis or Valkey: `redis://`, `rediss://` or `unix://`;"
        " may be emptied at any time"
    )
    key_file: Path = Field(
        description="the sealing key: 64 hexadecimal digits, mode 0600."
        " Without it sealed data is lost for ever"
    )
    signing_key_file: Path | None = Field(
        default=None,
        description="an ed25519 key, mode 0600 (`openssl genpkey -algorithm ed25519`):"
        " workers sign the chains with it",
    )
    checkpoint_folder: Path | None = Field(
        default=None,
        description="where signatures go, out of reach of the database's owner;"
        " to verify, it is enough alone",
    )
    deployment: Deployment = Field(
        default=Deployment.SANDBOX,
        description="`sandbox` or `production`, fixed in the database at its first upgrade",
    )
    time_zone: str = Field(
        default="America/New_York",
        description='decides what "today" and each deadline is; set once: the proof takes the '
        "days of earlier entries from it",
    )
    second_opinion_percent: int = Field(
        default=10,
        ge=0,
        le=100,
        description="of received files, how many in a hundred pyx12 judges besides us;"
        " what is sent it always judges",
    )
    lease_seconds: int = Field(default=60, ge=1, description="how long a silent worker keeps a job")
    pool_size: int = Field(
        default=10,
        ge=1,
        description="database connections of one API process: as many calls use the database"
        " at once, others wait",
    )
    log_format: LogFormat = Field(
        default=LogFormat.TEXT,
        description="`text` for people, `json` for machines: one object a line",
    )

    @field_validator("database_url", "database_owner_url")
    @classmethod
    def _is_a_database(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and not url.get_secret_value().startswith(_DATABASE_SCHEME):
            raise ValueError(f"it has to begin with {_DATABASE_SCHEME}")
        return url

    @field_validator("redis_url")
    @classmethod
    def _is_a_broker(cls, url: SecretStr) -> SecretStr:
        if not url.get_secret_value().startswith(_BROKER_SCHEMES):
            raise ValueError(f"it has to begin with one of {', '.join(_BROKER_SCHEMES)}")
        return url

    @field_validator("time_zone")
    @classmethod
    def _is_a_time_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):  # Not found; a path; a folder of zones.
            raise ValueError("there is no such time zone; one is America/New_York") from None
        return name

    @model_validator(mode="after")
    def _has_a_folder_to_sign_in(self) -> Self:
        if self.signing_key_file is not None and self.checkpoint_folder is None:
            raise ValueError("RCM_SIGNING_KEY_FILE signs nothing without RCM_CHECKPOINT_FOLDER")
        return self


def load_settings() -> Settings:
    """Return the settings of this process. Raises pydantic.ValidationError naming what lacks.

    What the environment does not say is read from the folder SECRETS, a file a setting:
    `rcm_database_url`, and so on.
    """
    return Settings(_secrets_dir=os.environ.get(SECRETS))


def in_words(refusal: ValidationError) -> list[str]:
    """Return what is wrong with settings, a line each; no line repeats a value."""
    lines = []
    for wrong in refusal.errors(include_input=False, include_url=False, include_context=False):
        message = wrong["msg"].removeprefix("Value error, ")
        name = "_".join(str(step) for step in wrong["loc"]).upper()
        lines.append(f"{PREFIX}{name}: {message}" if name else message)
    return lines

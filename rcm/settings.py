"""Every setting of the service, read from the environment (`RCM_...`) once at start."""

import os
from enum import StrEnum
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SECRETS = "RCM_SECRETS"  #: Names a folder with settings, a file each.


class Deployment(StrEnum):
    """What this deployment is for, for good: a sandbox never meets a production partner."""

    SANDBOX = "sandbox"
    PRODUCTION = "production"

    @property
    def usage(self) -> str:
        """The only ISA15 this deployment writes and posts."""
        return "P" if self is Deployment.PRODUCTION else "T"


class Settings(BaseSettings):
    """Secrets are never shown; the database URLs carry passwords."""

    model_config = SettingsConfigDict(env_prefix="RCM_", frozen=True, extra="ignore")

    database_url: SecretStr = Field(description="PostgreSQL as rcm_app, which owns nothing.")
    database_owner_url: SecretStr | None = Field(
        default=None, description="PostgreSQL as rcm_owner: only `rcm db upgrade` and `rcm init`."
    )
    redis_url: SecretStr = Field(description="Redis or Valkey: redis://, rediss:// or unix://.")
    key_file: Path = Field(description="The sealing key: 64 hexadecimal digits, mode 0600.")
    signing_key_file: Path | None = Field(
        default=None, description="Signs checkpoints of the chains: ed25519, PEM, mode 0600."
    )
    checkpoint_folder: Path | None = Field(
        default=None, description="Where checkpoints are: out of reach of the database's owner."
    )
    deployment: Deployment = Deployment.SANDBOX
    time_zone: str = Field(default="America/New_York", description="Decides what `today` is.")
    lease_seconds: int = Field(
        default=60, ge=1, description="How long a silent worker keeps a job."
    )
    pool_size: int = Field(default=10, ge=1, description="Database connections of the API.")

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

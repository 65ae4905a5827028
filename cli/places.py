"""Where the parts of a service that runs on one data folder keep what is theirs."""

from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

#: What `demo`, `serve` and their servers put into the data folder.
_OURS = (
    "api.json", "api.key", "api.partial", "checkpoints", "lock", "log", "new-pg-*", "pg-*", "run",
    "sandbox.json", "sandbox.partial", "seal.key", "secrets", "settings.json", "sftp.key",
    "sftp.pub", "signing.key", "wheel", "where",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """What lies where. The clearinghouse is somebody else's: it is beside the data, not in it."""

    data: Path

    def foreign(self) -> list[str]:
        """Return the names of what lies in the data folder and none of ours put there."""
        found = [path.name for path in self.data.iterdir()] if self.data.is_dir() else []
        return sorted(name for name in found if not any(fnmatch(name, each) for each in _OURS))

    @property
    def key_file(self) -> Path:
        """The sealing key."""
        return self.data / "seal.key"

    @property
    def api_key(self) -> Path:
        """The demo's API key, mode 0600."""
        return self.data / "api.key"

    @property
    def settings(self) -> Path:
        """The settings of the service that runs here, for other commands; mode 0600."""
        return self.data / "settings.json"

    @property
    def sftp_key(self) -> Path:
        """Our private key at the sandbox, and its public line, mode 0600."""
        return self.data / "sftp.key"

    @property
    def signing_key(self) -> Path:
        """What signs checkpoints of the chains."""
        return self.data / "signing.key"

    @property
    def checkpoints(self) -> Path:
        """The signed checkpoints; a service that is for real keeps them on another machine."""
        return self.data / "checkpoints"

    @property
    def logs(self) -> Path:
        """One log for each process."""
        return self.data / "log"

    @property
    def clearinghouse(self) -> Path:
        """The sandbox's own folder."""
        return self.data.with_name(self.data.name + ".clearinghouse")

    @property
    def journal(self) -> Path:
        """What the sandbox payer decided."""
        return self.clearinghouse / "journal.jsonl"

"""Writing files that are there whole or not at all, also after a crash."""

import os
from pathlib import Path


def write_whole(path: Path, body: bytes) -> None:
    """Replace `path` by a private file with these bytes, and wait for the disk."""
    temporary = path.with_name(f".tmp-{path.name}")
    descriptor = os.open(
        temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600
    )
    with os.fdopen(descriptor, "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    rename(temporary, path)


def rename(old: Path, new: Path) -> None:
    """Rename within a file system, and wait for the disk."""
    old.replace(new)
    for folder in {old.parent, new.parent}:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

"""What lasts: a new name in a folder survives a power failure once the folder is synchronised."""

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Wait until the names of `folder` are on the disk. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

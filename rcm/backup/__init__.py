"""A backup of everything the database holds, in one sealed file, and the way back.

No program of PostgreSQL is needed: rows are copied from one snapshot, and the schema is made again
by the migrations, so a backup can be restored on another version of PostgreSQL, and by a later
version of this service. Without the sealing key it cannot be read; it does not hold the key.
"""

from rcm.backup.frames import BackupError
from rcm.backup.restore import Restored, restore_backup
from rcm.backup.write import Written, write_backup

__all__ = ["BackupError", "Restored", "Written", "restore_backup", "write_backup"]

"""Keeps a process from working with another sealing key than the one its database is sealed with.

It would open nothing, and seal all that is new with a key that fits nothing else: two keys for
ever, and backups that the kept one does not open.
"""

from uuid import UUID

from sqlalchemy import Connection, select

from rcm.crypto import KeyFileError, Keys, SealError
from rcm.rows import PatientRow, TradingPartnerRow

#: Enough to tell: partners are few, and one patient's row is as good as another's.
_PARTNERS = select(TradingPartnerRow.id, TradingPartnerRow.private_key_sealed).limit(100)
_PATIENT = select(PatientRow.id, PatientRow.identity).limit(1)


def refuse_other_key(connection: Connection, keys: Keys) -> None:
    """Raise KeyFileError where `keys` open nothing of what lies sealed: new databases pass.

    One row that opens is enough: the right key is not refused for another row that is damaged.
    """
    found = [
        *(("trading_partner", "private_key", *row) for row in connection.execute(_PARTNERS)),
        *(("patient", "identity", *row) for row in connection.execute(_PATIENT)),
    ]
    if found and not any(_opens(keys, *each) for each in found):
        raise KeyFileError(
            "RCM_KEY_FILE is not the key that this database is sealed with:"
            " name the file it was made with, or the copy that you keep of it"
        )


def _opens(keys: Keys, table: str, column: str, row: UUID, sealed: bytes) -> bool:
    try:
        keys.open(sealed, table=table, row=row, column=column)
    except SealError:
        return False
    return True

"""The vault: bytes come back as they were, or not at all."""

import zlib
from random import Random
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from rcm.crypto import SealError
from rcm.exchange.store import add_inbound
from rcm.files import chunks, read_bytes, store_bytes
from rcm.limits import CHUNK_BYTES, FILE_BYTES_MAX
from tests.harness import Practice

MARK = b"NM1*QC*1*CANARY*ADA~"


def body_of(size: int) -> bytes:
    """Bytes that do not compress, with a name at the edges of chunks."""
    noise = Random(size).randbytes(size)
    return (MARK + noise)[:size]


def put(practice: Practice, body: bytes) -> UUID:
    with practice.unit_of_work() as session:
        file_id, _ = add_inbound(
            session,
            practice.tools.keys,
            uuid4(),
            partner_id=practice.partner_id,
            name="a.x12",
            modified=0,
            body=body,
            now=practice.tools.clock(),
        )
    return file_id


def get(practice: Practice, file_id: UUID) -> bytes:
    with practice.unit_of_work() as session:
        return read_bytes(session, practice.tools.keys, file_id)


def change(practice: Practice, sql: str, *file_ids: UUID) -> None:
    with practice.unit_of_work() as session:
        session.execute(text(sql), {f"f{n}": each for n, each in enumerate(file_ids, start=1)})


@pytest.mark.parametrize(
    "size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES + 7]
)
def test_bytes_come_back_in_chunks(practice: Practice, size: int) -> None:
    body = body_of(size)
    file_id = put(practice, body)
    with practice.unit_of_work() as session:
        pieces = list(chunks(session, practice.tools.keys, file_id))
    assert b"".join(pieces) == body
    assert max(map(len, pieces)) <= CHUNK_BYTES
    count = practice.rows(
        "SELECT count(*)::int AS n, sum(is_last::int)::int AS ends FROM file_chunk"
    )
    assert (count[0].n, count[0].ends) == (len(pieces), 1)


def test_the_table_shows_nothing_of_the_plain_text(practice: Practice) -> None:
    put(practice, MARK * 1000)
    ((sealed,),) = practice.rows("SELECT sealed FROM file_chunk")
    packed = zlib.compress(MARK * 1000, level=1)
    assert not any(piece in sealed for piece in (b"CANARY", b"NM1", packed[:8], packed[-8:]))


DAMAGES = {
    "the last row is gone": "DELETE FROM file_chunk WHERE file_id = :f1 AND is_last",
    "cut off, and the end forged": (
        "WITH gone AS (DELETE FROM file_chunk WHERE file_id = :f1 AND is_last)"
        " UPDATE file_chunk SET is_last = true WHERE file_id = :f1 AND n = 1"
    ),
    "the first row is gone": "DELETE FROM file_chunk WHERE file_id = :f1 AND n = 0",
    "all is gone": "DELETE FROM file_chunk WHERE file_id = :f1",
    "rows are reordered": (
        "UPDATE file_chunk SET sealed = (SELECT other.sealed FROM file_chunk other"
        " WHERE other.file_id = :f1 AND other.n = 1 - file_chunk.n)"
        " WHERE file_id = :f1 AND n < 2"
    ),
    "a row is of another file": (
        "UPDATE file_chunk SET sealed = (SELECT other.sealed FROM file_chunk other"
        " WHERE other.file_id = :f2 AND other.n = file_chunk.n) WHERE file_id = :f1"
    ),
    "a byte is changed": (
        "UPDATE file_chunk SET sealed = set_byte(sealed, 500, 255 - get_byte(sealed, 500))"
        " WHERE file_id = :f1 AND n = 1"
    ),
    "the end comes early": "UPDATE file_chunk SET is_last = true WHERE file_id = :f1 AND n = 0",
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_is_refused(practice: Practice, damage: str) -> None:
    first = put(practice, body_of(2 * CHUNK_BYTES + 1))
    second = put(practice, body_of(2 * CHUNK_BYTES + 2))
    change(practice, damage, first, second)
    with pytest.raises(SealError):
        get(practice, first)
    assert get(practice, second) == body_of(2 * CHUNK_BYTES + 2)


def test_a_file_above_the_limit_is_not_stored(practice: Practice) -> None:
    with pytest.raises(ValueError, match="100 MB"):
        store_bytes(Session(), practice.tools.keys, uuid4(), bytes(FILE_BYTES_MAX + 1))

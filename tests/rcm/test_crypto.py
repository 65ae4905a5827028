"""Sealing: opens only in its place, with its key, whole; keys are kept from others."""

import stat
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from rcm.crypto import KeyFileError, Keys, SealError, load_keys, make_key_file, sha256

ROW = UUID(int=1)
KEYS = Keys(bytes(32))
PLAIN = b"Ada Canary, born 1980"


def seal(plain: bytes = PLAIN, row: UUID = ROW) -> bytes:
    return KEYS.seal(plain, table="patient", row=row, column="identity")


@pytest.mark.parametrize("plain", [b"", b"x", PLAIN, bytes(1_000_000)])
def test_what_is_sealed_is_opened(plain: bytes) -> None:
    assert KEYS.open(seal(plain), table="patient", row=ROW, column="identity") == plain


def test_sealing_twice_shows_no_likeness() -> None:
    assert seal()[1:] != seal()[1:]
    assert PLAIN not in seal()


@pytest.mark.parametrize(
    "place",
    [
        {"table": "patient", "row": uuid4(), "column": "identity"},
        {"table": "claim", "row": ROW, "column": "identity"},
        {"table": "patient", "row": ROW, "column": "body"},
    ],
)
def test_a_sealed_value_opens_in_its_own_place_only(
    place: dict[str, object],
) -> None:
    with pytest.raises(SealError):
        KEYS.open(seal(), **place)  # type: ignore[arg-type]  # Any of three changed.


def test_another_key_opens_nothing() -> None:
    with pytest.raises(SealError):
        Keys(b"\x01" * 32).open(seal(), table="patient", row=ROW, column="identity")


def test_every_truncation_and_every_changed_byte_is_refused() -> None:
    sealed = seal()
    for n in range(len(sealed)):
        changed = bytes(b ^ 1 if at == n else b for at, b in enumerate(sealed))
        for broken in (sealed[:n], changed):
            with pytest.raises(SealError) as refusal:
                KEYS.open(broken, table="patient", row=ROW, column="identity")
            assert "Canary" not in str(refusal.value)


def test_an_index_finds_equal_texts_of_a_kind() -> None:
    assert KEYS.index("last_name", "CANARY") == KEYS.index("last_name", "CANARY")
    others = {
        KEYS.index("last_name", "CANARY"),
        KEYS.index("first_name", "CANARY"),
        KEYS.index("last_name", "CANARYS"),
        KEYS.index("last_nameC", "ANARY"),
        Keys(b"\x01" * 32).index("last_name", "CANARY"),
    }
    assert {len(index) for index in others} == {16}
    assert len(others) == 5
    assert sha256(b"CANARY")[:16] not in others


def test_keys_show_nothing() -> None:
    assert bytes(32).hex() not in repr(KEYS)
    with pytest.raises(KeyFileError):
        Keys(bytes(31))


def test_a_key_file_is_for_its_owner_only_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "seal.key"
    make_key_file(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        make_key_file(path)
    assert path.read_bytes() == before
    sealed = load_keys(path).seal(PLAIN, table="t", row=ROW, column="c")
    assert load_keys(path).open(sealed, table="t", row=ROW, column="c") == PLAIN


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o660, 0o644, 0o601])
def test_a_key_file_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "seal.key"
    make_key_file(path)
    path.chmod(mode)
    with pytest.raises(KeyFileError, match="chmod 600"):
        load_keys(path)


@pytest.mark.parametrize("content", [b"", b"zz" * 32, b"ab" * 31, b"ab" * 33, b"\xff" * 64])
def test_what_is_no_key_is_refused_unseen(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "seal.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(KeyFileError) as refusal:
        load_keys(path)
    assert not content or content.decode("latin-1") not in str(refusal.value)
    assert refusal.value.__suppress_context__ or refusal.value.__context__ is None


def test_a_missing_key_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="RCM_KEY_FILE"):
        load_keys(tmp_path / "none")

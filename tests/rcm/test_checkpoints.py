"""Every link is signed once, and what is not as it was signed is found."""

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine

from rcm.chains.checkpoints import CheckpointWriter, file_of
from rcm.chains.model import Chain
from rcm.chains.service import chain_rows
from rcm.jobs import PermanentJobError, TransientJobError
from rcm.signing import load_signing_key, make_signing_key_file
from tests.rcm.chain_probes import Books, Intruder, intrude


def test_two_processes_sign_every_link_once(books: Books, tmp_path: Path) -> None:
    books.fill(links=3)
    for file in books.folder.glob("*.jsonl"):
        file.unlink()
    writers = [
        CheckpointWriter(books.folder, load_signing_key(tmp_path / "signing.key")) for _ in range(4)
    ]
    with ThreadPoolExecutor(4) as pool:
        for done in [
            pool.submit(chain_rows, books.unit_of_work, books.clock, each) for each in writers
        ]:
            done.result()
    for chain in Chain:
        proof = books.verify(chain)
        assert proof.is_true
        assert proof.links == proof.checkpoints == 3


def test_what_was_chained_unsigned_is_signed_when_there_is_a_key(books: Books) -> None:
    with books.unit_of_work() as session:
        books.add(session)
    books.link(is_signed=False)
    assert books.verify(Chain.LEDGER, is_signed=False).checkpoints is None
    assert books.verify(Chain.LEDGER).unsigned_links == 1
    books.link()
    assert books.verify(Chain.LEDGER).unsigned_links == 0


def test_a_chain_that_is_not_the_signed_one_is_not_signed_further(
    books: Books, owner: Engine
) -> None:
    books.fill(links=2)
    intrude(owner, "DELETE FROM chained_event", "DELETE FROM chain_link WHERE chain = 'audit'")
    with pytest.raises(PermanentJobError, match="CHECKPOINT-DIFFERS"):
        books.link()


def test_a_folder_that_cannot_be_written_is_tried_again(books: Books, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with books.unit_of_work() as session:
        books.add(session)
    writer = CheckpointWriter(tmp_path / "file", load_signing_key(tmp_path / "signing.key"))
    with pytest.raises(TransientJobError, match="CHECKPOINT-WRITE"):
        chain_rows(books.unit_of_work, books.clock, writer)
    assert books.verify(Chain.LEDGER).unchained == 0


def test_a_checkpoint_is_checked_without_our_program(books: Books, tmp_path: Path) -> None:
    books.fill(links=1)
    line = json.loads(file_of(books.folder, Chain.AUDIT).read_text().splitlines()[0])
    message, signature = tmp_path / "message", tmp_path / "signature"
    message.write_text(f"rcm checkpoint 1\n{line['hash']}\n{line['written_at']}\n")
    signature.write_bytes(bytes.fromhex(line["signature"]))
    (public,) = books.folder.glob("*.pub")
    done = subprocess.run(
        ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", str(public), "-rawin",
         "-in", str(message), "-sigfile", str(signature)],
        check=False, capture_output=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (b'"signature":"', b'"signature":"00'),
        (b'"n":3', b'"n":4'),
        (b'"written_at":"2026', b'"written_at":"2027'),
        (b'"is_caught_up":true', b'"is_caught_up":false'),
        (b'"rows":[[', b'"rows":[0,['),
        (b'"hash":"', b'"hash":"00'),
        (b"{", b""),
    ],
)
def test_a_changed_checkpoint_is_found(
    intruder: Intruder, folder: Path, was: bytes, now: bytes
) -> None:
    path = file_of(folder, intruder.chain)
    lines = path.read_bytes().splitlines(keepends=True)
    assert was in lines[2]
    lines[2] = lines[2].replace(was, now, 1)
    path.write_bytes(b"".join(lines))
    proof = intruder.verify(folder=folder)
    assert "bad checkpoint" in {breach.what for breach in proof.breaches}


def test_a_removed_checkpoint_is_found(intruder: Intruder, folder: Path) -> None:
    path = file_of(folder, intruder.chain)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:2] + lines[3:]))
    proof = intruder.verify(folder=folder)
    assert [breach.what for breach in proof.breaches] == ["bad checkpoint"]
    assert proof.unsigned_links == 1


def test_checkpoints_signed_by_somebody_else_do_not_count(
    intruder: Intruder, standing: Books, folder: Path, tmp_path: Path
) -> None:
    key_file = tmp_path / "other.key"
    make_signing_key_file(key_file)
    stranger = load_signing_key(key_file)
    file_of(folder, intruder.chain).unlink()
    chain_rows(standing.unit_of_work, standing.clock, CheckpointWriter(folder, stranger))
    (folder / f"{stranger.public.name}.pub").unlink()
    proof = intruder.verify(folder=folder)
    assert proof.checkpoints == 0
    assert {breach.what for breach in proof.breaches} == {"bad checkpoint"}


def test_a_checkpoint_that_is_being_written_is_no_breach(
    intruder: Intruder, standing: Books, folder: Path
) -> None:
    path = file_of(folder, intruder.chain)
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    proof = intruder.verify(folder=folder)
    assert (proof.is_true, proof.unsigned_links) == (True, 1)
    chain_rows(standing.unit_of_work, standing.clock, CheckpointWriter(folder, standing.key))
    assert path.read_bytes().count(b"\n") == whole.count(b"\n")
    assert intruder.verify(folder=folder).unsigned_links == 0

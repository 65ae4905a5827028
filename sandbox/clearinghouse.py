"""The clearinghouse to practice on: what appears in `to_payer` is answered in `from_payer`.

Each interchange is answered once, also when the process is killed at any moment. The answers are
first laid in a private folder; then one rename of the state file says that they are the answers
and which numbers they used; only then are they moved, file by file, to where the practice looks.
Whoever starts next moves what is left. Bytes that were answered are known again by their hash.
"""

import hashlib
import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from edi.envelope import Interchange
from edi.findings import ReadError, WriteError
from edi.pyx12_validator import validate_with_pyx12
from edi.reader import read_interchanges
from sandbox.disk import rename, write_whole
from sandbox.journal import append_rows, write_rows
from sandbox.outbox import Answers
from sandbox.payer import Check, answer
from sandbox.remit import PayerIdentity
from sandbox.state import State, read_state, write_state

TO_PAYER, FROM_PAYER, ARCHIVE = "to_payer", "from_payer", "archive"
UPLOAD_BYTES_MAX = 100_000_000  #: What the service itself stores at most (design.md 10).
_TEMPORARY = ".tmp-"

_log = logging.getLogger(__name__)


class Clearinghouse:
    """Answers the uploads of one account. One process at a time may do so.

    `account` is what the account sees as `/`; `private` is outside it, on the same file system;
    `journal` is the file of `sandbox.journal`. `now` gives the time of the answers.
    """

    def __init__(
        self,
        *,
        account: Path,
        private: Path,
        journal: Path,
        now: Callable[[], datetime],
        identity: PayerIdentity | None = None,
        check: Check = validate_with_pyx12,
    ) -> None:
        self._to_payer, self._from_payer = account / TO_PAYER, account / FROM_PAYER
        self._staged, self._state_file = private / "staged", private / "state.json"
        self._journal = journal
        self._now = now
        self._identity = identity or PayerIdentity()
        self._check = check
        self._seen: dict[str, tuple[int, int]] = {}
        self._folders = (account, self._to_payer, self._from_payer, account / ARCHIVE, self._staged)
        self._make_folders()
        self._state = read_state(self._state_file)
        self.publish()

    def visit(self) -> None:
        """Answer every interchange of every new or changed upload that is whole.

        First comes what the last visit laid ready for this one.
        """
        self._make_folders()
        self._release()
        for body in self._uploads():
            try:
                interchanges = read_interchanges(body)
            except ReadError as refusal:
                _log.warning("An upload is not X12 (%s).", refusal.finding.code)
                continue
            for each in interchanges:
                if each.is_complete:
                    key = hashlib.sha256(body[each.offset : each.offset + each.length]).hexdigest()
                    self._answer(each, key)

    def _make_folders(self) -> None:
        """The account may remove its folders: then they are made again."""
        for folder in self._folders:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def _uploads(self) -> Iterator[bytes]:
        """Yield files that are new, or not as large or old as when they were last read."""
        for path in sorted(self._to_payer.iterdir()):
            if _TEMPORARY in path.name or path.is_symlink() or not path.is_file():
                continue
            try:
                status = path.stat()
                look = (status.st_size, status.st_mtime_ns)
                if self._seen.get(path.name) == look:
                    continue
                self._seen[path.name] = look
                if status.st_size <= UPLOAD_BYTES_MAX:
                    yield path.read_bytes()
                else:
                    _log.warning("An upload is larger than 100 MB.")
            except FileNotFoundError:  # Renamed or removed meanwhile.
                continue

    def _answer(self, interchange: Interchange, key: str) -> None:
        state = self._state
        if key in state.answered:
            return
        try:
            answers = answer(
                interchange,
                numbers=state.numbers,
                now=self._now(),
                identity=self._identity,
                check=self._check,
            )
        except (WriteError, UnicodeEncodeError):  # Such as a sender's name outside ASCII.
            _log.warning("An upload has a value that no answer can carry.")
            answers = Answers(files=(), rows=(), numbers=state.numbers)
        self.record(key, answers)
        self.publish()

    def record(self, key: str, answers: Answers) -> None:
        """Make these the answers to the interchange `key`, in one step, unseen by the practice."""
        for file in (*answers.files, *answers.later_files):
            write_whole(self._staged / file.name, file.body)
        before = self._state
        later = tuple(file.name for file in answers.later_files)
        self._commit(
            State(
                numbers=answers.numbers,
                answered=before.answered | {key},
                files=tuple(file.name for file in answers.files),
                rows=write_rows(answers.rows).decode(),
                journal_bytes=self._journal_bytes(),
                later_files=(*before.later_files, *later),
                later_rows=before.later_rows + write_rows(answers.later_rows).decode(),
            )
        )

    def _release(self) -> None:
        """Make what was laid ready the answers to be shown now, in one step."""
        before = self._state
        if before.later_files:
            self._commit(
                State(
                    numbers=before.numbers,
                    answered=before.answered,
                    files=before.later_files,
                    rows=before.later_rows,
                    journal_bytes=self._journal_bytes(),
                )
            )
            self.publish()

    def _commit(self, state: State) -> None:
        write_state(self._state_file, state)
        self._state = state

    def _journal_bytes(self) -> int:
        return self._journal.stat().st_size if self._journal.exists() else 0

    def publish(self) -> None:
        """Write the journal and show the answers that were recorded last; again does nothing.

        An answer leaves the private folder by the rename that shows it: one that is no longer
        there was shown, and the practice may have taken it away since.
        """
        state = self._state
        append_rows(self._journal, state.rows.encode(), at=state.journal_bytes)
        for name in state.files:
            staged = self._staged / name
            if staged.exists():
                rename(staged, self._from_payer / name)

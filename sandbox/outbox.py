"""What one interchange is answered with: numbered files, and rows for the journal."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from edi.delimiters import STANDARD
from edi.envelope import Envelope, FunctionalGroup, Interchange
from edi.guides import Guide
from edi.writer import SetWriter, write_interchange
from sandbox.journal import Row

Sets = Sequence[tuple[str, SetWriter]]  #: ST01 and what stands between ST and SE.


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The next control numbers that are free."""

    interchange: int = 1  #: ISA13 and GS06.
    claim: int = 1  #: CLP07, and REF*1K of the 277CA.
    trace: int = 1  #: TRN02 of the 835.


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFile:
    """One file for the practice."""

    name: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What one interchange is answered with."""

    files: tuple[AnswerFile, ...]  #: For each functional group a 999, a 277CA and 835s, if any.
    rows: tuple[Row, ...]  #: For the journal.
    numbers: Numbers  #: What is free afterwards.
    later_files: tuple[AnswerFile, ...] = ()  #: To be shown one visit later.
    later_rows: tuple[Row, ...] = ()  #: For the journal, when the later files are shown.


class Outbox:
    """The answers to one interchange while they are written; lives only inside `payer.answer`."""

    def __init__(self, interchange: Interchange, numbers: Numbers, now: datetime) -> None:
        self.interchange = interchange
        self.now = now
        given = interchange.delimiters  # No value that came in can contain them.
        self.delimiters = given if given.repetition else STANDARD
        self._numbers = numbers
        self._files: tuple[list[AnswerFile], list[AnswerFile]] = ([], [])  # Now and later.
        self._rows: tuple[list[Row], list[Row]] = ([], [])

    def answers(self) -> Answers:
        """Return all that was added."""
        (files, later_files), (rows, later_rows) = self._files, self._rows
        return Answers(
            files=tuple(files),
            rows=tuple(rows),
            numbers=self._numbers,
            later_files=tuple(later_files),
            later_rows=tuple(later_rows),
        )

    def take_claim_number(self) -> int:
        """Return the next number of a claim."""
        number = self._numbers.claim
        self._numbers = replace(self._numbers, claim=number + 1)
        return number

    def take_trace(self) -> str:
        """Return the next TRN02."""
        number = self._numbers.trace
        self._numbers = replace(self._numbers, trace=number + 1)
        return f"SBX{number:09d}"

    def envelope(self, group: FunctionalGroup, guide: Guide) -> Envelope:
        """Return the next envelope, back to the sender of the group: everything swapped."""
        asked = self.interchange
        number = self._numbers.interchange
        self._numbers = replace(self._numbers, interchange=number + 1)
        return Envelope(
            sender_qualifier=asked.receiver_qualifier,
            sender_id=asked.receiver_id,
            receiver_qualifier=asked.sender_qualifier,
            receiver_id=asked.sender_id,
            group_sender=group.receiver,
            group_receiver=group.sender,
            interchange_number=number,
            group_number=number,
            usage=asked.usage,
            written_at=self.now,
            guide=guide,
            delimiters=self.delimiters,
        )

    def add(
        self,
        envelope: Envelope,
        kind: str,
        sets: Sets,
        *,
        acknowledgments: SetWriter | None = None,
        is_later: bool = False,
    ) -> None:
        """Write an interchange and make it a file `<ISA13>_<kind>.x12`."""
        body = write_interchange(envelope, sets, acknowledgments)
        self.add_file(AnswerFile(name=file_name(envelope, kind), body=body), is_later=is_later)

    def add_file(self, file: AnswerFile, *, is_later: bool = False) -> None:
        """Add a file as it is."""
        self._files[is_later].append(file)

    def add_row(self, row: Row, *, is_later: bool = False) -> None:
        """Add a row of the journal, which is written when the files of its time are shown."""
        self._rows[is_later].append(row)


def file_name(envelope: Envelope, kind: str) -> str:
    """Return the name of the file with this envelope."""
    return f"{envelope.interchange_number:09d}_{kind}.x12"

"""The worker's side: one warm validator for each process, started when first needed.

A validator that dies, hangs or takes too much is a finding, and the next question gets a new one.
"""

import contextlib
import os
import socket
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from signal import SIGXCPU

from edi.delimiters import ISA_LENGTH
from edi.envelope import Interchange, TransactionSet
from edi.findings import Finding, error
from edi.reader import read_interchanges
from edi.segment import Segment
from rcm.conformance import child
from rcm.conformance.model import STOPPED
from rcm.conformance.wire import findings_from_rows, receive_json, send_bytes, send_json
from rcm.jobs import TransientJobError
from rcm.limits import CHILD_MEMORY_BYTES_MAX, CONFORMANCE_SECONDS_MAX

STOPS_MAX = 3  #: Of one file: what comes after them is not tried.
_NOTHING: Mapping[str, str] = {}  #: Of our environment, which has secrets.
_START_SECONDS_MAX = 60
_LAST_SECONDS = 5  #: Between the end of the line and the end of the process.
_BIG_BYTES = 4 * 1024 * 1024
_ST_NUMBER = 3  #: Of a piece: behind ISA and GS.
_CURE = "Look at this transaction set: its conformance is not known. Report it if it is small."


class ValidatorAwayError(TransientJobError):
    """No validator can be started: no fault of any file."""

    def __init__(self) -> None:
        super().__init__("VALIDATOR-AWAY")


class _End(StrEnum):
    """How a validator ended, in the words of the finding."""

    TIME = "it needed more processor time than a file may have"
    SILENCE = "it did not answer"
    MEMORY = "it needed more memory than it may have"
    DEATH = "its process died, twice"


class _EndedError(Exception):
    def __init__(self, how: _End) -> None:
        super().__init__(how)
        self.how = how


@dataclass(slots=True)
class _Validator:
    """A process that is ready, and the line to it."""

    process: subprocess.Popen[bytes]
    line: socket.socket

    def end(self) -> None:
        """End it, whatever it is doing."""
        self.line.close()
        self.process.kill()
        self.process.wait()


@dataclass(slots=True, kw_only=True, weakref_slot=True, eq=False)
class Pyx12:
    """pyx12 behind a wall. Give one to each process; threads take turns.

    Its validator ends with it, at the latest. Linux ends the validator with the thread that first
    asked: ask from one that stays.
    """

    program: tuple[str, ...] = ("-I", "-B", "-m", child.__name__)  #: For this Python.
    memory_bytes_max: int = CHILD_MEMORY_BYTES_MAX
    seconds_grace: int = 30  #: Beyond twice the processor time, when others use the machine too.
    _validator: _Validator | None = None
    _end: Callable[[], object] | None = None  #: Ends the validator, once.
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def __call__(
        self, body: bytes, *, seconds: int = CONFORMANCE_SECONDS_MAX
    ) -> tuple[Finding, ...]:
        """Return pyx12's findings on every set of `body`.

        Raises ReadError where `body` is not X12, ValidatorAwayError where none can be started.
        """
        found: list[Finding] = []
        milliseconds, stops = seconds * 1000, 0
        with self._turn:
            for transaction_set, piece in _pieces(body):
                header = transaction_set.segments[0]
                place = header.place(transaction_set=transaction_set.control_number)
                if milliseconds <= 0 or stops >= STOPS_MAX:
                    message = "From this transaction set on the file was not checked by pyx12."
                    found.append(error(STOPPED, message, cure=_CURE, place=place))
                    break
                try:
                    findings, used = self._ask(piece, milliseconds)
                except _EndedError as end:
                    stops += 1
                    message = f"The validator could not finish this transaction set: {end.how}."
                    found.append(error(STOPPED, message, cure=_CURE, place=place))
                    milliseconds *= end.how not in {_End.TIME, _End.SILENCE}
                    continue
                milliseconds -= used
                found.extend(_moved(each, header, len(piece.before)) for each in findings)
        return tuple(found)

    def close(self) -> None:
        """End the validator; the next question starts another."""
        self._validator = None
        if self._end is not None:
            self._end()

    def _ask(self, piece: "_Piece", milliseconds: int) -> tuple[list[Finding], int]:
        """Ask once, and once more where it was no limit that ended the process."""
        try:
            return self._ask_once(piece, milliseconds)
        except _EndedError as end:
            if end.how is not _End.DEATH:
                raise
        return self._ask_once(piece, milliseconds)

    def _ask_once(self, piece: "_Piece", milliseconds: int) -> tuple[list[Finding], int]:
        validator = self._ready()
        try:
            validator.line.settimeout(milliseconds / 500 + self.seconds_grace)
            send_json(validator.line, {"seconds": milliseconds / 1000})
            send_bytes(validator.line, piece.before + piece.inside)
            answer = receive_json(validator.line)
        except TimeoutError:
            self.close()
            raise _EndedError(_End.SILENCE) from None
        except (OSError, EOFError):
            raise _EndedError(self._how_it_ended()) from None
        if len(piece.inside) > _BIG_BYTES:
            self.close()  # What it keeps of this one would count against the next.
        return findings_from_rows(answer["findings"]), answer["milliseconds"]

    def _how_it_ended(self) -> _End:
        validator = self._ready()
        with contextlib.suppress(subprocess.TimeoutExpired):
            validator.process.wait(_LAST_SECONDS)
        code = validator.process.poll()
        self.close()
        return {-SIGXCPU: _End.TIME, child.OUT_OF_MEMORY: _End.MEMORY}.get(code or 0, _End.DEATH)

    def _ready(self) -> _Validator:
        if self._validator is None:
            self._validator = _start(self.program, self.memory_bytes_max)
            self._end = weakref.finalize(self, self._validator.end)
        return self._validator


def _start(program: Sequence[str], memory_bytes_max: int) -> _Validator:
    """Start a validator and wait until it is ready. Raises ValidatorAwayError."""
    ours, theirs = socket.socketpair()
    try:
        with theirs:
            process = subprocess.Popen(  # noqa: S603 - argv is ours, and no shell reads it
                [sys.executable, *program, str(os.getpid()), str(memory_bytes_max)],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # A traceback may quote a value.
                env=_NOTHING,
                start_new_session=True,  # A signal to our group is not for it: it ends with us.
            )
    except OSError:
        ours.close()
        raise ValidatorAwayError from None
    validator = _Validator(process, ours)
    try:
        ours.settimeout(_START_SECONDS_MAX)
        receive_json(ours)
    except (OSError, EOFError):
        validator.end()
        raise ValidatorAwayError from None
    return validator


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """One transaction set as a small interchange."""

    before: bytes  #: ISA and GS.
    inside: bytes  #: From ST to SE, as they stand in the file.


def _pieces(body: bytes) -> Iterator[tuple[TransactionSet, _Piece]]:
    for interchange in read_interchanges(body):
        isa = body[interchange.offset : interchange.offset + ISA_LENGTH]
        for group in interchange.groups:
            before = isa + _raw(group.header, interchange)
            for each in group.sets:
                first, last = each.segments[0], each.segments[-1]
                end = last.offset + len(_raw(last, interchange))
                yield each, _Piece(before=before, inside=body[first.offset : end])


def _raw(segment: Segment, interchange: Interchange) -> bytes:
    delimiters = interchange.delimiters
    text = delimiters.element.join(segment.elements) + delimiters.terminator
    return text.encode("latin-1")  # As it was decoded.


def _moved(finding: Finding, header: Segment, before_bytes: int) -> Finding:
    """Return a finding of a piece with its place in the file."""
    place = finding.place
    if place.segment_number:
        number = place.segment_number + header.number - _ST_NUMBER
        offset = place.byte_offset + header.offset - before_bytes
        place = replace(place, segment_number=number, byte_offset=offset)
    return replace(finding, place=place)

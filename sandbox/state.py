"""What the clearinghouse must not forget: which interchanges it answered, and its counters."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from sandbox.disk import write_whole
from sandbox.outbox import Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The last commit. The answers it names lie in the private folder until they are published."""

    numbers: Numbers
    answered: frozenset[str] = frozenset()  #: SHA-256 of each interchange, in hexadecimal.
    files: tuple[str, ...] = ()  #: The answers to the last one.
    rows: str = ""  #: Their lines of the journal.
    journal_bytes: int = 0  #: How long the journal was before these lines.
    later_files: tuple[str, ...] = ()  #: Laid ready for the next visit.
    later_rows: str = ""  #: Their lines of the journal.


def read_state(path: Path) -> State:
    """Return the last state that was written; the first one where there is none."""
    if not path.exists():
        return State(numbers=Numbers())
    members = json.loads(path.read_bytes())
    return State(
        numbers=Numbers(**members["numbers"]),
        answered=frozenset(members["answered"]),
        files=tuple(members["files"]),
        rows=members["rows"],
        journal_bytes=members["journal_bytes"],
        later_files=tuple(members.get("later_files", ())),
        later_rows=members.get("later_rows", ""),
    )


def write_state(path: Path, state: State) -> None:
    """Replace the state as one step."""
    members = {**asdict(state), "answered": sorted(state.answered)}
    write_whole(path, json.dumps(members).encode())

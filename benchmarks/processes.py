"""Processor time and memory of the processes below this one, by what they are. Linux only."""

import contextlib
import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_PROC = Path("/proc")
_LOOK_SECONDS = 0.25
_MS_PER_TICK = 1000 // os.sysconf("SC_CLK_TCK")
_PROGRAMS = {
    "postgres": "PostgreSQL", "valkey-server": "Valkey", "redis-server": "Valkey",
    "rcm.conformance.child": "pyx12",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What the processes of one part used."""

    name: str
    processes: int
    cpu_ms: int  #: Of all of them.
    peak_kb: int  #: Of the largest.


@dataclass(slots=True)
class _Process:
    name: str
    cpu_ms: int = 0
    peak_kb: int = 0


@dataclass(slots=True)
class Watch:
    """Looks at every process below this one, four times a second."""

    _names: Mapping[int, str]  #: By the process id of a part's first process.
    _seen: dict[int, _Process] = field(default_factory=dict)
    _before: dict[int, int] = field(default_factory=dict)
    _over: threading.Event = field(default_factory=threading.Event)

    @contextlib.contextmanager
    def running(self) -> Iterator["Watch"]:
        """Watch as long as the block; what was used before it does not count."""
        self._look()
        self._before = {pid: each.cpu_ms for pid, each in self._seen.items()}
        looking = threading.Thread(target=self._watch, name="watch", daemon=True)
        looking.start()
        try:
            yield self
        finally:
            self._over.set()
            looking.join()
            self._look()

    def used(self) -> list[Used]:
        """Return what was used by each part, the largest user first."""
        parts: dict[str, list[tuple[int, int]]] = {}
        for pid, each in self._seen.items():
            cpu_ms = each.cpu_ms - self._before.get(pid, 0)
            parts.setdefault(each.name, []).append((cpu_ms, each.peak_kb))
        found = (
            Used(
                name=name,
                processes=len(told),
                cpu_ms=sum(cpu_ms for cpu_ms, _ in told),
                peak_kb=max(peak_kb for _, peak_kb in told),
            )
            for name, told in parts.items()
        )
        return sorted(found, key=lambda each: -each.cpu_ms)

    def _watch(self) -> None:
        while not self._over.wait(_LOOK_SECONDS):
            self._look()

    def _look(self) -> None:
        parents: dict[int, int] = {}
        cpu: dict[int, int] = {}
        for folder in _PROC.iterdir():
            if folder.name.isdigit():
                with contextlib.suppress(OSError):  # It ended.
                    _, _, rest = (folder / "stat").read_text().rpartition(")")
                    words = rest.split()
                    parents[int(folder.name)] = int(words[1])
                    cpu[int(folder.name)] = (int(words[11]) + int(words[12])) * _MS_PER_TICK
        for pid in parents:
            if _is_below(os.getpid(), pid, parents):
                with contextlib.suppress(OSError):
                    seen = self._seen.setdefault(pid, _Process(self._name(pid, parents)))
                    seen.cpu_ms = cpu[pid]
                    seen.peak_kb = max(seen.peak_kb, _peak_kb(pid))

    def _name(self, pid: int, parents: Mapping[int, int]) -> str:
        if pid == os.getpid():
            return "the EHR (this bench)"
        words = (_PROC / str(pid) / "cmdline").read_bytes().decode().replace(":", "\0").split("\0")
        for word in words:
            if name := _PROGRAMS.get(word.rpartition("/")[2]):
                return name
        while pid in parents:
            if pid in self._names:
                return self._names[pid]
            pid = parents[pid]
        return "others"


def _is_below(top: int, pid: int, parents: Mapping[int, int]) -> bool:
    while pid in parents:
        if pid == top:
            return True
        pid = parents[pid]
    return False


def _peak_kb(pid: int) -> int:
    for line in (_PROC / str(pid) / "status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    return 0  # It has ended, and waits to be noticed.

"""A TCP proxy in front of a server's unix socket: cut, held up, or losing one answer, at will."""

import select
import socket
import threading
from contextlib import suppress
from pathlib import Path
from typing import Self


class ChaosProxy:
    """Passes bytes between 127.0.0.1:`port` and a unix socket, until it is told otherwise.

    A server that is away is one that refuses; it may come back at the same path.
    """

    def __init__(self, target: Path) -> None:
        self._target = target
        self._flows = threading.Event()  #: Cleared: nothing passes, no line is cut.
        self._flows.set()
        self._losing: tuple[bytes, int] | None = None  #: A question, and how many are let by first.
        self._lines: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        self.lost = 0  #: Answers that were lost.
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        self._flows.set()
        self.cut()

    def cut(self) -> None:
        """Cut every line that is open; new ones are let through."""
        for line in list(self._lines):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def hold_up(self) -> None:
        """Let nothing pass from now on, in either direction, as a half-open line does."""
        self._flows.clear()

    def let_go(self) -> None:
        """Let everything pass again."""
        self._flows.set()

    def lose_answer_to(self, question: bytes, *, after: int = 0) -> None:
        """Let `question` reach the server `after` times and once more, whose answer is lost.

        Instead of that answer the line is cut.
        """
        self._losing = (question, after)

    def _is_losing(self, asked: bytes) -> bool:
        if self._losing is None or self._losing[0] not in asked:
            return False
        question, after = self._losing
        self._losing = (question, after - 1) if after else None
        return not after

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        with near, socket.socket(socket.AF_UNIX) as far:
            near.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._lines |= {near, far}
            with suppress(OSError):
                far.connect(str(self._target))
                self._pass(near, far)
            self._lines -= {near, far}

    def _pass(self, near: socket.socket, far: socket.socket) -> None:
        is_asked = False
        while True:
            readable, _, _ = select.select([near, far], [], [])
            self._flows.wait()
            for source in readable:
                data = source.recv(65_536)
                if not data:
                    return
                if source is near and self._is_losing(data):
                    is_asked = True
                elif source is far and is_asked:
                    self.lost += 1
                    return
                (far if source is near else near).sendall(data)

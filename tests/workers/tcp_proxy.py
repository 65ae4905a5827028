"""A TCP proxy that cuts, stalls, slows or loses a connection: a bad line, at will."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Literal, Self

NEVER = 1 << 62


class TcpProxy:
    """Passes bytes to 127.0.0.1:`target_port`, until `limit` of them went `direction`.

    Then the connection is cut ("cut"); or it stays open and that direction says nothing more, while
    the other goes on ("stall"); or neither does, as where the far end has lost power ("vanish"); or
    a byte a second comes through ("drip").
    """

    def __init__(
        self,
        target_port: int,
        *,
        direction: Literal["up", "down"],
        limit: int,
        then: Literal["cut", "stall", "vanish", "drip"],
    ) -> None:
        self._target_port = target_port
        self._limits = {"up": NEVER, "down": NEVER} | {direction: limit}
        self._then = then
        self._sockets: list[socket.socket] = []
        self._over = threading.Event()
        self._gone = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.passed = {"up": 0, "down": 0}
        self._start(self._accept)

    def close(self) -> None:
        self._over.set()
        for each in (self._listener, *self._sockets):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._target_port))
                self._sockets += [near, far]
                self._start(self._pass, near, far, "up")
                self._start(self._pass, far, near, "down")

    def _pass(self, source: socket.socket, target: socket.socket, direction: str) -> None:
        with suppress(OSError):
            left = self._limits[direction]
            while left > 0 and (data := source.recv(min(left, 16_384))):
                if not self._gone.is_set():
                    target.sendall(data)
                left -= len(data)
                self.passed[direction] += len(data)
            if left == 0 and self._then != "cut":
                if self._then == "vanish":
                    self._gone.set()
                while self._then == "drip" and not self._over.wait(1) and (one := source.recv(1)):
                    target.sendall(one)
                return
            for each in (source, target):
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    @staticmethod
    def _start(target: object, *args: object) -> None:
        threading.Thread(target=target, args=args, daemon=True).start()  # type: ignore[arg-type]

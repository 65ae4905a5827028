"""A TCP proxy that cuts, or stalls, a connection after so many bytes: a bad line, at will."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Literal, Self

NEVER = 1 << 62


class TcpProxy:
    """Passes bytes to 127.0.0.1:`target_port`, until `limit` of them went `direction`.

    Then the connection is cut ("cut"), or stays open and says nothing more ("stall"); or the far
    end goes on hearing us while its answers get lost ("lose").
    """

    def __init__(
        self,
        target_port: int,
        *,
        direction: Literal["up", "down"],
        limit: int,
        then: Literal["cut", "stall"],
    ) -> None:
        self._target_port = target_port
        self._limits = {"up": NEVER, "down": NEVER} | {direction: limit}
        self._then = then
        self._sockets: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.passed = {"up": 0, "down": 0}
        self._start(self._accept)

    def close(self) -> None:
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
                target.sendall(data)
                left -= len(data)
                self.passed[direction] += len(data)
            if left == 0 and self._then == "stall":
                return
            for each in (source, target):
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    @staticmethod
    def _start(target: object, *args: object) -> None:
        threading.Thread(target=target, args=args, daemon=True).start()  # type: ignore[arg-type]

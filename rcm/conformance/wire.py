"""What a worker and its validator say to each other: lengths, bytes and plain JSON."""

import json
import socket
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from edi.findings import Finding, Place, Severity

_LENGTH_BYTES = 8
_PIECE_BYTES = 1024 * 1024
REPLY_BYTES_MAX = 8 * 1024 * 1024  #: 1,000 findings are a quarter of it.


def send_bytes(line: socket.socket, body: bytes) -> None:
    """Send `body` as one message. Raises OSError."""
    line.sendall(len(body).to_bytes(_LENGTH_BYTES, "big"))
    line.sendall(body)


def receive_bytes(line: socket.socket, *, bytes_max: int) -> bytes:
    """Return the next message. Raises EOFError where the other is gone, or says too much."""
    length = int.from_bytes(_receive(line, _LENGTH_BYTES), "big")
    if length > bytes_max:
        raise EOFError
    return _receive(line, length)


def _receive(line: socket.socket, length: int) -> bytes:
    received = bytearray()
    while len(received) < length:
        piece = line.recv(min(length - len(received), _PIECE_BYTES))
        if not piece:
            raise EOFError
        received += piece
    return bytes(received)


def send_json(line: socket.socket, document: dict[str, Any]) -> None:
    """Send one JSON object. Raises OSError."""
    send_bytes(line, json.dumps(document).encode())


def receive_json(line: socket.socket) -> dict[str, Any]:
    """Return the next message as a JSON object. Raises EOFError."""
    document: dict[str, Any] = json.loads(receive_bytes(line, bytes_max=REPLY_BYTES_MAX))
    return document


def findings_to_rows(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Return findings as JSON carries them.

    >>> rows = findings_to_rows([Finding(code="X", severity=Severity.NOTE, message="Look.")])
    >>> findings_from_rows(rows)[0].message
    'Look.'
    """
    return [asdict(finding) for finding in findings]


def findings_from_rows(rows: Sequence[dict[str, Any]]) -> list[Finding]:
    """Return the findings of `findings_to_rows`."""
    return [
        Finding(
            **row | {"severity": Severity(row["severity"]), "place": Place(**row["place"])},
        )
        for row in rows
    ]

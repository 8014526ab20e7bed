"""A scripted proxy in front of a real Neo4j server: it reads the messages that go by, and cuts the connection where it is told.

A cut can come when a message is asked (the server never gets it), when it is sent (the server gets it, nobody waits for what
it says) or when it is answered (the server did it and said so, and nobody heard). The names of all messages are kept in `log`.
"""

import socket
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

NAMES = {
    0x01: "HELLO",
    0x02: "GOODBYE",
    0x0F: "RESET",
    0x10: "RUN",
    0x11: "BEGIN",
    0x12: "COMMIT",
    0x13: "ROLLBACK",
    0x2F: "DISCARD",
    0x3F: "PULL",
    0x54: "TELEMETRY",
    0x66: "ROUTE",
    0x6A: "LOGON",
    0x6B: "LOGOFF",
}
_RECORD = 0x71
_UNANSWERED = "GOODBYE"
_HANDSHAKE = 20
_CHOSEN = 4


@dataclass
class Cut:
    """One cut to come: at the `turn`-th message of this name from now, asked, sent or answered."""

    message: str
    at: str
    turn: int = 1
    stays_down: bool = False
    done: threading.Event = field(default_factory=threading.Event)

    def falls_on(self, message: str, at: str) -> bool:
        """Counts a message down; true once, when its turn has come."""
        if self.done.is_set() or (message, at) != (self.message, self.at):
            return False
        self.turn -= 1
        if self.turn == 0:
            self.done.set()
        return self.done.is_set()


class Link:
    """One client's connection and the server's behind it."""

    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self.client, self.server = client, server
        self.asked: deque[str] = deque()

    def cut(self) -> None:
        for end in (self.client, self.server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


class BoltProxy:
    """Listens on a free port until it is closed. One cut can wait at a time."""

    def __init__(self, host: str, port: int) -> None:
        self._server = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._guard = threading.Lock()
        self._cut: Cut | None = None
        self._down = False
        self.log: list[str] = []
        self.url = f"bolt://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self, message: str, at: str, *, turn: int = 1, stays_down: bool = False) -> Cut:
        """Sets the next cut. With `stays_down` nobody gets through afterwards, until `let_through`."""
        with self._guard:
            self._cut = Cut(message, at, turn, stays_down)
            return self._cut

    def let_through(self) -> None:
        with self._guard:
            self._cut, self._down = None, False

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self._down:
                client.close()
                continue
            link = Link(client, socket.create_connection(self._server))
            for end in (link.client, link.server):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._guarded, args=(link,), daemon=True).start()

    def _guarded(self, link: Link) -> None:
        with suppress(OSError, EOFError):
            _shake_hands(link)
            threading.Thread(target=self._carry, args=(link, self._carry_answers), daemon=True).start()
            self._carry(link, self._carry_questions)
        link.cut()

    def _carry(self, link: Link, carry: Callable[[Link], bool]) -> None:
        try:
            while carry(link):
                pass
        except (OSError, EOFError):
            pass
        link.cut()

    def _carry_questions(self, link: Link) -> bool:
        raw, tag = _read_message(link.client)
        name = NAMES.get(tag, "") if tag is not None else ""
        if name:
            self.log.append(name)
        if self._falls_on(name, "asked"):
            return False
        if name and name != _UNANSWERED:
            link.asked.append(name)
        link.server.sendall(raw)
        return not self._falls_on(name, "sent")

    def _carry_answers(self, link: Link) -> bool:
        raw, tag = _read_message(link.server)
        if tag is not None and tag != _RECORD and self._falls_on(link.asked.popleft(), "answered"):
            return False
        link.client.sendall(raw)
        return True

    def _falls_on(self, name: str, at: str) -> bool:
        with self._guard:
            if self._cut is None or not self._cut.falls_on(name, at):
                return False
            self._down = self._cut.stays_down
            return True


def _shake_hands(link: Link) -> None:
    """Leaves out the first version proposed, which stands for a longer handshake, so that the short one is used."""
    asked = _exactly(link.client, _HANDSHAKE)
    link.server.sendall(asked[:4] + b"\0\0\0\0" + asked[8:])
    link.client.sendall(_exactly(link.server, _CHOSEN))


def _read_message(end: socket.socket) -> tuple[bytes, int | None]:
    """One message as it stands on the wire, and its tag; None for an empty one, which only keeps a connection alive."""
    raw, content = b"", b""
    while True:
        size = _exactly(end, 2)
        raw += size
        if size == b"\0\0":
            return raw, content[1] if content else None
        chunk = _exactly(end, int.from_bytes(size, "big"))
        raw, content = raw + chunk, content or chunk[:2]


def _exactly(end: socket.socket, count: int) -> bytes:
    parts: list[bytes] = []
    while count:
        part = end.recv(min(count, 65536))
        if not part:
            raise EOFError
        parts.append(part)
        count -= len(part)
    return b"".join(parts)

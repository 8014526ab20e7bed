"""A caller's line to the service: HTTP/1.1 by hand over kept connections, so that asking costs little beside answering."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

WAIT_SECONDS = 60.0
MOST_OPEN = 1_500
# The service closes a connection on which nothing was asked for five seconds.
KEPT_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. Status 0: nothing did, and `body` says why."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Request:
    """One request, ready to be sent by whoever holds the token."""

    method: str
    path: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def as_bytes(self, host: str, token: str) -> bytes:
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: {host}", f"Authorization: Bearer {token}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if self.body or self.method != "GET":
            lines += ["Content-Type: application/json", f"Content-Length: {len(self.body)}"]
        return "\r\n".join([*lines, "", ""]).encode("ascii") + self.body


_Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Lines:
    """Kept connections to one address on loopback; another is opened when none is free, never more than MOST_OPEN."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self._free: list[tuple[float, _Streams]] = []
        self._open = asyncio.Semaphore(MOST_OPEN)

    async def ask(self, request: Request, token: str) -> Answer:
        """Sends a request and waits for its answer, a minute at most."""
        async with self._open:
            try:
                return await asyncio.wait_for(self._ask(request.as_bytes(f"{self.host}:{self.port}", token)), WAIT_SECONDS)
            except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError) as error:
                return Answer(0, {}, type(error).__name__.encode())

    async def _ask(self, given: bytes) -> Answer:
        reader, writer = streams = self._kept() or await asyncio.open_connection(self.host, self.port, limit=1 << 20)
        kept = False
        try:
            writer.write(given)
            answer = await _read(reader)
            kept = answer.headers.get("connection", "") != "close"
            return answer
        finally:
            if kept:
                self._free.append((time.monotonic(), streams))
            else:
                writer.close()

    def _kept(self) -> _Streams | None:
        """The connection that was used last, unless the service may be about to close it: the others are older still."""
        if self._free and self._free[-1][0] > time.monotonic() - KEPT_SECONDS:
            return self._free.pop()[1]
        self.close()
        return None

    def close(self) -> None:
        """Closes the connections that nobody uses."""
        for _, (_, writer) in self._free:
            writer.close()
        self._free.clear()


async def _read(reader: asyncio.StreamReader) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip("\r\n").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers["content-length"])) if "content-length" in headers else b""
    return Answer(int(first.split(" ", 2)[1]), headers, body)

"""The server behind kith serve: it says when it is ready, what it measures, and ends in good order."""

import asyncio
import logging
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from api.cli.memory import give_back_memory
from api.dependencies import House
from api.headers import SECURITY_HEADERS
from api.sign_in.one_time_link import CODE_BYTES, SERVED_AT, keep_link, link_address
from graph.errors import GraphError

log = logging.getLogger("kith.service")

GRACE_SECONDS = 20
MOST_HEAD_SECONDS = 10
TOLD_EVERY_SECONDS = 60
SERVED_FOR = timedelta(days=30)


class Protocol(H11Protocol):
    """Speaks HTTP. What is no request at all gets its refusal with the same headers as every other answer.

    Whoever opens a connection, or keeps one, and does not get a request's head across in ten seconds is hung up on.
    """

    _head_due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody is there: their first request is due. Each piece of an answer is to leave as soon as it is written.

        asyncio sees to that only where a socket names its protocol, which those taken in by the socket served here do not: the
        body would wait for the receipt of the head, which a caller's system holds back for 40 milliseconds.
        """
        super().connection_made(transport)
        if (taken := transport.get_extra_info("socket")) is not None:
            taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._expect_a_head()

    def data_received(self, data: bytes) -> None:
        """More has come: a request is under way, or its head is still due."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._expect_nothing()
        elif self._head_due is None:
            self._expect_a_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is there any more."""
        self._expect_nothing()
        super().connection_lost(exc)

    def _expect_a_head(self) -> None:
        self._head_due = self.loop.call_later(MOST_HEAD_SECONDS, self.timeout_keep_alive_handler)

    def _expect_nothing(self) -> None:
        if self._head_due is not None:
            self._head_due.cancel()
            self._head_due = None

    def send_400_response(self, msg: str) -> None:
        """The whole answer to what cannot be read as a request; the connection ends with it."""
        told = {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(msg)), "Connection": "close"}
        lines = ["HTTP/1.1 400 Bad Request", *(f"{name}: {value}" for name, value in (told | SECURITY_HEADERS).items())]
        self.transport.write("\r\n".join([*lines, "", msg]).encode("ascii"))
        self.transport.close()


class Server(uvicorn.Server):
    """The server: says when it is ready, and ends in good order when told to, answering what it has begun."""

    def __init__(self, app: FastAPI, listening: socket.socket) -> None:
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            ws="none",
            http=Protocol,
            callback_notify=self._look_and_tell,
            timeout_notify=TOLD_EVERY_SECONDS,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        self._app = app
        self._listening = listening
        super().__init__(config)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts to listen, then prints where, and the link that signs the first person in."""
        await super().startup(sockets)
        house: House = self._app.state.house
        host, at = self._listening.getsockname()[:2]
        name = "127.0.0.1" if host == "0.0.0.0" else f"[{host}]" if ":" in host else host  # noqa: S104
        base = f"http://{name}:{at}"
        print(f"Kith is ready at {base}", flush=True)
        code, now = house.chance(CODE_BYTES).hex(), house.clock()
        house.store.shelf.keep(SERVED_AT, base, until=now + SERVED_FOR)
        keep_link(house.store.shelf, code, now=now)
        print(f"Sign in once, within ten minutes: {link_address(base, code)}", flush=True)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Takes the signals that end a service, and ends it with status 0 instead of dying of them."""
        before = {each: signal.signal(each, self._told_to_stop) for each in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)

    def _told_to_stop(self, _number: int, _frame: Any) -> None:
        self.force_exit = self.should_exit
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Takes in nothing more, lets what has begun be answered, closes the house in order, and says what was measured."""
        house: House = self._app.state.house
        with suppress(GraphError):  # nobody is given a link to here any more
            house.store.shelf.drop(SERVED_AT)
        await super().shutdown(sockets)
        self._say_measures()

    async def _look_and_tell(self) -> None:
        """Looks at the clock, should nobody else ask, writes the moment down, and says what was measured.

        Should the machine's be moved back, or this process be killed, no more than this minute is not known to have gone by.
        """
        house: House = self._app.state.house
        with suppress(GraphError):
            await asyncio.to_thread(house.clock.look)
        await asyncio.to_thread(give_back_memory)
        self._say_measures()

    def _say_measures(self) -> None:
        """One line about the service as a whole, since the one before."""
        house: House = self._app.state.house
        log.info("service measured", extra=house.measures.taken())

"""kith serve, kith demo: the service on this machine."""

import argparse
import logging
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from importlib.resources import as_file, files
from typing import Any

import uvicorn
from fastapi import FastAPI

from api.cli.commands import DONE, WRONG_INPUT, Command, Stopped, add_store, day, port
from api.cli.filling import COMMAND_LINE, record_case
from api.cli.first_maps import draw_first_maps
from api.cli.first_views import give_first_views
from api.cli.real_world import real_chance, real_clock
from api.cli.stores import EVALUATION_LASTS, evaluation_only, is_past_its_life, opened, store_named
from api.cli.warming import warm_up
from api.dependencies import House
from api.logs import configure_logging
from api.main import create_app, credentials_of
from api.settings import Settings
from api.sign_in.one_time_link import CODE_BYTES, keep_link, link_address
from forum.access.policy import house_scope
from forum.membership import Forum
from graph.store import discard_store, hold_store
from graph.store.boundary import StoreFacts
from ingest.case_file import read_case

log = logging.getLogger("kith.service")

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
GRACE_SECONDS = 20
PAST_ITS_LIFE = "This evaluation store was past its 30 days and has been deleted. Start again for a new one."


def serve(args: argparse.Namespace, settings: Settings) -> int:
    """Serves until it is told to stop."""
    chosen = store_named(args.store, settings)
    given = {"host": args.host, "port": args.port, "on": args.on}
    chosen = chosen.model_copy(update={name: value for name, value in given.items() if value is not None})
    _check_address(chosen)
    with hold_store(chosen.store_url()):
        facts = _prepare(chosen, renew=args.renew)
    if is_past_its_life(facts, real_clock()):
        discard_store(chosen.store_url(), credentials=credentials_of(chosen))
        raise Stopped(PAST_ITS_LIFE)
    return _serve(chosen)


def demo(args: argparse.Namespace, settings: Settings) -> int:
    """Serves the invented borough of Calderwick on the day it was written for."""
    url = f"sqlite:///{settings.data_folder / 'calderwick.db'}"
    chosen = settings.model_copy(update={"store": url, "port": settings.port if args.port is None else args.port})
    _check_address(chosen)
    with hold_store(url):
        facts = _prepare(chosen, renew=False)
    if is_past_its_life(facts, real_clock()):
        discard_store(url)
    with hold_store(url):
        looked_at = _calderwick(chosen)
    return _serve(chosen.model_copy(update={"on": looked_at}))


def _calderwick(settings: Settings) -> date | None:
    """Loads Calderwick when it is not there, with its first maps and views, and says for which day it was written."""
    with opened(settings, making=True) as store:
        with as_file(files("ingest").joinpath("calderwick.yaml")) as path:
            loaded = record_case(store, read_case(path))
        with store.view(house_scope(store.about().forum)) as view:
            looked_at = next((forum.looked_at_on for forum in view.find(Forum) if forum.looked_at_on), None)
        now = real_clock()
        draw_first_maps(store, loaded.ids, by=COMMAND_LINE, today=looked_at or now.date(), now=now)
        give_first_views(store, loaded.ids, by=COMMAND_LINE, today=looked_at or now.date(), now=now)
        return looked_at


def _check_address(settings: Settings) -> None:
    if settings.host not in LOOPBACK and not settings.in_container:
        raise Stopped(
            "Kith listens on this machine alone until there is an identity provider: leave --host out, or give 127.0.0.1.",
            WRONG_INPUT,
        )


def _prepare(settings: Settings, *, renew: bool) -> StoreFacts:
    """Opens the store once, made when there is none: only evaluation stores are served, and `renew` gives thirty days more."""
    with opened(settings, making=True) as store:
        evaluation_only(store.about(), "This version serves")
        if renew:
            store.renew(real_clock() + EVALUATION_LASTS)
        return store.about()


def _serve(settings: Settings) -> int:
    with hold_store(settings.store_url()), _listening(settings) as listening:
        configure_logging(sys.stderr)
        app = create_app(settings, real_clock, real_chance)
        warm_up(app)
        service = _Service(app, listening)
        service.run(sockets=[listening])
        log.info("service ended")
    return DONE


@contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    host = "0.0.0.0" if settings.in_container else settings.host  # noqa: S104 - inside the container alone
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, settings.port), family=family, backlog=512)
    except OSError:
        raise Stopped(f"Port {settings.port} cannot be listened on. Give another with --port.") from None
    with listening:
        yield listening


class _Service(uvicorn.Server):
    """The server: says when it is ready, and ends in good order when told to, answering what it has begun."""

    def __init__(self, app: FastAPI, listening: socket.socket) -> None:
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            ws="none",
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        super().__init__(config)
        self._app = app
        self._listening = listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts to listen, then prints where, and the link that signs the first person in."""
        await super().startup(sockets)
        house: House = self._app.state.house
        host, at = self._listening.getsockname()[:2]
        name = "127.0.0.1" if host == "0.0.0.0" else f"[{host}]" if ":" in host else host  # noqa: S104
        base = f"http://{name}:{at}"
        print(f"Kith is ready at {base}", flush=True)
        code = house.chance(CODE_BYTES).hex()
        keep_link(house.store.shelf, code, now=house.clock())
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


def _serve_arguments(parser: argparse.ArgumentParser) -> None:
    add_store(parser)
    parser.add_argument("--host", help="the address to listen on; loopback alone (127.0.0.1)")
    parser.add_argument("--port", type=port, metavar="N", help="the port to listen on (8000); 0 takes a free one")
    parser.add_argument("--on", type=day, metavar="DATE", help="the day to take as today for facts, on an evaluation store")
    parser.add_argument("--renew", action="store_true", help="let the evaluation store live thirty days from now")


def _demo_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=port, metavar="N", help="the port to listen on (8000); 0 takes a free one")


COMMANDS = (
    Command(
        "serve",
        "Serves a store on this machine; prints one line when it is ready, and a link that signs in the first person.",
        "kith serve --store sqlite:///calderwick.db --port 8000 --on 2026-11-21",
        _serve_arguments,
        serve,
    ),
    Command(
        "demo",
        "Serves the invented borough of Calderwick.",
        "kith demo --port 8000",
        _demo_arguments,
        demo,
    ),
)

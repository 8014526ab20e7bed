"""kith serve, kith demo: the service on this machine."""

import argparse
import logging
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import as_file, files

from api.cli.commands import DONE, Command, Stopped, add_store, day, port
from api.cli.filling import COMMAND_LINE, record_case
from api.cli.first_maps import draw_first_maps
from api.cli.first_views import give_first_views
from api.cli.memory import keep_large_pieces_apart, leave_alone_what_stays
from api.cli.real_world import real_chance, real_clock
from api.cli.safety import refuse_unsafe
from api.cli.server import Server
from api.cli.stores import demo_url, evaluation_only, opened, store_named
from api.cli.warming import warm_up
from api.evaluation_life import EVALUATION_LASTS, is_past_its_life
from api.logs import configure_logging
from api.main import create_app, credentials_of
from api.onward_clock import latest_of
from api.processors import keep_to_one
from api.settings import Settings
from api.sign_in.people import let_in_everybody
from forum.access.policy import house_scope
from forum.membership import Forum
from graph.store import discard_store, hold_store
from graph.store.boundary import StoreFacts
from ingest.case_file import read_case

log = logging.getLogger("kith.service")

PAST_ITS_LIFE = "This evaluation store was past its 30 days and has been deleted. Start again for a new one."
CLOCK_WAS_AHEAD = (
    "This evaluation store is past its 30 days: this machine's clock was ahead once, and what ended by it stays ended. "
    "Nothing was deleted. To go on with the store: kith serve --renew. To delete it: kith tidy."
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A store that was opened once before it is served: its facts, and the latest moment it has seen."""

    facts: StoreFacts
    latest: datetime


def serve(args: argparse.Namespace, settings: Settings) -> int:
    """Serves until it is told to stop."""
    chosen = store_named(args.store, settings)
    given = {"host": args.host, "port": args.port, "on": args.on}
    chosen = chosen.model_copy(update={name: value for name, value in given.items() if value is not None})
    refuse_unsafe(chosen)
    with hold_store(chosen.store_url()):
        found = _prepare(chosen, renew=args.renew)
    if is_past_its_life(found.facts, real_clock()):
        discard_store(chosen.store_url(), credentials=credentials_of(chosen))
        raise Stopped(PAST_ITS_LIFE)
    if is_past_its_life(found.facts, found.latest):
        raise Stopped(CLOCK_WAS_AHEAD)
    return _serve(chosen)


def demo(args: argparse.Namespace, settings: Settings) -> int:
    """Serves the invented borough of Calderwick on the day it was written for."""
    url = demo_url(settings)
    chosen = settings.model_copy(update={"store": url, "port": settings.port if args.port is None else args.port})
    refuse_unsafe(chosen)
    with hold_store(url):
        found = _prepare(chosen, renew=False)
    if is_past_its_life(found.facts, found.latest):
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


def _prepare(settings: Settings, *, renew: bool) -> Prepared:
    """Opens the store once, made when there is none: only evaluation stores are served, and `renew` gives thirty days more.

    Whatever the machine's clock says now, a store is renewed from the latest moment it has seen: the service goes on from there.
    """
    with opened(settings, making=True) as store:
        evaluation_only(store.about(), "This version serves")
        latest = latest_of(store, real_clock())
        if renew:
            store.renew(latest + EVALUATION_LASTS)
        let_in_everybody(store, forum=store.about().forum, now=latest)
        return Prepared(store.about(), latest)


def _serve(settings: Settings) -> int:
    keep_large_pieces_apart()
    with hold_store(settings.store_url()), _listening(settings) as listening:
        keep_to_one(listening.getsockname()[1])
        configure_logging(sys.stderr)
        app = create_app(settings, real_clock, real_chance)
        warm_up(app)
        leave_alone_what_stays()
        Server(app, listening).run(sockets=[listening])
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

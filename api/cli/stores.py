"""Which store a command works on, and how it is opened: made, found, or refused with a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from urllib.parse import urlsplit

from api.cli.commands import WRONG_INPUT, Stopped
from api.cli.real_world import real_clock
from api.evaluation_life import EVALUATION_LASTS
from api.main import KINDS, credentials_of
from api.settings import Settings
from graph.errors import StoreInUse
from graph.records import ForumId, new_id
from graph.store import is_held, open_store
from graph.store.boundary import NewStore, Store, StoreFacts

FILE = "sqlite:///"
SCHEMES = ("neo4j://", "neo4j+s://", "neo4j+ssc://", "bolt://", "bolt+s://", "bolt+ssc://")


def store_named(url: str | None, settings: Settings) -> Settings:
    """The settings with the store that was named on the command line, if any. A URL of another kind is wrong input."""
    chosen = settings.model_copy(update={"store": url}) if url else settings
    if not _is_url_of_a_store(chosen.store_url()):
        raise Stopped("Write the store as sqlite:///path/to/file.db, neo4j://host:port, neo4j+s:// or bolt://.", WRONG_INPUT)
    return chosen


def _is_url_of_a_store(url: str) -> bool:
    """Whether it names a file, or a server by a host and a port that can be one."""
    if url.startswith(FILE):
        return True
    try:
        parts = urlsplit(url)
        return url.startswith(SCHEMES) and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def served_or_named(url: str | None, settings: Settings) -> Settings:
    """The store that was named, or set; without either, the demo's when that is the one being served in the data folder."""
    chosen = store_named(url, settings)
    if url or settings.store or is_held(chosen.store_url()) or not is_held(demo_url(settings)):
        return chosen
    return settings.model_copy(update={"store": demo_url(settings)})


def demo_url(settings: Settings) -> str:
    """Where the invented borough of the demo is kept."""
    return f"sqlite:///{settings.data_folder / 'calderwick.db'}"


def new_evaluation_store(now: datetime) -> NewStore:
    """A new evaluation store: marked as such for ever, and gone in thirty days unless renewed."""
    return NewStore(forum=ForumId(new_id()), evaluation=True, made_at=now, lives_until=now + EVALUATION_LASTS)


@contextmanager
def opened(settings: Settings, *, making: bool = False) -> Iterator[Store]:
    """The store, open; made as an evaluation store when nothing is there and `making` says so."""
    try:
        credentials = credentials_of(settings)
    except (OSError, UnicodeDecodeError):
        raise Stopped("The file named by KITH_NEO4J_PASSWORD_FILE cannot be read.", WRONG_INPUT) from None
    new = new_evaluation_store(real_clock()) if making else None
    store = open_store(settings.store_url(), KINDS, making=new, credentials=credentials)
    try:
        yield store
    finally:
        store.close()


def refuse_while_served(settings: Settings) -> None:
    """Raises StoreInUse while a service holds the store: this command would pull the ground from under it."""
    if is_held(settings.store_url()):
        raise StoreInUse


def evaluation_only(facts: StoreFacts, what: str) -> None:
    """Stops unless it is an evaluation store."""
    if not facts.evaluation:
        raise Stopped(f"{what} on evaluation stores only, and this store is not one. Nothing was done.")

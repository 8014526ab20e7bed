"""kith check, migrate, verify-audit, tidy, openapi: looking after a store, and the description of its interface."""

import argparse
import json
import shutil
from collections.abc import Callable, Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

from api.cli.commands import DONE, NOT_DONE, Command, Stopped, add_store
from api.cli.real_world import real_clock
from api.cli.safety import LOOKS
from api.cli.stores import opened, refuse_while_served, store_named
from api.evaluation_life import is_past_its_life
from api.main import credentials_of, describe_service
from api.onward_clock import latest_of
from api.settings import Settings
from graph.errors import GraphError
from graph.store import discard_store, migrate_store
from graph.store.boundary import Store
from graph.store.chain import FIRST, Link, find_break

LEAST_FREE_BYTES = 200_000_000
OUR_NAMES = ("api", "forum", "graph", "ingest", "visualise")


def check(args: argparse.Namespace, settings: Settings) -> int:
    """Looks at everything that can be looked at without changing it: a line each."""
    chosen = store_named(args.store, settings)
    wrong = [_line("settings", lambda: "can be read"), _line("packages", _look_at_packages)]
    wrong += [_line(look.name, lambda look=look: look.at(chosen)) for look in LOOKS]  # type: ignore[misc]
    try:
        with opened(chosen) as store:
            wrong += _look_at_store(store)
    except (GraphError, Stopped) as error:
        print(f"store: WRONG. {error}")
        wrong.append(True)
    wrong.append(_line("disk", lambda: _look_at_disk(chosen)))
    return NOT_DONE if any(wrong) else DONE


def _look_at_store(store: Store) -> list[bool]:
    return [
        _line("store", lambda: _look_at_life(store)),
        _line("schema", lambda: f"version {store.about().schema}"),
        _line("records, citations and journal", lambda: _look_inside(store)),
        _line("audit", lambda: _audit_sentence(store)),
    ]


def _look_at_life(store: Store) -> str:
    facts = store.about()
    if is_past_its_life(facts, latest_of(store, real_clock())):
        raise Stopped("This evaluation store is past its 30 days. To go on with it: kith serve --renew. To delete it: kith tidy.")
    until = f", an evaluation store until {facts.lives_until:%d %B %Y}" if facts.lives_until else ""
    return f"{facts.kind}{until}"


def _line(name: str, look: Callable[[], str]) -> bool:
    """Prints one line; whether something is wrong."""
    try:
        print(f"{name}: {look()}")
        return False
    except (GraphError, Stopped) as error:
        print(f"{name}: WRONG. {error}")
        return True


def _look_at_packages() -> str:
    owners = packages_distributions()
    if others := [name for name in OUR_NAMES if set(owners.get(name, ["kith"])) != {"kith"}]:
        raise Stopped(f"Another installed distribution brings a package named {others[0]}. Install Kith on its own.")
    return "the five names are Kith's own"


def _look_inside(store: Store) -> str:
    store.check()
    return f"whole at revision {store.revision():,}"


def _look_at_disk(settings: Settings) -> str:
    url = settings.store_url()
    if not url.startswith("sqlite:///"):
        return "the store is on a server of its own"
    folder = Path(url.removeprefix("sqlite:///")).absolute().parent
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE_BYTES:
        raise Stopped("Less than 200 MB are free. Make room before the store is full.")
    return f"{free // 1_000_000_000:,} GB free"


def migrate(args: argparse.Namespace, settings: Settings) -> int:
    """Brings a store up to date; one that a service holds is refused."""
    chosen = store_named(args.store, settings)
    refuse_while_served(chosen)
    taken = migrate_store(chosen.store_url(), credentials=credentials_of(chosen))
    for name in taken:
        print(name)
    print("The store is up to date.")
    return DONE


def verify_audit(args: argparse.Namespace, settings: Settings) -> int:
    """Follows the audit's chain from its first entry to its last, and says where it breaks."""
    with opened(store_named(args.store, settings)) as store:
        print(_audit_sentence(store))
    return DONE


def _audit_sentence(store: Store) -> str:
    """What there is to say of the audit; stops at the first entry that does not follow from the one before it."""
    last = Link(0, "", FIRST, FIRST)
    for link in _audit_links(store):
        if find_break([link], seq=last.seq, previous=last.hash) is not None:
            raise Stopped(f"The audit does not hold from entry {last.seq + 1} on. Keep this store as it is.")
        last = link
    return f"{last.seq:,} entries, each following from the one before; the last hash is {last.hash}"


def _audit_links(store: Store) -> Iterator[Link]:
    for chunk in store.export():
        for line in chunk:
            if line.startswith('{"audit":'):
                values = json.loads(line)["audit"]
                yield Link(values["seq"], values["entry"], values["previous"], values["hash"])


def tidy(args: argparse.Namespace, settings: Settings) -> int:
    """Takes away what is past its time: an evaluation store whose thirty days are over."""
    chosen = store_named(args.store, settings)
    refuse_while_served(chosen)
    with opened(chosen) as store:
        over = is_past_its_life(store.about(), latest_of(store, real_clock()))
    if over:
        discard_store(chosen.store_url(), credentials=credentials_of(chosen))
        print("The evaluation store was past its 30 days and has been deleted.")
    else:
        print("Nothing is past its time.")
    return DONE


def openapi(_args: argparse.Namespace, _settings: Settings) -> int:
    """Prints the description of the REST interface."""
    print(json.dumps(describe_service(), ensure_ascii=False, indent=1))
    return DONE


def _nothing(_parser: argparse.ArgumentParser) -> None:
    return None


COMMANDS = (
    Command("check", "Looks at everything, a line each.", "kith check --store sqlite:///forum.db", add_store, check),
    Command("migrate", "Brings a store up to date.", "kith migrate --store neo4j://localhost:7687", add_store, migrate),
    Command(
        "verify-audit",
        "Follows the audit's chain and says where it breaks.",
        "kith verify-audit --store sqlite:///forum.db",
        add_store,
        verify_audit,
    ),
    Command("tidy", "Deletes an evaluation store past its 30 days.", "kith tidy --store sqlite:///forum.db", add_store, tidy),
    Command("openapi", "Prints the OpenAPI description of REST.", "kith openapi > openapi.json", _nothing, openapi),
)

"""A process that imports a file until it is done or killed: python -m tests.ingest.importing_child URL FILE."""

import sys
from pathlib import Path

from graph.store import open_store
from ingest.load import import_referrals, read_import
from tests.builders import ACTOR, ALL_KINDS, NOW
from tests.ingest.loading import HOUSE


def run(url: str, file: str) -> None:
    given = read_import(Path(file))
    store = open_store(url, ALL_KINDS)
    print("writing", flush=True)
    import_referrals(store, given, scope=HOUSE, by=ACTOR, now=NOW, pause=lambda seconds: None)
    store.close()
    print("done", flush=True)


if __name__ == "__main__":
    run(sys.argv[1], sys.argv[2])

"""A place on the real Neo4j server alone, for what is about that server. Without one these files are not collected at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import neo4j_server
from tests.conftest import StorePlace, empty_place

ON_THE_SERVER = ["test_neo4j_opening.py", "test_neo4j_statements.py", "test_neo4j_store.py", "test_write_faults_neo4j.py"]

collect_ignore = [] if neo4j_server.is_wanted() else ON_THE_SERVER


@pytest.fixture
def neo4j_place(tmp_path: Path) -> Iterator[StorePlace]:
    place = empty_place("neo4j", tmp_path)
    with place.opened:
        yield place

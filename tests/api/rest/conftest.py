"""Boroughs served: Calderwick on each kind of store."""

import pytest

from tests.api.rest.served import Served, calderwick_text, serve_case
from tests.conftest import StorePlace


@pytest.fixture
def calderwick(store_place: StorePlace) -> Served:
    """The invented borough, loaded into a store of each kind."""
    return serve_case(store_place, calderwick_text())


@pytest.fixture
def calderwick_embedded(sqlite_place: StorePlace) -> Served:
    """The invented borough on the embedded store, for what is not about the store."""
    return serve_case(sqlite_place, calderwick_text())

"""A served borough of its own for each test: on the embedded store where what is tried is not about the store."""

from collections.abc import Iterator

import pytest

from tests.api.running import Service
from tests.conftest import StorePlace


@pytest.fixture
def sqlite_service(sqlite_place: StorePlace) -> Iterator[Service]:
    made = Service(sqlite_place)
    with made.client:
        yield made


@pytest.fixture
def either_service(store_place: StorePlace) -> Iterator[Service]:
    """On either kind of store, for what is reduced to a few questions."""
    made = Service(store_place)
    with made.client:
        yield made

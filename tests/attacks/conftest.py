"""A served borough of its own for each test, on the embedded store: what is tried here is not about the store."""

from collections.abc import Iterator

import pytest

from tests.api.running import Service
from tests.conftest import StorePlace


@pytest.fixture
def sqlite_service(sqlite_place: StorePlace) -> Iterator[Service]:
    made = Service(sqlite_place)
    with made.client:
        yield made

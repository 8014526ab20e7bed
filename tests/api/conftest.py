"""Fixtures. `service` runs on each kind of store; `sqlite_service` on the embedded one, for what is not about the store."""

from collections.abc import Iterator

import pytest

from tests.api.running import Service
from tests.conftest import StorePlace


@pytest.fixture
def service(store_place: StorePlace) -> Iterator[Service]:
    made = Service(store_place)
    with made.client:
        yield made


@pytest.fixture
def sqlite_service(sqlite_place: StorePlace) -> Iterator[Service]:
    made = Service(sqlite_place)
    with made.client:
        yield made

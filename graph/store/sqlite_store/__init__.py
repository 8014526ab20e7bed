"""The embedded store, behind one door: the only package that knows the SQLite driver."""

from graph.store.sqlite_store.copies import copy_store
from graph.store.sqlite_store.files import (
    NOTHING_THERE,
    discard_file,
    hold_file,
    holds_something,
    is_file_held,
    migrate_file,
    open_store_file,
)
from graph.store.sqlite_store.library import has_wal_reset_fault, library_version

__all__ = [
    "NOTHING_THERE",
    "copy_store",
    "discard_file",
    "has_wal_reset_fault",
    "hold_file",
    "holds_something",
    "is_file_held",
    "library_version",
    "migrate_file",
    "open_store_file",
]

"""The embedded store, behind one door: the only package that knows the SQLite driver."""

from graph.store.sqlite_store.copies import copy_store
from graph.store.sqlite_store.files import (
    discard_file,
    hold_file,
    is_file_held,
    migrate_file,
    open_store_file,
)

__all__ = ["copy_store", "discard_file", "hold_file", "is_file_held", "migrate_file", "open_store_file"]

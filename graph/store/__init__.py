"""Where facts are kept: one boundary, two stores behind it. These are the names others import."""

from graph.store.opening import (
    backup_store,
    discard_store,
    embedded_library,
    has_wal_reset_fault,
    hold_store,
    is_held,
    migrate_store,
    open_store,
)

__all__ = [
    "backup_store",
    "discard_store",
    "embedded_library",
    "has_wal_reset_fault",
    "hold_store",
    "is_held",
    "migrate_store",
    "open_store",
]

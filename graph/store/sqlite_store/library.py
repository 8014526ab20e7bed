"""Which SQLite is this, and is it one that can lose committed pages?"""

import apsw

# Two connections that write and checkpoint at the same instant could lose committed pages (sqlite.org/wal.html#walresetbug).
_FIRST_WITH_FAULT = (3, 7, 0)
_MENDED = (3, 51, 3)
_MENDED_IN = {(3, 44): 6, (3, 50): 7}


def library_version() -> str:
    """The version of the SQLite that the embedded store runs on, such as 3.54.0."""
    return apsw.sqlite_lib_version()


def has_wal_reset_fault(version: str) -> bool:
    """Whether this version of SQLite can lose committed pages when two connections write."""
    major, minor, patch = (int(part) for part in [*version.split("."), "0", "0"][:3])
    if (major, minor) in _MENDED_IN and patch >= _MENDED_IN[major, minor]:
        return False
    return _FIRST_WITH_FAULT <= (major, minor, patch) < _MENDED

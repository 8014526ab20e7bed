"""The numbered steps a store's schema went through: applies what is pending, in order, and never goes back.

A step is a folder such as `0001_records` that holds one text for each store and, when the meaning of a record changes, an
`upgrade.py` with `upgrade(properties) -> properties`, where `properties` is a stored body with the kind beside it.
"""

import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph.errors import StoreRefused

FOLDER = Path(__file__).parent / "migrations"

TOO_NEW = "This store was made by a newer version of Kith. Use that version, or a newer one; nothing was changed."

Upgrade = Callable[[Mapping[str, Any]], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Migration:
    """One step: its number, and the folder that is named after it."""

    number: int
    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    def text(self, file: str) -> str:
        """What one store has to run: `sqlite.sql` or `neo4j.cypher`."""
        return (self.folder / file).read_text(encoding="utf-8")

    def upgrade(self) -> Upgrade | None:
        """How a stored body becomes what it must be after this step; None when only the schema changes."""
        path = self.folder / "upgrade.py"
        if not path.exists():
            return None
        spec = importlib.util.spec_from_file_location(f"kith_upgrade_{self.name}", path)
        if spec is None or spec.loader is None:
            raise StoreRefused
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        found: Upgrade = module.upgrade
        return found


def all_migrations(folder: Path = FOLDER) -> tuple[Migration, ...]:
    """Every step in order. StoreRefused when a number is missing, given twice, or not what HEAD says."""
    found = tuple(Migration(int(path.name[:4]), path) for path in sorted(folder.glob("[0-9][0-9][0-9][0-9]_*")))
    if [step.number for step in found] != list(range(1, int((folder / "HEAD").read_text(encoding="utf-8")) + 1)):
        raise StoreRefused("The migrations of this version of Kith are not complete. Install it again.")
    return found


def pending(schema: int, folder: Path = FOLDER) -> tuple[Migration, ...]:
    """The steps still to take from a schema number. StoreRefused when the store is newer than the code."""
    steps = all_migrations(folder)
    if schema > len(steps):
        raise StoreRefused(TOO_NEW)
    return steps[schema:]

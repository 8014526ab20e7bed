"""Records read from stored bodies, kept for whoever asks next: most are asked for again and again."""

import json
from collections.abc import Callable, Mapping
from functools import lru_cache

from graph.records import Record
from graph.store.codec import read_record

RECORDS_KEPT = 6_000
Read = Callable[[str, str], Record]


class DecodedRecords:
    """What bodies say, as records that cannot be changed; the same body always says the same, whoever asks.

    No decision is kept: what of a record somebody sees is worked out from it at each call, behind this. Nothing that was
    erased is kept either: after `forget`, what was read before it goes nowhere.
    """

    def __init__(self, kinds: Mapping[str, type[Record]]) -> None:
        self._kinds = kinds
        self._read = self._with_nothing_kept()

    def reading(self) -> Read:
        """From a kind's name and a body to the record. To be asked for before what is to be read is looked up.

        Who looked up something just before it was erased, and reads it after, has it from what is forgotten by then.
        """
        return self._read

    def forget(self) -> None:
        """Keeps nothing of what was read so far."""
        self._read = self._with_nothing_kept()

    def _with_nothing_kept(self) -> Read:
        return lru_cache(RECORDS_KEPT)(lambda kind, body: read_record(self._kinds, kind, json.loads(body)))

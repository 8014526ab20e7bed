"""Findings: one question per file, a network in, a frozen finding out. `Network` is the type every finding takes.

A network is a networkx MultiDiGraph of what one scope sees, made only by `graph.projection`, nodes and edges inserted in
order of id. Every node is a record id, with
  kind      the record's KIND
  facts     its followed fields by name (days as `date`, ids as text, lists of entries as tuples of dicts), never a name
  cited     its visible citations: {field: (id, ...)}
  stated    for a referral: the visible ties stated in it, in order of id (else ())
Every edge is one visible assertion: key = its id, attribute `tie` = the `Tie`.
"""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import networkx

from graph.assertions import AssertionKind, HowKnown, HowSure, Origin, Standing, StandingSince, Voice, standing_on
from graph.records import RecordId

Network: TypeAlias = "networkx.MultiDiGraph[RecordId]"


@dataclass(frozen=True, slots=True)
class Tie:
    """One assertion as a network knows it: ends, provenance and dated life; no names and no narrative.

    `recorded` is the moment it was recorded, as `graph.periods.moment_text` writes it, or None where that is not known.
    """

    id: RecordId
    says: AssertionKind
    source: RecordId
    target: RecordId
    stated_in: RecordId | None
    standings: tuple[StandingSince, ...]
    review_on: date
    date_recorded: date
    date_known: date | None
    known: HowKnown
    how_sure: HowSure
    origin: Origin
    said_by: Voice
    source_role: str
    agency: str | None
    protective: bool | None
    within: RecordId | None
    time_band: str | None
    corroborated_by: tuple[RecordId, ...]
    recorded: str | None = None

    def standing(self, on: date) -> Standing | None:
        """Where it stands on a day; None when it was not recorded yet, or is only a system's suggestion."""
        if self.origin is Origin.SYSTEM_MATCH:
            return None
        return standing_on(self.standings, self.review_on, on)

    def is_current(self, on: date) -> bool:
        """Current and undisputed on that day: only then may it link or count (practice, 10.1)."""
        return self.standing(on) is Standing.CURRENT

    def is_shown(self, on: date) -> bool:
        """Current or disputed: only then may it stand on a map or a page (practice, 9.3)."""
        return self.standing(on) in (Standing.CURRENT, Standing.DISPUTED)

"""One referral out of one or several rows of a table, kept small, and how it becomes what REST and case files give."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from forum.context_drafts import ContextDraft, read_context
from forum.errors import IncompleteReferral
from forum.given import Given
from forum.person_drafts import PersonDraft
from forum.referral_drafts import ReferralDraft, read_referral_draft
from graph.contexts import CONTEXT_TYPES
from ingest.columns import REQUIRED

WHO, UNNAMED = "who", "unnamed"
_DEFAULT_RELIABILITY = "told_by_other_professional"


def of_agency(agency: str, own: str) -> str:
    """An agency's own reference or number, told apart from another agency's equal one."""
    return f"{agency} {own}"


@dataclass(frozen=True, slots=True)
class PlaceName:
    """One name and kind is one place: the kind of record, the kind of place (None where nothing is known), and the label."""

    kind: str
    place_kind: str | None
    label: str


@dataclass(frozen=True, slots=True)
class PlaceTie:
    """What one row says of one of the referral's places, counted from 0."""

    place: int
    rel: str
    reliability: str | None
    day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowReferral:
    """One referral out of one or several rows, kept small: a file may hold very many. `draft` makes it whole.

    `agency_reference` and `agency_number` are made of the agency and its own reference or number: two agencies' equal ones
    are two. `person` is what the table says of the young person, by our column; None when it names none.
    """

    row: int
    line: int
    rows: int
    header: Mapping[str, Any]
    person: Mapping[str, Any] | None
    agency_number: str | None
    places: tuple[PlaceName, ...]
    ties: tuple[PlaceTie, ...]

    @property
    def reference(self) -> str:
        return str(self.header["referral"])

    @property
    def agency_reference(self) -> str:
        return of_agency(self.header["referrer_agency"], self.reference)

    @property
    def received(self) -> date:
        found: date = self.header["received"]
        return found

    def draft(self) -> ReferralDraft:
        """The referral as REST and case files give it: the young person stands as `who`, the places as `place 0`, `place 1` …

        Referrals that differ only in what varies from row to row are read once: the rest was checked cell by cell.
        """
        template = _template(self._shape())
        received, said = self.received, {"received": self.received, "narrative": self.header.get("narrative", "")}
        links = (
            replace(link, provenance=replace(link.provenance, date_known=tie.day, date_recorded=received))
            for link, tie in zip(template.links, self.ties, strict=True)
        )
        return replace(template, reference=self.reference, received=received, header=template.header | said, links=tuple(links))

    def _shape(self) -> "RowShape":
        """The same referral without what varies from row to row."""
        varying = {"referral": "-", "received": date(2000, 1, 1)}
        header = tuple((name, varying.get(name, self.header[name])) for name in REQUIRED)
        ties = tuple((tie.place, tie.rel, tie.reliability) for tie in self.ties)
        return RowShape(header, self.person is not None, ties)

    def person_draft(self) -> PersonDraft:
        """The young person; call only where there is one."""
        return PersonDraft(at="", kind="young_person", ref=None, fields=dict(self.person or {}), setting=None)


@dataclass(frozen=True, slots=True)
class RowShape:
    """What referrals of one table often share: the header apart from reference and day, and how places are tied."""

    header: tuple[tuple[str, Any], ...]
    named: bool
    ties: tuple[tuple[int, str, str | None], ...]


@lru_cache(maxsize=1024)
def _template(shape: RowShape) -> ReferralDraft:
    ties = [PlaceTie(place, rel, reliability, None) for place, rel, reliability in shape.ties]
    draft, mistakes = read_referral_draft(as_given(dict(shape.header), ties, named=shape.named))
    if draft is None:
        raise IncompleteReferral(mistakes)
    return draft


def place_draft(name: PlaceName) -> ContextDraft:
    """The place as REST and case files give it."""
    context_type = next(code for code, kind in CONTEXT_TYPES.items() if name.kind == kind.KIND)
    return read_context(Given({"type": context_type, "label": name.label, "place_kind": name.place_kind}, "", []))


def as_given(header: Mapping[str, Any], ties: Sequence[PlaceTie], *, named: bool) -> dict[str, Any]:
    """A referral in the shape that REST and case files share."""
    return {
        "id": header["referral"],
        "kind": header["kind"],
        "received": header["received"],
        "referrer": {"role": header["referrer_role"], "agency": header["referrer_agency"]},
        "subject": {"people": [WHO] if named else [], "contexts": [] if named else ["place 0"]},
        "efh_types": list(header["efh_types"]),
        "narrative": header.get("narrative"),
        "unnamed": [{"ref": UNNAMED, "size_band": None, "roles": []}] if ties and not named else [],
        "links": [_link(header, WHO if named else UNNAMED, tie) for tie in ties],
    }


def _link(header: Mapping[str, Any], source: str, tie: PlaceTie) -> dict[str, Any]:
    return {
        "from": source,
        "rel": tie.rel,
        "to": f"place {tie.place}",
        "provenance": {
            "kind": "reported_by_third_party",
            "source_role": header["referrer_role"],
            "agency": header["referrer_agency"],
            "reliability": tie.reliability or _DEFAULT_RELIABILITY,
            "date_known": tie.day,
            "date_recorded": header["received"],
            "handling": "panel_item",
        },
    }

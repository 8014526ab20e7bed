"""The forum of a case: its place, its panel with what each member can reach, and the actions proposed there."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from forum.code_lists import is_code
from forum.given import Given
from forum.membership import Member, Reach
from ingest.case_ids import TARGETS, CaseIds, named


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelDraft:
    """The place a forum serves, the day the case was written for, and its panel."""

    area: str | None
    fictional: bool
    looked_at_on: date | None
    panel: str | None
    columns: tuple[str, ...]
    members: tuple[Member, ...]

    @property
    def is_blank(self) -> bool:
        return self.area is None and self.looked_at_on is None and self.panel is None and not self.columns and not self.members


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionDraft:
    """An action as proposed; `target` is an id of the file."""

    id: str | None
    target: str | None
    fields: dict[str, Any]


def read_panel(case: Given) -> PanelDraft:
    """The forum as the file describes it: `place`, `as_of` and `panel`, each of which may be left out."""
    place, panel = case.part("place"), case.part("panel")
    area, fictional = None, False
    if place:
        place.require("name", "Write the name of the area the forum serves.")
        area, fictional = place.text("name"), bool(place.flag("fictional"))
        place.finish()
    draft = PanelDraft(
        area=area,
        fictional=fictional,
        looked_at_on=case.day("as_of"),
        panel=panel.text("id") if panel else None,
        columns=_read_columns(panel) if panel else (),
        members=_read_members(panel) if panel else (),
    )
    if panel:
        panel.finish()
    return draft


def _is_column(code: str) -> bool:
    return is_code("CONTEXT", code) or is_code("PLACE_KIND", code)


def _read_columns(panel: Given) -> tuple[str, ...]:
    found = panel.texts("columns")
    for number, column in enumerate(found):
        if column and not _is_column(column):
            panel.wrong_at(
                f"{panel.place('columns')}/{number}", "unknown-code", "Write a code of the list CONTEXT or PLACE_KIND."
            )
        elif column in found[:number]:
            panel.wrong_at(f"{panel.place('columns')}/{number}", "twice", "This column already stands there.")
    return found


def _read_members(panel: Given) -> tuple[Member, ...]:
    found: list[Member] = []
    for given in panel.parts("members"):
        given.require("role", "Write the member's role.")
        given.require("agency", "Write the member's agency: a code of the list AGENCY.")
        role, agency = given.text("role") or "", given.code("agency", "AGENCY") or ""
        name, welfare_led = given.text("id") or role, bool(given.flag("welfare_led"))
        member = Member(name=name, role=role, agency=agency, welfare_led=welfare_led, reach=_read_reach(given))
        given.finish()
        if name in {other.name for other in found}:
            given.wrong("id", "id-used-twice", "This id already stands for another member. Give each their own.")
        found.append(member)
    return tuple(found)


def _read_reach(member: Given) -> tuple[Reach, ...]:
    given = member.part("reach")
    if given is None:
        return ()
    found: list[Reach] = []
    for column in list(given.value):
        reach = given.code(column, "REACH")
        if not _is_column(column):
            given.wrong(column, "unknown-code", "Write a code of the list CONTEXT or PLACE_KIND before the colon.")
        elif reach:
            found.append(Reach(column=column, reach=reach))
    return tuple(found)


def read_actions(case: Given, ids: CaseIds) -> tuple[ActionDraft, ...]:
    """The actions proposed. Call once everything they may aim at is introduced."""
    found: list[ActionDraft] = []
    for given in case.parts("actions"):
        given.require("text", "Say what is to be done.")
        given_id, target = given.text("id"), named(given, "target", ids, TARGETS)
        fields: dict[str, Any] = {
            "text": given.text("text", long=True) or "",
            "target_kind": given.code("target_kind", "ACTION_TARGET"),
            "outcome_domain": given.code("outcome_domain", "OUTCOME_DOMAIN"),
            "nature": given.code("nature", "ACTION_NATURE"),
            "welfare_purpose": given.text("welfare_purpose", long=True),
            "end_date": given.day("end_date"),
            "young_peoples_view": given.text("young_peoples_view", long=True),
        }
        given.finish()
        ids.introduce(given_id, "Action", given.place("id"))
        found.append(ActionDraft(id=given_id, target=target, fields=fields))
    return tuple(found)

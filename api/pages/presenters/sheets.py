"""A context-only sheet as a page: the place, who is there with caring intent, what could be changed; nobody else."""

from dataclasses import dataclass

from api.pages.presenters.wording import and_list, code_words, day_words, starts
from forum.access.sheets import ContextSheet, SheetCondition, SheetGuardian


@dataclass(frozen=True, slots=True)
class SheetPage:
    """Everything that the page of a sheet says."""

    href: str
    label: str
    kind: str
    guardians: tuple[str, ...]
    conditions: tuple[str, ...]
    young_people: str
    until: str


def present_sheet(sheet: ContextSheet) -> SheetPage:
    """The sheet in sentences."""
    kind = code_words("PLACE_KIND", sheet.place_kind) if sheet.place_kind else code_words("CTX_TYPE", sheet.context_type)
    return SheetPage(
        href=f"/contexts/{sheet.context}",
        label=sheet.everyday_name or sheet.label,
        kind=starts(kind),
        guardians=tuple(_guardian(each) for each in sheet.guardians),
        conditions=tuple(_condition(each) for each in sheet.conditions),
        young_people=f"Young people for whom harm is reported here: {sheet.young_people}." if sheet.young_people else "",
        until=f"This sheet was made for you, and can be read until {day_words(sheet.review_on)}.",
    )


def _guardian(guardian: SheetGuardian) -> str:
    willing = {True: ", willing to help", False: ", not willing to help so far", None: ""}[guardian.willing]
    when = and_list(code_words("GUARDIAN_PRESENT", code) for code in guardian.present)
    return f"{starts(guardian.who)}{willing}{', there on ' + when if when else ''}"


def _condition(condition: SheetCondition) -> str:
    return f"{starts(code_words('PLACE_CONDITION', condition.what))}: {code_words('CONDITION_FOUND', condition.how)}"

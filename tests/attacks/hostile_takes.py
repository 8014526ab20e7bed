"""What a field of a request takes where it takes no words of choice, by its operation and its place: and how it refuses a text.

What stands here is refused every text, in its own place. Three exceptions take some, each for a reason, and what comes out of
them is looked at: see REFERENCE, SEARCH and SHORT_CODE.
"""

import re
from enum import Enum

NOUNS = ("peer_group", "school", "neighbourhood", "location", "online_space")
# What is changed by a merge patch of what was read, whose fields the description does not name: those of what it was made with.
CHANGES = {
    "change_young_person": "create_young_person", **{f"change_{noun}": f"create_{noun}" for noun in NOUNS},
    "change_referral": "create_referral", "change_agenda_item": "create_agenda_item",
}  # fmt: skip
# What a change of a referral refuses whatever it holds.
NOT_CHANGED = {"change_referral": ("id", "links", "unnamed", "events", "told")}


class Takes(Enum):
    """What a field takes in place of words."""

    ID = "the id of a record or of somebody"
    CODE = "a code of a published list"
    DAY = "a day or a moment"
    TIME = "a time of the day"
    NOTHING = "nothing: the number of a school, at what is none; what a change refuses"
    # Accepted as any text: it says which thing of the same body is meant, and is kept nowhere.
    REFERENCE = "a reference inside the same body"
    # Accepted as any text: it is looked for, and kept nowhere.
    SEARCH = "words to search by"
    # A text that is one by chance (null, 007, constructor) is accepted: lists of a forum's own are not known to the interface.
    SHORT_CODE = "a code of a local list: small letters, figures and underscores"

    def accepts(self, text: str, *, fits: bool) -> bool:
        """Whether a text is taken. `fits`: it may be kept, and is no longer than a name."""
        if self is Takes.SHORT_CODE:
            return re.fullmatch(r"[a-z0-9][a-z0-9_]{0,59}", text) is not None
        return fits and self in (Takes.REFERENCE, Takes.SEARCH)


EXCEPTIONS = (Takes.REFERENCE, Takes.SEARCH, Takes.SHORT_CODE)
_LINK = {
    Takes.ID: "from to within provenance/corroborated_by/- status_history/-/by",
    Takes.CODE: "rel status status_history/-/status provenance/kind provenance/agency provenance/reliability "
    "provenance/how_sure provenance/handling",
    Takes.DAY: "provenance/date_known provenance/date_recorded provenance/review_by status_history/-/from",
    Takes.TIME: "time_band/-",
    Takes.SHORT_CODE: "time_band",
    Takes.REFERENCE: "id ref",
}
_CONTEXT = {Takes.ID: "part_of safe_for/-", Takes.CODE: "type context place_kind", Takes.SHORT_CODE: "space_kind"}
_BY_OPERATION: dict[str, dict[Takes, str]] = {
    "create_agenda_item": {Takes.ID: "about/- accepted/-", Takes.DAY: "meeting_on"},
    "create_assertion": {**_LINK, Takes.ID: f"{_LINK[Takes.ID]} referral"},
    "renew_assertion": {Takes.DAY: "review_by"},
    "create_conflict": {Takes.ID: "about/-"},
    **{f"create_{noun}": _CONTEXT if noun == "school" else {**_CONTEXT, Takes.NOTHING: "urn"} for noun in NOUNS},
    "create_grant": {Takes.ID: "to covers/-", Takes.DAY: "from until", Takes.CODE: "source purposes/-"},
    "create_incident": {
        Takes.ID: "participants/-/person where referral", Takes.CODE: "participants/-/roles/- agency", Takes.DAY: "date",
        Takes.TIME: "time_band/-", Takes.SHORT_CODE: "kind time_band",
    },
    "create_map": {Takes.ID: "around", Takes.CODE: "mode", Takes.DAY: "review_by"},
    "create_restriction": {Takes.ID: "about/- named/-"},
    "create_young_person": {
        Takes.ID: "setting", Takes.DAY: "date_of_birth", Takes.SHORT_CODE: "sex ethnicity care_status named",
    },
    "search_young_people": {Takes.SEARCH: "name"},
    "create_referral": {
        Takes.ID: "subject/people/- subject/contexts/- named_people/-/person concerns_contexts/- guardians/-/context "
        "events/-/participants/- told/-/person",
        Takes.CODE: "kind channel referrer/agency efh_types/- named_people/-/roles/- unnamed/-/roles/- guardians/-/mode "
        "told/-/who told/-/status lawful_basis sharing_purpose",
        Takes.DAY: "received events/-/date told/-/date told/-/due",
        Takes.TIME: "occurrences/time_band/-",
        Takes.SHORT_CODE: "guardians/-/present/- occurrences/time_band events/-/kind",
        Takes.REFERENCE: "unnamed/-/id unnamed/-/ref events/-/id events/-/ref",
    },
}  # fmt: skip
WITHOUT_WORDS: dict[tuple[str, str], Takes] = {
    (operation, f"/{pointer}"): takes
    for operation, fields in _BY_OPERATION.items()
    for takes, pointers in fields.items()
    for pointer in pointers.split()
} | {("create_referral", f"/links/-/{pointer}"): takes for takes, pointers in _LINK.items() for pointer in pointers.split()}


def takes_instead(operation: str, pointer: str) -> Takes | None:
    """What stands in this field instead of words; None where words do, or nobody has said."""
    if pointer.split("/")[1] in NOT_CHANGED.get(operation, ()):
        return Takes.NOTHING
    return WITHOUT_WORDS.get((CHANGES.get(operation, operation), pointer))

"""The frame of a map, made from its sheet: purpose, owner, days, mode, copy and the three statements."""

import re
from datetime import date

from forum.maps import MapSheet
from visualise.document import Copy, Frame, plain_words
from visualise.map_ids import key_of

STATEMENTS = (
    "Shows what is known today, not who is to blame.",
    "Not evidence of wrongdoing.",
    "This map shows only what you may see.",
)
ON_SCREEN = Copy("the reader on screen", "none")
LABELS = {"with_young_person": "initials", "coordination": "pseudonyms", "named_working_map": "names", "context_only": "none"}


def frame_of(
    sheet: MapSheet, *, title: str, today: date, marking: str, reference: str, copy: Copy | None, labels: str | None = None
) -> Frame:
    """The frame. The map is named by the sheet's id; `labels` is what its mode uses unless said otherwise."""
    given = copy or ON_SCREEN
    return Frame(
        map=sheet.id if re.fullmatch(r"[A-Za-z0-9_-]{16,40}", sheet.id) else "m_" + key_of(sheet.label_seed, "map")[:18],
        reference=plain_words(reference, otherwise="no reference"),
        title=plain_words(title, otherwise="Map"),
        marking=plain_words(marking, otherwise="OFFICIAL-SENSITIVE"),
        mode=sheet.mode,
        labels=labels or LABELS.get(sheet.mode, "none"),
        purpose=plain_words(sheet.purpose, otherwise=""),
        owner=plain_words(sheet.owner, otherwise=""),
        drawn_by=plain_words(sheet.drawn_by, otherwise=""),
        drawn_on=sheet.drawn_on,
        facts_as_of=today,
        review_by=min(sheet.review_on, sheet.expires_on),
        expires_on=sheet.expires_on,
        copy=Copy(plain_words(given.for_whom, otherwise="the reader"), plain_words(given.number, otherwise="none")),
        statements=STATEMENTS,
    )

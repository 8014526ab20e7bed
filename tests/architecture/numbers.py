"""Every number that Kith can keep or send, and what it counts. None of them is about a young person; the two facts that are
(an age as given, and the version of the record) say so.

One line each: where it stands, and why it is no measure of anybody. Checked by test_no_scores_on_people.
"""

# Class.field, table.column, or map.path
NUMBERS: dict[str, str] = {
    "YoungPerson.age": "a fact as it was given, like a date of birth: shown to those who may see identity, never sorted by",
    "Record.version": "how often a record was saved; guards against two people saving at once",
    "Assertion.occurrences": "how often a statement says that something happened",
    "Occurrences.count": "how often a referral says that something happened",
    "Position.x": "where a thing stands on the drawing, a share of its width; belongs to the map sheet",
    "Position.y": "where a thing stands on the drawing, a share of its height; belongs to the map sheet",
    "MapSheet.steps": "how far from its middle a map reaches",
    "ParticipantWeights.weights": "what a participant said each context weighs: about contexts, never about a person",
    "CodeList.version": "the version of a code list",
}

# Names that read like a measure and are none.
WORDS_OF_MEASURES: dict[str, str] = {}

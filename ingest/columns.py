"""How one agency's columns map to ours: which is which, which words stand for which codes, and what holds for every row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from forum.code_lists import is_code
from forum.errors import Mistake
from forum.given import Given, clean_text, pointer_part
from ingest.errors import FileMistake, UnknownColumn, UnreadableFile, UnreadableYaml
from ingest.plain_yaml import PlainYaml, path_of, read_plain_yaml

PLACES = (1, 2, 3)
REQUIRED = ("referral", "received", "kind", "referrer_role", "referrer_agency", "efh_types")
PERSON = ("young_person", "given_name", "family_name", "known_as", "date_of_birth", "postcode")
PLACE_PARTS = ("", "_kind", "_rel", "_reliability", "_date")
OURS = (*REQUIRED, *PERSON, "narrative", *(f"place_{n}{part}" for n in PLACES for part in PLACE_PARTS))

# The lists whose codes a column holds.
LISTS_OF: Mapping[str, tuple[str, ...]] = {
    "kind": ("REF_KIND",),
    "referrer_agency": ("AGENCY",),
    "efh_types": ("EFH_TYPE",),
    **{f"place_{n}_kind": ("PLACE_KIND", "CTX_TYPE") for n in PLACES},
    **{f"place_{n}_rel": ("REL",) for n in PLACES},
    **{f"place_{n}_reliability": ("RELIABILITY",) for n in PLACES},
}


@dataclass(frozen=True, slots=True)
class Mapped:
    """A mapping file read: our column to theirs, their words (case aside) to our codes by our column, and fixed values."""

    columns: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    source: PlainYaml | None = field(default=None, repr=False)
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each of our columns is found in one table. `theirs` is what the file calls it; `unread` are columns nobody reads."""

    where: Mapping[str, int]
    theirs: Mapping[str, str]
    words: Mapping[str, Mapping[str, str]]
    fixed: Mapping[str, str]
    unread: tuple[str, ...]

    def name_of(self, ours: str) -> str:
        """What the file calls one of our columns; our own name when the file does not have it."""
        return self.theirs.get(ours, ours)


def read_mapping(given: bytes | Path) -> Mapped:
    """Reads a mapping file. UnreadableFile when it is no such file; UnknownColumn with every mistake otherwise."""
    if isinstance(given, Path):
        try:
            given = given.read_bytes()
        except OSError as error:
            raise UnreadableFile("The mapping file cannot be opened. Check its name, and that you may read it.") from error
    try:
        source = read_plain_yaml(given, what="mapping file")
    except UnreadableYaml as error:
        raise UnknownColumn(error.mistakes) from error
    mistakes: list[Mistake] = []
    whole = Given(source.value, "", mistakes)
    columns, fixed = _texts(whole, "columns"), _texts(whole, "fixed")
    words = _read_words(whole)
    whole.finish()
    for name in sorted(set(columns) & set(fixed)):
        whole.wrong_at(f"/fixed/{name}", "twice", "This column is given in columns too. Keep one of the two.")
    _check_codes(fixed, "/fixed", mistakes)
    if mistakes or source.mistakes:
        raise UnknownColumn([*source.mistakes, *(_placed(mistake, source) for mistake in mistakes)])
    return Mapped(columns, words, fixed, source, sha256(given).hexdigest())


def _texts(whole: Given, name: str) -> dict[str, str]:
    """A mapping from our columns to text."""
    part = whole.part(name)
    found: dict[str, str] = {}
    if part is None:
        return found
    for ours in list(part.value):
        text = part.text(ours, long=True)
        if ours not in OURS:
            part.wrong(ours, "unknown-column", f"There is no such column of ours. Ours are: {', '.join(OURS)}.")
        elif text is None:
            part.wrong(ours, "missing", "Write something here, or take the line out.")
        else:
            found[ours] = text
    return found


def _read_words(whole: Given) -> dict[str, dict[str, str]]:
    part = whole.part("words")
    found: dict[str, dict[str, str]] = {}
    if part is None:
        return found
    for ours in list(part.value):
        words = part.part(ours)
        if ours not in LISTS_OF:
            part.wrong(ours, "unknown-column", f"This column holds no codes. Those that do are: {', '.join(LISTS_OF)}.")
        elif words is not None:
            found[ours] = {folded(word): code for word in list(words.value) if (code := words.text(word))}
            _check_codes({word: words.value[word] for word in words.value}, words.at, whole.mistakes, lists=LISTS_OF[ours])
    return found


def folded(word: str) -> str:
    """A word as it is compared: NFC, without outer spaces, capitals aside."""
    return clean_text(word).casefold()


def _check_codes(values: Mapping[str, Any], at: str, mistakes: list[Mistake], *, lists: Sequence[str] | None = None) -> None:
    for name, value in values.items():
        names = lists if lists is not None else LISTS_OF.get(name, ())
        codes = value.split(";") if isinstance(value, str) and name == "efh_types" else [value]
        if names and not all(isinstance(code, str) and any(is_code(one, clean_text(code)) for one in names) for code in codes):
            mistakes.append(
                Mistake(f"{at}/{pointer_part(name)}", "unknown-code", f"Write a code of the list {' or '.join(names)}.")
            )


def _placed(mistake: Mistake, source: PlainYaml) -> FileMistake:
    return FileMistake(path_of(mistake.pointer), source.line_of(mistake.pointer), mistake.code, mistake.detail)


def find_columns(header: Sequence[str], mapped: Mapped) -> Columns:
    """Finds our columns in a header, capitals aside. Those the mapping does not name are looked for under our own names.

    UnknownColumn when the mapping names a column the file lacks; UnreadableFile when there is no header, a column that is
    needed is missing, or one stands twice.
    """
    places: dict[str, list[int]] = {}
    for index, name in enumerate(header):
        places.setdefault(folded(name), []).append(index)
    _check_mapped(mapped, places)
    wanted = {ours: mapped.columns.get(ours, ours) for ours in OURS if ours not in mapped.fixed}
    found = {ours: places[folded(theirs)] for ours, theirs in wanted.items() if folded(theirs) in places}
    _check_found(found, mapped)
    where = {ours: indexes[0] for ours, indexes in found.items()}
    unread = tuple(name[:60] or f"column {index + 1}" for index, name in enumerate(header) if index not in set(where.values()))
    return Columns(where, {ours: header[index] for ours, index in where.items()}, mapped.words, mapped.fixed, unread)


def _check_mapped(mapped: Mapped, places: Mapping[str, Sequence[int]]) -> None:
    source = mapped.source
    if source is None:
        return
    detail = "The file has no column of this name. Write it exactly as it stands in the header row."
    lacking = [ours for ours, theirs in mapped.columns.items() if folded(theirs) not in places]
    if lacking:
        raise UnknownColumn([_placed(Mistake(f"/columns/{ours}", "unknown-column", detail), source) for ours in lacking])


def _check_found(found: Mapping[str, Sequence[int]], mapped: Mapped) -> None:
    if not found:
        raise UnreadableFile(
            f"The first row is no header that can be read here. It holds the names of the columns: {', '.join(REQUIRED)} and "
            "more. Add it, or say in a mapping file (--mapping) what your columns are called."
        )
    missing = [ours for ours in REQUIRED if ours not in found and ours not in mapped.fixed]
    if missing:
        raise UnreadableFile(
            f"These columns are missing: {', '.join(missing)}. Add them, or say in a mapping file (--mapping) what yours are "
            "called, or what holds for every row."
        )
    twice = [ours for ours, indexes in found.items() if len(indexes) > 1]
    if twice:
        raise UnreadableFile(f"These columns stand twice in the header: {', '.join(twice)}. Keep one of each.")

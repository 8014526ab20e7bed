"""Tries one text: in every field of words at once and out of every answer, and alone in one field after the other."""

import html
import json
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import takewhile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx

from forum.access.actors import Role
from tests.attacks.hostile_borough import CHANGED, READ_BY, Borough, a_borough
from tests.attacks.hostile_fields import Field, body_of, fields, put, ready_for
from tests.attacks.hostile_takes import CHANGES, EXCEPTIONS, Takes
from tests.attacks.hostile_texts import as_kept, may_be_kept, plain_like

# The forms of pages: the field of each that somebody could write into.
FORMS = {
    "look_as": "persona", "sign_in": "code", "find_person_of_history": "person", "end_one_of_my_sessions": "session",
    "end_a_session_of_somebody": "session",
}  # fmt: skip
WITHOUT_FIELDS = ("sign_out", "sign_out_everywhere")
# Forms that only an information-governance lead is given.
OF_THE_LEAD = ("find_person_of_history", "end_a_session_of_somebody")
WORDED = [one for one in fields() if one.takes_words]


class Page(HTMLParser):
    """A page as a browser reads it: its elements in order with the names of their attributes, and all that it says.

    What a script is given as data is read as that; what a picture draws stands in lines of its own.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.frame: list[Any] = []
        self.said = Said()
        self._data: list[str] | None = None
        self._drawn = 0
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script" and "json" in (dict(attrs).get("type") or ""):
            self._data = []
        self._drawn += tag == "text"
        self.frame.append((tag, tuple(name for name, _ in attrs)))
        self.said.words += [value or "" for _, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        self._drawn -= tag == "text"
        if self._data is not None:
            self.frame.append(repr(_shape(json.loads("".join(self._data)), self.said.words)))
            self._data = None
        self.frame.append((f"/{tag}", ()))

    def handle_data(self, data: str) -> None:
        if self._data is not None:
            self._data.append(data)
        else:
            (self.said.drawn if self._drawn else self.said.words).append(data)


@dataclass
class Said:
    """The words of an answer, each as whoever reads the answer gets it; and apart, the lines that a picture draws.

    A label is set in lines by how wide its letters are and cut where there are too many: no two texts give the same lines.
    """

    words: list[str] = field(default_factory=list)
    drawn: list[str] = field(default_factory=list)


def shape_and_words(answer: httpx.Response) -> tuple[Any, Said]:
    """What an answer is made of, without any words; and what it says."""
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if kind.endswith("json"):
        said = Said()
        return _shape(answer.json(), said.words), said
    if kind == "text/html":
        page = Page(answer.text)
        return _each_label_once(page.frame, 2), page.said
    if kind.endswith("xml"):
        found, said = list(ElementTree.fromstring(answer.content).iter()), Said()
        for one in found:
            (said.drawn if one.tag == f"{{{SVG}}}text" else said.words).append(one.text or "")
            said.words += [one.tail or "", *one.attrib.values()]
        return _each_label_once([(one.tag, tuple(one.keys())) for one in found], 1), said
    return kind, Said([answer.text])


SVG = "http://www.w3.org/2000/svg"


def _each_label_once(frame: list[Any], step: int) -> list[Any]:
    """A frame in which drawn lines of one sort that follow each other stand once. `step`: how many entries each line has."""
    found: list[Any] = []
    at = 0
    while at < len(frame):
        size = step if _is_line(frame[at]) else 1
        line = frame[at : at + size]
        if not _is_line(line[0]) or found[-size:] != line:
            found += line
        at += size
    return found


def _is_line(entry: Any) -> bool:
    return isinstance(entry, tuple) and str(entry[0]).rpartition("}")[2] == "text"


def _shape(value: Any, words: list[str]) -> Any:
    if isinstance(value, dict):
        words += value
        return {name: _shape(inner, words) for name, inner in value.items()}
    if isinstance(value, list):
        return [_shape(inner, words) for inner in value]
    if isinstance(value, str):
        words.append(value)
        return "text"
    return value


@dataclass
class Inert:
    """How much was tried, and through how many answers a text came out."""

    texts: int = 0
    kept: int = 0
    refused: int = 0
    fields: int = 0
    alone: int = 0
    answers: int = 0
    came_out: int = 0
    through: list[str] = field(default_factory=list)

    def add(self, other: "Inert") -> None:
        for name in ("texts", "kept", "refused", "alone", "answers", "came_out"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.fields = max(self.fields, other.fields)
        self.through = sorted({*self.through, *other.through})

    def sentence(self) -> str:
        return (
            f"{self.texts:,} texts, {self.kept:,} of them kept in {self.fields} fields at once and {self.refused:,} refused; "
            f"{self.alone:,} times one text in one field alone; {self.answers:,} answers compared with plain letters, "
            f"{self.came_out:,} held the text, of {len(self.through)} kinds"
        )


def try_text(text: str, folder: Path) -> Inert:
    """One text in every field and out of every answer, beside plain letters. AssertionError where it acted or was lost."""
    if not may_be_kept(text):
        return Inert(texts=1, refused=1)
    found = Inert(texts=1, kept=1)
    with a_borough(folder / "odd") as odd:
        odd.write(text)
        asked = list(odd.answers(text))
        found.fields = _check_kept(odd, text)
        assert odd.odd_lines() == [], f"{text!r} is written to the log"
    with a_borough(folder / "plain") as plain:
        plain.write(plain_like(text))
        usual = list(plain.answers(plain_like(text)))
    assert [name for name, _ in asked] == [name for name, _ in usual]
    for (name, answer), (_, beside) in zip(asked, usual, strict=True):
        assert answer.status_code == beside.status_code, f"{name}: {answer.status_code} with {text!r}"
        assert ":" not in name.partition(" ")[0] or answer.status_code == 200, f"{name}: {answer.status_code}, and is theirs"
        shape, said = shape_and_words(answer)
        plain_shape, plain_said = shape_and_words(beside)
        assert shape == plain_shape, f"{name} has another structure with {text!r}"
        out = sum(plain_like(text) in words for words in plain_said.words)
        lost = out - sum(as_kept(text) in unicodedata.normalize("NFC", words) for words in said.words)
        assert lost <= 0, f"{name} lost {text!r} {lost} times"
        other = [line for line in said.drawn if not _is_drawn_of(line, text, plain_said.drawn)]
        assert other == [], f"{name} draws {other} with {text!r}"
        found.answers += 1
        found.came_out += bool(out)
        found.through += [name] if out else []
    return found


def _is_drawn_of(line: str, text: str, plain: list[str]) -> bool:
    """Whether a line of a picture is one of those with plain letters but for the text; or begins as one of them until the text
    begins, and ends as one of them from where it ends, with a piece of the text between, since a line ends where it is full.
    """
    if line.replace(as_kept(text), plain_like(text)) in plain:
        return True
    begins = {_alike(line, one) for one in ("", *plain)}
    ends = {_alike(line[::-1], one[::-1]) for one in ("", *plain)}
    between = (line[first : len(line) - last] for first in begins for last in ends if first + last <= len(line))
    return any(piece.removesuffix("…") in as_kept(text) for piece in between)


def _alike(one: str, other: str) -> int:
    """How many signs two lines have in common from their beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _check_kept(borough: Borough, text: str) -> int:
    """Every field of words reads as it was written, by its name: in what was made with it and in what was changed to it."""
    count = 0
    for operation in (*READ_BY, *CHANGES):
        wanted = {one.reads_as for one in WORDED if one.operation == operation and len(as_kept(text)) <= one.limit}
        made = CHANGES.get(operation, operation)
        if not wanted:
            continue
        read = borough.read(made, what=f"{CHANGED}{made}" if operation in CHANGES else "")
        lost = wanted - set(names_above(read, as_kept(text)))
        assert not lost, f"{operation} lost {text!r} in {sorted(lost)}"
        count += len(wanted)
    return count


def _places(value: Any, text: str, at: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _places(inner, text, f"{at}/{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from _places(inner, text, at)
    elif value == text:
        yield at


def names_above(value: Any, text: str) -> Iterator[str]:
    """Every name on the way to each place where a text stands."""
    for at in _places(value, text):
        yield from at.split("/")


def try_fields(text: str, folder: Path, chosen: Sequence[Field]) -> int:
    """One text in one field after the other, alone: kept or refused where words go, refused in its place elsewhere.

    Nothing that is refused is repeated, in the answer or in the log.
    """
    with a_borough(folder) as borough:
        borough.write("Plain words")
        for one in chosen:
            try_alone(borough, one, text)
        for name in FORMS:
            _try_form(borough, name, text)
        assert borough.odd_lines() == [], f"{text!r} is written to the log"
    return len(chosen) + len(FORMS)


def try_alone(borough: Borough, one: Field, text: str) -> None:
    """One text in one field: kept or refused as it has to be, and looked at where it is an exception. AssertionError else."""
    on = _a_statement_for(one.operation, borough) if one.operation in STEPS else ""
    body = ready_for(one, borough.things)
    at = put(body, one.pointer, text)
    answer = borough.send(one.operation, body, on=on)
    told = f"{one.operation} {one.pointer} with {text!r}: {answer.status_code} {answer.text[:300]}"
    fits = may_be_kept(text) and len(as_kept(text)) <= one.limit
    accepted = fits if one.takes is None else one.takes.accepts(text, fits=fits)
    assert (answer.status_code in (200, 201)) == accepted, told
    if accepted:
        if one.takes in EXCEPTIONS:
            _check_exception(borough, one, text, answer)
        return
    assert answer.status_code in (400, 422), told
    assert len(text) <= 8 or text not in json.dumps(answer.json(), ensure_ascii=False), told
    if answer.status_code == 422:
        pointed = {mistake["pointer"] for mistake in answer.json()["errors"]}
        # In its own place and for itself: at the field, or at the list or the part that it stands in.
        assert pointed and all(f"{at}/".startswith(f"{pointer}/") for pointer in pointed), told


# From where each step of a statement's life is taken.
STEPS = {
    "dispute_assertion": "current", "correct_assertion": "current", "withdraw_assertion": "current",
    "renew_assertion": "expired", "reopen_assertion": "disputed",
}  # fmt: skip


def _a_statement_for(step: str, borough: Borough) -> str:
    """The id of a new statement that stands where this step may be taken."""
    body = {**body_of("create_assertion", borough.things), "status": STEPS[step]}
    answer = borough.send("create_assertion", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def _check_exception(borough: Borough, one: Field, text: str, answer: httpx.Response) -> None:
    """What comes out of a field that takes a text and is none of words: nothing of it, or the code exactly."""
    if one.takes is Takes.SEARCH:
        for person in answer.json()["items"]:
            whole = " ".join(value for value in person.values() if isinstance(value, str))
            assert as_kept(text).casefold() in whole.casefold(), f"{text!r} finds {person}"
        return
    made = answer.json()["id"]
    read = borough.asker.ask("GET", borough.route(READ_BY[one.made_by]).at(made)).json()
    kept = list(_places(read, text))
    if one.takes is Takes.REFERENCE:
        assert kept == [], f"{one} is a reference, and {text!r} is kept at {kept}"
    else:
        assert one.pointer.replace("/-", "") in kept, f"{one} was given {text!r}, which stands at {kept}"


def _try_form(borough: Borough, name: str, text: str) -> None:
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        return  # no form can carry half a character
    asker = borough.others[Role.INFORMATION_GOVERNANCE] if name in OF_THE_LEAD else borough.asker
    refused = asker.ask("POST", borough.route(name).template, form={FORMS[name]: text})
    assert 300 <= refused.status_code < 500, f"{name} with {text!r}: {refused.status_code}"
    assert refused.status_code != 403 or name not in OF_THE_LEAD, f"{name} was not tried: {refused.status_code}"
    assert len(text) <= 8 or text not in html.unescape(refused.text), f"{name} repeats {text!r}"

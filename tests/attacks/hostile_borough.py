"""A borough in which one text stands in every field of words, and every answer of the service that it comes out through.

Two boroughs written in the same order with the same ids differ in that text alone: whatever else differs in what comes out,
the text did.
"""

import html
import io
import json
import logging
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from xml.etree import ElementTree

import httpx

from api.logs import configure_logging
from api.settings import Settings
from api.sign_in.one_time_link import first_person
from forum.access.actors import Role
from graph.records import ActorId
from tests.api.running import UNHURRIED
from tests.attacks.asking import Asker, sign_in
from tests.attacks.hostile_fields import NOUNS, Field, Things, body_of, fields, filled, put
from tests.attacks.hostile_texts import as_kept, may_be_kept, plain_like
from tests.attacks.routes import Route, routes_of
from tests.attacks.serving import Inside, serve
from tests.builders import FORUM, NOW
from tests.conftest import empty_place

# In this order each finds what it is about.
MAKES = (
    "create_young_person", *(f"create_{noun}" for noun in NOUNS), "create_referral", "create_referral", "create_assertion",
    "dispute_assertion", "correct_assertion", "create_assertion", "create_incident", "create_map", "create_conflict",
    "create_grant", "create_restriction", "create_agenda_item",
)  # fmt: skip
# Where what was made is read, by the name of its route.
READ_BY = {
    "create_young_person": "read_young_person", **{f"create_{noun}": f"read_{noun}" for noun in NOUNS},
    "create_referral": "read_referral", "create_assertion": "read_assertion", "create_incident": "read_incident",
    "create_map": "read_map", "create_conflict": "read_conflict", "create_grant": "read_grant",
    "create_restriction": "read_restriction",
}  # fmt: skip
# The forms of pages: the field of each that somebody could write into.
FORMS = {
    "look_as": "persona", "sign_in": "code", "find_person_of_history": "person", "end_one_of_my_sessions": "session",
    "end_a_session_of_somebody": "session",
}  # fmt: skip
WITHOUT_FIELDS = ("sign_out", "sign_out_everywhere")
KIND_OF_PARAMETER = {
    "referral_id": ("create_referral",), "person_id": ("create_young_person",), "assertion_id": ("create_assertion",),
    "incident_id": ("create_incident",), "map_id": ("create_map", "contexts map"), "sheet_id": ("create_map", "contexts map"),
    "grant_id": ("create_grant",), "restriction_id": ("create_restriction",), "conflict_id": ("create_conflict",),
    "item_id": ("create_agenda_item",), "context_id": tuple(f"create_{noun}" for noun in NOUNS),
}  # fmt: skip


WORDED = [one for one in fields() if one.takes_words]


@dataclass
class Borough:
    """A served borough, its writer, and what was made."""

    asker: Asker
    things: Things
    routes: tuple[Route, ...]
    log: io.StringIO
    refused: list[tuple[str, httpx.Response]] = field(default_factory=list)

    def send(self, operation: str, body: Any) -> httpx.Response:
        """One write, on what was made before it."""
        route = next(route for route in self.routes if route.name == operation)
        path = route.at(self.things.made.get("create_assertion", "")) if route.parameters else route.template
        return self.asker.ask(route.method, path, json=body)

    def write(self, text: str) -> None:
        """Everything, each with this text in every field that takes words."""
        for operation in MAKES:
            self._keep(operation, self.send(operation, filled(operation, self.things, text)))
        around = {"kind": "contexts", "mode": "context_only", "around": self.things.made["create_location"], "steps": 1}
        self._keep("contexts map", self.send("create_map", {**filled("create_map", self.things, text), **around}))

    def _keep(self, what: str, answer: httpx.Response) -> None:
        assert answer.status_code in (200, 201), f"{what}: {answer.status_code} {answer.text[:600]}"
        if answer.status_code == 201:
            self.things.made[what] = answer.json()["id"]

    def read(self, operation: str) -> Any:
        """What was made by this operation, as it is read."""
        route = next(route for route in self.routes if route.name == READ_BY[operation])
        return self.asker.ask("GET", route.at(self.things.made[operation])).json()

    def answers(self) -> Iterator[tuple[str, httpx.Response]]:
        """Every answer to a question: each route that reads, on each thing that was made and that it is about."""
        for route in self.routes:
            if route.method != "GET" or route.name in ("read_clusters", "export_map_png"):
                continue
            for name, path in self._paths(route):
                yield f"{route.name} {name}", self.asker.ask("GET", path)

    def _paths(self, route: Route) -> Iterator[tuple[str, str]]:
        if not route.parameters:
            yield "", route.template
            if route.name == "list_audit":
                yield from ((query, f"{route.template}?{query}") for query in ("by=me", "cases=mine"))
            return
        if route.parameters == ("name",):
            return
        makings = KIND_OF_PARAMETER[route.parameters[0]]
        own = tuple(made for made, read in READ_BY.items() if read == route.name)
        for made in own if own and len(makings) > 2 else makings:
            yield made, route.at(self.things.made[made])


@contextmanager
def a_borough(folder: Path) -> Iterator[Borough]:
    """An empty one. Its ids come from a seed: the same in every borough."""
    folder.mkdir(parents=True)
    place = empty_place("sqlite", folder)
    chance, log = Random(5), io.StringIO()
    before = logging.getLogger().handlers[:]
    ids = SimpleNamespace(token_hex=lambda size: chance.randbytes(size).hex())
    with place.opened, patch("graph.records.secrets", ids):
        store = place.make()
        app = serve(Settings(store=place.url, **UNHURRIED), lambda: NOW, Random(7).randbytes)
        configure_logging(log)
        inside = Inside(app)
        colleague = ActorId("5" * 32)
        sign_in(inside, store.shelf, role=Role.PRACTITIONER, actor=colleague, secret="c" * 64, now=NOW)
        writer = first_person(FORUM)
        asker = sign_in(inside, store.shelf, role=Role.COORDINATOR, actor=writer, secret="a" * 64, now=NOW)
        with inside:
            yield Borough(asker, Things(writer, colleague), routes_of(app), log)
    logging.getLogger().handlers[:] = before


class Page(HTMLParser):
    """A page as a browser reads it: its elements in order with the names of their attributes, and all that it says."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.frame: list[tuple[str, tuple[str, ...]]] = []
        self.says: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.frame.append((tag, tuple(name for name, _ in attrs)))
        self.says += [value or "" for _, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        self.frame.append((f"/{tag}", ()))

    def handle_data(self, data: str) -> None:
        self.says.append(data)


def shape_and_words(answer: httpx.Response) -> tuple[Any, list[str]]:
    """What an answer is made of, without any words; and its words, each as whoever reads the answer gets it."""
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if kind.endswith("json"):
        words: list[str] = []
        return _shape(answer.json(), words), words
    if kind == "text/html":
        page = Page(answer.text)
        return page.frame, page.says
    if kind.endswith("xml"):
        found = list(ElementTree.fromstring(answer.content).iter())
        said = [text or "" for one in found for text in (one.text, one.tail, *one.attrib.values())]
        return [(one.tag, tuple(one.keys())) for one in found], said
    return kind, [answer.text]


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
        asked = list(odd.answers())
        found.fields = _check_kept(odd, text)
        assert not (len(text) > 8 and text in odd.log.getvalue()), f"a line of the log holds {text!r}"
    with a_borough(folder / "plain") as plain:
        plain.write(plain_like(text))
        usual = list(plain.answers())
    assert [name for name, _ in asked] == [name for name, _ in usual]
    for (name, answer), (_, beside) in zip(asked, usual, strict=True):
        assert answer.status_code == beside.status_code, f"{name}: {answer.status_code} with {text!r}"
        shape, words = shape_and_words(answer)
        plain_shape, plain_words = shape_and_words(beside)
        assert shape == plain_shape, f"{name} has another structure with {text!r}"
        out = sum(plain_like(text) in said for said in plain_words)
        lost = out - sum(as_kept(text) in unicodedata.normalize("NFC", said) for said in words)
        assert lost <= 0, f"{name} lost {text!r} {lost} times"
        found.answers += 1
        found.came_out += bool(out)
        found.through += [name] if out else []
    return found


def _check_kept(borough: Borough, text: str) -> int:
    """Every field of words reads as it was written, by its name. Gives how many there were."""
    count = 0
    for operation in READ_BY:
        wanted = {one.reads_as for one in WORDED if one.operation == operation and len(text) <= one.limit}
        named = set(_names_above(borough.read(operation), as_kept(text)))
        lost = wanted - named
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


def _names_above(value: Any, text: str) -> Iterator[str]:
    """Every name on the way to each place where a text stands."""
    for at in _places(value, text):
        yield from at.split("/")


def try_fields(text: str, folder: Path, chosen: Sequence[Field]) -> int:
    """One text in one field after the other, alone: kept or refused where words go, refused and not repeated elsewhere."""
    with a_borough(folder) as borough:
        borough.write("Plain words")
        for one in chosen:
            body = body_of(one.operation, borough.things)
            at = put(body, one.pointer, text)
            answer = borough.send(one.operation, body)
            told = f"{one.operation} {one.pointer} with {text!r}: {answer.status_code} {answer.text[:300]}"
            fits = may_be_kept(text) and len(as_kept(text)) <= one.limit
            if one.takes_words and one.operation in READ_BY:
                assert (answer.status_code == 201) == fits, told
            assert answer.status_code < 500, told
            if answer.status_code >= 400:
                assert len(text) <= 8 or text not in json.dumps(answer.json(), ensure_ascii=False), told
            if answer.status_code == 422 and not may_be_kept(text):
                pointed = {mistake["pointer"] for mistake in answer.json()["errors"]}
                assert at in pointed or not one.takes_words, told
        for name, field_name in FORMS.items():
            form = next(route for route in borough.routes if route.name == name)
            if not any("\ud800" <= sign <= "\udfff" for sign in text):
                refused = borough.asker.ask("POST", form.template, form={field_name: text})
                assert 300 <= refused.status_code < 500 and (len(text) <= 8 or text not in html.unescape(refused.text)), name
    return len(chosen) + len(FORMS)

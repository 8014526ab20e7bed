"""The list says all that the picture says: the contract between the two."""

import html as html_words
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.visualise.generated_maps import a_document, a_link, generated_document
from tests.visualise.sheets import peer_map_in
from tests.visualise.test_svg import HOSTILE
from tests.worlds import calderwick
from visualise.document import At, MapDocument, Thing
from visualise.listing import list_as_html, list_as_json, list_map
from visualise.style import words_for

EXAMPLE = (Path(__file__).parent / "examples" / "peer_map.json").read_text("utf-8")


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(document: MapDocument) -> Reader:
    reader = Reader()
    reader.feed(list_as_html(document))
    return reader


@pytest.mark.parametrize(
    "document", [MapDocument.from_json(EXAMPLE), generated_document(8, 30), peer_map_in(calderwick(), "PG3")]
)
def test_every_label_and_every_code_of_every_link_is_in_the_list(document: MapDocument) -> None:
    words = " ".join(read(document).words)
    for thing in document.things:
        assert thing.label in words
        assert words_for("thing", thing.kind) in words
        assert (thing.told or "") in words
        assert (thing.count or "") in words
    for row, link in zip(list_map(document).links, document.links, strict=True):
        cells = " ".join(str(getattr(row, name)) for name in row.__slots__)
        for said in (link.words, link.said_by, words_for("meaning", link.meaning), words_for("how_known", link.how_known)):
            assert said in cells
        assert words_for("how_sure", link.how_sure) in cells
        assert row.agencies == str(link.agencies)
        assert ("disputed" in row.disputed) == link.disputed
        assert ("no date" in row.when) == (link.known_on is None)
        for part in link.roles:
            assert words_for("role", part.role) in cells
    for entry in document.legend:
        assert entry.words in words
    for said in (document.summary, document.frame.purpose, document.frame.owner, *document.frame.statements):
        assert said in words


def test_each_link_has_a_row_even_where_the_picture_draws_one_line_for_two() -> None:
    things = tuple(
        Thing(f"t{number}", "young_person", name, False, At(0.2 * number, 0.5, "auto"), told="told")
        for number, name in ((1, "K7"), (2, "M2"))
    )
    document = a_document(things, (a_link("l1", "t1", "t2"), a_link("l2", "t1", "t2", said_by="M2")))
    assert [row.said_by for row in list_map(document).links] == ["K7", "M2"]


def test_up_to_sixty_things_are_also_listed_by_person_and_place() -> None:
    document = generated_document(4, 12)
    listed = list_map(document)
    assert [one.label for one in listed.around] == [thing.label for thing in document.things]
    assert sum(len(one.sentences) for one in listed.around) == 2 * len(document.links)


def test_tables_have_captions_and_scoped_headers_and_can_take_focus() -> None:
    written = list_as_html(MapDocument.from_json(EXAMPLE))
    assert written.count("<caption>") == 2
    assert '<th scope="col">' in written
    assert '<th scope="row">' in written
    assert written.count('tabindex="0"') == 2


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_words_stay_words(name: str) -> None:
    things = (Thing("t1", "location", name, False, None), Thing("t2", "school", "School", False, None))
    document = a_document(things, (a_link("l1", "t1", "t2", words=name, said_by=name),), purpose=name)
    seen = read(document)
    assert not seen.tags & {"script", "img", "svg", "style", "iframe"}
    assert not {one for one in seen.attributes if one.startswith("on") or one == "style"}
    assert html_words.unescape(name) in html_words.unescape(" ".join(seen.words)) or name in " ".join(seen.words)


def test_the_json_form_says_the_same() -> None:
    document = MapDocument.from_json(EXAMPLE)
    body = json.loads(list_as_json(document))
    assert [row["label"] for row in body["things"]] == [thing.label for thing in document.things]
    assert len(body["links"]) == len(document.links)
    assert body["summary"] == document.summary
    assert not re.search(r'"(score|degree|rank)"', list_as_json(document).decode())

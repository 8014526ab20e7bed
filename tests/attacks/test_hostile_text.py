"""Five hundred hostile texts in every field: refused with their place or kept exactly, and inert wherever they come out."""

import io
import json
import logging
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from api.logs import configure_logging
from forum.access.policy import house_scope
from forum.referrals import Referral
from graph.records import new_id
from ingest.case_file import read_case
from ingest.case_load import load_case
from ingest.errors import UnreadableCase
from tests.api.running import Caller, Service
from tests.attacks.hostile_texts import as_kept, may_be_kept, plain_like, texts
from tests.builders import ACTOR, FORUM, NOW
from tests.conftest import empty_place
from tests.ingest.loading import all_records
from tests.telling import Tell
from tests.visualise.generated_maps import a_document, a_link
from visualise.document import At, MapDocument, Thing
from visualise.exchange import write_geojson, write_gexf, write_graphml, write_json_graph
from visualise.listing import list_as_html, list_as_json
from visualise.standalone import write_standalone
from visualise.svg import draw_svg

ALL = texts()
KEPT = [text for text in ALL if may_be_kept(text)]
REFUSED = [text for text in ALL if not may_be_kept(text)]
PURPOSE = {"purpose": "Agree who stays alongside them", "owner": "social worker", "review_by": "2027-02-13"}


def a_body(text: str) -> dict[str, Any]:
    """A referral with this text wherever anybody may write: header, parts, person, place, statement, guardian, condition."""
    source = {
        "kind": "observed", "source_role": text, "agency": None, "reliability": "first_hand", "date_known": None, "note": text,
    }  # fmt: skip
    place = {"type": "location", "label": text, "everyday_name": text, "ref": "the place"}
    person = {"known_as": text, "pseudonym": text, "initials": text, "note": text, "placing_authority": text, "ref": "the person"}
    parts = {name: text for name in ("narrative", "strengths", "worries", "what_would_help", "whose_words")}
    return {
        "kind": "individual", "received": "2026-11-20", "efh_types": ["cce"],
        "referrer": {"role": text, "agency": "police", "authority": text, "via": text},
        "subject": {"people": [person], "contexts": [place]}, "reason": text, "strengths": text, "change_hoped_for": text,
        "narrative": text, "policy_gap": text, "home_family": {"protective": [text]}, "parts": {"peers": parts},
        "guardians": [{"who": text}], "conditions": {"lighting": text},
        "links": [{"from": "the person", "rel": "harmed_at", "to": "the place", "wording": text, "provenance": source}],
    }  # fmt: skip


def places_of(value: Any, text: str, at: str = "") -> Iterator[str]:
    """The JSON pointer of every place where this text stands."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from places_of(inner, text, f"{at}/{name}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from places_of(inner, text, f"{at}/{number}")
    elif value == text:
        yield at


class Skeleton(HTMLParser):
    """The elements of a page in order, each with the names of its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(name for name, _ in attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.found.append((f"/{tag}", ()))


@dataclass
class Written:
    """A service into which every text was written, and what was kept of each: referral, person, place, event."""

    caller: Caller
    kept: dict[str, dict[str, str]]
    problems: list[tuple[str, dict[str, Any], Any]]
    log: str


def write_all(service: Service, given: list[str]) -> Written:
    stream = io.StringIO()
    before = logging.getLogger().handlers[:]
    configure_logging(stream)
    caller, kept, problems = service.caller(), {}, []
    for text in given:
        headers = {"Content-Type": "application/json", "Idempotency-Key": new_id()}
        answer = caller.send("POST", "/referrals", headers=headers, content=json.dumps(a_body(text)).encode("ascii"))
        if answer.status_code != 201:
            problems.append((text, a_body(text), answer))
            continue
        read = caller.get(f"/referrals/{answer.json()['id']}").json()
        person, place = read["subject"]["people"][0], read["subject"]["contexts"][0]
        event = {"kind": "missing_together", "participants": [{"person": person}], "source_role": text, "note": text}
        made = caller.post("/incidents", event)
        assert made.status_code == 201, made.text
        kept[text] = {"referrals": read["id"], "young-people": person, "locations": place, "incidents": made.json()["id"]}
    logging.getLogger().handlers[:] = before
    return Written(caller, kept, problems, stream.getvalue())


@pytest.fixture(scope="module")
def written() -> Iterator[Written]:
    """All five hundred."""
    with tempfile.TemporaryDirectory() as folder:
        place = empty_place("sqlite", Path(folder))
        with place.opened:
            service = Service(place)
            with service.client:
                yield write_all(service, list(ALL))


def test_there_are_five_hundred_and_most_may_be_kept(tell: Tell) -> None:
    fields = len(list(places_of(a_body("x"), "x"))) + 2
    tell(f"Hostile text: {len(ALL)} texts in {fields} fields, {len(KEPT)} kept and {len(REFUSED)} refused")
    assert len(ALL) >= 500 and len(KEPT) > 300 and len(REFUSED) > 20


def test_each_text_is_kept_exactly_or_refused(written: Written) -> None:
    assert set(written.kept) == set(KEPT)
    for text, ids in written.kept.items():
        body = a_body(text)
        whole = written.caller.get(f"/referrals/{ids['referrals']}").json()
        known = {*places_of(body, text)}
        named = {place for place in known if place.startswith("/subject/")}
        # Kept, each in its place: NFC and without outer spaces.
        assert known - named <= {*places_of(whole, as_kept(text))}, text
        person = written.caller.get(f"/young-people/{ids['young-people']}").json()
        place = written.caller.get(f"/locations/{ids['locations']}").json()
        event = written.caller.get(f"/incidents/{ids['incidents']}").json()
        assert (person["pseudonym"], place["label"], place["everyday_name"]) == (as_kept(text),) * 3
        assert (event["note"], event["source_role"]) == (as_kept(text),) * 2


def test_what_is_refused_is_refused_in_each_of_its_places_without_being_repeated(written: Written) -> None:
    assert {text for text, _, _ in written.problems} == set(REFUSED)
    for text, body, answer in written.problems:
        if any("\ud800" <= sign <= "\udfff" for sign in text):
            assert answer.status_code == 400  # no text at all: nothing of the body can be trusted
        else:
            pointed = {mistake["pointer"] for mistake in answer.json()["errors"]}
            assert answer.status_code == 422 and pointed == {*places_of(body, text)}
        assert as_kept(text) not in json.dumps(answer.json(), ensure_ascii=False)


def test_no_line_of_the_log_holds_any_of_it(written: Written) -> None:
    """Neither of what is kept nor of what is refused. A short text may stand inside a word of ours: then it is all of a value."""
    assert written.log
    said: set[str] = set()
    for line in written.log.splitlines():
        told = json.loads(line)
        assert told["says"] == "request answered"
        said |= {value for value in told.values() if isinstance(value, str)}
    # Read as JSON: a control character or half a character would stand escaped in the line itself.
    for text in ALL:
        for given in {text, as_kept(text)}:
            assert given not in said and not (len(given) > 8 and any(given in value for value in said)), text


def test_a_page_has_the_same_elements_as_with_plain_letters(written: Written, tmp_path: Path) -> None:
    place = empty_place("sqlite", tmp_path)
    with place.opened:
        service = Service(place)
        with service.client:
            some = KEPT[::4]
            plain = write_all(service, [f"{plain_like(text)}" for text in some])
            for text in some:
                for noun, at in (("referrals", "referrals"), ("locations", "contexts")):
                    odd = page(written.caller, f"/{at}/{written.kept[text][noun]}")
                    usual = page(plain.caller, f"/{at}/{plain.kept[plain_like(text)][noun]}")
                    assert Skeleton(odd).found == Skeleton(usual).found, text
    for path in ("/contexts", "/referrals"):
        whole = page(written.caller, path)
        assert not {"img", "iframe", "object", "b", "plaintext"} & {tag for tag, _ in Skeleton(whole).found}
        assert not {name for _, names in Skeleton(whole).found for name in names if name.startswith("on")}


def page(caller: Caller, path: str) -> str:
    answer = caller.client.get(path, headers=dict(caller.headers))
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.text


def test_a_case_file_keeps_or_refuses_each_of_them_too(tmp_path: Path) -> None:
    place = empty_place("sqlite", tmp_path)
    referrals = [{**a_body(text), "subject": {"people": ["P1"], "contexts": []}, "links": []} for text in KEPT]
    case = {"format": "kith-case/1", "people": [{"id": "P1", "known_as": "Arlo"}], "referrals": referrals}
    for number, referral in enumerate(referrals):
        referral["id"] = f"R{number}"
    with place.opened:
        store = place.make()
        load_case(store, read_case(yaml.safe_dump(case, allow_unicode=True)), scope=house_scope(FORUM), by=ACTOR, now=NOW)
        kept = {record.narrative for record in all_records(store) if isinstance(record, Referral)}
    assert kept == {as_kept(text) for text in KEPT}
    for text in REFUSED:
        given = json.dumps({"format": "kith-case/1", "people": [{"id": "P1", "known_as": text}]})
        with pytest.raises(UnreadableCase) as refused:
            read_case(given)
        said = {mistake.path for mistake in refused.value.mistakes}
        # Half a character as an escape is no YAML at all: then the line is its place.
        assert said == {"people[0].known_as"} or (said == {""} and all(one.line == 1 for one in refused.value.mistakes))


def a_map(labels: list[str]) -> MapDocument:
    things = [Thing("t0", "young_person", "K7", True, At(0.5, 0.5, "auto"), told="told")]
    for number, label in enumerate(labels, 1):
        things.append(Thing(f"t{number}", "location", label, False, At(number % 6 / 6, number / 40, "auto")))
    links = tuple(a_link(f"l{n}", "t0", f"t{n}", words=label, said_by=label) for n, label in enumerate(labels, 1))
    return a_document(tuple(things), links, title="Map", purpose=labels[0])


BATCH = 12
# A picture takes long to lay out: every third text is drawn, every one stands in the lists and the files for other tools.
DRAWN = 3


@pytest.mark.parametrize("write", [write_graphml, write_gexf, draw_svg, list_as_html, write_standalone])
def test_a_file_of_a_map_has_no_element_that_plain_letters_do_not_give(write: Any) -> None:
    some = KEPT[::DRAWN] if write in (draw_svg, write_standalone) else KEPT
    for begin in range(0, len(some), BATCH):
        labels = [as_kept(text) for text in some[begin : begin + BATCH]]
        odd, usual = (text_of(write(a_map(one))) for one in (labels, [plain_like(label) or "n" for label in labels]))
        if write in (write_graphml, write_gexf, draw_svg):
            assert kinds_in(odd) <= kinds_in(usual), labels
        else:
            assert set(Skeleton(odd).found) <= set(Skeleton(usual).found), labels


def text_of(made: str | bytes) -> str:
    return made if isinstance(made, str) else made.decode("utf-8")


def kinds_in(xml: str) -> set[tuple[str, tuple[str, ...]]]:
    """Every kind of element with its attributes, parsed strictly."""
    return {(found.tag, tuple(sorted(found.keys()))) for found in ElementTree.fromstring(xml).iter()}


@pytest.mark.parametrize("write", [write_json_graph, write_geojson, list_as_json, MapDocument.to_json])
def test_a_file_for_programs_holds_every_label_unchanged(write: Any) -> None:
    for begin in range(0, len(KEPT), BATCH):
        labels = [as_kept(text) for text in KEPT[begin : begin + BATCH]]
        said = json.loads(text_of(write(a_map(labels))))
        lost = [label for label in labels if not list(places_of(said, label))]
        assert lost == [], write.__name__


@pytest.mark.parametrize("write", [write_graphml, write_gexf])
def test_a_file_for_other_tools_holds_every_label_unchanged(write: Any) -> None:
    for begin in range(0, len(KEPT), BATCH):
        labels = [as_kept(text) for text in KEPT[begin : begin + BATCH]]
        whole = list(ElementTree.fromstring(text_of(write(a_map(labels)))).iter())
        said = {value for found in whole for value in (found.text, *found.attrib.values())}
        assert [label for label in labels if label not in said] == [], write.__name__


def test_what_a_map_is_for_and_whose_it_is_are_kept_or_refused(written: Written) -> None:
    for text in ALL[::12]:
        asked = {"kind": "contexts", "around": next(iter(written.kept.values()))["locations"], **PURPOSE}
        asked |= {"steps": 1, "purpose": text, "owner": text}
        headers = {"Content-Type": "application/json", "Idempotency-Key": new_id()}
        answer = written.caller.send("POST", "/maps", headers=headers, content=json.dumps(asked).encode("ascii"))
        assert (answer.status_code == 201) is may_be_kept(text), text
        if answer.status_code == 201:
            said = written.caller.get(f"/maps/{answer.json()['id']}").json()
            assert len(list(places_of(said, as_kept(text)))) >= 2
        elif answer.status_code == 422:
            assert {mistake["pointer"] for mistake in answer.json()["errors"]} == {"/purpose", "/owner"}

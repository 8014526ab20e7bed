"""The stand-alone file and the graph formats: everything of the document, nothing else, and no name that acts."""

import base64
import hashlib
import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import networkx
import pytest

from tests.visualise.generated_maps import a_document, a_link, generated_document
from tests.visualise.test_svg import HOSTILE
from visualise.document import At, MapDocument, Thing
from visualise.errors import NotOffered
from visualise.exchange import write_geojson, write_gexf, write_graphml, write_json_graph
from visualise.forms import forms_of, why_not
from visualise.standalone import REFUSED, PeerMapNetwork, write_standalone

EXAMPLE = (Path(__file__).parent / "examples" / "peer_map.json").read_text("utf-8")


@pytest.fixture(scope="module")
def example() -> MapDocument:
    return MapDocument.from_json(EXAMPLE)


def data_of(page: str) -> dict[str, list[dict[str, str]]]:
    found = re.search(r'<script type="application/json" id="map-data">(.*?)</script>', page, re.S)
    assert found
    data: dict[str, list[dict[str, str]]] = json.loads(found[1])
    return data


def hostile_document(name: str) -> MapDocument:
    things = (
        Thing("t1", "young_person", "K7", True, At(0.2, 0.5, "auto"), told="told"),
        Thing("t2", "location", name, False, At(0.8, 0.5, "auto")),
    )
    return a_document(things, (a_link("l1", "t1", "t2", words=name, said_by=name),), title="Map", purpose=name)


def test_links_out_are_links_in_and_parallel_ones_are_kept() -> None:
    document = generated_document(7, 14)
    data = data_of(write_standalone(document))
    assert sorted(edge["id"] for edge in data["edges"]) == sorted(link.id for link in document.links)
    assert [node["id"] for node in data["nodes"]] == [thing.id for thing in document.things]


def test_the_file_holds_no_address_and_allows_only_its_own_scripts_and_style(example: MapDocument) -> None:
    page = write_standalone(example)
    assert set(re.findall(r"https?://[^\s\"'<)]*", page)) <= {"http://www.w3.org/2000/svg"}
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    allowed = policy[1].replace("&#39;", "'")
    assert "default-src 'none'" in allowed
    for inside in [*re.findall(r"<script>(.*?)</script>", page, re.S), *re.findall(r"<style>(.*?)</style>", page, re.S)]:
        assert base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode() in allowed
    assert page == write_standalone(MapDocument.from_json(example.to_json()))


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_becomes_script_or_markup(name: str) -> None:
    page = write_standalone(hostile_document(name))
    body = re.sub(r"<script>.*?</script>", "", page, flags=re.S)
    assert page.count("<script") == 3
    assert not re.search(r"<img|<iframe|\sonerror=\"|<[^>]*\sonerror=", body)
    assert data_of(page)["nodes"][1]["label"].endswith(name)


def test_whatever_else_pyvis_offers_is_refused(example: MapDocument) -> None:
    network = PeerMapNetwork(example)
    for name in REFUSED:
        with pytest.raises(NotOffered):
            getattr(network, name)("x")
    with pytest.raises(NotOffered):
        network.add_node("<b>Jay</b>")  # type: ignore[arg-type]


@pytest.mark.parametrize("name", HOSTILE)
def test_graph_files_keep_a_name_letter_for_letter(name: str) -> None:
    document = hostile_document(name)
    graph = networkx.read_graphml(io.BytesIO(write_graphml(document)), force_multigraph=True)
    assert graph.nodes["t2"]["label"] == name
    assert graph.number_of_edges() == 1
    gexf = ElementTree.fromstring(write_gexf(document))
    assert name in {node.attrib["label"] for node in gexf.iter("{http://gexf.net/1.3}node")}
    assert json.loads(write_json_graph(document))["graph"]["nodes"]["t2"]["label"] == name
    assert json.loads(write_geojson(document))["features"][1]["properties"]["label"] == name


def test_graph_files_hold_every_link_with_its_codes_and_the_frame() -> None:
    document = generated_document(9, 13)
    graph = networkx.read_graphml(io.BytesIO(write_graphml(document)), force_multigraph=True)
    edges = {data.get("id", key): data for _, _, key, data in graph.edges(keys=True, data=True)}
    assert graph.number_of_edges() == len(document.links) == len(edges)
    assert {data["how_known"] for data in edges.values()} == {link.how_known for link in document.links}
    assert graph.graph["purpose"] == document.frame.purpose
    body = json.loads(write_json_graph(document))["graph"]
    assert [edge["id"] for edge in body["edges"]] == [link.id for link in document.links]
    assert body["metadata"]["review_by"] == "2027-02-13"


def test_no_place_on_earth_stands_in_a_geojson_file(example: MapDocument) -> None:
    body = json.loads(write_geojson(example))
    assert body["type"] == "FeatureCollection"
    assert all(feature["geometry"] is None for feature in body["features"])
    assert body["precision"]


def test_each_mode_leaves_only_in_its_own_forms() -> None:
    assert set(forms_of("coordination")) == {"svg", "list", "pdf", "png", "word", "html"}
    assert "graphml" in forms_of("context_only")
    assert forms_of("named_working_map") == ()
    assert "no file of any kind" in why_not("named_working_map", "png")
    assert "graphml" in why_not("coordination", "graphml")

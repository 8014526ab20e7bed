"""The same map for other tools: GraphML, GEXF, JSON Graph Format and GeoJSON, all from a map document. None is ever read.

Every form carries the purpose, owner, review date and statements of the map, and every code of every link. The same
document gives the same bytes.
"""

import json
import unicodedata
from collections.abc import Iterable
from dataclasses import fields
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from visualise.document import Link, MapDocument, Thing, as_json

THING_FIELDS = ("label", "kind", "subject", "guardian", "died", "told", "count", "x", "y")
LINK_FIELDS = (
    "kind",
    "words",
    "meaning",
    "how_known",
    "how_sure",
    "said_by",
    "known_on",
    "older",
    "agencies",
    "disputed",
    "affected",
    "roles",
    "count",
)
NUMBERS = {"x": "double", "y": "double", "agencies": "int"}
YES_OR_NO = ("subject", "guardian", "died", "older", "disputed")
PRECISION = "No position is given: contexts carry no coordinates on this map."


def thing_facts(thing: Thing) -> dict[str, Any]:
    """What is said of a thing, without its id; the place in the drawing is a share of the area, not a place on earth."""
    at = {"x": thing.at.x, "y": thing.at.y} if thing.at else {}
    found = {name: getattr(thing, name) for name in THING_FIELDS if hasattr(thing, name)} | at
    return {name: value for name, value in found.items() if value is not None}


def link_facts(link: Link) -> dict[str, Any]:
    """What is said of a link, without its id and ends; roles as text such as "from harmed"."""
    found = {name: as_json(getattr(link, name)) for name in LINK_FIELDS if name != "roles"}
    if link.roles:
        found["roles"] = ", ".join(f"{part.at} {part.role}" for part in link.roles)
    return {name: value for name, value in found.items() if value is not None}


def about(document: MapDocument) -> dict[str, Any]:
    """The frame of a map as flat texts, with its summary and what was left out."""
    frame = {part.name: as_json(getattr(document.frame, part.name)) for part in fields(document.frame)}
    copy = frame.pop("copy")
    frame["statements"] = " ".join(frame["statements"])
    withheld = json.dumps(as_json(document.withheld), sort_keys=True)
    return {**frame, "copy_for": copy["for"], "copy_number": copy["number"], "summary": document.summary, "withheld": withheld}


def write_json_graph(document: MapDocument) -> bytes:
    """JSON Graph Format: one graph, nodes by id, edges in order."""
    nodes = {thing.id: {"label": thing.label, "metadata": thing_facts(thing)} for thing in document.things}
    edges = [
        {
            "id": link.id,
            "source": link.source,
            "target": link.target,
            "relation": link.kind,
            "label": link.words,
            "metadata": link_facts(link),
        }
        for link in document.links
    ]
    graph = {
        "directed": True,
        "type": document.kind,
        "label": document.frame.title,
        "metadata": about(document),
        "nodes": nodes,
        "edges": edges,
    }
    return _json({"graph": graph})


def write_geojson(document: MapDocument) -> bytes:
    """RFC 7946: a feature for each thing. A document holds no place on earth, so every geometry is null, and it says so."""
    features = [
        {"type": "Feature", "id": thing.id, "geometry": None, "properties": _placeless(thing)} for thing in document.things
    ]
    return _json({"type": "FeatureCollection", "precision": PRECISION, "about": about(document), "features": features})


def _placeless(thing: Thing) -> dict[str, Any]:
    return {name: value for name, value in thing_facts(thing).items() if name not in ("x", "y")}


def write_graphml(document: MapDocument) -> bytes:
    """GraphML: a directed graph with every field declared; two links between the same two stay two edges."""
    keys = [_key("graph", name) for name in sorted(about(document))]
    keys += [_key("node", name) for name in THING_FIELDS] + [_key("edge", name) for name in LINK_FIELDS]
    rows = [_data("graph", name, value) for name, value in sorted(about(document).items())]
    for thing in document.things:
        rows.append(f'<node id="{thing.id}">{_all_data("node", thing_facts(thing))}</node>')
    for link in document.links:
        ends = f'id="{link.id}" source="{link.source}" target="{link.target}"'
        rows.append(f"<edge {ends}>{_all_data('edge', link_facts(link))}</edge>")
    body = "\n".join([*keys, '<graph id="map" edgedefault="directed">', *rows, "</graph>"])
    return _xml(f'<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n{body}\n</graphml>')


def _key(where: str, name: str) -> str:
    kind = "boolean" if name in YES_OR_NO else NUMBERS.get(name, "string")
    return f'<key id="{where}_{name}" for="{where}" attr.name="{name}" attr.type="{kind}"/>'


def _data(where: str, name: str, value: Any) -> str:
    return f'<data key="{where}_{name}">{_words(value)}</data>'


def _all_data(where: str, facts: dict[str, Any]) -> str:
    return "".join(_data(where, name, value) for name, value in facts.items())


def write_gexf(document: MapDocument) -> bytes:
    """GEXF 1.3: nodes with their labels and attributes, edges with theirs."""
    frame = about(document)
    said = escape("; ".join(f"{name}: {value}" for name, value in sorted(frame.items())))
    nodes = [
        f'<node id="{thing.id}" label={quoteattr(thing.label)}>{_attvalues("n", THING_FIELDS, thing_facts(thing))}</node>'
        for thing in document.things
    ]
    edges = [
        f'<edge id="{link.id}" source="{link.source}" target="{link.target}" label={quoteattr(link.words)}>'
        f"{_attvalues('e', LINK_FIELDS, link_facts(link))}</edge>"
        for link in document.links
    ]
    parts = [
        '<gexf xmlns="http://gexf.net/1.3" version="1.3">',
        f'<meta lastmodifieddate="{document.frame.drawn_on.isoformat()}">',
        f"<creator>Kith</creator><description>{said}</description></meta>",
        '<graph defaultedgetype="directed" mode="static">',
        _declared("node", "n", THING_FIELDS),
        _declared("edge", "e", LINK_FIELDS),
        "<nodes>",
        *nodes,
        "</nodes>",
        "<edges>",
        *edges,
        "</edges>",
        "</graph>",
        "</gexf>",
    ]
    return _xml("\n".join(parts))


def _declared(where: str, letter: str, names: Iterable[str]) -> str:
    rows = []
    for place, name in enumerate(names):
        kind = "boolean" if name in YES_OR_NO else {"double": "double", "int": "integer"}.get(NUMBERS.get(name, ""), "string")
        rows.append(f'<attribute id="{letter}{place}" title="{name}" type="{kind}"/>')
    return f'<attributes class="{where}">{"".join(rows)}</attributes>'


def _attvalues(letter: str, names: Iterable[str], facts: dict[str, Any]) -> str:
    rows = []
    for place, name in enumerate(names):
        if name in facts and name != "label":
            rows.append(f'<attvalue for="{letter}{place}" value={_quoted(facts[name])}/>')
    return f"<attvalues>{''.join(rows)}</attvalues>"


def _quoted(value: Any) -> str:
    return quoteattr(_plain(value))


def _words(value: Any) -> str:
    return escape(_plain(value))


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _xml(body: str) -> bytes:
    return unicodedata.normalize("NFC", f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n').encode("utf-8")


def _json(body: Any) -> bytes:
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return (unicodedata.normalize("NFC", text) + "\n").encode("utf-8")

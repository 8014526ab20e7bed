"""One HTML file that needs nothing else: picture, list, and a map to explore. The only module that knows pyvis.

The file defends itself: a policy that allows only its own two scripts and one style, by their hashes, and no address at
all. Labels reach the page as escaped text, as JSON that cannot end its element, or as text on a canvas.
"""

import base64
import hashlib
import json
import re
from importlib import resources
from typing import Any, NoReturn

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from visualise.document import Link, MapDocument, Thing
from visualise.errors import FormMissing, NotOffered
from visualise.layout import area_of
from visualise.listing import list_as_html, sentence_of
from visualise.style import symbols, words_for
from visualise.svg import draw_svg

try:
    from pyvis.network import Network as PyvisNetwork

    PYVIS_IS_THERE = True
except ImportError:  # the extra `export` is not installed
    PyvisNetwork = object
    PYVIS_IS_THERE = False

SHAPES = {
    "young_person": "dot",
    "unnamed_young_people": "dot",
    "adult": "box",
    "adult_of_concern": "square",
    "home": "triangle",
    "peer_group": "hexagon",
    "school": "box",
    "location": "diamond",
    "neighbourhood": "diamond",
    "online": "ellipse",
    "service": "box",
}
REFUSED = (
    "write_html",
    "save_graph",
    "show",
    "from_nx",
    "from_DOT",
    "set_options",
    "set_template",
    "set_template_dir",
    "prep_notebook",
    "show_buttons",
    "to_json",
    "add_nodes",
    "add_edges",
    "barnes_hut",
    "repulsion",
    "hrepulsion",
    "force_atlas_2based",
    "toggle_physics",
    "toggle_stabilization",
    "set_edge_smooth",
)


def write_standalone(document: MapDocument) -> str:
    """The file as text; the same document gives the same bytes. FormMissing where pyvis is not installed."""
    if not PYVIS_IS_THERE:
        raise FormMissing
    network = PeerMapNetwork(document)
    for thing in document.things:
        network.add_node(thing)
    for link in document.links:
        network.add_edge(link)
    return network.generate_html()


class PeerMapNetwork(PyvisNetwork):  # type: ignore[misc]
    """pyvis, held to what a map document says: no options from callers, no page of its own, every link kept."""

    def __init__(self, document: MapDocument) -> None:
        super().__init__(notebook=False, cdn_resources="in_line", directed=True)
        self.document = document
        self._area = area_of(len(document.things), document.view.aspect)
        self._names = {thing.id: thing.label for thing in document.things}
        template = _file("templates", "standalone.html")
        self.templateEnv = Environment(
            loader=DictLoader({"standalone.html": template}), autoescape=True, undefined=StrictUndefined
        )

    def add_node(self, thing: Thing) -> None:
        """One thing of the document, by its map id, at its own place; a label is never an id."""
        if not isinstance(thing, Thing) or not re.fullmatch(r"t[0-9]{1,4}", thing.id):
            raise NotOffered
        place = (thing.at.x, thing.at.y) if thing.at else (0.05 * (len(self.nodes) % 20), 1.1)
        x, y = round(place[0] * self._area[0], 1), round(place[1] * self._area[1], 1)
        size = {"physics": False, "x": x, "y": y, "shape": SHAPES[thing.kind], "borderWidth": 4 if thing.subject else 2}
        letters = symbols()["thing"][thing.kind]["code"]
        label = f"{letters} {thing.label}" if letters else thing.label
        said = f"{thing.label}. {words_for('thing', thing.kind)}."
        self.nodes.append({"id": thing.id, "label": f"{label} {thing.count}" if thing.count else label, "said": said, **size})
        self.node_ids.append(thing.id)

    def add_edge(self, link: Link) -> None:
        """One link; always kept, however many there are between the same two."""
        if not isinstance(link, Link) or not {link.source, link.target} <= set(self.node_ids):
            raise NotOffered
        before = sum(1 for edge in self.edges if {edge["from"], edge["to"]} == {link.source, link.target})
        drawn = symbols()
        sign = drawn["meaning"][link.meaning]["sign"]
        tag = link.how_known + drawn["how_sure"][link.how_sure]["sign"] + (" disputed" if link.disputed else "")
        self.edges.append(
            {
                "id": link.id,
                "from": link.source,
                "to": link.target,
                "label": f"{sign} {tag}".strip(),
                "said": sentence_of(link, self._names),
                "width": drawn["how_sure"][link.how_sure]["width"],
                "dashes": [float(part) for part in drawn["how_known"][link.how_known]["dash"].split()] or False,
                "color": {"color": drawn["meaning"][link.meaning]["colour"], "inherit": False},
                "arrows": {"from": link.affected in ("from", "both"), "to": link.affected in ("to", "both")},
                "smooth": {
                    "enabled": True,
                    "type": "curvedCW" if before % 2 else "curvedCCW",
                    "roundness": 0.08 + 0.1 * (before // 2),
                },
            }
        )

    def generate_html(self, *_: object, **__: object) -> str:
        """The whole page, from our own template."""
        style, script, library = _file("templates", "standalone.css"), _file("templates", "explore.js"), _library()
        policy = "; ".join(
            [
                "default-src 'none'",
                f"script-src {_hash(library)} {_hash(script)}",
                f"style-src {_hash(style)}",
                "img-src data:",
                "base-uri 'none'",
                "form-action 'none'",
            ]
        )
        frame = self.document.frame
        page: str = self.templateEnv.get_template("standalone.html").render(
            policy=policy,
            title=frame.title,
            marking=frame.marking,
            summary=self.document.summary,
            style=Markup(style),
            picture=Markup(draw_svg(self.document)),
            listing=Markup(list_as_html(self.document)),
            data=Markup(_data(self.nodes, self.edges)),
            library=Markup(library),
            script=Markup(script),
        )
        return page

    def _refused(self, *_: object, **__: object) -> NoReturn:
        raise NotOffered


for _name in REFUSED:
    setattr(PeerMapNetwork, _name, PeerMapNetwork._refused)


def _data(nodes: list[dict[str, Any]], edges: list[dict[str, Any]]) -> str:
    ink = symbols()["ink"]
    options = {
        "physics": {"enabled": False},
        "interaction": {"dragNodes": False, "hover": False, "keyboard": False, "tooltipDelay": 3600000},
        "nodes": {
            "color": {"background": "#ffffff", "border": ink},
            "font": {"color": ink, "size": 14, "multi": False},
            "size": 16,
        },
        "edges": {"font": {"color": ink, "size": 12, "strokeWidth": 4, "multi": False}},
    }
    plain = [{**node, "font": {"multi": False}} for node in nodes]
    text = json.dumps(
        {"nodes": plain, "edges": edges, "options": options}, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _hash(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode() + "'"


def _file(*path: str) -> str:
    return resources.files("visualise").joinpath(*path).read_text(encoding="utf-8")


def _library() -> str:
    """vis-network as vendored, less the addresses in its comments, so that the file holds no address but SVG's own name."""
    return re.sub(r"https?://(?!www\.w3\.org/2000/svg)", "", _file("vendored", "vis-network.min.js"))

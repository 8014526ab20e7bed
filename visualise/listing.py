"""The same map as tables and lists: all that the picture says, as data, as JSON and as an HTML fragment."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape

from visualise.document import Link, MapDocument, Thing
from visualise.frame import day, left_out
from visualise.legend import thing_counts, thing_marks
from visualise.style import symbols, words_for

NESTED_LIMIT = 60
THING_COLUMNS = ("Label", "Kind", "Told", "Guardian", "What else")
LINK_COLUMNS = (
    "From",
    "What",
    "To",
    "What it means",
    "How known",
    "How sure",
    "Said by",
    "When",
    "Agencies",
    "Disputed",
    "What else",
)


@dataclass(frozen=True, slots=True)
class ThingRow:
    """One thing in words. `marks` are its other marks and counts; `href` its page, where the reader may open it."""

    id: str
    label: str
    kind: str
    told: str
    guardian: str
    marks: str
    href: str | None


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One link in words, every code with what it means."""

    id: str
    source: str
    words: str
    target: str
    meaning: str
    how_known: str
    how_sure: str
    said_by: str
    when: str
    agencies: str
    disputed: str
    marks: str


@dataclass(frozen=True, slots=True)
class AroundThing:
    """A thing and, in one sentence each, the links it is an end of."""

    label: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MapList:
    """A map in words: its frame line by line, summary, things, links, and up to 60 things also each with its links."""

    title: str
    summary: str
    frame: tuple[str, ...]
    things: tuple[ThingRow, ...]
    links: tuple[LinkRow, ...]
    around: tuple[AroundThing, ...]
    legend: tuple[str, ...]


def list_map(document: MapDocument) -> MapList:
    """The map in words. Links that share one line in the picture stand here one by one."""
    names = {thing.id: thing.label for thing in document.things}
    links = tuple(_link_row(link, names) for link in document.links)
    around = tuple(_around(thing, document, names) for thing in document.things) if len(document.things) <= NESTED_LIMIT else ()
    legend = tuple(f"{symbols()['channel'][entry.channel]}: {entry.words}" for entry in document.legend)
    return MapList(
        document.frame.title,
        document.summary,
        _frame(document),
        tuple(_thing_row(thing) for thing in document.things),
        links,
        around,
        legend,
    )


def _frame(document: MapDocument) -> tuple[str, ...]:
    frame = document.frame
    return (
        frame.marking,
        f"Reference: {frame.reference}",
        f"Purpose: {frame.purpose}",
        f"Owner: {frame.owner}",
        f"Drawn by: {frame.drawn_by}, {day(frame.drawn_on)}",
        f"Facts as of: {day(frame.facts_as_of)}",
        f"Review by: {day(frame.review_by)}",
        f"Expires: {day(frame.expires_on)}",
        f"Mode: {frame.mode.replace('_', ' ')}",
        f"Copy: {frame.copy.number}, for {frame.copy.for_whom}",
        f"View: {document.view.name}",
        *frame.statements,
        *(part.words for part in document.view.filters),
        *left_out(document.withheld),
    )


def _thing_row(thing: Thing) -> ThingRow:
    marks = [words_for("thing_mark", mark) for mark in thing_marks(thing) if mark != "guardian"]
    marks.extend(f"{words_for('count', code)}: {thing.count}" for code in thing_counts(thing))
    if thing.at is None:
        marks.append("Not placed yet")
    guardian = "yes" if thing.guardian else ""
    return ThingRow(
        thing.id, thing.label, words_for("thing", thing.kind), thing.told or "", guardian, "; ".join(marks), thing.href
    )


def _link_row(link: Link, names: dict[str, str]) -> LinkRow:
    return LinkRow(
        id=link.id,
        source=names[link.source],
        words=link.words,
        target=names[link.target],
        meaning=words_for("meaning", link.meaning),
        how_known=f"{link.how_known}: {words_for('how_known', link.how_known)}",
        how_sure=words_for("how_sure", link.how_sure),
        said_by=link.said_by,
        when=_when(link),
        agencies=str(link.agencies),
        disputed="disputed" if link.disputed else "",
        marks="; ".join(_link_marks(link, names)),
    )


def _when(link: Link) -> str:
    if link.known_on is None:
        return "no date"
    return day(link.known_on) + (", more than 6 months ago" if link.older else "")


def _link_marks(link: Link, names: dict[str, str]) -> Iterable[str]:
    ends = {"from": names[link.source], "to": names[link.target]}
    if link.affected == "both":
        yield f"affects {ends['from']} and {ends['to']}"
    elif link.affected:
        yield f"affects {ends[link.affected]}"
    for end in ("from", "to"):
        for code in symbols()["role"]:
            if any(part.at == end and part.role == code for part in link.roles):
                yield f"{words_for('role', code)} ({ends[end]})"
    if link.count:
        yield f"young people in both: {link.count}"


def _around(thing: Thing, document: MapDocument, names: dict[str, str]) -> AroundThing:
    found = [link for link in document.links if thing.id in (link.source, link.target)]
    found.sort(key=lambda link: ("strength", "both", "neither", "worry").index(link.meaning))
    return AroundThing(thing.label, tuple(sentence_of(link, names) for link in found))


def sentence_of(link: Link, names: dict[str, str]) -> str:
    """A link in one line: who, what, whom; what it means; how it is known."""
    known = f"{words_for('how_known', link.how_known).lower()}, {words_for('how_sure', link.how_sure).lower()}"
    meaning = "" if link.meaning == "neither" else f" ({words_for('meaning', link.meaning).lower()})"
    disputed = ", disputed" if link.disputed else ""
    said = f"{names[link.source]}: {link.words}: {names[link.target]}{meaning}."
    return f"{said} {known[:1].upper()}{known[1:]}, {_when(link)}{disputed}. Said by: {link.said_by}."


def list_as_json(document: MapDocument) -> bytes:
    """The list as canonical JSON, in the order and words of the tables."""
    listed = list_map(document)
    body = {
        "title": listed.title,
        "summary": listed.summary,
        "frame": list(listed.frame),
        "things": [{name: getattr(row, name) for name in ThingRow.__slots__} for row in listed.things],
        "links": [{name: getattr(row, name) for name in LinkRow.__slots__} for row in listed.links],
        "by_person_and_place": [{"label": one.label, "links": list(one.sentences)} for one in listed.around],
        "legend": list(listed.legend),
    }
    return (json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n").encode("utf-8")


def html(words: str) -> str:
    """Text made safe to stand in HTML, in an element or a quoted attribute; its own direction, whatever is round it."""
    return escape(words, {'"': "&quot;", "'": "&#39;"})


def list_as_html(document: MapDocument, *, heading_level: int = 2) -> str:
    """The list as an HTML fragment: captions, scoped headers, no script, no style, nothing that is not escaped."""
    listed = list_map(document)
    mark = document.digest[:8]
    level = f"h{heading_level}"
    parts = [
        f'<section class="kith-map-list" aria-labelledby="list-{mark}">',
        f'<{level} id="list-{mark}">The map in words</{level}>',
        f"<p>{html(listed.summary)}</p>",
        _table("Who and what is on the map", THING_COLUMNS, [_thing_cells(row) for row in listed.things], "things"),
        _table("Links", LINK_COLUMNS, [_link_cells(row) for row in listed.links], "links"),
        _nested(listed, heading_level + 1),
        f"<h{heading_level + 1}>What the signs mean</h{heading_level + 1}>",
        "<ul>" + "".join(f"<li>{html(words)}</li>" for words in listed.legend) + "</ul>",
        f"<h{heading_level + 1}>About this map</h{heading_level + 1}>",
        "<ul>" + "".join(f"<li>{html(words)}</li>" for words in listed.frame) + "</ul>",
        "</section>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


def _thing_cells(row: ThingRow) -> list[str]:
    label = f"<bdi>{html(row.label)}</bdi>"
    linked = f'<a href="{html(row.href)}">{label}</a>' if row.href else label
    return [linked, html(row.kind), html(row.told), html(row.guardian), html(row.marks)]


def _link_cells(row: LinkRow) -> list[str]:
    names = [f"<bdi>{html(row.source)}</bdi>", html(row.words), f"<bdi>{html(row.target)}</bdi>"]
    rest = (row.meaning, row.how_known, row.how_sure, row.said_by, row.when, row.agencies, row.disputed, row.marks)
    return [*names, *(html(words) for words in rest)]


def _table(caption: str, columns: Iterable[str], rows: list[list[str]], name: str) -> str:
    """A table in a region that scrolls by itself and takes the keyboard's focus, its first column as row headers."""
    head = "".join(f'<th scope="col">{html(words)}</th>' for words in columns)
    body = "".join(
        f'<tr><th scope="row">{row[0]}</th>' + "".join(f"<td>{cell}</td>" for cell in row[1:]) + "</tr>\n" for row in rows
    )
    table = f"<table><caption>{html(caption)}</caption><thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table>"
    return f'<div class="kith-map-list__{name}" role="region" aria-label="{html(caption)}" tabindex="0">{table}</div>'


def _nested(listed: MapList, level: int) -> str:
    if not listed.around:
        return ""
    items = []
    for one in listed.around:
        inner = "".join(f"<li>{html(sentence)}</li>" for sentence in one.sentences) or "<li>No links are shown.</li>"
        items.append(f"<li><bdi>{html(one.label)}</bdi><ul>{inner}</ul></li>")
    return f"<h{level}>By person and place</h{level}>\n<ul>{''.join(items)}</ul>"

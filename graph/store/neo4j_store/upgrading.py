"""Bringing an older store up to date: the schema's steps, and bodies whose meaning changed."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from neo4j.time import DateTime

from graph.periods import read_moment
from graph.store.migrate import FOLDER, Migration, Upgrade, pending
from graph.store.neo4j_statements import moving
from graph.store.neo4j_statements import schema as texts
from graph.store.neo4j_store.connection import LONG_SECONDS, Connection, Statements
from graph.store.neo4j_store.schema import run_step, schema_of
from graph.store.neo4j_store.stored import ERASED_AT, REST, body_of, naive_utc, text_of

_PAGE = 5000


def migrate(connection: Connection, migrations: Path = FOLDER) -> list[str]:
    """Takes the steps still to take, in order. The names of those taken. A step that was cut short is taken up again."""
    steps = pending(schema_of(connection), migrations)
    for step in steps:
        _take(connection, step)
    return [step.name for step in steps]


def _take(connection: Connection, step: Migration) -> None:
    run_step(connection, step)
    upgrade = step.upgrade()
    if upgrade is not None:
        while connection.repeatable(lambda statements: _upgrade_page(statements, upgrade), seconds=LONG_SECONDS):
            pass
    number = step.number
    connection.repeatable(lambda statements: statements.run(texts.NEXT_SCHEMA, number=number).consume())


def _upgrade_page(statements: Statements, upgrade: Upgrade) -> bool:
    """Upgrades one page of bodies and notes how far it came, in one transaction. False when none is left."""
    reached = statements.run(texts.FACTS).single(strict=True).value().get("reached", ["", 0, 0])
    after, revision, position = json.loads(reached) if isinstance(reached, str) else reached
    records = statements.run(moving.RECORDS, after=after, limit=_PAGE).single(strict=True).value()
    if records:
        rows = [{"id": each["id"], "stored": _upgraded(each, upgrade)} for each in records if each.get(ERASED_AT) is None]
        statements.run(texts.UPGRADE_RECORDS, rows=rows).consume()
        reached = [records[-1]["id"], 0, 0]
    else:
        changes = statements.run(moving.CHANGES, revision=revision, position=position, limit=_PAGE).single(strict=True).value()
        if not changes:
            return False
        statements.run(texts.UPGRADE_CHANGES, rows=_upgraded_changes(changes, upgrade)).consume()
        reached = [after, *changes[-1][:2]]
    statements.run(texts.REACHED, reached=json.dumps(reached)).consume()
    return True


def _upgraded(node: Mapping[str, Any], upgrade: Upgrade) -> dict[str, Any]:
    """A node's properties after the upgrade. Words, numbers and truths stand alone, unless they stood in the rest before."""
    body = dict(upgrade({**body_of(node), "kind": node["kind"]}))
    body.pop("kind")
    before = json.loads(node[REST])
    rest = {name: value for name, value in body.items() if name in before or not isinstance(value, str | int | float)}
    flat = {name: _as_before(value, node.get(name)) for name, value in body.items() if name not in rest}
    return {**flat, "kind": node["kind"], REST: text_of(rest)}


def _as_before(value: Any, before: Any) -> Any:
    return naive_utc(read_moment(value)) if isinstance(before, DateTime) else value


def _upgraded_changes(changes: Sequence[Sequence[Any]], upgrade: Upgrade) -> list[dict[str, Any]]:
    rows = []
    for revision, position, _, kind, _, _, _, body in changes:
        if body is not None:
            new = dict(upgrade({**json.loads(body), "kind": kind}))
            new.pop("kind")
            rows.append({"revision": revision, "position": position, "body": text_of(new)})
    return rows

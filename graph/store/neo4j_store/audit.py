"""The audit's chain in Neo4j: entries are put at its end under its own lock, the last one taken before a commit."""

import json
import secrets
from collections.abc import Collection, Sequence
from typing import Any, LiteralString

from graph.errors import StoreRefused
from graph.records import ActorId, RecordId
from graph.store import chain
from graph.store.boundary import AuditEntry
from graph.store.neo4j_statements import journal as texts
from graph.store.neo4j_store.connection import Statements

ENDS_ELSEWHERE = "The audit's end is not where its head says. Stop the service and run kith check."


def append_audit(statements: Statements, entries: Sequence[AuditEntry]) -> None:
    """Puts entries at the end of the chain, inside the caller's transaction, and raises the audit's head by as many."""
    if not entries:
        return
    last = statements.run(texts.RAISE_AUDIT, more=len(entries)).single(strict=True)
    if (last["hash"] is None) != (last["seq"] == 0):
        raise StoreRefused(ENDS_ELSEWHERE)
    previous = last["hash"] or chain.FIRST
    links = chain.link_all(entries, seq=last["seq"], previous=previous, salt=lambda: secrets.token_hex(16))
    _counted(statements, texts.AUDIT, [link_properties(each) for each in links])
    about = [{"person": person, "seq": each.seq, "salt": salt} for each in links for person, salt in each.about]
    if about:
        _counted(statements, texts.AUDIT_ABOUT, about)


def link_properties(link: chain.Link) -> dict[str, Any]:
    """An entry as the properties of its node; who acted stands beside it, to be found by."""
    actor = json.loads(link.entry)["actor"]
    return {"seq": link.seq, "entry": link.entry, "previous": link.previous, "hash": link.hash, "actor": actor}


def read_audit(
    statements: Statements,
    *,
    about: RecordId | None,
    by: ActorId | None,
    naming: Collection[RecordId] | None,
    after: int,
    limit: int,
) -> tuple[AuditEntry, ...]:
    """Entries in order of their number, each with whom it is about as far as that is not erased."""
    text: LiteralString = texts.READ_AUDIT
    if about is not None:
        text = texts.READ_AUDIT_ABOUT
    elif by is not None:
        text = texts.READ_AUDIT_BY
    elif naming is not None:
        text = texts.READ_AUDIT_NAMING
    rows = (
        statements.run(text, about=about, by=by, naming=sorted(naming or ()), after=after, limit=limit)
        .single(strict=True)
        .value()
    )
    named: dict[int, list[tuple[RecordId, str]]] = {row[0]: [] for row in rows}
    for seq, person, salt in statements.run(texts.READ_ABOUT, seqs=sorted(named)).single(strict=True).value():
        named[seq].append((RecordId(person), salt))
    links = (chain.Link(seq, entry, previous, own, tuple(named[seq])) for seq, entry, previous, own in rows)
    return tuple(chain.read_link(each) for each in links)


def _counted(statements: Statements, text: LiteralString, rows: Sequence[dict[str, Any]]) -> None:
    if statements.run(text, rows=rows).single(strict=True).value() != len(rows):
        raise StoreRefused(ENDS_ELSEWHERE)
